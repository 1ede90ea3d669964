"""A population like that of a database: the same roles and dates, and nobody's name (decision 0106)."""

from collections import Counter
from dataclasses import fields
from datetime import date, datetime
from random import Random

import pytest

from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.jobs import PERIODICS
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.simulation import copying, population, running
from bailiwick.idm.simulation.behaviour import Behaviour
from tests.idm.build_access import BACKUP, DAY, NOON, approver, desk_member, end_user, organization
from tests.idm.build_certification import TODAY, due_end_user, rounds

BEHAVIOUR = Behaviour(leaves_a_year=0)


@pytest.fixture
def original(transactional_db):
    """Two places, one of them closed; somebody who stands in both, somebody suspended, and roles of every age."""
    here, closed = organization(), organization()
    boss, gone = approver(of=here), end_user(of=here, now=NOON - 400 * DAY)
    second = Grant.objects.get(account=boss)
    second.pk, second.organization, second.role = None, closed, BACKUP
    second.started_at, second.ends_on = NOON - 20 * DAY, TODAY + 3 * DAY
    second.save(force_insert=True)
    Account.objects.filter(pk=end_user(of=here).pk).update(state=AccountState.SUSPENDED)
    EnrollmentRecord.objects.filter(pk=closed.record_id).update(status="closed")
    desk_member()
    due_end_user(here, 20)
    rounds(NOON)
    Grant.objects.filter(account=gone).update(ended_at=NOON, end_reason="inactivity")
    return copying.read(catalogue().application("spot"), using="default", now=NOON)


def held(accounts):
    """What these hold, as nobody's."""
    roles = Grant.objects.filter(account__in=accounts, organization__isnull=False, ended_at__isnull=True)
    about = ("organization__record__kind", "organization__record__status", "account__state")
    return Counter(roles.values_list(*about, *copying.COPIED))


def test_a_world_can_be_like_a_real_one(original):
    """Every role with its dates, steps and open certification; people in two places are one; its days pass. [I-2]"""
    real = list(Account.objects.all())
    world, draw = population.World(catalogue().application("spot")), Random("7")
    assert list(copying.settle(world, original, behaviour=BEHAVIOUR, draw=draw, now=NOON))
    people = [person.account for person in world.people]
    assert held(people) == held(real)
    assert sorted(len(person.seats) for person in world.people) == [1, 1, 2]
    told = Certification.objects.filter(grant__account__in=people).values_list("notices", "warnings")
    assert list(told) == list(
        Certification.objects.filter(grant__account__in=real).values_list("notices", "warnings")
    )
    simulation = running.Simulation(
        world, NOON.date() + DAY, "7", [job.run for job in PERIODICS], behaviour=BEHAVIOUR
    )
    (first,) = simulation.days(1)
    assert (first.notices, sum(first.ended.values())) == ({}, 0)


def test_nothing_personal_is_read(original):
    """Kinds, states, roles and dates: no name, mailbox, number, key or sealed value leaves the database. [A-3]"""
    known = {
        value
        for row in Account.objects.values()
        for value in row.values()
        if isinstance(value, str) and value
    }
    facts = [value for role in original.roles for value in role.facts.values()]
    assert {type(value) for value in facts} <= {str, int, datetime, date, type(None)}
    assert {value for value in facts if isinstance(value, str)} <= {
        role.code for role in catalogue().application("spot").roles
    }
    assert [one.name for one in fields(copying.Role)] == ["holder", "place", "facts", "told"]
    assert not known & set(map(str, facts))
