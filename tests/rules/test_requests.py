"""Role requests as rules see them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import Decider, OrganizationKind, Role, Standing
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import (
    STEPS,
    Asking,
    DeciderFacts,
    Event,
    Refusal,
    State,
    Way,
    after,
    digest_of,
    is_entitled,
    may_ask,
    may_cancel,
    may_decide,
    ways_for,
)
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA

STRONG = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)
WEAK = SignInStrength(acr=ACR_LIMITED, is_limited=True)


def role(standing: Standing, **changes: object) -> Role:
    columns = {
        "code": standing.value,
        "name": standing.value,
        "description": "",
        "standing": standing,
        "decided_by": Decider.APPLICATION_DESK,
        "organization_kind": OrganizationKind.PROVIDER_OFFICE,
    }
    return Role(**(columns | changes))


APPROVER = role(Standing.APPROVER)
END_USER = role(Standing.END_USER, decided_by=Decider.APPROVERS, organization_kind=None)
DESK = role(Standing.DESK, needs_organization=False, needs_proofing=False, organization_kind=None)
ASKING = Asking(
    role=END_USER,
    way=Way.PICK,
    organization_kind=OrganizationKind.PROVIDER_OFFICE,
    organization_exists=True,
    is_proofed=True,
)
APPROVING = DeciderFacts(
    decided_by=Decider.APPROVERS,
    is_requester=False,
    is_account_active=True,
    strength=STRONG,
    is_able_approver=True,
    has_able_approver=True,
)


def refused(asking: Asking) -> Refusal | None:
    ruling = may_ask(asking)
    return ruling.because if isinstance(ruling, No) else None


@given(st.sampled_from(State), st.sampled_from(Event))
def test_every_step_is_in_the_table_or_raises(state, event):
    """A request moves along the table or not at all. [Q-6]"""
    if event in STEPS[state]:
        assert after(state, event) in State
    else:
        with pytest.raises(KeyError):
            after(state, event)


def test_every_state_has_a_row_and_can_be_reached():
    """No state is forgotten in the table. [Q-6]"""
    reached = {State.PENDING} | {after for exits in STEPS.values() for after in exits.values()}
    assert set(STEPS) == set(State) == reached


def test_an_end_is_final():
    """A decided, cancelled or expired request never moves again. [Q-5]"""
    assert [state for state in State if STEPS[state]] == [State.PENDING]


@pytest.mark.parametrize(
    ("standing", "ways"),
    [
        (Standing.APPROVER, (Way.CREATE, Way.ASSOCIATE)),
        (Standing.BACKUP, (Way.ASSOCIATE,)),
        (Standing.END_USER, (Way.PICK,)),
    ],
)
def test_each_standing_names_its_organization_in_its_ways(standing, ways):
    """Approvers create or associate, backups associate, end users pick. [G-4]"""
    assert ways_for(role(standing)) == ways


def test_desk_roles_name_no_organization():
    """A desk is of an application, not of an organization. [H-2]"""
    assert ways_for(DESK) == (Way.NONE,)
    assert may_ask(Asking(role=DESK, way=Way.NONE))


@pytest.mark.parametrize("way", [Way.CREATE, Way.ASSOCIATE, Way.NONE])
def test_end_users_cannot_force_another_way(way):
    """End users search and pick only. [G-4]"""
    assert refused(replace(ASKING, way=way)) is Refusal.WAY_NOT_FITTING


def test_a_role_of_the_other_kind_is_refused():
    """The role's kind must fit the organization's. [Q-3]"""
    asking = replace(
        ASKING, role=APPROVER, way=Way.ASSOCIATE, organization_kind=OrganizationKind.BILLING_SERVICE
    )
    assert refused(asking) is Refusal.KIND_NOT_FITTING


@pytest.mark.parametrize("kind", list(OrganizationKind))
def test_end_user_fits_both_kinds(kind):
    """End user fits both kinds. [Q-3]"""
    assert may_ask(replace(ASKING, organization_kind=kind))


def test_an_approver_need_not_ask_for_end_user():
    """Approver roles contain end-user access. [Q-2]"""
    asking = replace(
        ASKING, held_roles=frozenset({"approver"}), held_standings=frozenset({Standing.APPROVER})
    )
    assert refused(asking) is Refusal.ROLE_CONTAINED


def test_a_backup_may_become_the_approver():
    """Getting the approver role ends the backup's; holding the backup's does not block it. [Q-2]"""
    asking = replace(
        ASKING,
        role=APPROVER,
        way=Way.ASSOCIATE,
        held_roles=frozenset({"backup"}),
        held_standings=frozenset({Standing.BACKUP}),
    )
    assert may_ask(asking)


def test_a_held_role_is_not_asked_for_again():
    """Who holds a role need not ask for it. [Q-5]"""
    assert refused(replace(ASKING, held_roles=frozenset({"end_user"}))) is Refusal.ROLE_HELD


def test_proofing_is_demanded_where_the_role_needs_it():
    """A role that needs proofing is not for the unproofed. [V-1]"""
    assert refused(replace(ASKING, is_proofed=False)) is Refusal.PROOFING_NEEDED


def test_a_suspended_account_asks_for_nothing():
    """A suspended or archived account gets no role. [A-6]"""
    assert refused(replace(ASKING, is_account_active=False)) is Refusal.ACCOUNT_NOT_ACTIVE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"organization_kind": None}, Refusal.ORGANIZATION_NEEDED),
        ({"organization_exists": False}, Refusal.ORGANIZATION_NOT_FOUND),
        ({"is_organization_closed": True}, Refusal.ORGANIZATION_CLOSED),
    ],
)
def test_the_organization_must_be_there(changes, code):
    """Only a claimed, active organization can be picked. [G-2]"""
    assert refused(replace(ASKING, **changes)) is code


def test_an_able_approver_decides_end_users():
    """End-user requests are decided by an approver of that organization. [Q-4]"""
    assert may_decide(APPROVING) == Yes("approver")


def test_the_desk_leaves_end_users_to_an_able_approver():
    """Where an approver is able, the desk does not decide end users. [Q-4]"""
    facts = replace(APPROVING, is_able_approver=False, is_application_desk=True)
    assert not may_decide(facts)


def test_the_desk_decides_for_want_of_an_approver():
    """Where there is no able approver, requests go to tier 2. [G-7]"""
    facts = replace(APPROVING, is_able_approver=False, has_able_approver=False, is_application_desk=True)
    assert may_decide(facts) == Yes("desk_for_want_of_approver")


def test_an_approver_does_not_decide_approvers():
    """Approver and backup requests are tier 2's. [Q-4]"""
    facts = replace(APPROVING, decided_by=Decider.APPLICATION_DESK)
    assert not may_decide(facts)
    assert may_decide(replace(facts, is_application_desk=True))


