"""The rounds of certification: opened, told and closed once each, however late or often a round runs (C-3, C-6, SR-28)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox import inbox
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import (
    carry_the_last_of_security,
    remove_grant,
    spread_certifications,
    tell_certifiers,
)
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.rules.certification import Outcome, Pull, Refusal
from tests.idm.build_access import (
    COMMAND,
    DAY,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    desk_member,
    end_user,
    grant_of,
    mails_to,
    organization,
)
from tests.idm.build_certification import TODAY, certified, due, due_end_user, lapsed, outcomes, rounds

pytestmark = pytest.mark.django_db

MAIL, WARNING = "certifications-due", "certification-coming"


@pytest.fixture
def place():
    return organization()


def mails(account, kind=MAIL):
    return mails_to(account).count(kind)


def test_a_round_opens_what_is_due_within_30_days_once(place):
    """In one statement a day, one entry for it; what somebody decided before it ran stays decided. [C-3, SR-28, INV-11]"""
    boss = approver(of=place)
    soon, later, last, done = (due_end_user(place, days) for days in (10, 31, 30, 10))
    certified(done, boss)
    assert rounds(NOON)[0] == 2
    assert rounds(NOON)[0] == 0
    assert [outcomes(one) for one in (soon, later, last, done)] == [
        [(TODAY + 10 * DAY, Outcome.OPEN)],
        [],
        [(TODAY + 30 * DAY, Outcome.OPEN)],
        [(TODAY + 10 * DAY, Outcome.CERTIFIED)],
    ]
    entries = Entry.objects.filter(deed="certification:season:opened").order_by("pk")
    assert [entry.about["roles"] for entry in entries] == [1, 1]


def test_certifiers_are_told_at_30_14_7_and_1_days_of_all_that_is_due_in_one_mail(place):
    """Each of them, by one mail a round; nobody of their own role; the holders at 7 and 1. [C-3, N-1]"""
    boss, second, tier_2 = approver(of=place), backup(of=place), desk_member()
    users = [due_end_user(place, 30) for _ in range(3)]
    due(boss, 30)
    told = {}
    for before in range(31, -1, -1):
        now = NOON + (30 - before) * DAY
        for account in (second, tier_2):
            due(account, 400)
        told[before] = rounds(now)[1:]
    assert {before: both for before, both in told.items() if any(both)} == {
        30: (3, 0),
        14: (3, 0),
        7: (3, 4),
        1: (3, 4),
    }
    assert mails(boss) == mails(second) == mails(tier_2) == 4
    assert [mails(one.account, WARNING) for one in users] == [2, 2, 2]
    assert mails(boss, WARNING) == 2
    subjects = Message.objects.filter(to=boss.email, kind=MAIL).values_list("subject", flat=True)
    assert set(subjects) == {"3 roles to certify"}
    assert set(Message.objects.filter(to=tier_2.email, kind=MAIL).values_list("subject", flat=True)) == {
        "1 role to certify"
    }


def test_a_round_that_comes_late_tells_once(place):
    """Ten days without a worker are one mail, not three. [AR10, C-3]"""
    boss, user = approver(of=place), due_end_user(place, 30)
    late = NOON + 24 * DAY
    due(boss, 400)
    assert rounds(late) == (1, 1, 1)
    assert rounds(late) == (0, 0, 0)
    assert (mails(boss), mails(user.account, WARNING)) == (1, 1)
    assert rounds(late + 5 * DAY)[1:] == (1, 1)


def test_a_round_that_was_killed_goes_on_and_tells_nobody_twice(place):
    """What it had marked is told under its own day, on whatever day it goes on. [N-1, AR10]"""
    boss, second = approver(of=place), backup(of=place)
    due_end_user(place, 30)
    rounds(NOON)
    Certification.objects.update(notices_round=TODAY)
    assert tell_certifiers(now=NOON + DAY) == 2
    assert (mails(boss), mails(second)) == (1, 1)
    assert not Certification.objects.filter(notices_round__isnull=False).exists()


def test_what_opens_after_the_round_of_a_day_is_told_by_the_next_one_even_on_that_day(place):
    """Never nothing, never twice: only those hear again for whom there is something new. [C-3, N-1]"""
    boss, tier_2, user = approver(of=place), desk_member(), due_end_user(place, 7)
    other = approver(of=organization())
    first = due_end_user(grant_of(other).organization, 30)
    for one in (boss, other, tier_2):
        due(one, 400)
    assert rounds(NOON) == (2, 2, 1)
    again = due(user.account, 30)
    second = due(end_user(of=place), 1)
    assert rounds(NOON) == (2, 1, 1)
    assert rounds(NOON) == (0, 0, 0)
    assert [mails(one) for one in (boss, other, tier_2)] == [2, 1, 0]
    assert [mails(one.account, WARNING) for one in (again, second, first)] == [1, 1, 0]
    # The second one was killed before its end, and goes on after something else has opened.
    opened = list(Certification.objects.order_by("-pk").values_list("pk", flat=True)[:2])
    Certification.objects.filter(pk__in=opened).update(notices_round=TODAY)
    due_end_user(place, 14)
    rounds(NOON)
    assert [mails(one) for one in (boss, other)] == [3, 1]


def test_who_has_certified_or_removed_is_not_told_again(place):
    """A mail lists what is still open. [C-3]"""
    boss = approver(of=place)
    done, gone = due_end_user(place, 15), due_end_user(place, 15)
    rounds(NOON)
    certified(done, boss)
    remove_grant(grant=gone, remover=boss, reason="Left.", strength=STRONG, by=by(boss), now=NOON)
    due(boss, 400)
    assert rounds(NOON + 8 * DAY) == (0, 0, 0)
    assert mails(boss) == 1


def test_a_long_list_names_the_first_and_counts_the_rest(place, monkeypatch):
    """A mail is as long as somebody reads. [C-3]"""
    monkeypatch.setattr("bailiwick.idm.access.certification_notices.MOST_LISTED", 1)
    boss = approver(of=place)
    users = [due_end_user(place, days) for days in (10, 11, 12)]
    rounds(NOON)
    letter = inbox.letters(str(boss.pk))[0]
    assert letter.subject == "3 roles to certify"
    text = inbox.letter(str(boss.pk), letter.number).text
    assert [one.account.person.last_name in text for one in users] == [True, False, False]
    assert "and 2 more" in text


def test_a_missed_one_and_one_that_ended_otherwise_are_closed_as_what_they_are(place):
    """The record of the season says which were missed. [C-3, SR-28]"""
    approver(of=place)
    missed, ended = due_end_user(place, 1), due_end_user(place, 20)
    rounds(NOON)
    ended.ends_on = TODAY
    ended.save(update_fields=["ends_on"])
    after = NOON + 2 * DAY
    lapsed(missed, now=after)
    rounds(after)
    assert [outcomes(one)[0][1] for one in (missed, ended)] == [Outcome.MISSED, Outcome.ENDED]


def test_an_approver_of_many_places_reads_one_mail(place):
    """One mail a certifier, listing all that is due. [C-3]"""
    boss, other = approver(of=place), organization()
    Grant.objects.create(
        account=boss,
        application="spot",
        role="provider-office-approver",
        organization=other,
        started_at=NOON,
        certify_by=TODAY + 365 * DAY,
    )
    for at in (place, other):
        due_end_user(at)
    assert rounds(NOON)[1] == 1
    assert Message.objects.get(to=boss.email, kind=MAIL).subject == "2 roles to certify"


def test_many_certifiers_cost_no_statement_each_but_their_mails(place, django_assert_max_num_queries):
    """Set-wise: lines, people and organizations are read together. [C-3]"""
    for one in [place, *(organization() for _ in range(4))]:
        approver(of=one)
        due_end_user(one)
    with django_assert_max_num_queries(45 + 5 * 3):
        assert rounds(NOON)[:2] == (5, 5)


def test_the_operator_pulls_a_wall_forward_and_never_pushes(place):
    """An organization's people stay together; nobody is due later than before; what is open is left alone. [C-6]"""
    users = [due_end_user(place, 100) for _ in range(3)]
    first, last = TODAY + 98 * DAY, TODAY + 100 * DAY
    arguments = {"first": first, "last": last, "most_a_day": 2, "by": COMMAND, "now": NOON}
    trial = spread_certifications(**arguments, is_trial=True)
    assert trial.pulls == (Pull(last, last - DAY, 1),)
    assert not Grant.objects.filter(certify_by=last - DAY).exists()
    assert spread_certifications(**arguments) == trial
    days = sorted(
        Grant.objects.filter(account__in=[one.account for one in users]).values_list("certify_by", flat=True)
    )
    assert days == [last - DAY, last, last]
    assert spread_certifications(**arguments).pulls == ()
    assert Entry.objects.get(deed="certification:season:spread").about["roles"] == 1
    with pytest.raises(Refused) as refused:
        spread_certifications(**{**arguments, "first": TODAY + 30 * DAY})
    assert refused.value.code is Refusal.SPREAD_TOO_SOON


