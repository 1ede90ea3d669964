"""Organizations that cannot be left alone: health, the desk's turn, and approvers who succeed each other (G-7, G-8)."""

from datetime import date, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import follow_record, remove_grant, watch_continuity
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import (
    able_deciders,
    deciders_of,
    health_of,
    healths_of,
    standing_in,
    who_decides,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.organizations.queries import record_with
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.certification import Refusal
from bailiwick.idm.rules.organizations import HealthFlag
from bailiwick.idm.rules.requests import Way
from bailiwick.wire.provisioning import PersonOfRecord
from tests.idm.build_access import (
    APPROVER,
    BACKUP,
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
    grant_of,
    mails_to,
    organization,
    pending_request,
    person,
    put,
    wire_record,
)
from tests.idm.build_certification import due, restored

pytestmark = pytest.mark.django_db


def codes(place, now=NOON):
    return [finding.code for finding in health_of(place, now=now).findings]


def named(account):
    """The account's holder, as a form names them."""
    return PersonOfRecord(name=f"{account.person.first_name} {account.person.last_name}", email=account.email)


def rewritten(place, *, now=NOON, **changes):
    """The next version of the organization's record arrives from its application."""
    held = place.record
    held.refresh_from_db()
    kept = {
        "legal_name": held.legal_name,
        "tin": "981234567",
        "approver": PersonOfRecord(name=held.approver_name, email=held.approver_email),
    }
    put(wire_record(held.submitter_id, version=held.version + 1, **(kept | changes)), now=now)
    follow_record(submitter_id=held.submitter_id, by=COMMAND, now=now)


def test_health_names_what_an_organization_lacks():
    """Only one approver, with e-mail only, not of record; each finding has its person and its next step. [G-7]"""
    place = organization()
    assert codes(place) == []
    boss = approver(of=place)
    found = health_of(place, now=NOON).findings
    assert [one.code for one in found] == [
        HealthFlag.ONLY_ONE_APPROVER,
        HealthFlag.ONLY_EMAIL_FACTOR,
        HealthFlag.DIFFERS_FROM_RECORD,
    ]
    assert all(one.people == (f"Robin {boss.person.last_name}",) and one.next_step for one in found)
    assert codes(place, NOON + 20 * DAY)[1] is HealthFlag.APPROVER_NEAR_INACTIVITY
    assert codes(place, NOON + 40 * DAY)[0] is HealthFlag.NO_ABLE_APPROVER
    due(boss, 40)
    assert HealthFlag.CERTIFICATION_DUE in codes(place, NOON + 12 * DAY)


def test_the_health_of_many_costs_no_more_statements_than_of_one(django_assert_num_queries):
    """Tier 2 looks at all organizations at once. [G-7]"""
    from django.db import connection

    places = [organization() for _ in range(4)]
    for place in places[:3]:
        approver(of=place)
    end_user(of=places[3])
    with CaptureQueriesContext(connection) as one:
        healths_of([places[0], places[3]], now=NOON)
    rows = list(Organization.objects.select_related("record"))
    with django_assert_num_queries(len(one)):
        found = healths_of(rows, now=NOON)
    assert {key: health.is_unattended for key, health in found.items()} == {
        place.pk: place == places[3] for place in places
    }


def test_who_can_decide():
    """Approver and backup, as long as neither is suspended nor inactive. [G-7]"""
    place = organization()
    boss, deputy = approver(of=place), backup(of=place)
    end_user(of=place)
    assert set(able_deciders(place, now=NOON)) == {boss, deputy}
    Account.objects.filter(pk=boss.pk).update(state=AccountState.SUSPENDED)
    assert able_deciders(place, now=NOON) == [deputy]
    assert able_deciders(place, now=NOON + 40 * DAY) == []


@pytest.mark.parametrize("why", ["inactive", "suspended", "left"])
def test_an_organization_left_alone_is_noticed_once(why):
    """Whatever takes the last approver away: the desk and who waits are told, once; deciding is the desk's. [G-7 AR06]"""
    place, desk = organization(), desk_member(tier=2)
    boss, deputy = approver(of=place), backup(of=place)
    end_user(of=place)
    now = NOON + 5 * DAY
    request = pending_request(at=place, now=now)
    assert watch_continuity(by=COMMAND, now=now) == 0
    if why == "inactive":
        now = NOON + 40 * DAY
        Grant.objects.filter(account=desk).update(started_at=now)
    elif why == "suspended":
        Account.objects.filter(pk__in=[boss.pk, deputy.pk]).update(state=AccountState.SUSPENDED)
    else:
        for one in (deputy, boss):
            gone(one, now)
    for _ in range(2):
        watch_continuity(by=COMMAND, now=now)
    assert mails_to(desk).count("organization-without-approver") == 1
    assert mails_to(request.account).count("request-moved") == 1
    assert who_decides(request, now=now).is_fallback
    assert deciders_of(request, now=now) == [desk]
    assert HealthFlag.NO_ABLE_APPROVER in codes(place, now)
    noticed = Entry.objects.filter(organization=place.submitter_id, deed="organization:approvers:none")
    assert noticed.count() == 1


def gone(account, now):
    remove_grant(
        grant=grant_of(account, ended_at=None),
        remover=account,
        reason="",
        confirmed_none_left=True,
        strength=STRONG,
        by=by(account),
        now=now,
    )


def test_a_new_approver_takes_over_what_waits():
    """As soon as somebody is able again, they hear what waits, and the next loss is news again. [G-7, Q-4]"""
    place, desk = organization(), desk_member(tier=2)
    gone(approver(of=place), NOON)
    request = pending_request(at=place)
    newcomer = approver(of=place)
    assert watch_continuity(by=COMMAND, now=NOON) == 1
    assert mails_to(newcomer) == ["role-started", "request-waiting"]
    assert deciders_of(request, now=NOON) == [newcomer]
    gone(newcomer, NOON + timedelta(hours=1))
    assert mails_to(desk).count("organization-without-approver") == 2


def test_an_empty_organization_needs_nobody():
    """Where nobody holds a role there is nobody to be left alone; a closed one neither. [G-7]"""
    empty, closed, desk = organization(), organization(), desk_member(tier=2)
    end_user(of=closed)
    rewritten(closed, status="closed")
    gone(approver(of=empty), NOON)
    assert [watch_continuity(by=COMMAND, now=NOON) for _ in range(2)] == [1, 0]
    assert mails_to(desk).count("organization-without-approver") == 1


def test_the_old_approver_goes_when_the_new_one_comes():
    """Flagged when the record changes; the role ends in the act that starts the successor's. [G-8]"""
    desk, old, new = desk_member(tier=2), person(), person(is_proofed=True)
    place = organization(tin="981234567", approver=named(old))
    grant_in(old, place)
    user = end_user(of=place)
    rewritten(place, approver=named(new))
    assert mails_to(old)[-1] == "role-replaced"
    assert HealthFlag.DIFFERS_FROM_RECORD in codes(place)
    assert able_deciders(place, now=NOON) == [old]
    decided(pending_request(by_account=new, role=APPROVER, way=Way.ASSOCIATE, at=place), desk)
    assert able_deciders(place, now=NOON) == [new]
    ended = grant_of(old)
    assert (ended.end_reason, ended.ended_at) == ("succeeded", NOON)
    assert mails_to(old)[-1] == "role-ended"
    assert standing_in(old, "spot", now=NOON).state == "removed"
    assert grant_of(user).ended_at is None


def grant_in(account, place, role=APPROVER, now=NOON):
    from bailiwick.idm.access.actions import grant_by_bootstrap

    return grant_by_bootstrap(
        account=account, application="spot", role=role, organization=place, by=COMMAND, now=now
    )


@pytest.mark.parametrize(
    ("day", "ends_on", "is_over"),
    [
        ("2026-03-10", date(2026, 3, 10), False),
        ("2026-03-02", date(2026, 3, 2), False),
        ("2026-03-01", None, True),
    ],
)
def test_the_old_approver_goes_on_the_day_given(day, ends_on, is_over):
    """A day on the form is the last day of the role, whether or not the new one has come; a past one ends it now. [G-8]"""
    old, new = person(), person()
    place = organization(tin="981234567", approver=named(old))
    grant_in(old, place)
    rewritten(place, approver=named(new), handover_on=day)
    grant = grant_of(old)
    assert (grant.ends_on, grant.ended_at is not None) == (ends_on, is_over)
    if not is_over:
        grant_in(new, place)
        assert grant_of(old).ended_at is None
        assert able_deciders(place, now=NOON + 9 * DAY) == [new]


@pytest.mark.parametrize(
    ("day", "has_come", "ends_on"),
    [
        ("", False, None),
        ("2026-03-20", True, date(2026, 3, 20)),
        ("", True, "refused"),
        ("2026-03-04", False, "refused"),
    ],
)
def test_a_late_restore_gives_back_no_more_than_the_record_leaves(day, has_come, ends_on):
    """An approver who lost the role uncertified and was succeeded: until the day given, else until the new one comes. [G-8, C-5]"""
    desk, old, new = desk_member(tier=2), person(), person()
    place = organization(tin="981234567", approver=named(old))
    grant_in(old, place)
    grant, now = due(old, 1), NOON + 3 * DAY
    rewritten(place, approver=named(new), handover_on=day, now=now)
    if has_come:
        grant_in(new, place, now=now)
    if ends_on == "refused":
        with pytest.raises(Refused) as refused:
            restored(grant, desk, now=now)
        assert refused.value.code is Refusal.SUCCEEDED_SINCE
        return
    assert restored(grant, desk, now=now).ends_on == grant_of(old).ends_on == ends_on
    assert mails_to(old)[-1] == "role-replaced"
    if not has_come:
        grant_in(new, place, now=now)
        assert grant_of(old).end_reason == "succeeded"


def test_only_the_replaced_one_goes():
    """Backup, bystanders, and whoever merely got another name or mailbox keep their roles. [G-8]"""
    old, deputy, exception, new = person(), person(), person(), person()
    place = organization(tin="981234567", approver=named(old), backup=named(deputy))
    for account, role in ((old, APPROVER), (exception, APPROVER), (deputy, BACKUP)):
        grant_in(account, place, role)
    renamed = PersonOfRecord(name="Robin Newname", email=old.email)
    rewritten(place, approver=renamed, backup=named(deputy))
    assert "role-replaced" not in mails_to(old)
    rewritten(place, approver=named(new), backup=named(deputy))
    grant_in(new, place)
    live = Grant.objects.filter(organization=place, ended_at=None)
    assert set(live.values_list("account", flat=True)) == {new.pk, deputy.pk, exception.pk}


def test_a_backup_who_is_taken_off_the_form_without_a_day_stays_until_the_next():
    """Removed and not replaced: flagged, and told; the desk or the approver takes the role away. [G-8, Q-8]"""
    boss, deputy = person(), person()
    place = organization(tin="981234567", approver=named(boss), backup=named(deputy))
    grant_in(boss, place)
    grant_in(deputy, place, BACKUP)
    rewritten(place, approver=named(boss), backup=None)
    assert mails_to(deputy)[-1] == "role-replaced"
    assert grant_of(deputy).ended_at is None
    assert [
        one.people
        for one in health_of(place, now=NOON).findings
        if one.code is HealthFlag.DIFFERS_FROM_RECORD
    ] == [(f"Robin {deputy.person.last_name}",)]


def test_a_name_that_comes_back_is_of_record_again():
    """Out by one version and in by the next: nobody is sent away for what an older form said. [G-8]"""
    old, new = person(), person()
    place = organization(tin="981234567", approver=named(old))
    grant_in(old, place)
    rewritten(place, approver=named(new))
    rewritten(place, approver=named(old), now=NOON + DAY)
    grant_in(new, place)
    assert grant_of(old).ended_at is None
    assert record_with(place.submitter_id).former_people.count() == 2
