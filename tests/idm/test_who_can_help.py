"""Who can act, by name, on the pages of whoever it concerns, and on nobody else's (Q-6, O-2, R-8)."""

import pytest
from django.utils.formats import date_format

from bailiwick.ground.program import clock
from bailiwick.idm.access.queries import last_day_of, who_can_help
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.catalogue import Decider
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return build.organization()


@pytest.fixture
def boss(place):
    """An approver who entered a business contact."""
    account = build.approver(place, first="Marlow")
    Account.objects.filter(pk=account.pk).update(
        business_phone="4075550199", business_extension="12", business_email="front@heron.example"
    )
    account.refresh_from_db()
    return account


def helpers(account, place):
    return who_can_help(account, "spot", place, now=clock.now())


def test_whoever_asked_there_reads_the_approvers_and_then_the_desk(place, boss):
    """The nearest first, with the ways that they gave for this, and not the account's own address. [Q-6, R-8]"""
    account = build.person()
    build.asks(account, place)
    nearest, desk = helpers(account, place)
    assert (nearest.kind, nearest.name) == (Decider.APPROVERS, "Marlow Larkspur")
    assert (nearest.phone, nearest.extension, nearest.email) == (
        "407 555 0199",
        "12",
        "front@heron.example",
    )
    assert (desk.kind, desk.name) == (Decider.APPLICATION_DESK, "SPOT Help Desk")
    page = build.text_of(build.browser(account).open("/no-access/?application=spot"))
    assert "Marlow Larkspur (can approve for the organization) 407 555 0199 ext. 12" in page
    assert boss.email not in page


def test_a_stranger_is_told_of_the_desk_only(place, boss):
    """Names are not collected by knowing an organization. [R-8, INV-14]"""
    assert [one.kind for one in helpers(build.person(), place)] == [Decider.APPLICATION_DESK]


def test_nobody_is_sent_to_themselves(place, boss):
    """An approver who needs help needs somebody else's. [Q-6]"""
    assert [one.kind for one in helpers(boss, place)] == [Decider.APPLICATION_DESK]


def test_pages_name_the_last_day_that_counts(place, boss):
    """It runs out at midnight, so the day before is the last. [Q-6]"""
    account = build.person()
    asked = build.asks(account, place)
    day = date_format(last_day_of(asked))
    for browser, words in ((build.browser(account), "By when:"), (build.browser(boss), "until")):
        page = build.text_of(browser.open(f"/requests/{asked.number}/"))
        assert f"{words} {day}" in page


def test_who_waits_reads_that_the_desk_stands_in(place):
    """Where no approver is able, the page of somebody who cannot enter says so, too. [G-7, O-2]"""
    account = build.person()
    build.asks(account, place)
    page = build.text_of(build.browser(account).open("/no-access/?application=spot"))
    assert (
        "The organization has no approver who can decide now, so the SPOT Help Desk decides instead" in page
    )
