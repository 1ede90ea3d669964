"""Changing a held role without a new request: its last day, and what the application file marks free."""

from datetime import date

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.actions import modify_grant, record_endings, remove_grant, set_end_date
from bailiwick.idm.access.queries import grants_for_claims
from bailiwick.idm.rules import modifying
from bailiwick.idm.rules.grants import Refusal
from tests.idm.build_access import (
    COMMAND,
    DAY,
    EMAIL_ONLY,
    LIMITED,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    deeds_about,
    desk_member,
    end_user,
    grant_of,
    mails_to,
    organization,
)
from tests.refusing import refusal

pytestmark = pytest.mark.django_db
SOON, LATE = date(2026, 3, 5), date(2026, 6, 1)


def dated(grant, setter, ends_on, *, reason="The contract ends.", strength=STRONG, confirmed=False, now=NOON):
    return set_end_date(
        grant=grant,
        ends_on=ends_on,
        setter=setter,
        reason=reason,
        strength=strength,
        confirmed_none_left=confirmed,
        by=by(setter),
        now=now,
    )


def modified(grant, holder, values):
    return modify_grant(grant=grant, holder=holder, values=values, by=by(holder), now=NOON)


def test_an_approver_gives_an_end_users_role_a_last_day():
    """Told, on the ledger once however often it is sent, and over with that day. [Q-10, N-1]"""
    place = organization()
    boss, account = approver(of=place), end_user(of=place)
    for _ in range(2):
        dated(grant_of(account), boss, SOON)
    assert mails_to(account).count("role-end-date") == 1
    entry = Entry.objects.get(deed="grant:role:enddate")
    assert (entry.why, entry.about["before"], entry.about["ends_on"]) == (
        "The contract ends.",
        None,
        "2026-03-05",
    )
    assert grants_for_claims(account, "spot", now=NOON + 3 * DAY)
    assert not grants_for_claims(account, "spot", now=NOON + 4 * DAY)
    assert refusal(dated, grant_of(account), boss, LATE, now=NOON + 4 * DAY) is Refusal.GRANT_ENDED


def test_a_holder_shortens_and_whoever_decides_prolongs():
    """Nobody stays longer by their own word. [Q-10, Q-5]"""
    place = organization()
    boss, account = approver(of=place), end_user(of=place)
    held = grant_of(account)
    assert dated(held, account, SOON, reason="").ends_on == SOON
    assert refusal(dated, held, account, LATE) is Refusal.NOT_TO_POSTPONE
    assert refusal(dated, held, account, None) is Refusal.NOT_TO_POSTPONE
    assert deeds_about(account)[-1] == "authority:act:refused"
    assert dated(held, boss, LATE).ends_on == LATE
    assert dated(held, boss, None).ends_on is None


@pytest.mark.parametrize(
    ("who", "ends_on", "changes", "code"),
    [
        (approver, date(2026, 3, 1), {}, Refusal.END_DATE_PAST),
        (approver, SOON, {"reason": " "}, Refusal.REMOVAL_REASON_NEEDED),
        (approver, SOON, {"strength": EMAIL_ONLY}, Refusal.STRONGER_FACTOR_NEEDED),
        (approver, SOON, {"strength": LIMITED}, Refusal.STRONGER_FACTOR_NEEDED),
        (end_user, SOON, {}, Refusal.NOT_A_REMOVER),
    ],
)
def test_a_last_day_takes_what_a_removal_takes(who, ends_on, changes, code):
    """Today or later, a reason, a strong factor, and the right to remove. [Q-10, S-6]"""
    place = organization()
    held = grant_of(end_user(of=place))
    assert refusal(dated, held, who(of=place), ends_on, **changes) is code


def test_the_last_approver_confirms_a_last_day_and_the_desk_hears_when_it_comes():
    """Going on a day is going: in words now, and tier 2 is told when nobody is left. [Q-9, Q-10, G-7]"""
    place, desk = organization(), desk_member(tier=2)
    boss = approver(of=place)
    assert refusal(dated, grant_of(boss), boss, SOON) is Refusal.NONE_LEFT_UNCONFIRMED
    dated(grant_of(boss), boss, SOON, confirmed=True)
    assert "organization-without-approver" not in mails_to(desk)
    assert [record_endings(by=COMMAND, now=NOON + 4 * DAY) for _ in range(2)] == [1, 0]
    assert mails_to(desk).count("organization-without-approver") == 1


def test_a_role_that_ran_out_unrecorded_is_not_removed_again():
    """What ended with its day has ended, job or no job. [I-2, Q-8]"""
    place = organization()
    boss, account = approver(of=place), end_user(of=place)
    dated(grant_of(account), boss, SOON)
    code = refusal(
        remove_grant,
        grant=grant_of(account),
        remover=boss,
        reason="Left.",
        strength=STRONG,
        by=by(boss),
        now=NOON + 4 * DAY,
    )
    assert code is Refusal.GRANT_ENDED


def test_one_of_tier_3_stays_for_good():
    """Whose role runs out does not count: the security desk cannot lock itself out on a day (AR17). [H-7]"""
    first, second = desk_member(tier=3), desk_member(tier=3)
    assert dated(grant_of(first), second, SOON).ends_on == SOON
    assert refusal(dated, grant_of(second), first, LATE) is Refusal.LAST_TIER_3
    assert refusal(dated, grant_of(second), second, LATE) is Refusal.LAST_TIER_3


def test_a_backup_sets_no_last_day_for_the_approver():
    """End users only. [Q-8, Q-10]"""
    place = organization()
    held = grant_of(approver(of=place))
    assert refusal(dated, held, backup(of=place), SOON) is Refusal.NOT_A_REMOVER


def test_the_holder_modifies_what_the_file_marks_free_and_the_application_hears_it():
    """What is not named stays, what is emptied goes; the entry names no value. [Q-7, O-3, L-1]"""
    account = end_user(of=organization())
    held = grant_of(account)
    modified(held, account, {"work-area": "Billing", "location": " Main Street "})
    modified(held, account, {"location": "Main Street"})
    (claim,) = grants_for_claims(account, "spot", now=NOON)
    assert claim.attributes == {"work-area": "Billing", "location": "Main Street"}
    assert modified(held, account, {"location": ""}).attributes == {"work-area": "Billing"}
    entries = Entry.objects.filter(deed="grant:role:modified").order_by("pk")
    assert [entry.about["attributes"] for entry in entries] == [["location", "work-area"], ["location"]]


@pytest.mark.parametrize(
    ("who", "values", "code"),
    [
        (approver, {"location": "x"}, modifying.Refusal.NOT_THE_HOLDER),
        (None, {"role": "provider-office-approver"}, modifying.Refusal.ATTRIBUTE_NOT_FREE),
        (None, {"work-area": "Emperor"}, modifying.Refusal.ATTRIBUTE_INVALID),
    ],
)
def test_nobody_modifies_more_than_is_free_and_theirs(who, values, code):
    """Anything else is a new request (AX20). [Q-7]"""
    place = organization()
    account = end_user(of=place)
    held = grant_of(account)
    assert refusal(modified, held, who(of=place) if who else account, values) is code
    held.refresh_from_db()
    assert held.attributes == {}
