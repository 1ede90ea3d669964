"""Who looks like one person, and what tier 3 says of it (A-5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import correct_personal_facts
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.accounts.queries import holder_of, personal_facts
from bailiwick.idm.registry import actions, jobs, queries
from bailiwick.idm.registry.models import DuplicateCase
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.duplicates import Refusal
from tests.idm import build_accounts, build_pages
from tests.idm.build_registry import (
    REASON,
    agreed,
    by,
    case_of,
    like,
    looked,
    pair,
    presence,
    proposed,
    tier_3,
)

pytestmark = pytest.mark.django_db


def swapped(ssn: str) -> str:
    at = next(index for index in range(8, 0, -1) if ssn[index] != ssn[index - 1])
    return ssn[: at - 1] + ssn[at] + ssn[at - 1] + ssn[at + 1 :]


def grounds(account: Account) -> list[str]:
    return [case.resemblance for case in looked(account)]


def test_a_claim_that_collides_with_a_claim_opens_a_case():
    """Two people claim one number: both have their accounts, and tier 3 has a case. [A-5]"""
    one, two = pair()
    assert [(case.first, case.second, case.resemblance) for case in looked(two)] == [(one, two, "same_claim")]
    assert Entry.objects.filter(deed=Deed.DUPLICATE_OPENED, subject=str(one.pk)).count() == 1


def test_two_swapped_digits_and_the_same_birth_date_open_a_case():
    """A slip of the finger in the number is seen. [A-5]"""
    one = build_accounts.account()
    two = build_accounts.account(
        ssn=swapped(personal_facts(one).ssn), birth_date=personal_facts(one).birth_date
    )
    assert grounds(two) == ["swapped_digits"]


def test_two_swapped_digits_and_another_birth_date_open_none():
    """A similar number alone says nothing. [A-5]"""
    one = build_accounts.account()
    assert grounds(build_accounts.account(ssn=swapped(personal_facts(one).ssn))) == []


def test_the_same_birth_date_with_similar_name_and_address_opens_a_case():
    """Another number does not hide somebody with the same birth date, name and house. [A-5]"""
    one = build_accounts.account(first="Katherine", last="Larkspur-Moody")
    address = Address(line_1="12 LARKSPUR LN", city="Orlando", state="FL", zip="32801")
    two = like(one, first="Kathrine", last="Larkspur", ssn="900987654", address=address)
    assert grounds(two) == ["similar_person"]


def test_a_twin_in_the_same_house_opens_none():
    """The same birth date and house and another first name are two people. [A-5]"""
    one = build_accounts.account(first="Robin")
    assert grounds(like(one, first="Sasha", ssn="900987655")) == []


def test_the_same_suspicion_is_one_case():
    """Looking again, from either side, opens nothing. [A-5]"""
    one, two = pair()
    looked(two)
    assert looked(one) == looked(two) == []


def test_the_round_sees_what_two_at_the_same_moment_could_not():
    """Who registered at the same instant is compared a minute later. [A-5]"""
    one, _two = pair()
    jobs.look(clock.now())
    assert not DuplicateCase.objects.exists()
    jobs.look(clock.now() + timedelta(minutes=2))
    assert DuplicateCase.objects.get().first_id == one.pk
    assert queries.to_look_at(now=clock.now() + timedelta(minutes=3), most=10) == []


def test_a_name_of_former_days_finds_its_person():
    """Who registers again under the name before the marriage is stopped like under the present one. [A-4, A-7]"""
    one = build_accounts.account(first="Robin", last="Larkspur")
    before = personal_facts(one)
    correct_personal_facts(account=one, facts=replace(before, last="Meadow"), by=by(one), now=clock.now())
    newcomer = replace(before, ssn="", email="elsewhere@example.org")
    assert holder_of(newcomer, ssn_digest=b"") == one
    assert holder_of(replace(newcomer, last="Meadow"), ssn_digest=b"") == one


def test_a_new_name_opens_no_case_with_somebody_who_was_there_before():
    """A name change makes no duplicate. [A-5, A-7]"""
    one = build_accounts.account(first="Robin", last="Larkspur")
    two = like(one, last="Meadow", ssn="900987656")
    assert grounds(two) == []
    after = replace(personal_facts(two), last="Larkspurr")
    correct_personal_facts(account=two, facts=after, by=by(two), now=clock.now() + timedelta(days=1))
    assert grounds(two) == grounds(one) == []


def test_resolved_as_different_stays_resolved():
    """Two people they are: the case is over, and the same suspicion opens none again. [A-5]"""
    one, two = pair()
    case, desk = case_of(one, two), tier_3()
    found = actions.find_different(
        case=case, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
    )
    assert found.state == "different"
    assert looked(two) == looked(one) == []
    assert Entry.objects.filter(deed=Deed.DUPLICATE_DIFFERENT, why=REASON).count() == 2


def test_two_people_merge():
    """Who proposed does not agree with themselves. [H-5]"""
    one, two = pair()
    desk = tier_3()
    merge = proposed(case_of(one, two), one, desk)
    with pytest.raises(Refused) as refused:
        agreed(merge, desk)
    assert refused.value.code is Refusal.SAME_DECIDER
    assert Entry.objects.filter(deed=Deed.AUTHORITY_REFUSED, why=Refusal.SAME_DECIDER).count() == 2
    assert agreed(merge).state == "done"


def test_only_tier_3_decides_and_never_about_itself():
    """Tier 1 does not, nor does a member of tier 3 whose own account it is. [A-5, H-2, Q-5]"""
    one, two = pair()
    case = case_of(one, two)
    with pytest.raises(Refused) as refused:
        proposed(case, one, build_pages.tier_1())
    assert refused.value.code is Refusal.NOT_SECURITY_DESK
    build_pages.grant(one, "tier-3", application="idm")
    with pytest.raises(Refused) as refused:
        proposed(case, one, one)
    assert refused.value.code is Refusal.OWN_CASE


def test_a_suspended_account_is_not_left_by_merging_it():
    """Nobody gets out of a suspension or a freeze through an open second account. [A-5]"""
    one, two = pair()
    case = case_of(one, two)
    for state in ({"state": "suspended"}, {"state": "active", "frozen_at": clock.now()}):
        Account.objects.filter(pk=two.pk).update(**state)
        with pytest.raises(Refused) as refused:
            proposed(case, one)
        assert refused.value.code is Refusal.OTHER_NOT_ACTIVE
    assert proposed(case, two).survivor == two


def test_a_verified_number_survives():
    """The account whose identity was verified goes on, not the other one. [A-5]"""
    one, two = pair()
    case = case_of(one, two)
    build_pages.proofed(two)
    with pytest.raises(Refused) as refused:
        proposed(case, one)
    assert refused.value.code is Refusal.SURVIVOR_UNPROVEN


def test_whoever_comes_second_is_told_who_was_first():
    """A case is decided once. [A-5, Q-5]"""
    one, two = pair()
    case, desk = case_of(one, two), tier_3()
    proposed(case, one, desk)
    with pytest.raises(Refused) as refused:
        proposed(case, two)
    assert (refused.value.code, refused.value.facts["who"]) == (Refusal.ALREADY_DECIDED, "Tess Larkspur")


def test_tier_3_hears_once_a_day_that_cases_wait():
    """Those who must act are told, and not flooded. [N-1]"""
    desk = tier_3()
    for _ in range(2):
        _, two = pair()
        looked(two)
    assert Message.objects.filter(kind="duplicates_waiting", to=desk.email).count() == 1


def test_the_first_verified_keeps_the_number_and_the_others_are_told():
    """Both may be proofed: of the other the claim is void, and that person is told to call. [A-5]"""
    one, two = pair()
    build_pages.proofed(two)
    assert SsnNumber.objects.get(account=two).state == "verified"
    assert SsnNumber.objects.get(account=one).state == "void"
    assert Message.objects.filter(kind="ssn_void", to=one.email).count() == 1
    assert not Message.objects.filter(kind="ssn_void", to=two.email).exists()
