"""What a desk signs in with, where nothing says otherwise: a passkey, for every act (S-2)."""

from datetime import UTC, datetime

import pytest

from bailiwick.idm.rules import desk, duplicates, grants, requests
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Decider, Standing
from bailiwick.idm.rules.desk import ACTS, Act, Member, Presence
from bailiwick.idm.rules.grants import Remover, SignInStrength
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.requests import DeciderFacts
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_ORDER, ACR_PHISHING_RESISTANT, DESK_LEVELS

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LIMITS = Limits()
APP = SignInStrength(acr=ACR_MFA, is_limited=False)
PASSKEY = SignInStrength(acr=ACR_PHISHING_RESISTANT, is_limited=False)


def member(act: Act, strength: SignInStrength) -> Member:
    presence = Presence(strength=strength, factor_at=NOW)
    fitting = next(state for state in AccountState if ACTS[act].fit(state))
    return Member(tiers=ACTS[act].tiers, presence=presence, person_state=fitting, has_checked_caller=True)


@pytest.mark.parametrize("act", Act)
def test_every_act_of_the_desk_needs_the_passkey(act):
    """An app does for none of them. [S-2, H-2]"""
    ruling = desk.may_act(act, member(act, APP), now=NOW, limits=LIMITS)
    assert ruling.because is desk.Refusal.STRONGER_FACTOR_NEEDED
    assert desk.may_act(act, member(act, PASSKEY), now=NOW, limits=LIMITS)


@pytest.mark.parametrize("acr", [*ACR_ORDER, "", "urn:elsewhere:strong"])
@pytest.mark.parametrize("is_limited", [True, False])
@pytest.mark.parametrize("word", DESK_LEVELS)
def test_a_desk_never_takes_less_than_deciding_does(acr, is_limited, word):
    """Whatever the setting says; no limited session, no unknown level. [S-2]"""
    strength = SignInStrength(acr=acr, is_limited=is_limited, desk_level=DESK_LEVELS[word])
    assert strength.may_decide or not strength.may_work_at_desk
    assert strength.may_work_at_desk is (
        not is_limited and acr in {"passkey": {ACR_PHISHING_RESISTANT}, "app": set(ACR_ORDER[1:])}[word]
    )


def test_a_level_that_is_set_wrong_opens_no_desk():
    """An unknown or the weakest level for desks is no way round the factor other than e-mail. [S-2]"""
    assert not SignInStrength(acr=ACR_LIMITED, is_limited=False, desk_level=ACR_LIMITED).may_work_at_desk
    assert not SignInStrength(acr=ACR_PHISHING_RESISTANT, is_limited=False, desk_level="").may_work_at_desk


@pytest.mark.parametrize(
    ("facts", "needs_passkey"),
    [
        ({"decided_by": Decider.APPROVERS, "is_able_approver": True}, False),
        ({"decided_by": Decider.APPROVERS, "is_application_desk": True}, True),
        ({"decided_by": Decider.APPLICATION_DESK, "is_application_desk": True}, True),
        ({"decided_by": Decider.IDENTITY_DESK, "is_security_desk": True}, True),
        (
            {"decided_by": Decider.APPROVERS, "is_able_approver": True, "is_application_desk": True},
            False,
        ),
    ],
)
def test_a_request_is_decided_by_approvers_with_an_app_and_by_desks_with_a_passkey(facts, needs_passkey):
    """What counts is on what ground they decide. [S-2, Q-4, H-7]"""
    asked = {"is_requester": False, "is_account_active": True, **facts}
    ruling = requests.may_decide(DeciderFacts(strength=APP, **asked))
    assert bool(ruling) is not needs_passkey
    assert ruling or ruling.because is requests.Refusal.STRONGER_FACTOR_NEEDED
    assert requests.may_decide(DeciderFacts(strength=PASSKEY, **asked))


@pytest.mark.parametrize(
    ("who", "standing", "needs_passkey"),
    [
        ({"is_holder": True}, Standing.DESK, False),
        ({"is_able_approver": True}, Standing.END_USER, False),
        ({"is_application_desk": True}, Standing.APPROVER, True),
        ({"identity_tier": 1}, Standing.END_USER, True),
        ({"identity_tier": 3}, Standing.DESK, True),
    ],
)
def test_a_desk_takes_a_role_away_with_its_passkey(who, standing, needs_passkey):
    """Approvers and holders need what they needed. [S-2, Q-8]"""
    ruling = grants.may_remove(Remover(strength=APP, **who), standing)
    assert bool(ruling) is not needs_passkey
    assert grants.may_remove(Remover(strength=PASSKEY, **who), standing)


def test_a_desk_cancels_with_its_passkey():
    """The owner with anything. [S-2, H-2]"""
    asked = {"is_owner": False, "identity_tier": 1, "is_account_active": True}
    assert not requests.may_cancel(**asked, strength=APP)
    assert requests.may_cancel(**asked, strength=PASSKEY)
    assert requests.may_cancel(**asked | {"is_owner": True}, strength=APP)


def test_a_duplicate_case_is_decided_with_the_passkey():
    """Merging people is a desk's act like any other. [S-2, A-5]"""
    for strength, is_enough in ((APP, False), (PASSKEY, True)):
        presence = Presence(strength=strength, factor_at=NOW)
        decider = duplicates.Decider(is_security_desk=True, is_concerned=False, presence=presence)
        assert bool(duplicates.may_decide(decider, now=NOW, limits=LIMITS)) is is_enough
