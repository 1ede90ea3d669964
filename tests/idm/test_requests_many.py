"""Many requests decided at once: each by itself, with a result for each (Q-10)."""

import re
from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.actions import Decision, decide_many
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import awaiting, review
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.requests import Refusal, State, Way
from tests.idm import build_pages as pages
from tests.idm.build_access import (
    BACKUP,
    NOON,
    STRONG,
    approver,
    by,
    cancelled_by_owner,
    decided,
    deeds_about,
    desk_member,
    mails_to,
    organization,
    pending_request,
)

pytestmark = pytest.mark.django_db


def meant(request, *, approve=True, reason="", digest=""):
    return Decision(request, approve, digest or review(request).digest, reason)


def many(decider, *decisions):
    return decide_many(decisions=list(decisions), decider=decider, strength=STRONG, by=by(decider), now=NOON)


def codes(results):
    return [result.refused.code if result.refused else None for result in results]


def test_each_row_succeeds_or_fails_by_itself_and_the_result_says_which():
    """One that was decided, one that changed, one of another organization, and one that is fine. [Q-10]"""
    place = organization()
    boss, second = approver(of=place), approver(of=place)
    late, changed, fine, denied = (pending_request(at=place) for _ in range(4))
    foreign = pending_request(at=organization())
    decided(late, second)
    results = many(
        boss,
        meant(late),
        meant(changed, digest="0" * 64),
        meant(foreign),
        meant(fine),
        meant(denied, approve=False, reason="Not one of ours."),
    )
    assert codes(results) == [
        Refusal.ALREADY_DECIDED,
        Refusal.CHANGED_SINCE_SEEN,
        Refusal.NOT_A_DECIDER,
        None,
        None,
    ]
    assert [result.about.pk for result in results] == [
        one.pk for one in (late, changed, foreign, fine, denied)
    ]
    assert [RoleRequest.objects.get(pk=one.pk).state for one in (changed, foreign, fine, denied)] == [
        State.PENDING,
        State.PENDING,
        State.APPROVED,
        State.DENIED,
    ]
    assert [grant.account_id for grant in Grant.objects.filter(request__in=[changed, foreign, fine])] == [
        fine.account_id
    ]
    assert mails_to(fine.account)[-1:] == ["request-approved"]
    assert mails_to(denied.account)[-1:] == ["request-denied"]
    assert "authority:act:refused" in deeds_about(foreign.account)


def test_what_many_leave_behind_is_what_one_leaves_behind():
    """The same rows, entries and notices, however many go together. [Q-10, N-1]"""
    place = organization()
    boss = approver(of=place)
    one, *others = (pending_request(at=place) for _ in range(3))
    decided(one, boss)
    many(boss, *(meant(each) for each in others))
    for each in (*others,):
        assert deeds_about(each.account) == deeds_about(one.account)
        assert mails_to(each.account) == mails_to(one.account)
        grant = Grant.objects.get(request=each)
        assert (grant.role, grant.organization_id, grant.started_at) == (one.role, place.pk, NOON)
    entry = Entry.objects.filter(subject=str(others[0].account_id), deed="grant:role:started").get()
    assert entry.about["request"] == others[0].number


def test_two_requests_of_one_person_do_not_cross():
    """The lesser role is granted first and replaced by the greater one, as it would be one by one. [Q-2, Q-10]"""
    place, desk = organization(), desk_member(tier=2)
    lesser = pending_request(at=place)
    greater = pending_request(by_account=lesser.account, role=BACKUP, way=Way.ASSOCIATE, at=place)
    # No approver is able, so the desk decides both (G-7).
    assert codes(many(desk, meant(lesser), meant(greater))) == [None, None]
    held = Grant.objects.filter(account=lesser.account).order_by("started_at", "ended_at")
    assert {grant.role: grant.end_reason for grant in held} == {
        BACKUP: "",
        lesser.role: EndReason.SUPERSEDED,
    }


def test_the_same_decisions_again_change_nothing():
    """A form sent twice decides once. [Q-5]"""
    place = organization()
    boss = approver(of=place)
    decisions = [meant(pending_request(at=place)) for _ in range(2)]
    first = many(boss, *decisions)
    assert codes(many(boss, *decisions)) == codes(first) == [None, None]
    assert Grant.objects.filter(request__in=[one.request for one in decisions]).count() == 2


def test_own_requests_and_closed_ones_are_refused_among_others():
    """Nobody decides on themselves, by a list either. [Q-5]"""
    place, desk = organization(), desk_member(tier=2)
    own, withdrawn, fine = (pending_request(at=place) for _ in range(3))
    cancelled_by_owner(withdrawn)
    results = many(desk, meant(withdrawn), meant(fine))
    assert codes(results) == [Refusal.REQUEST_CLOSED, None]
    assert codes(many(own.account, meant(own))) == [Refusal.OWN_REQUEST]


def test_many_cost_hardly_more_statements_than_one(django_assert_max_num_queries):
    """Facts are read for all at once; what remains for each is its entries and its notice. [Q-10]"""
    place = organization()
    boss = approver(of=place)
    decisions = [meant(pending_request(at=place)) for _ in range(8)]
    with django_assert_max_num_queries(20 + 4 * len(decisions)):
        many(boss, *decisions)


