"""Roles that near resting, rest, and are removed: what rounds write down and tell, to the day, once, and late."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.idm.access import jobs
from bailiwick.idm.access.actions import (
    enter,
    grant_by_bootstrap,
    note_inactivity,
    record_endings,
    remove_grant,
    resting,
    stamp_sign_in,
    tell_owed,
)
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import (
    ended_grants,
    grants_for_claims,
    holds_desk_role,
    offered_roles,
    standing_in,
    to_restore,
)
from bailiwick.idm.accounts.actions import note_first_sign_in
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.reactivation import ComeBack
from bailiwick.idm.signin.models import Password
from tests.idm.build_access import (
    APPROVER,
    COMMAND,
    DAY,
    END_USER,
    NOON,
    STRONG,
    approver,
    by,
    deeds_about,
    desk_member,
    end_user,
    grant_of,
    mails_to,
    organization,
)

pytestmark = pytest.mark.django_db


def rounds(now):
    """Both rounds and the telling, as the worker runs them; returns how many roles each was about."""
    done = [run(by=COMMAND, now=now) for run in (record_endings, note_inactivity)]
    return [*done, tell_owed(now=now)]


def new_password(account, *, now):
    Password.objects.update_or_create(account=account, defaults={"encoded": "x", "set_at": now})


def text_of(kind):
    message = Message.objects.filter(kind=kind).latest("pk")
    return json.loads(unseal(bytes(message.body), key=message.key))["text"]


def test_each_step_is_told_on_its_day_and_once():
    """At 15, 25, 28 and 29 days, and when it rests; round after round, twice a day. [I-3, I-4]"""
    account = end_user(of=organization())
    told = {}
    for day in (15, 16, 17, 25, 26, 28, 29, 30, 31, 32, 60):
        before = len(mails_to(account))
        for hour in (0, 6):
            rounds(NOON + day * DAY + timedelta(hours=hour))
        told[day] = mails_to(account)[before:]
    warned = {day: ["inactivity-warning"] for day in (16, 26, 29, 30)} | {31: ["roles-inactive"]}
    assert {day: kinds for day, kinds in told.items() if kinds} == warned
    assert [deed for deed in deeds_about(account) if "inactivity" in deed] == [
        *["grant:inactivity:nears"] * 4,
        "grant:inactivity:began",
    ]


def test_a_round_ten_days_late_tells_once_and_what_holds_then():
    """One notice, not three: with the days that are left when it goes out (AR10). [I-3]"""
    account = end_user(of=organization())
    assert rounds(NOON + 29 * DAY) == [0, 1, 1]
    assert rounds(NOON + 29 * DAY) == [0, 0, 0]
    assert mails_to(account).count("inactivity-warning") == 1
    assert "April 1, 2026: 1 day left" in text_of("inactivity-warning")


def test_one_mail_names_every_role_of_the_person_there():
    """Per person and application, however many roles. [I-3]"""
    first, second = organization(), organization()
    account = end_user(of=first)
    grant_by_bootstrap(
        account=account, application="spot", role=APPROVER, organization=second, by=COMMAND, now=NOON
    )
    assert rounds(NOON + 26 * DAY) == [0, 2, 2]
    assert mails_to(account).count("inactivity-warning") == 1
    text = text_of("inactivity-warning")
    assert first.legal_name in text
    assert second.legal_name in text


def test_a_sign_in_there_begins_the_steps_anew_and_what_was_noted_is_not_told():
    """Whoever signs in between the round and the mail is not warned. [I-1, I-3]"""
    account = end_user(of=organization())
    note_inactivity(by=COMMAND, now=NOON + 20 * DAY)
    enter(account=account, application="spot", by=COMMAND, now=NOON + 20 * DAY)
    assert rounds(NOON + 21 * DAY) == [0, 0, 0]
    assert rounds(NOON + 36 * DAY) == [0, 1, 1]
    assert mails_to(account).count("inactivity-warning") == 1


def test_a_sign_in_under_a_clock_that_was_set_back_takes_no_days_away():
    """The later one stays. [I-1, AR09]"""
    account = end_user(of=organization())
    for day in (20, 17):
        enter(account=account, application="spot", by=COMMAND, now=NOON + day * DAY)
    assert grant_of(account).last_sign_in_at == NOON + 20 * DAY


def test_an_interrupted_round_goes_on_where_it_was(monkeypatch):
    """What is noted and untold is told by the next run, a little at a time. [I-3]"""
    place = organization()
    people = [end_user(of=place) for _ in range(3)]
    monkeypatch.setattr("bailiwick.idm.access.actions.telling.PEOPLE_AT_ONCE", 1)
    monkeypatch.setattr("bailiwick.idm.access.actions.telling.MOST_A_RUN", 2)
    assert rounds(NOON + 16 * DAY) == [0, 3, 2]
    assert rounds(NOON + 16 * DAY) == [0, 0, 1]
    assert [mails_to(each).count("inactivity-warning") for each in people] == [1, 1, 1]


def test_a_round_of_many_is_no_more_statements_than_a_round_of_one():
    """Set-wise: locked, written and put on the ledger together. [I-3]"""
    note_inactivity(by=COMMAND, now=NOON)
    counts = []
    for many in (1, 4):
        place = organization()
        for _ in range(many):
            end_user(of=place)
        with CaptureQueriesContext(connection) as statements:
            assert note_inactivity(by=COMMAND, now=NOON + 16 * DAY) == many
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_who_signs_in_while_the_round_runs_is_left_out(monkeypatch):
    """Between the look and the write: the others are noted all the same, and only they are on the ledger. [I-1, I-3]"""
    place = organization()
    first, second = end_user(of=place), end_user(of=place)
    look = resting._due

    def and_then_one_signs_in(*asked):
        found = look(*asked)
        stamp_sign_in(account=first, application="spot", now=NOON + 16 * DAY)
        return found

    monkeypatch.setattr(resting, "_due", and_then_one_signs_in)
    assert note_inactivity(by=COMMAND, now=NOON + 16 * DAY) == 1
    assert [grant_of(each).inactivity_noted for each in (first, second)] == [0, 1]
    assert Entry.objects.get(deed="grant:inactivity:nears").subject == str(second.pk)


@pytest.mark.parametrize("what", ["suspended", "archived", "closed"])
def test_who_cannot_sign_in_anyway_is_not_warned(what):
    """A suspended or archived account, a closed organization. [I-3, A-6]"""
    place = organization()
    account = end_user(of=place)
    if what == "closed":
        type(place.record).objects.filter(pk=place.record_id).update(status="closed")
    else:
        Account.objects.filter(pk=account.pk).update(state=what)
    assert rounds(NOON + 16 * DAY) == [0, 0, 0]


def test_desk_roles_are_warned_by_their_sign_ins_to_idm():
    """And anew after each; of that sign-in the mails speak, and it wakes such a role by itself. [I-1, I-3, I-4]"""
    desk = desk_member(tier=2)
    assert rounds(NOON + 16 * DAY) == [0, 1, 1]
    assert "IDM alone" not in text_of("inactivity-warning")
    note_first_sign_in(account=desk, now=NOON + 17 * DAY)
    assert [sum(rounds(NOON + day * DAY)) for day in (18, 26, 32)] == [0, 0, 0]
    assert rounds(NOON + 33 * DAY) == [0, 1, 1]
    assert rounds(NOON + 50 * DAY) == [0, 1, 1]
    assert "What to do: sign in to IDM." in text_of("roles-inactive")
    note_first_sign_in(account=desk, now=NOON + 50 * DAY)
    assert holds_desk_role(desk, tier=2, now=NOON + 50 * DAY)


def test_at_day_ninety_the_role_is_over_and_both_sides_hear():
    """Recorded at its instant with its reason; the holder may ask again and associate. [I-5, I-2]"""
    place = organization()
    account, boss = end_user(of=place), approver(of=place, now=NOON + 85 * DAY)
    over = NOON + 91 * DAY
    assert standing_in(account, "spot", now=NOON + 90 * DAY).state == "inactive"
    assert standing_in(account, "spot", now=over).state == "removed"
    assert [record_endings(by=COMMAND, now=over) for _ in range(2)] == [1, 0]
    assert tell_owed(now=over) == 2
    (ended,) = ended_grants(account, now=over)
    assert (ended.end_reason, ended.ended_at.isoformat()) == (
        EndReason.INACTIVITY,
        "2026-06-01T04:00:00+00:00",
    )
    assert mails_to(account)[-1] == "roles-ended"
    assert mails_to(boss)[-1] == "people-lost-roles"
    (entry,) = Entry.objects.filter(deed="grant:role:ended", subject=str(account.pk))
    assert (entry.organization, entry.outcome) == (place.submitter_id, "inactivity")
    assert entry.about == {"grant": str(ended.pk), "role": END_USER}
    assert END_USER in {role.code for role, may in offered_roles(account, "spot", now=over) if may}


def test_ends_of_many_are_one_mail_to_each_who_decides_on_them():
    """An approver's people in one mail, approvers' own roles to the desk in one; sessions end too. [C-3, O-5, N-1]"""
    desk = desk_member(tier=2)
    bosses = [approver(of=organization()) for _ in range(2)]
    place = organization()
    boss, *others = approver(of=place), end_user(of=place), end_user(of=place)
    lapsing = Grant.objects.filter(account__in=[*bosses, *others])
    lapsing.update(certify_by=(NOON + 2 * DAY).date())
    later = NOON + 3 * DAY
    assert rounds(later) == [4, 0, 8]
    assert [mails_to(each).count("people-lost-roles") for each in (desk, boss, *bosses)] == [1, 1, 0, 0]
    assert {mails_to(each)[-1] for each in (*bosses, *others)} == {"roles-ended"}
    assert {grant.end_reason for grant in lapsing} == {EndReason.CERTIFICATION_MISSED}
    assert "nobody certified it by March 4, 2026" in text_of("roles-ended")
    assert "organization-without-approver" in mails_to(desk)


def test_where_nobody_can_decide_the_desk_hears_of_end_users_too():
    """It stands in for approvers, so an end is told to it, and no approver of another place; of a closed one nobody is. [G-7, C-3, C-5]"""
    desk, place, closed = desk_member(tier=2), organization(), organization()
    boss, others = approver(of=organization()), [end_user(of=at) for at in (place, place, closed)]
    EnrollmentRecord.objects.filter(pk=closed.record_id).update(status="closed")
    Grant.objects.filter(account__in=others).update(certify_by=(NOON + 2 * DAY).date())
    assert rounds(NOON + 3 * DAY) == [3, 0, 6]
    told = Message.objects.filter(kind="people-lost-roles").values_list("to", "subject")
    assert list(told) == [(desk.email, "2 roles in SPOT have ended")]
    assert {grant.account for grant in to_restore(desk, now=NOON + 3 * DAY)} >= set(others[:2])
    assert not mails_to(boss).count("people-lost-roles")


def test_what_a_person_did_by_hand_is_not_undone_by_the_next_round():
    """Removed, asked for and granted again, stamped: the rounds leave it alone. [I-5]"""
    place = organization()
    account, boss = end_user(of=place), approver(of=place)
    stamp_sign_in(account=boss, application="spot", now=NOON + 29 * DAY)
    stamp_sign_in(account=boss, application="spot", now=NOON + 58 * DAY)
    later = NOON + 80 * DAY
    remove_grant(
        grant=grant_of(account),
        remover=boss,
        reason="Away.",
        strength=STRONG,
        confirmed_none_left=True,
        by=by(boss),
        now=later,
    )
    grant_by_bootstrap(
        account=account, application="spot", role=END_USER, organization=place, by=COMMAND, now=later
    )
    removed = Grant.objects.get(account=account, ended_at__isnull=False)
    rounds(later + 5 * DAY)
    assert Grant.objects.get(pk=removed.pk).end_reason == EndReason.REMOVED_BY_APPROVER
    assert grant_of(account, ended_at__isnull=True).inactivity_noted == 0
    assert grants_for_claims(account, "spot", now=later + 5 * DAY)


def test_a_password_alone_wakes_nothing_nor_does_a_sign_in_alone():
    """Both, in that order and within seven days; woken, it is told and on the ledger. [I-4]"""
    account = end_user(of=organization())
    rested = NOON + 40 * DAY
    assert enter(account=account, application="spot", by=COMMAND, now=rested) == []
    new_password(account, now=rested)
    assert grants_for_claims(account, "spot", now=rested) == []
    assert enter(account=account, application="spot", by=COMMAND, now=rested + 9 * DAY) == []
    assert standing_in(account, "spot", now=rested + 9 * DAY).way_back.next is ComeBack.TOO_LATE
    new_password(account, now=rested + 9 * DAY)
    (claim,) = enter(account=account, application="spot", by=COMMAND, now=rested + 10 * DAY)
    assert claim.sign_in_by == "2026-05-21"
    assert grants_for_claims(account, "spot", now=rested + 10 * DAY) == [claim]
    assert mails_to(account)[-1] == "access-restored"
    assert deeds_about(account)[-1] == "grant:inactivity:over"


def test_a_sign_in_for_an_active_role_wakes_the_resting_one_only_with_a_new_password():
    """Beside an active role, too; the resting one hears nothing of a sign-in alone. [I-4]"""
    account, later = end_user(of=organization()), NOON + 40 * DAY
    grant_by_bootstrap(
        account=account, application="spot", role=END_USER, organization=organization(), by=COMMAND, now=later
    )
    assert len(enter(account=account, application="spot", by=COMMAND, now=later)) == 1
    new_password(account, now=later)
    assert len(enter(account=account, application="spot", by=COMMAND, now=later)) == 2


def test_neither_password_nor_sign_in_brings_back_what_is_gone():
    """Not a suspended account, not a missed certification, not what was removed (AR11). [I-4, C-3]"""
    place, later = organization(), NOON + 40 * DAY
    suspended, uncertified, removed = (end_user(of=place) for _ in range(3))
    Account.objects.filter(pk=suspended.pk).update(state="suspended")
    Grant.objects.filter(account=uncertified).update(certify_by=(NOON + 35 * DAY).date())
    Grant.objects.filter(account=removed).update(
        ended_at=NOON + 32 * DAY, end_reason=EndReason.REMOVED_BY_APPROVER
    )
    for each in (suspended, uncertified, removed):
        new_password(each, now=later)
        assert enter(account=each, application="spot", by=COMMAND, now=later) == []


def test_ordinary_entering_is_two_statements():
    """Nothing rests: what is held, and the stamp. [I-1]"""
    account = end_user(of=organization())
    enter(account=account, application="spot", by=COMMAND, now=NOON)
    with CaptureQueriesContext(connection) as statements:
        enter(account=account, application="spot", by=COMMAND, now=NOON + DAY)
    worked = [one for one in statements if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(worked) == 2


def test_every_round_is_in_the_workers_table():
    """The worker runs them: ends with the day, steps in the morning, telling all the time. [N-1]"""
    names = {job.name: job.cron for job in jobs.PERIODICS}
    assert names["access.record-endings"] == "*/5 0 * * *"
    assert {"access.note-inactivity", "access.tell-owed"} <= set(names)
    assert settings.LIMITS.inactivity_warnings == tuple(day * DAY for day in (15, 25, 28, 29))
