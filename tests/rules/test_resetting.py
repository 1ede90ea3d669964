"""The reset link: once, for an hour, three answers (P-6, P-7, P-10)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.resetting import LINK_STEPS, LinkEvent, LinkFacts, LinkState, Refusal, may_use

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
GOOD = LinkFacts(LinkState.LIVE, NOW + LIMITS.reset_link_life, tries=0, is_account_active=True)


def test_a_live_link_is_good_until_its_hour_is_over():
    """Sixty minutes, the last instant not included. [P-7]"""
    end = GOOD.expires_at
    assert may_use(GOOD, now=end - timedelta(seconds=1), limits=LIMITS)
    refused = may_use(GOOD, now=end, limits=LIMITS)
    assert refused.because is Refusal.LINK_EXPIRED
    assert refused.facts == {"minutes": 60}


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"state": LinkState.USED}, Refusal.LINK_USED),
        ({"state": LinkState.VOID}, Refusal.LINK_VOID),
        ({"is_account_active": False}, Refusal.ACCOUNT_NOT_ACTIVE),
        ({"tries": 3}, Refusal.LINK_VOID),
    ],
)
def test_every_other_link_is_refused_with_its_reason(change, because):
    """Used, replaced, of a suspended account, guessed at. [P-7, S-9]"""
    assert may_use(replace(GOOD, **change), now=NOW, limits=LIMITS).because is because


def test_no_link_is_no_link():
    """A made-up token is refused like any other. [P-7]"""
    assert may_use(None, now=NOW, limits=LIMITS).because is Refusal.LINK_UNKNOWN


def test_nothing_leads_back_to_a_live_link():
    """Used or void is for ever. [P-7]"""
    assert set(LINK_STEPS) == set(LinkState)
    assert set(LINK_STEPS[LinkState.LIVE]) == set(LinkEvent)
    assert not LINK_STEPS[LinkState.USED]
    assert not LINK_STEPS[LinkState.VOID]