def test_the_only_one_of_the_security_desk_is_carried_on_and_told(place):
    """Flagged, not removed; as soon as there is a second one, they certify each other. [H-7, AR17]"""
    alone = desk_member(tier=3)
    grant = due(alone, 8)
    assert not carry_the_last_of_security(by=COMMAND, now=NOON)
    week = NOON + DAY
    assert carry_the_last_of_security(by=COMMAND, now=week)
    assert not carry_the_last_of_security(by=COMMAND, now=week)
    grant.refresh_from_db()
    assert grant.certify_by == TODAY + 31 * DAY
    assert mails_to(alone)[-1] == "security-desk-alone"
    assert Entry.objects.filter(deed="grant:certification:carried").count() == 1
    second = desk_member(tier=3)
    due(alone, 2)
    assert not carry_the_last_of_security(by=COMMAND, now=week)
    assert certified(due(alone, 2), second).certify_by == TODAY + 365 * DAY


def test_the_only_one_whose_role_rests_is_carried_on_too(place):
    """Nobody else could certify it; once a second one can, it is theirs. At day 90 it is over like any other. [H-7, I-5, AR17]"""
    alone, day = desk_member(tier=3), NOON + 40 * DAY
    Grant.objects.filter(account=alone).update(certify_by=TODAY + 45 * DAY)
    assert carry_the_last_of_security(by=COMMAND, now=day) == 1
    assert grant_of(alone).certify_by == TODAY + 70 * DAY
    desk_member(tier=3, now=day)
    assert not carry_the_last_of_security(by=COMMAND, now=NOON + 65 * DAY)
    Grant.objects.filter(account=alone).update(certify_by=TODAY + 95 * DAY)
    assert not carry_the_last_of_security(by=COMMAND, now=NOON + 91 * DAY)


