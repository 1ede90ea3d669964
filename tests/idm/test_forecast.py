"""The forecast says what the rules say, of every role at once; and reads only."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import DatabaseError

from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.grants import facts_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.days import after_full_days
from bailiwick.idm.rules.grants import (
    EndReason,
    GrantState,
    inactive_from,
    last_activity,
    over_from,
    state_of,
)
from bailiwick.idm.simulation.forecasting import HORIZONS, Loss, losses, numbers_of, outlook
from bailiwick.idm.simulation.policy import Policy, PolicyError, changes, read
from bailiwick.idm.simulation.reading import read_only
from bailiwick.idm.simulation.telling import comparison, lines, write_losses
from tests.idm.build_access import APPROVER, BACKUP, DAY, END_USER, NOON, organization, person

SPOT = "spot"
STRICTER = Policy(deployment={"inactive_after_days": 14, "removed_after_days": 40})
SPANS = [Policy(), STRICTER, Policy(applications={SPOT: {"inactive_after_days": 20}})]


def granted(draw, account, place, role):
    """A role whose every date lies where something begins or ends."""
    began = NOON - draw.randrange(400) * DAY
    used = draw.choice(
        [None, *(NOON - days * DAY for days in (0, 1, 14, 15, 16, 29, 30, 31, 60, 89, 90, 91))]
    )
    return Grant(
        account=account,
        application=SPOT,
        role=role,
        organization=place,
        started_at=began,
        last_sign_in_at=used if used and used > began else None,
        certify_by=NOON.date() + draw.choice([-1, 0, 1, 29, 30, 31, 60, 90, 91, 300]) * DAY,
        ends_on=draw.choice([None, None, None, NOON.date() + draw.choice([-1, 0, 30, 60, 89]) * DAY]),
    )


@pytest.fixture
def realm(db):
    """Forty roles of ten people at four places, one of them with nobody but end users."""
    draw, rows = Random(3), []
    people, places = [person() for _ in range(10)], [organization() for _ in range(4)]
    for number, account in enumerate(people):
        for at, place in enumerate(places):
            role = APPROVER if number < at else BACKUP if number == 9 and at else END_USER
            rows.append(granted(draw, account, place, role))
    Account.objects.filter(pk=people[0].pk).update(state="suspended")
    return Grant.objects.bulk_create(rows)


def of(policy):
    application = policy.application(catalogue().application(SPOT))
    return numbers_of(application, policy.limits(settings.LIMITS))


@pytest.mark.parametrize("policy", SPANS)
def test_what_is_counted_at_once_is_what_the_rule_says_of_each(realm, policy):
    """Held, active, to rest, to go, and until when: as `rules.grants` decides for one role after the other. [I-4, I-5, C-3, Q-10]"""
    numbers = of(policy)
    role = numbers.application.role(END_USER)
    facts = [
        facts_of(grant, role) for grant in Grant.objects.select_related("organization__record", "account")
    ]
    about = {"spans": numbers.spans, "zone": zone()}
    held = [one for one in facts if state_of(one, now=NOON, **about) is not GrantState.ENDED]
    found = outlook(numbers, now=NOON)
    active = [one for one in held if state_of(one, now=NOON, **about) is GrantState.ACTIVE]
    quiet = [one for one in held if after_full_days(last_activity(one), numbers.quiet_after, zone()) <= NOON]
    assert (found.held, found.active, found.quiet) == (len(held), len(active), len(quiet))
    for days, told in zip(HORIZONS, found.losses, strict=True):
        at = NOON + timedelta(days=days)
        resting = [one for one in active if one in quiet and at >= inactive_from(one, numbers.spans, zone())]
        over = [
            one for one in held if at >= over_from(_expected(one, one in quiet, at), numbers.spans, zone())[0]
        ]
        assert (told.resting, told.lost) == (len(resting), len(over))
    assert len(list(losses(numbers, now=NOON))) == found.losses[-1].lost


def _expected(facts, is_quiet, at):
    """Whoever is not quiet is taken to sign in again."""
    return facts if is_quiet else replace(facts, last_sign_in_at=at)


def test_an_organization_is_alone_once_the_quiet_have_stayed_away(realm):
    """Nobody who can decide, now or at a horizon; a stricter policy can only make it more. [INV-12]"""
    before, after = outlook(of(Policy()), now=NOON), outlook(of(STRICTER), now=NOON)
    assert before.alone[0] <= before.alone[1] <= before.alone[2] <= before.alone[3]
    assert before.alone[0] <= after.alone[0]
    assert realm[0].organization.submitter_id in before.alone[0]
    application = catalogue().application(SPOT)
    changed = changes((settings.LIMITS, application), (STRICTER.limits(settings.LIMITS), application))
    told = "\n".join([*lines(before), *comparison(before, after, changed)])
    assert "a role becomes inactive after 14 days instead of 30" in told
    assert f"{len(after.alone[0] - before.alone[0])} organization" in told


def test_the_list_of_losses_begins_no_formula(tmp_path):
    """What a spreadsheet would calculate is text in it. [AX34]"""
    loss = Loss(SPOT, "=1+1", END_USER, "@sum", date(2026, 5, 1), EndReason.INACTIVITY)
    assert write_losses(tmp_path / "losses.csv", [loss]) == 1
    rows = list(csv.reader((tmp_path / "losses.csv").open(newline="")))
    assert rows[1] == [SPOT, "'=1+1", END_USER, "'@sum", "2026-05-01", "inactivity"]


@pytest.mark.django_db(transaction=True)
def test_nothing_can_be_written_while_the_forecast_reads():
    """The database itself refuses it, on either engine; afterwards it takes writes again. [L-2]"""
    with pytest.raises(DatabaseError), read_only():
        assert not Account.objects.exists()
        Account.objects.create(user_id="x", user_id_key="x", created_at=NOON)
    Account.objects.create(user_id="x", user_id_key="x", created_at=NOON)


MISTAKES = """[deployment]
inactive_after_days = 0
warned_days = 3

[applications.nowhere]
removed_after_days = 10

[limits]
"""


def test_every_mistake_of_a_policy_is_named_by_its_line(tmp_path):
    """All at once, like those of application files. [O-6]"""
    path = tmp_path / "policy.toml"
    path.write_text(MISTAKES)
    with pytest.raises(PolicyError) as wrong:
        read(path, catalogue())
    assert [mistake.line for mistake in wrong.value.mistakes] == [2, 3, 5, 8]


def test_warnings_move_with_the_day_on_which_a_role_rests():
    """They come as long before it as they did. [I-3]"""
    after = STRICTER.limits(settings.LIMITS)
    assert [one.days for one in after.inactivity_warnings] == [9, 12, 13]
    assert Policy().limits(settings.LIMITS) == settings.LIMITS


def test_an_application_file_can_be_written_under_a_policy():
    """Numbers that stand there are replaced, others are added, and nothing else changes. [O-6]"""
    policy = Policy(applications={SPOT: {"inactive_after_days": 20, "removed_after_days": 50}})
    text = 'code = "spot"\n[limits]\ninactive_after_days = 30\n[client]\n'
    assert policy.file(SPOT, text).splitlines() == [
        'code = "spot"', "[limits]", "removed_after_days = 50", "inactive_after_days = 20", "[client]",
    ]  # fmt: skip
    assert policy.file("idm", text) == text
    assert policy.file(SPOT, 'code = "spot"\n').splitlines()[2:] == [
        "[limits]", "inactive_after_days = 20", "removed_after_days = 50",
    ]  # fmt: skip
