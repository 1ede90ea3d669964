"""One person, one account: what the database guards, and how facts change."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts import actions, queries
from bailiwick.idm.accounts.models import Account, Person, SsnNumber
from bailiwick.idm.rules.accounts import Refusal
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db


def verify(account) -> None:
    actions.verify_ssn(account=account, by=build.VISITOR, now=build.NOON)


def correct(account, **changes) -> None:
    facts = replace(queries.personal_facts(account), **changes)
    actions.correct_personal_facts(account=account, facts=facts, by=build.VISITOR, now=build.NOON)


def refused_with(code, work) -> None:
    with pytest.raises(Refused) as refused:
        work()
    assert refused.value.code is code


def test_the_first_verified_keeps_the_number():
    """Of two claims the first proofed one is verified; the other is void, and that person is told to call. [A-2, A-5]"""
    first, second = build.account(ssn="900111111"), build.account(ssn="900111111")
    verify(first)
    refused_with(Refusal.SSN_TAKEN, lambda: verify(second))
    assert list(SsnNumber.objects.order_by("pk").values_list("state", flat=True)) == ["verified", "void"]
    assert build.mails_to(second.email, "ssn_void")
    assert "account:ssn:voided" in build.deeds_of(second)
    verify(first)
    assert build.deeds_of(first).count("account:ssn:verified") == 1


def test_a_void_claim_stays_void_inside_a_callers_transaction():
    """A caller that catches the refusal in its own transaction keeps what was written. [A-5]"""
    first, second = build.account(ssn="900111111"), build.account(ssn="900111111")
    verify(first)
    with transaction.atomic():
        refused_with(Refusal.SSN_TAKEN, lambda: verify(second))
    assert SsnNumber.objects.get(account=second).state == "void"


@pytest.mark.parametrize("state", ["verified", "former"])
def test_the_database_keeps_a_verified_number_unique(state):
    """Raw SQL cannot give a verified or former number to a second account. [A-1, A-2]"""
    first, second = build.account(ssn="900111111"), build.account(ssn="900111111")
    verify(first)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE idm_accounts_ssnnumber SET state = %s WHERE id = %s",
            [state, SsnNumber.objects.get(account=second).pk],
        )


def test_the_database_keeps_user_ids_unique_without_case():
    """Raw SQL cannot give one user ID to two accounts. [R-3]"""
    first, second = build.account(), build.account()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=second.pk).update(user_id_key=first.user_id_key)


@pytest.mark.parametrize("model", [Account, SsnNumber])
def test_the_database_knows_the_states(model):
    """A state that is in no table cannot be written. [A-6]"""
    build.account()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(state="asleep")


def test_sealed_facts_open_only_in_their_own_row():
    """An SSN moved to another person's row does not open. [A-2]"""
    first, second = build.account(), build.account()
    Person.objects.filter(pk=second.pk).update(ssn_sealed=Person.objects.get(pk=first.pk).ssn_sealed)
    with pytest.raises(Exception, match=queries.SSN_PLACE):
        queries.personal_facts(second)


def test_facts_read_as_they_were_written():
    """Every fact survives sealing and opening. [A-2]"""
    facts = build.facts(first="Zoë", suffix="III", middle="Anna Maria")
    account = actions.open_account(user_id="zoe.anna", facts=facts, by=build.VISITOR, now=build.NOON)
    assert queries.personal_facts(account) == facts
    assert queries.full_name(account) == f"Zoë Anna Maria {facts.last} III"


def test_facts_are_corrected_three_times_before_proofing():
    """The fourth correction is the desk's; correcting nothing counts as none. [A-7]"""
    account = build.account()
    for last in ("One", "Two", "Three"):
        correct(account, last=last)
        correct(account, last=last)
    refused_with(Refusal.FACTS_CORRECTED_TOO_OFTEN, lambda: correct(account, last="Four"))
    correct(account, phone="2025550199")
    assert queries.personal_facts(account).last == "Three"
    assert queries.personal_facts(account).phone == "2025550199"
    entry = Entry.objects.filter(deed="account:facts:corrected").first()
    assert entry.about == {"changed": ["last"]}
    assert "One" not in str(entry.__dict__)


def test_a_corrected_number_is_a_new_claim():
    """The old claim is void. [A-2, A-7]"""
    account = build.account(ssn="900111111")
    correct(account, ssn="900222222")
    assert list(SsnNumber.objects.order_by("pk").values_list("state", flat=True)) == ["void", "claim"]
    assert queries.current_ssn_digest(account) == bytes(SsnNumber.objects.get(state="claim").digest)


def test_proven_facts_are_not_corrected_by_the_holder():
    """After proofing the desk corrects. [A-7]"""
    account = build.account()
    verify(account)
    refused_with(Refusal.FACTS_ARE_PROVEN, lambda: correct(account, last="Other"))


def test_a_correction_does_not_tell_whether_the_number_is_somebodys():
    """A verified number, one that was, and a free one are answered alike and count alike; none is verified by it. [A-4, A-7, AR02, AR03]"""
    holder, other = build.account(ssn="900111111"), build.account()
    verify(holder)
    for number in ("900111111", "900111112", "900111111"):
        correct(other, ssn=number)
    refused_with(Refusal.FACTS_CORRECTED_TOO_OFTEN, lambda: correct(other, ssn="900111113"))
    refused_with(Refusal.SSN_TAKEN, lambda: verify(other))
    assert SsnNumber.objects.get(state="verified").account == holder
    assert not SsnNumber.objects.filter(account=other, state="claim").exists()


def test_who_was_verified_once_never_corrects_in_place_again():
    """A replaced number leaves a claim; the account does not become somebody else's by it. [A-1, A-7]"""
    account = build.account(ssn="900111111")
    verify(account)
    facts = replace(queries.personal_facts(account), ssn="900111114")
    actions.replace_facts(
        account=account,
        facts=facts,
        digest=actions.ssn_digest(facts.ssn),
        is_proven=False,
        by=build.VISITOR,
        now=build.NOON,
    )
    refused_with(Refusal.FACTS_ARE_PROVEN, lambda: correct(account, first="Other", ssn="900111115"))


def test_a_correction_is_judged_like_a_registration():
    """Names of letters, 18 or older, a real number. [A-7, A-8]"""
    refused_with(Refusal.NAME_NOT_LETTERS, lambda: correct(build.account(), first="R2"))


def test_an_account_is_found_by_id_or_user_id():
    """In any spelling; a discarded one, or no id at all, is nobody. [A-1]"""
    account = build.account(user_id="Robin.Found")
    assert queries.account_by_user_id(" robin.FOUND ") == account
    assert queries.account_with_id(str(account.pk)) == account
    assert queries.account_with_id("not an id") is None
    Account.objects.update(state="discarded")
    assert queries.account_by_user_id("robin.found") is None
    assert queries.account_with_id(account.pk) is None
    with pytest.raises(Account.DoesNotExist):
        queries.account_named("robin.found")


def test_the_ledger_and_the_mails_hold_no_ssn_or_birth_date():
    """Neither the number nor the date stands in an entry or a message. [A-3, L-1]"""
    account = build.account(ssn="900111111")
    correct(account, ssn="900222222", last="Other")
    verify(account)
    written = [str(entry.__dict__) for entry in Entry.objects.all()]
    written += [build.text_of(mail) for mail in build.mails_to(account.email)]
    for value in ("900111111", "900222222", "2222", queries.personal_facts(account).birth_date.isoformat()):
        assert not any(value in text for text in written)
