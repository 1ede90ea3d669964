"""Tier 3 in front of a duplicate case, and an application's desk in front of joined decisions (A-5, H-3)."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.registry.models import JoinedDecision, Merge
from bailiwick.idm.rules.deeds import Deed
from tests.idm import build_access, build_accounts, build_pages
from tests.idm.build_pages import browser, text_of
from tests.idm.build_registry import case_of, like, merged, pair, proposed, tier_3

pytestmark = pytest.mark.django_db
QUEUE = "/manage-users/duplicates/"


def looking(case, desk=None):
    """A member of tier 3 in front of the case, the reason given."""
    opened = browser(desk or tier_3())
    opened.send(f"{QUEUE}{case.pk}/", {"reason": "Case in the queue"})
    return opened


def test_the_case_asks_why_and_then_shows_both_masked():
    """A look at two people is two looks with a reason; no value is in the page. [A-5, H-3]"""
    one, two = pair()
    case, viewer = case_of(one, two), tier_3()
    desk = browser(viewer)
    assert one.user_id not in text_of(desk.open(QUEUE))
    assert one.user_id not in text_of(desk.open(f"{QUEUE}{case.pk}/"))
    page = text_of(desk.send(f"{QUEUE}{case.pk}/", {"reason": "Case in the queue"}))
    # The viewer's own user ID may end as somebody's number does.
    page = page.replace(viewer.user_id, "")
    assert one.user_id in page
    assert two.user_id in page
    for account in (one, two):
        facts = personal_facts(account)
        assert facts.ssn not in page
        assert f"-{facts.ssn[-4:]}" not in page
        assert facts.email not in page
        assert Entry.objects.filter(deed=Deed.DESK_LOOKED, subject=str(account.pk)).count() == 1


def test_what_differs_is_said_without_the_values():
    """Same number, other birth date, same house. [A-5]"""
    one, two = pair()
    page = text_of(looking(case_of(one, two)).open(f"{QUEUE}{case_of(one, two).pk}/"))
    assert "Both gave the same Social Security number" in page
    assert "The same" in page
    assert "Different" in page


def test_one_value_is_open_at_a_time():
    """Revealing the second hides the first; each with its reason. [A-3, H-3]"""
    one, two = pair()
    case = case_of(one, two)
    desk = looking(case)
    last = personal_facts(one).ssn[-4:]
    page = desk.send(f"{QUEUE}{case.pk}/first/reveal/ssn/", {"reason": "To compare"})
    assert last in text_of(page)
    assert page.headers["Refresh"]
    page = text_of(desk.send(f"{QUEUE}{case.pk}/second/reveal/email/", {"reason": "To compare"}))
    assert two.email in page
    assert last not in page
    desk.send(f"{QUEUE}{case.pk}/hide/")
    assert two.email not in text_of(desk.open(f"{QUEUE}{case.pk}/"))


def test_two_members_merge_and_one_undoes_by_the_pages():
    """Propose, agree, undo, each with a reason. [A-5, H-5]"""
    one, two = pair()
    case = case_of(one, two)
    first, second = looking(case), looking(case)
    url = f"{QUEUE}{case.pk}/"
    first.send(f"{url}same/", {"survivor": str(one.pk), "reason": "Same voice"})
    assert "Agree and merge" not in text_of(first.open(url))
    assert "Agree and merge" in text_of(second.open(url))
    assert "One person, merged" in text_of(second.send(f"{url}agree/", {"reason": "Same documents"}))
    assert "Waits for a decision" in text_of(first.send(f"{url}undo/", {"reason": "A mistake"}))
    assert Merge.objects.get().state == "undone"


def test_who_proposed_is_told_that_another_has_to_agree():
    """The page says it, and nothing is merged. [H-5]"""
    one, two = pair()
    case, desk = case_of(one, two), tier_3()
    proposed(case, one, desk)
    page = text_of(looking(case, desk).send(f"{QUEUE}{case.pk}/agree/", {"reason": "Me again"}))
    assert "A colleague has to be the second" in page


def test_resolved_as_different_by_the_page():
    """One button, one reason. [A-5]"""
    one, two = pair()
    case = case_of(one, two)
    page = looking(case).send(f"{QUEUE}{case.pk}/different/", {"reason": "Father and son"})
    assert "Two different people" in text_of(page)


@pytest.mark.parametrize("act", ["different", "same", "agree", "reject", "undo", "nothing"])
def test_no_act_without_a_look_or_out_of_turn(act):
    """A form sent early or for a state it does not fit changes nothing. [A-5, AX02]"""
    one, two = pair()
    case = case_of(one, two)
    blind = browser(tier_3())
    blind.send(
        f"{QUEUE}{case.pk}/{act}/", {"reason": "No look before"}, status=404 if act == "nothing" else 200
    )
    case.refresh_from_db()
    assert case.state == "open"
    looked = looking(case)
    for body in ({}, {"reason": ""}, {"reason": "abc", "survivor": "x"}):
        looked.send(f"{QUEUE}{case.pk}/{act}/", body, status=404 if act == "nothing" else 200)
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_queue_is_tier_3s_alone(number):
    """To everybody else the pages are closed. [H-2, INV-14]"""
    account = [build_pages.person, build_pages.tier_1, build_pages.tier_2][number]()
    one, two = pair()
    case = case_of(one, two)
    visitor = browser(account)
    for path in (
        QUEUE,
        f"{QUEUE}{case.pk}/",
        f"{QUEUE}{case.pk}/same/",
        f"{QUEUE}{case.pk}/first/reveal/ssn/",
    ):
        visitor.open(path, status=403)


def test_nobody_sees_a_case_about_themselves():
    """A member of tier 3 with two accounts does not find the case in the queue, nor open it. [A-5, Q-5]"""
    one, two = pair()
    case = case_of(one, two)
    build_pages.grant(one, "tier-3", application="idm")
    own = browser(one)
    assert str(case.pk)[:8] not in text_of(own.open(QUEUE))
    assert "about your own account" in text_of(own.client.get(f"{QUEUE}{case.pk}/", follow=True))


def test_a_merged_account_shows_on_its_persons_page():
    """A desk that searches for the old user ID learns where it went. [A-5, H-1]"""
    one, two = pair()
    merged(one, two)
    desk = browser(tier_3())
    desk.send(f"/manage-users/people/{two.pk}/", {"reason": "Call 12"})
    page = text_of(desk.open(f"/manage-users/people/{two.pk}/"))
    assert "Merged into another account" in page


def test_the_applications_desk_lets_a_joined_decision_stand():
    """With a reason, once. [A-5, Q-5]"""
    one = build_pages.person()
    two = build_pages.proofed(like(one, ssn="900123399", email="joined@example.org"))
    here = build_pages.organization()
    build_pages.grant(one, "provider-office-approver", here)
    build_access.decided(build_pages.asks(two, here), one, now=clock.now())
    merged(one, two)
    desk = browser(build_pages.tier_2())
    joined = JoinedDecision.objects.get()
    assert joined.request.number in text_of(desk.open("/manage-users/decisions/"))
    page = desk.send(f"/manage-users/decisions/{joined.pk}/", {"reason": "The office confirmed it"})
    assert "No decision waits" in text_of(page)
    assert Entry.objects.filter(deed=Deed.MERGED_DECISION_CHECKED).count() == 1
    browser(tier_3()).open("/manage-users/decisions/", status=403)


def test_cross_values_never_reach_url_or_ledger():
    """What was compared is in no entry. [A-3, AX21]"""
    one, two = pair()
    looking(case_of(one, two))
    facts = personal_facts(one)
    words = " ".join(map(str, Entry.objects.values_list()))
    for secret in (facts.ssn, facts.birth_date.isoformat(), facts.email):
        assert secret not in words
    assert build_accounts.PASSWORD not in words