def test_desk_roles_are_tier_3s_to_decide():
    """Who belongs to a desk is decided by another tier 3. [H-7]"""
    facts = replace(APPROVING, decided_by=Decider.IDENTITY_DESK, is_application_desk=True)
    assert not may_decide(facts)
    assert may_decide(replace(facts, is_security_desk=True))


@given(
    st.builds(
        DeciderFacts,
        decided_by=st.sampled_from(Decider),
        is_requester=st.just(True),
        is_account_active=st.booleans(),
        strength=st.just(STRONG),
        is_able_approver=st.booleans(),
        has_able_approver=st.booleans(),
        is_application_desk=st.booleans(),
        is_security_desk=st.booleans(),
    )
)
def test_nobody_decides_on_themselves(facts):
    """Whatever else they are, nobody decides their own request. [Q-5]"""
    assert is_entitled(facts) == No(Refusal.OWN_REQUEST)


def test_a_suspended_approver_has_no_authority():
    """An account neither suspended nor archived decides. [Q-4]"""
    assert not is_entitled(replace(APPROVING, is_account_active=False))


@pytest.mark.parametrize(
    "strength", [WEAK, replace(WEAK, is_limited=False), replace(STRONG, is_limited=True)]
)
def test_deciding_needs_a_factor_other_than_email(strength):
    """No deciding in a limited session, nor with e-mail alone. [S-2]"""
    assert may_decide(replace(APPROVING, strength=strength)) == No(Refusal.STRONGER_FACTOR_NEEDED)


def test_only_the_owner_or_the_desk_cancels():
    """A pending request is cancelled by its owner, or by tier 1. [Q-6, H-2]"""
    ask = {"is_account_active": True, "strength": STRONG}
    assert may_cancel(is_owner=True, identity_tier=0, **ask)
    assert may_cancel(is_owner=False, identity_tier=1, **ask)
    assert may_cancel(is_owner=False, identity_tier=0, **ask) == No(Refusal.NOT_YOURS)
    assert may_cancel(is_owner=False, identity_tier=1, is_account_active=True, strength=WEAK) == No(
        Refusal.STRONGER_FACTOR_NEEDED
    )


@given(st.dictionaries(st.text(), st.text()))
def test_the_digest_is_of_the_content_not_of_its_order(snapshot):
    """The same snapshot has the same digest, another one has another. [Q-6]"""
    assert digest_of(snapshot) == digest_of(dict(reversed(snapshot.items())))
    assert digest_of(snapshot) != digest_of({**snapshot, "more": 1})