@pytest.fixture
def queue():
    """An approver, and three requests that wait for them."""
    place = pages.organization()
    boss = pages.approver(place)
    return boss, [pages.asks(pages.person(), place) for _ in range(3)]


def filled(response, *chosen):
    """The list's form as a person fills it in: every digest as it was drawn, those requests ticked."""
    html = response.content.decode()
    digests = dict(re.findall(r'name="(R-[\w-]+-digest)" value="(\w+)"', html)) or dict(
        re.findall(r'name="(R-[\w-]+-digest)"[^>]*value="(\w+)"', html)
    )
    return {**digests, **{f"{one.number}-chosen": "on" for one in chosen}}


def test_several_are_approved_from_the_list(queue):
    """The list shows what waits; what is not chosen is left alone. [Q-10]"""
    boss, asked = queue
    browser = pages.browser(boss)
    listed = browser.open("/requests/")
    assert all(one.number in pages.text_of(listed) for one in asked)
    result = browser.send("/requests/decide/", {**filled(listed, *asked[:2]), "act": "approve"})
    assert "2 requests are decided as you chose" in pages.text_of(result)
    assert [RoleRequest.objects.get(pk=one.pk).state for one in asked] == ["approved", "approved", "pending"]


def test_a_denial_of_several_needs_a_reason_and_keeps_what_was_chosen(queue):
    """The reason is mailed to each. [Q-6, Q-10]"""
    boss, asked = queue
    browser = pages.browser(boss)
    typed = {**filled(browser.open("/requests/"), *asked[:2]), "act": "deny"}
    again = browser.send("/requests/decide/", typed, status=422)
    assert "Type why you deny the request" in pages.text_of(again)
    assert again.content.decode().count("checked") == 2
    result = browser.send("/requests/decide/", {**typed, "reason": "They left."})
    assert "2 requests are decided as you chose" in pages.text_of(result)
    assert RoleRequest.objects.filter(state="denied", decision_reason="They left.").count() == 2


def test_a_list_with_somebody_elses_request_tells_nothing_of_it(queue):
    """A number of another organization reads like one that never was; the try is on the ledger. [INV-14, AX17, L-2]"""
    boss, asked = queue
    foreign = pages.asks(pages.person("Casey"), pages.organization())
    browser = pages.browser(boss)
    listed = browser.open("/requests/")
    sent = {
        **filled(listed, asked[0], foreign),
        f"{foreign.number}-digest": review(foreign).digest,
        "R-2222-2222-chosen": "on",
        "act": "approve",
    }
    text = pages.text_of(browser.send("/requests/decide/", sent))
    assert text.count("There is no such request.") == 2
    assert "Casey" not in text
    assert RoleRequest.objects.get(pk=foreign.pk).state == "pending"
    assert Entry.objects.filter(deed="authority:act:refused", why="not_a_decider").count() == 1


def test_the_second_decider_of_a_list_reads_who_was_first(queue):
    """One wins, the other is told who did. [Q-5]"""
    boss, asked = queue
    second = pages.approver(asked[0].organization, first="Marlow")
    browsers = [pages.browser(boss), pages.browser(second)]
    lists = [browser.open("/requests/") for browser in browsers]
    browsers[1].send("/requests/decide/", {**filled(lists[1], asked[0]), "act": "approve"})
    text = pages.text_of(
        browsers[0].send("/requests/decide/", {**filled(lists[0], *asked[:2]), "act": "approve"})
    )
    assert "Marlow Larkspur has decided this request already" in text
    assert "1 request is decided as you chose" in text


def test_a_list_is_decided_after_a_fresh_factor_only(queue):
    """Verify first, then choose; a POST that comes stale changes nothing. [S-6]"""
    boss, asked = queue
    stale = pages.browser(boss, ago=timedelta(minutes=20))
    listed = stale.open("/requests/")
    assert "Verify it's you to decide" in pages.text_of(listed).replace("&#x27;", "'")
    assert not filled(listed)
    sent = {f"{asked[0].number}-chosen": "on", f"{asked[0].number}-digest": review(asked[0]).digest}
    answer = stale.send("/requests/decide/", {**sent, "act": "approve"}, follow=False, status=302)
    assert answer["Location"] == "/sign-in/verify/"
    assert RoleRequest.objects.get(pk=asked[0].pk).state == "pending"


def test_nothing_chosen_is_said(queue):
    """And nothing is done. [Q-10]"""
    browser = pages.browser(queue[0])
    answer = browser.send("/requests/decide/", {"act": "approve"}, status=422)
    assert "Choose at least one request" in pages.text_of(answer)


def test_the_list_is_cut_into_pages(queue, settings):
    """A long queue is counted and cut by the database. [Q-10]"""
    boss, asked = queue
    settings.LIMITS = settings.LIMITS.__class__(requests_decided_at_once=2)
    browser = pages.browser(boss)
    assert asked[2].number not in pages.text_of(browser.open("/requests/"))
    assert asked[2].number in pages.text_of(browser.open("/requests/?page=2"))
    assert awaiting(boss, now=asked[0].submitted_at).count() == 3