def test_the_operators_command_says_what_it_does(place):
    """A trial changes nothing; a span that is open is refused in words. [C-6]"""
    for _ in range(3):
        user = due_end_user(place)
        Grant.objects.filter(pk=user.pk).update(certify_by="2099-06-02", last_sign_in_at="2098-12-31T00:00Z")
    said = StringIO()
    days = ["--from", "2099-06-01", "--to", "2099-06-02", "--most-a-day", "1"]
    call_command("certifications", "spread", *days, "--dry-run", stdout=said)
    assert "2099-06-02 → 2099-06-01: 1" in said.getvalue()
    assert "1 stay on days that hold more" in said.getvalue()
    assert Grant.objects.filter(certify_by="2099-06-02").count() == 3
    call_command("certifications", "spread", *days, stdout=said)
    assert Grant.objects.filter(certify_by="2099-06-02").count() == 2
    with pytest.raises(CommandError, match="further ahead"):
        call_command(
            "certifications", "spread", "--from", "2000-01-01", "--to", "2000-01-02", "--most-a-day", "1"
        )
    with pytest.raises(CommandError, match="at least one role"):
        call_command("certifications", "spread", *days[:-1], "0")


def test_whoever_holds_roles_that_nobody_has_to_certify_soon_hears_nothing(place):
    """No mail without a reason. [C-3, N-1]"""
    boss, user = approver(of=place), end_user(of=place)
    assert rounds(NOON) == (0, 0, 0)
    assert not mails(boss)
    assert not mails(user, WARNING)
