"""Who may invite to what, and what an invitation is at an instant. [R-7]"""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bailiwick.idm.rules.catalogue import Decider, OrganizationKind, Role, Standing
from bailiwick.idm.rules.grants import APPROVING, SignInStrength
from bailiwick.idm.rules.invitations import (
    STEPS,
    Event,
    InvitationFacts,
    Inviter,
    Refusal,
    State,
    may_invite,
    may_manage,
    may_resend,
    may_take,
    state_of,
)
from bailiwick.idm.rules.limits import Limits
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
STRONG = SignInStrength(acr=ACR_MFA, is_limited=False)
WEAK = SignInStrength(acr=ACR_LIMITED, is_limited=False)
OFFICE, BILLING = OrganizationKind.PROVIDER_OFFICE, OrganizationKind.BILLING_SERVICE


def role(standing: Standing, kind: OrganizationKind | None = None) -> Role:
    return Role("code", "Name", "", standing, Decider.APPROVERS, standing is not Standing.DESK, kind)


def inviter(*standings: Standing, strength: SignInStrength = STRONG, is_active: bool = True) -> Inviter:
    return Inviter(strength, frozenset(standings), is_active)


def facts(**changes) -> InvitationFacts:
    usual = {
        "state": State.OPEN,
        "expires_at": NOW + timedelta(days=14),
        "resends": 0,
        "is_organization_closed": False,
        "is_role_known": True,
    }
    return InvitationFacts(**usual | changes)


@pytest.mark.parametrize(("held", "asked"), list(product(APPROVING, Standing)))
def test_one_invites_to_what_the_own_role_contains(held, asked):
    """An approver to backup and end user, a backup to end user, nobody to an approver's or a desk's role. [R-7, Q-2]"""
    expected = {
        (Standing.APPROVER, Standing.BACKUP),
        (Standing.APPROVER, Standing.END_USER),
        (Standing.BACKUP, Standing.END_USER),
    }
    assert bool(may_invite(inviter(held), role(asked), OFFICE)) is ((held, asked) in expected)


def test_the_role_fits_the_kind_of_the_organization():
    """A role for provider offices is nothing to invite to at a billing service. [R-7, Q-3]"""
    asked = role(Standing.BACKUP, OFFICE)
    assert may_invite(inviter(Standing.APPROVER), asked, OFFICE)
    refused = may_invite(inviter(Standing.APPROVER), asked, BILLING)
    assert (refused.because, refused.facts) == (Refusal.ROLE_NOT_INVITABLE, {"role_name": "Name"})


@pytest.mark.parametrize(
    ("who", "because"),
    [
        (inviter(), Refusal.NOT_AN_INVITER),
        (inviter(Standing.APPROVER, is_active=False), Refusal.NOT_AN_INVITER),
        (inviter(Standing.APPROVER, strength=WEAK), Refusal.STRONGER_FACTOR_NEEDED),
        (inviter(Standing.APPROVER, strength=SignInStrength(ACR_MFA, True)), Refusal.STRONGER_FACTOR_NEEDED),
    ],
)
def test_who_has_no_power_there_invites_nobody(who, because):
    """No live role, an account that rests, a weak or limited sign-in. [R-7, S-2, I-4]"""
    assert may_invite(who, role(Standing.END_USER), OFFICE).because is because


def test_taking_back_wants_the_role_alone():
    """Who signed in with a code by e-mail may still revoke: nothing is sent in anybody's name. [R-7]"""
    assert may_manage(inviter(Standing.BACKUP, strength=WEAK))
    assert not may_manage(inviter(strength=STRONG))


@pytest.mark.parametrize(
    ("before_end", "expected"), [(timedelta(seconds=1), State.OPEN), (timedelta(0), State.EXPIRED)]
)
def test_an_invitation_is_over_by_its_date(before_end, expected):
    """No job has to run for it. [R-7, I-2]"""
    assert state_of(facts(), now=NOW + timedelta(days=14) - before_end) is expected


@pytest.mark.parametrize("state", [State.TAKEN, State.REVOKED, State.EXPIRED])
def test_what_ended_stays_ended(state):
    """No step leads out of an end, nothing can be taken or resent, and time changes nothing. [R-7, AX08]"""
    assert STEPS[state] == {}
    ended = facts(state=state)
    assert state_of(ended, now=NOW + timedelta(days=99)) is state
    assert not may_take(ended, now=NOW)
    assert may_resend(ended, now=NOW, limits=Limits()).because is Refusal.OVER


def test_a_link_is_good_while_organization_and_role_are():
    """Unknown, closed, gone from the catalogue, over: one refusal for all. [R-7]"""
    assert may_take(facts(), now=NOW)
    dead = (
        None,
        facts(is_organization_closed=True),
        facts(is_role_known=False),
        facts(expires_at=NOW),
        facts(state=State.TAKEN),
    )
    assert {may_take(one, now=NOW).because for one in dead} == {Refusal.NOT_USABLE}


def test_it_is_sent_again_five_times():
    """The sixth is refused, naming the number. [R-7]"""
    limits = Limits()
    assert may_resend(facts(resends=limits.invitation_resends - 1), now=NOW, limits=limits)
    refused = may_resend(facts(resends=limits.invitation_resends), now=NOW, limits=limits)
    assert (refused.because, refused.facts) == (Refusal.TOO_MANY_RESENDS, {"times": 5})


def test_resending_keeps_it_open():
    """The one step that leads back to itself. [R-7]"""
    assert STEPS[State.OPEN][Event.RESEND] is State.OPEN
