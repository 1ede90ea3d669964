"""Taking over a person by merging, undoing, correcting or proofing; one member of tier 3 being two (A-5, A-7, H-5)."""

from dataclasses import replace

import pytest
from django.urls import reverse

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import correct_personal_facts, freeze
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.portal.actions import hand_in_documents
from bailiwick.idm.proofing.actions import begin_attempt, consent, store_outcome
from bailiwick.idm.proofing.models import Manual
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.registry.models import Merge
from bailiwick.idm.rules import accounts as account_rules
from bailiwick.idm.rules import manual
from bailiwick.idm.rules.corrections import Refusal as CorrectionRefusal
from bailiwick.idm.rules.duplicates import Refusal
from bailiwick.idm.rules.proofing import Verified
from tests.idm import build_accounts, build_desk, build_manual, build_pages
from tests.idm.build_registry import (
    agreed,
    asked,
    by,
    case_of,
    decided,
    like,
    looked,
    merged,
    pair,
    proposed,
    tier_3,
    undone,
)

pytestmark = pytest.mark.django_db


def refused_with(code, work) -> None:
    with pytest.raises(Refused) as refused:
        work()
    assert refused.value.code is code


def desk_of_two_accounts() -> tuple[Account, Account]:
    """One person who is tier 3 under two accounts, which nobody has noticed yet: (goes on, ends)."""
    one, two = pair()
    for account in (one, two):
        build_pages.grant(account, "tier-3", application="idm")
    return one, two


def test_one_person_under_two_accounts_is_not_two_who_merge():
    """Proposed under the account that ended, agreed under the one that goes on. [H-5, Q-5]"""
    goes_on, ends = desk_of_two_accounts()
    one, two = pair()
    merge = proposed(case_of(one, two), one, desk=ends)
    merged(goes_on, ends)
    refused_with(Refusal.SAME_DECIDER, lambda: agreed(merge, desk=goes_on))
    assert Merge.objects.get(pk=merge.pk).state == "proposed"


def test_one_person_under_two_accounts_is_not_two_who_correct():
    """The first decision on a number was their own, by the account that ended. [H-5, A-7]"""
    goes_on, ends = desk_of_two_accounts()
    account = build_pages.person()
    correction = asked(account, "ssn", ssn="900555123")
    decided(correction, desk=ends)
    merged(goes_on, ends)
    refused_with(Refusal.SAME_DECIDER, lambda: decided(correction, desk=goes_on))
    assert personal_facts(account).ssn != "900555123"


def test_one_person_under_two_accounts_is_not_two_who_prove_by_hand():
    """Proposed by the account that ended, confirmed by the one that goes on. [H-5, V-5]"""
    goes_on, ends = desk_of_two_accounts()
    case = build_manual.waiting()
    build_manual.proposes(case, ends)
    merged(goes_on, ends)
    refused_with(manual.Refusal.SAME_PERSON, lambda: build_manual.settles(case, goes_on))
    assert not is_proofed(case.account)


def test_nobody_works_on_the_account_that_was_merged_into_their_own():
    """Not its page, its masked values, its documents, its correction requests. [Q-5, H-3]"""
    desk = tier_3()
    own = like(desk, ssn=build_accounts.facts().ssn)
    correction = asked_in_place_is_used_up(own)
    merged(desk, own)
    browser = build_pages.browser(desk)
    for page in (
        build_desk.url("person", own),
        build_desk.url("reveal", own, value="ssn"),
        build_desk.url("proofing", own),
        reverse("desk-correction", args=[correction.pk]),
        reverse("desk-correction-document", args=[correction.pk]),
    ):
        answer = browser.client.get(page, follow=True)
        assert "your own account" in answer.content.decode(), page


def asked_in_place_is_used_up(account: Account):
    """Somebody unproven who used up their own corrections, and asks the desk for a name."""
    for name in ("Ann", "Anna", "Anne"):
        facts = replace(personal_facts(account), middle=name)
        correct_personal_facts(account=account, facts=facts, by=by(account), now=clock.now())
    return asked(account, "name", last="Otherwise")


