"""Two tabs, two people, one vendor: what happens at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.models import SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.actions import consent
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.models import Attempt, Case
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.proofing import NotVerified, Refusal, Verified
from tests.idm.build_proofing import NOON, asks, by, consented, holder

pytestmark = pytest.mark.django_db(transaction=True)

TABS = 6
CLAIMS = 20


def at_once(*acts):
    """Do all at the same moment, each on a connection of its own; an exception is a result."""
    barrier = Barrier(len(acts))

    def act(one):
        try:
            barrier.wait()
            return one()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


class Slow(ScriptedVendor):
    """Answers only when everybody who is expected has asked."""

    def __init__(self, expected, *answers):
        super().__init__(*answers)
        self.barrier = Barrier(expected, timeout=60)

    def verify(self, request):
        self.barrier.wait()
        return super().verify(request)


def test_consenting_in_many_tabs_opens_one_case():
    """One case, one entry. [V-2]"""
    ada = holder()
    cases = at_once(*[lambda: consent(account=ada, by=by(ada), now=NOON)] * TABS)
    assert len({case.pk for case in cases}) == 1
    assert Entry.objects.filter(subject=str(ada.pk), deed="proofing:case:consented").count() == 1


def test_many_tabs_are_one_try(settings):
    """Pressed in six tabs while the vendor thinks: one request id, one try, one outcome. [V-6]"""
    ada = holder()
    case = consented(ada)
    facts = personal_facts(ada)
    settings.PROOFING_VENDOR = vendor = Slow(TABS, Verified())
    answers = at_once(*[lambda: prove(case=case, facts=facts, by=by(ada), now=NOON)] * TABS)
    assert answers == [Verified()] * TABS
    assert len({request.request_id for request in vendor.requests}) == 1
    assert Attempt.objects.filter(case=case, counted=True).count() == 1
    assert Entry.objects.filter(subject=str(ada.pk), deed="proofing:attempt:answered").count() == 1


def test_parallel_guesses_do_not_pass_the_limit(settings):
    """A burst of questions evaluates three at most: the try is reserved before the vendor is asked. [V-3]"""
    ada = holder()
    settings.PROOFING_VENDOR = vendor = ScriptedVendor(NotVerified())
    consented(ada)
    results = at_once(*[lambda: asks(ada)] * 12)
    assert set(results) <= {NotVerified(), Refusal.TRIES_EXHAUSTED}
    assert len({request.request_id for request in vendor.requests}) <= 3
    assert Attempt.objects.filter(case__account=ada).count() <= 3


def test_of_two_people_with_one_ssn_one_is_verified(settings):
    """At the same instant, too: the database keeps the number one person's. [A-2, A-5]"""
    first = holder(email="first@example.org")
    second = holder(email="second@example.org", last="Quillfether")
    settings.PROOFING_VENDOR = Slow(2, Verified())
    at_once(lambda: asks(first), lambda: asks(second))
    assert sorted([is_proofed(first), is_proofed(second)]) == [False, True]
    assert sorted(SsnNumber.objects.values_list("state", flat=True)) == ["verified", "void"]
    assert sorted(Case.objects.values_list("state", flat=True)) == ["verified", "void"]


def test_nobody_is_proofed_inside_a_transaction(settings):
    """The vendor is never asked while a lock is held: a caller's transaction is an error, before anything is sent. [V-6]"""
    settings.PROOFING_VENDOR = vendor = ScriptedVendor(Verified())
    ada = holder()
    case = consented(ada)
    with pytest.raises(RuntimeError), transaction.atomic():
        prove(case=case, facts=personal_facts(ada), by=by(ada), now=NOON)
    assert not vendor.requests


def test_the_vendor_is_asked_with_nothing_held(settings):
    """While the vendor thinks, another connection can write the same rows. [V-6]"""
    ada = holder()
    case = consented(ada)

    class Watching(ScriptedVendor):
        def verify(self, request):
            assert not connection.in_atomic_block
            [written] = at_once(lambda: Case.objects.filter(pk=case.pk).update(call_number="202-555-0100"))
            assert written == 1
            return super().verify(request)

    settings.PROOFING_VENDOR = Watching(Verified())
    assert asks(ada) == Verified()


def test_of_twenty_claims_proofed_at_the_same_instant_one_is_verified_and_nineteen_are_void_and_told(
    settings,
):
    """The vendor finds all twenty; the number is one person's for life, and each of the others is told once. [A-5]"""
    people = [holder(email=f"claim{number}@example.org") for number in range(CLAIMS)]
    cases = [consented(person) for person in people]
    settings.PROOFING_VENDOR = Slow(CLAIMS, Verified())

    def asks_about(person, case):
        return lambda: prove(case=case, facts=personal_facts(person), by=by(person), now=NOON)

    told = at_once(*[asks_about(person, case) for person, case in zip(people, cases, strict=True)])
    assert sorted(type(outcome).__name__ for outcome in told) == ["NotVerified"] * 19 + ["Verified"]
    assert sum(is_proofed(person) for person in people) == 1
    states = list(SsnNumber.objects.filter(account__in=people).values_list("state", flat=True))
    assert sorted(states) == ["verified"] + ["void"] * 19
    assert Case.objects.filter(state="void").count() == 19
    for person in people:
        kinds = list(Message.objects.filter(to=person.email).values_list("kind", flat=True))
        wanted = "identity-verified" if is_proofed(person) else "ssn_void"
        assert kinds.count(wanted) == 1, kinds
        assert ("identity-verified" in kinds) is is_proofed(person)
    assert Message.objects.filter(channel="letter").count() == 1
