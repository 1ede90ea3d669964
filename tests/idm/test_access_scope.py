"""Nothing is seen or done across organizations (AX17, AX19)."""

import pytest

from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import grant_by_bootstrap, remove_grant
from bailiwick.idm.access.queries import (
    awaiting,
    is_approver_anywhere,
    look_at,
    may_remove_grant,
    may_see_organization,
    organizations_approved_by,
)
from bailiwick.idm.access.words import END_WORDS, HEALTH_WORDS, WORDS
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import exports, grants, invitations, modifying, organizations, requests
from bailiwick.idm.rules.requests import Refusal, Way
from tests.idm.build_access import (
    APPROVER,
    COMMAND,
    DAY,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    decided,
    desk_member,
    end_user,
    enrollment,
    grant_of,
    holder,
    organization,
    pending_request,
    person,
)

pytestmark = pytest.mark.django_db


def sees(account, request, *, now=NOON):
    return look_at(request, account, strength=STRONG, now=now).may_see


def test_a_request_is_seen_by_its_owner_its_deciders_and_the_desks():
    """And by nobody else. [Q-6]"""
    place = organization()
    boss, other = approver(of=place), approver(of=organization())
    request = pending_request(at=place)
    assert all(sees(one, request) for one in (request.account, boss, backup(of=place)))
    assert all(sees(desk_member(tier=tier), request) for tier in (1, 2, 3))
    strangers = (other, person(), end_user(of=place), holder("auditor", application="idm"))
    assert not any(sees(one, request) for one in strangers)


def test_a_request_for_a_desk_is_not_an_approvers_to_see():
    """Desk requests are IDM's and the application's desk's. [H-7]"""
    request = pending_request(by_account=person(), role="tier-1", way=Way.NONE, application="idm")
    assert not sees(approver(of=organization()), request)
    assert not sees(desk_member(tier=2), request)
    assert sees(desk_member(tier=3), request)


def test_an_approvers_request_is_not_its_colleagues_to_see():
    """Approver requests are tier 2's. [Q-4]"""
    place = organization()
    boss = approver(of=place)
    request = pending_request(role=APPROVER, way=Way.ASSOCIATE, at=place)
    assert not sees(boss, request)
    assert sees(desk_member(tier=2), request)


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_sight_ends_with_the_account(state):
    """A suspended approver sees nothing of others. [O-5]"""
    place = organization()
    boss, request = approver(of=place), pending_request(at=place)
    Account.objects.filter(pk=boss.pk).update(state=state)
    assert not sees(boss, request)
    assert not organizations_approved_by(boss, now=NOON)
    assert not may_see_organization(boss, place, now=NOON)


def test_sight_rests_with_the_grant():
    """An inactive grant gives no authority here either. [Q-4]"""
    place, later = organization(), NOON + 31 * DAY
    boss, request = approver(of=place), pending_request(at=place)
    assert not sees(boss, request, now=later)
    assert not is_approver_anywhere(boss, now=later)


def test_an_approver_of_two_sees_each_as_such():
    """Rights come from the grant there, not from being an approver somewhere. [G-6]"""
    first, second = organization(), organization()
    both = approver(of=first)
    third = organization()
    request = pending_request(at=third)
    assert organizations_approved_by(both, now=NOON) == [first]
    assert not look_at(request, both, strength=STRONG, now=NOON).may_decide
    assert not may_see_organization(both, second, now=NOON)


def test_an_end_user_of_one_and_approver_of_another_approves_only_there():
    """A lesser role in A gives nothing of A to an approver of B. [Q-4]"""
    first, second = organization(), organization()
    approver(of=first)
    mixed = pending_request(at=first)
    boss = mixed.account
    grant_by_bootstrap(
        account=boss, application="spot", role=APPROVER, organization=second, by=COMMAND, now=NOON
    )
    request = pending_request(at=first)
    assert list(awaiting(boss, now=NOON)) == []
    assert not sees(boss, request)
    assert not may_remove_grant(boss, grant_of(end_user(of=first)), strength=STRONG, now=NOON)


def test_an_organization_page_is_for_its_approvers_and_the_desks():
    """Not for its end users, not for approvers of others. [H-1]"""
    place = organization()
    assert may_see_organization(approver(of=place), place, now=NOON)
    assert all(may_see_organization(desk_member(tier=tier), place, now=NOON) for tier in (1, 2, 3))
    assert not may_see_organization(end_user(of=place), place, now=NOON)
    assert not may_see_organization(approver(of=organization()), place, now=NOON)


def test_authority_that_ends_between_look_and_decision_is_gone():
    """Evaluated in the deciding transaction: a role removed in between decides nothing. [Q-4]"""
    place = organization()
    boss, desk, request = approver(of=place), desk_member(tier=2), pending_request(at=place)
    assert look_at(request, boss, strength=STRONG, now=NOON).may_decide
    remove_grant(
        grant=grant_of(boss), remover=desk, reason="Not on file.", strength=STRONG, by=by(desk), now=NOON
    )
    with pytest.raises(Refused) as refused:
        decided(request, boss)
    assert refused.value.code is Refusal.NOT_A_DECIDER


def test_approver_and_backup_do_not_make_each_other():
    """Neither approves an approver role for the other. [Q-4]"""
    place = organization()
    boss = approver(of=place)
    for role in (APPROVER, "provider-office-backup-approver"):
        request = pending_request(role=role, way=Way.ASSOCIATE, at=place)
        with pytest.raises(Refused) as refused:
            decided(request, boss)
        assert refused.value.code is Refusal.NOT_A_DECIDER


def test_a_creation_is_nobodys_but_the_desks():
    """An approver of another organization decides no creation. [Q-4]"""
    request = pending_request(role=APPROVER, way=Way.CREATE, record=enrollment())
    assert not sees(approver(of=organization()), request)


def test_every_refusal_has_words():
    """A person never reads a code. [Q-6]"""
    of = (exports, grants, invitations, modifying, requests)
    assert set(WORDS) == {refusal for module in of for refusal in module.Refusal}
    assert set(END_WORDS) == set(grants.EndReason)
    assert set(HEALTH_WORDS) == set(organizations.HealthFlag)