@pytest.mark.parametrize("how", ["merged", "suspended", "frozen"])
def test_nothing_is_corrected_in_an_account_that_is_closed(how):
    """Who froze the account says that it was not them who asked; it can still be denied. [A-7, S-9]"""
    one, two = pair()
    correction = asked_in_place_is_used_up(two)
    if how == "merged":
        merged(one, two)
    elif how == "suspended":
        Account.objects.filter(pk=two.pk).update(state="suspended")
    else:
        freeze(account=two, by=by(two), now=clock.now(), why="not me")
    refused_with(CorrectionRefusal.ACCOUNT_NOT_ACTIVE, lambda: decided(correction))
    assert personal_facts(two).last != "Otherwise"
    assert decided(correction, approve=False).state == "denied"


@pytest.mark.parametrize("stop", [{"state": "suspended"}, {"state": "archived"}, {"frozen_at": "now"}])
def test_undoing_a_merge_is_no_way_around_a_stop(stop):
    """One member of tier 3 does not bring back by undoing whom two had archived. [A-5, A-6, H-5, AR11]"""
    one, two = pair()
    merge = merged(one, two)
    Account.objects.filter(pk=one.pk).update(
        **{name: clock.now() if value == "now" else value for name, value in stop.items()}
    )
    refused_with(Refusal.UNDO_SURVIVOR_CLOSED, lambda: undone(merge))
    assert Account.objects.get(pk=two.pk).state == "merged"


def test_an_answer_for_the_account_that_ended_takes_nothing_from_the_one_that_goes_on():
    """The vendor was asked before the merge and answers after it: both claim one number, and it stays the survivor's. [A-5, V-3]"""
    one, two = pair()
    facts = personal_facts(two)
    case = consent(account=two, by=by(two), now=clock.now())
    attempt = begin_attempt.__wrapped__(case=case, facts=facts, by=by(two), now=clock.now())
    merged(one, two)
    stored = store_outcome.__wrapped__(attempt=attempt, outcome=Verified(), by=by(two), now=clock.now())
    assert stored.outcome == "stale"
    assert not is_proofed(two)
    assert SsnNumber.objects.get(account=one).state == "claim"
    assert not Message.objects.filter(kind="ssn_void").exists()


def test_a_replaced_number_does_not_make_the_account_anybodys():
    """After a correction without an accepted document the holder cannot become somebody else in place. [A-1, A-7]"""
    account = build_pages.person()
    correction = asked(account, "ssn", ssn="900555124")
    decided(correction, accept=False)
    decided(correction, accept=False)
    assert not is_proofed(account)
    facts = replace(personal_facts(account), first="Mallory", ssn="900555125")
    refused_with(
        account_rules.Refusal.FACTS_ARE_PROVEN,
        lambda: correct_personal_facts(account=account, facts=facts, by=by(account), now=clock.now()),
    )
    assert asked(account, "ssn", ssn="900555126").state == "pending"


def test_a_chain_of_merges_is_told_to_whoever_was_told_of_its_first():
    """The application that knew only the first account hears where the second goes. [A-5]"""
    first, second = pair()
    third = like(second, ssn=personal_facts(second).ssn)
    grant = build_pages.grant(first, "end-user", build_pages.organization())
    type(grant).objects.filter(pk=grant.pk).update(ended_at=clock.now(), end_reason="given_up")
    assert merged(second, first).applications == ["spot"]
    looked(third)
    assert merged(third, second).applications == ["spot"]


def test_tier_3_hears_that_documents_wait_but_not_whose():
    """Each member once for each hand-in, with the case's number alone; not the person of it. [N-1, H-3, V-5]"""
    desk, case = tier_3(), build_manual.collecting()
    for _ in range(2):
        hand_in_documents(account=case.account, by=by(case.account), now=clock.now())
    mails = Message.objects.filter(kind="documents_waiting")
    assert [mail.to for mail in mails] == [desk.email]
    assert Manual.objects.get(pk=case.pk).state == "waiting"


def test_a_persons_page_shows_both_histories():
    """Roles that ended with the old account and deeds about it stand beside the survivor's. [A-5, H-2]"""
    one, two = pair()
    ended = build_pages.grant(two, "end-user", build_pages.organization())
    type(ended).objects.filter(pk=ended.pk).update(ended_at=clock.now(), end_reason="removed_by_desk")
    merged(one, two)
    browser = build_desk.looking(one, tier_3())
    page = browser.client.get(build_desk.url("person", one)).content.decode()
    assert "Accounts merged into this one" in page
    assert build_desk.url("person", two) in page
    assert f"Roles of {two.user_id}" in page
    ledger = page[page.index('id="ledger"') :]
    assert one.user_id in ledger
    assert two.user_id in ledger
