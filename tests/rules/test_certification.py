"""The rules of the yearly certification: days, certifiers, suggestions, notices, late restores, spreading (C-1 to C-6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.rulings import No
from bailiwick.idm.rules.catalogue import Decider
from bailiwick.idm.rules.certification import (
    OBJECTIONS,
    Evidence,
    Ground,
    Missing,
    Pull,
    Refusal,
    Suggestion,
    advice,
    first_still_restorable,
    is_open,
    last_day_to_restore,
    last_opened,
    may_certify,
    may_restore,
    may_spread,
    next_due,
    spread,
)
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import DeciderFacts
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT

DAY = timedelta(days=1)
DUE = date(2026, 3, 2)
OPENS, LATE = 30 * DAY, 14 * DAY
NOW = datetime(2026, 2, 10, 17, tzinfo=UTC)
KEY = SignInStrength(acr=ACR_PHISHING_RESISTANT, is_limited=False)
CODE = SignInStrength(acr=ACR_MFA, is_limited=False)
EMAIL = SignInStrength(acr=ACR_LIMITED, is_limited=True)
APPROVER = DeciderFacts(Decider.APPROVERS, False, True, CODE, is_able_approver=True, has_able_approver=True)
DESK = DeciderFacts(Decider.APPLICATION_DESK, False, True, KEY, is_application_desk=True)
WELL = Evidence(rests_from=NOW + 25 * DAY, last_sign_in_at=NOW - DAY, is_proofed=True, is_of_record=True)


def why(ruling):
    return ruling.because if isinstance(ruling, No) else ruling.ground


@pytest.mark.parametrize(
    ("facts", "ruling"),
    [
        (APPROVER, "approver"),
        (replace(APPROVER, strength=EMAIL), Refusal.STRONGER_FACTOR_NEEDED),
        (replace(APPROVER, is_requester=True), Refusal.OWN_ROLE),
        (replace(APPROVER, is_account_active=False), Refusal.NOT_A_CERTIFIER),
        (replace(APPROVER, decided_by=Decider.APPLICATION_DESK), Refusal.NOT_A_CERTIFIER),
        (DESK, "application_desk"),
        (replace(DESK, strength=CODE), Refusal.STRONGER_FACTOR_NEEDED),
        (replace(DESK, decided_by=Decider.APPROVERS), "desk_for_want_of_approver"),
        (replace(DESK, decided_by=Decider.APPROVERS, has_able_approver=True), Refusal.NOT_A_CERTIFIER),
        (replace(DESK, decided_by=Decider.IDENTITY_DESK), Refusal.NOT_A_CERTIFIER),
        (replace(DESK, decided_by=Decider.IDENTITY_DESK, is_security_desk=True), "security_desk"),
    ],
)
def test_who_decides_on_such_a_role_certifies_it(facts, ruling):
    """Approvers their end users, tier 2 the approvers, the security desk the desks; never oneself. [C-2, S-2]"""
    assert why(may_certify(facts)) == ruling


@pytest.mark.parametrize(("before", "open_"), [(31, False), (30, True), (1, True), (0, True), (-1, False)])
def test_a_certification_is_open_from_30_days_before_until_its_day_is_over(before, open_):
    """A due date ends with that day. [C-3]"""
    today = DUE - before * DAY
    assert is_open(DUE, today=today, opens=OPENS) is open_
    assert (last_opened(today, OPENS) >= DUE and today <= DUE) is open_


@given(st.dates(date(2023, 1, 1), date(2032, 12, 31)))
def test_the_next_one_is_due_365_days_after_the_day_of_certifying(today):
    """Leap years do not change the number of days. [C-1, AR09]"""
    assert (next_due(today, 365 * DAY) - today).days == 365


@given(st.integers(-20, 20))
def test_a_role_is_restored_for_14_days(after):
    """The first is the day after the one on which it was due; a database asks the same. [C-5]"""
    today = DUE + after * DAY
    missing = Missing(True, DUE, None, is_replaced=False, is_holder_active=True, is_organization_closed=False)
    assert last_day_to_restore(DUE, LATE) == date(2026, 3, 16)
    assert bool(may_restore(missing, today=today, late=LATE)) is (after <= 14)
    assert (first_still_restorable(today, LATE) <= DUE) is (after <= 14)


@pytest.mark.parametrize(
    ("missing", "because"),
    [
        (Missing(False, DUE, None, False, True, False), Refusal.NOT_MISSED),
        (Missing(True, DUE - 15 * DAY, None, False, True, False), Refusal.RESTORE_OVER),
        (Missing(True, DUE - 3 * DAY, DUE - DAY, False, True, False), Refusal.RESTORE_OVER),
        (Missing(True, DUE - 3 * DAY, DUE, False, True, False), "missed"),
        (Missing(True, DUE, None, True, True, False), Refusal.REPLACED_SINCE),
        (Missing(True, DUE, None, False, True, False, is_succeeded=True), Refusal.SUCCEEDED_SINCE),
        (Missing(True, DUE, None, False, False, False), Refusal.HOLDER_NOT_ACTIVE),
        (Missing(True, DUE, None, False, True, True), Refusal.HOLDER_NOT_ACTIVE),
        (Missing(True, DUE, None, False, True, False), "missed"),
    ],
)
def test_only_a_missed_certification_is_made_up_for(missing, because):
    """What somebody ended, what was replaced and what is suspended stays ended. [C-5, AR11]"""
    assert why(may_restore(missing, today=DUE, late=LATE)) == because


@pytest.mark.parametrize(
    ("evidence", "suggestion", "grounds"),
    [
        (WELL, Suggestion.CERTIFY, (Ground.USED_LATELY, Ground.PROOFED, Ground.OF_RECORD)),
        (
            replace(WELL, is_proofed=None, is_of_record=None),
            Suggestion.CERTIFY,
            (Ground.USED_LATELY,),
        ),
        (replace(WELL, last_sign_in_at=None), Suggestion.LOOK_CLOSER, (Ground.NEVER_USED,)),
        (replace(WELL, rests_from=NOW + 15 * DAY), Suggestion.LOOK_CLOSER, (Ground.RARELY_USED,)),
        (replace(WELL, rests_from=NOW + 15 * DAY + timedelta(seconds=1)), Suggestion.CERTIFY, None),
        (replace(WELL, rests_from=NOW), Suggestion.REMOVE, (Ground.INACTIVE,)),
        (replace(WELL, is_proofed=False), Suggestion.LOOK_CLOSER, (Ground.NOT_PROOFED,)),
        (replace(WELL, is_account_active=False), Suggestion.LOOK_CLOSER, (Ground.ACCOUNT_STOPPED,)),
        (replace(WELL, ends_on=DUE), Suggestion.LOOK_CLOSER, (Ground.ENDS_ANYWAY,)),
        (replace(WELL, is_only_approver=True), Suggestion.CERTIFY, None),
        (replace(WELL, is_organization_closed=True), Suggestion.REMOVE, (Ground.ORGANIZATION_CLOSED,)),
        (
            replace(WELL, is_of_record=False, last_sign_in_at=None),
            Suggestion.REMOVE,
            (Ground.NOT_OF_RECORD, Ground.NEVER_USED),
        ),
        (
            replace(WELL, is_of_record=False, is_only_approver=True),
            Suggestion.LOOK_CLOSER,
            (Ground.NOT_OF_RECORD, Ground.HOLDS_UP_THE_ORGANIZATION),
        ),
    ],
)
def test_a_suggestion_names_what_it_rests_on(evidence, suggestion, grounds):
    """The gravest objection decides, all of them are said; without any, what speaks for it. [C-4]"""
    found = advice(evidence, now=NOW, warn_before=15 * DAY)
    assert found.suggestion is suggestion
    assert grounds is None or found.grounds == grounds


def test_every_objection_is_one_of_the_named_grounds_in_their_order():
    """So that a page can list them as they are weighed. [C-4]"""
    order = list(Ground)
    assert [order.index(ground) for ground in OBJECTIONS] == list(range(len(OBJECTIONS)))


@pytest.mark.parametrize(
    ("first", "last", "because"),
    [(31, 40, "operator"), (30, 40, Refusal.SPREAD_TOO_SOON), (40, 39, Refusal.SPREAD_BACKWARDS)],
)
def test_only_what_is_not_open_yet_is_spread(first, last, because):
    """What is open was announced with its day. [C-6]"""
    today = date(2026, 1, 1)
    assert why(may_spread(today + first * DAY, today + last * DAY, today=today, opens=OPENS)) == because


def test_a_wall_is_pulled_forward_to_the_nearest_days_with_room():
    """What is due on a day stays on it as far as it has room. [C-6]"""
    found = spread({DUE: 10, DUE - DAY: 3}, first=DUE - 3 * DAY, last=DUE, most=4)
    assert found.pulls == (Pull(DUE, DUE - DAY, 1), Pull(DUE, DUE - 2 * DAY, 4), Pull(DUE, DUE - 3 * DAY, 1))
    assert found.over == 0


@given(
    st.dictionaries(st.integers(0, 9), st.integers(0, 30), max_size=6),
    st.integers(1, 9),
)
def test_spreading_loses_nothing_and_pushes_nothing(due, most):
    """Every role keeps one due date, never a later one; a day is over its number only where no earlier one has room. [C-6]"""
    counts = {DUE + offset * DAY: roles for offset, roles in due.items()}
    found = spread(counts, first=DUE, last=DUE + 9 * DAY, most=most)
    after = {DUE + offset * DAY: counts.get(DUE + offset * DAY, 0) for offset in range(10)}
    for pull in found.pulls:
        assert DUE <= pull.to < pull.due_on
        assert pull.roles > 0
        after[pull.due_on] -= pull.roles
        after[pull.to] += pull.roles
    assert sum(after.values()) == sum(counts.values())
    assert found.over == sum(max(0, roles - most) for roles in after.values())
    if found.over:
        latest = max(day for day, roles in after.items() if roles > most)
        assert all(roles >= most for day, roles in after.items() if day <= latest)
