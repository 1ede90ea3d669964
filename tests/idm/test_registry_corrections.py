"""Legal name, birth date and SSN corrected after the first proofing (A-7)."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import ssn_digest
from bailiwick.idm.accounts.models import Account, FormerName, SsnNumber
from bailiwick.idm.accounts.queries import full_name, holder_of, personal_facts
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.registry import actions
from bailiwick.idm.registry.models import Correction
from bailiwick.idm.rules import corrections as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.duplicates import Refusal
from tests.ground import build_uploads
from tests.idm import build_accounts, build_pages
from tests.idm.build_registry import asked, by, decided, tier_3

pytestmark = pytest.mark.django_db


def test_a_new_name_is_decided_by_one_and_the_old_one_is_kept():
    """Marriage: the name changes, the history keeps the former one. [A-7]"""
    holder = build_pages.person(first="Robin", last="Larkspur")
    decided(asked(holder, last="Meadow"))
    holder.refresh_from_db()
    assert full_name(Account.objects.get(pk=holder.pk)) == "Robin Meadow"
    assert FormerName.objects.get(account=holder).last_name == "Larkspur"


@pytest.mark.parametrize("accepted", [True, False])
def test_the_assurance_stays_only_with_an_accepted_document(accepted):
    """Else proofing is repeated. [A-7, V-1]"""
    holder = build_pages.person()
    decided(asked(holder, last="Meadow"), accept=accepted)
    assert is_proofed(Account.objects.get(pk=holder.pk)) is accepted


@pytest.mark.parametrize(
    ("kind", "values"), [("birth_date", {"birth_date": date(1979, 5, 4)}), ("ssn", {"ssn": "900445566"})]
)
def test_number_and_birth_date_take_two_people(kind, values):
    """The first of two changes nothing, and is not the second. [A-7, H-5]"""
    holder, desk = build_pages.person(), tier_3()
    correction = asked(holder, kind, **values)
    assert decided(correction, desk).state == "agreed"
    with pytest.raises(Refused) as refused:
        decided(correction, desk)
    assert refused.value.code is Refusal.SAME_DECIDER
    name = next(iter(values))
    assert getattr(personal_facts(holder), name) != values[name]
    assert decided(correction).state == "approved"
    assert getattr(personal_facts(holder), name) == values[name]


def test_a_former_number_stays_taken():
    """Nobody else ever gets it, and a registration with it is stopped. [A-2, A-7, AR03]"""
    holder = build_pages.person()
    former = personal_facts(holder).ssn
    correction = asked(holder, "ssn", ssn="900445577")
    decided(correction)
    decided(correction)
    states = SsnNumber.objects.filter(account=holder).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["former", "verified"]
    newcomer = build_accounts.facts(ssn=former)
    assert holder_of(newcomer, ssn_digest=ssn_digest(former)) == holder


@pytest.mark.parametrize("state", ["active", "archived"])
def test_a_number_of_somebody_else_is_refused_to_the_desk_and_never_told_to_the_holder(state):
    """Asking is answered as always; only the second decider learns that it is not free. [A-7, AR02, AR03]"""
    other, holder = build_pages.person(), build_pages.person()
    Account.objects.filter(pk=other.pk).update(state=state)
    before = personal_facts(holder)
    correction = asked(holder, "ssn", ssn=personal_facts(other).ssn)
    decided(correction)
    with pytest.raises(Refused) as refused:
        decided(correction)
    assert refused.value.code is rules.Refusal.SSN_NOT_FREE
    assert personal_facts(holder) == before
    correction.refresh_from_db()
    assert correction.state == "agreed"


def test_who_only_claims_the_number_loses_the_claim_and_is_told():
    """A document proves it for one: the other's claim is void. [A-5, A-7]"""
    rival = build_accounts.account(ssn="900445588")
    holder = build_pages.person()
    correction = asked(holder, "ssn", ssn="900445588")
    decided(correction)
    decided(correction)
    assert SsnNumber.objects.get(account=rival).state == "void"
    assert Message.objects.filter(kind="ssn_void", to=rival.email).count() == 1


def test_denied_with_a_reason_that_is_mailed():
    """Nothing changes; the holder hears why. [A-7, N-1]"""
    holder = build_pages.person()
    correction = decided(asked(holder, last="Meadow"), approve=False)
    assert correction.state == "denied"
    (mail,) = build_accounts.mails_to(holder.email, "correction_decided")
    assert "Both were on the phone" in build_accounts.text_of(mail)
    assert personal_facts(holder).last == "Larkspur"


def test_before_the_first_proofing_it_is_corrected_in_place():
    """Until three corrections are used up, no request is needed. [A-7]"""
    holder = build_accounts.account()
    with pytest.raises(Refused) as refused:
        asked(holder, last="Meadow")
    assert refused.value.code is rules.Refusal.CORRECT_IN_PLACE


def test_one_waits_at_a_time_and_the_same_form_is_one():
    """A second of the kind is refused; the same form again is the same request. [A-7]"""
    holder = build_pages.person()
    first = asked(holder, last="Meadow")
    assert asked(holder, last="Meadow", once=first.once) == first
    with pytest.raises(Refused) as refused:
        asked(holder, last="Brook")
    assert refused.value.code is rules.Refusal.CORRECTION_WAITS
    actions.cancel_correction(correction=first, account=holder, by=by(holder), now=clock.now())
    assert asked(holder, last="Brook").state == "pending"


def test_nobody_decides_their_own():
    """A member of tier 3 asks like anybody, and a colleague decides. [A-7, Q-5]"""
    desk = tier_3()
    with pytest.raises(Refused) as refused:
        decided(asked(desk, last="Meadow"), desk)
    assert refused.value.code is Refusal.OWN_CASE


def test_the_database_is_the_last_guard_of_two_people():
    """A number cannot be approved by one, whoever writes the row. [H-5]"""
    correction = asked(build_pages.person(), "ssn", ssn="900445599")
    desk = tier_3()
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(state="approved", decided_by=desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(state="approved", decided_by=desk, first_by=desk)


def document():
    return SimpleUploadedFile("certificate.pdf", build_uploads.document(), content_type="application/pdf")


def test_the_holder_asks_and_sees_how_it_stands():
    """From My Profile, with reason and document, to the status on the page; canceled by one button. [A-7]"""
    holder = build_pages.person()
    browser = build_pages.browser(holder)
    assert "Ask for a Correction" in build_pages.text_of(browser.open("/profile/"))
    browser.send("/profile/corrections/", {"kind": "name"})
    sent = {
        "first": "Robin",
        "last": "Meadow",
        "reason": "I was married in May.",
        "document": document(),
        "once": uuid4(),
    }
    said = build_pages.text_of(browser.send("/profile/corrections/ask/name/", sent))
    assert "on its way to the help desk" in said
    correction = Correction.objects.get()
    said = browser.send(f"/profile/corrections/{correction.pk}/cancel/")
    assert "Canceled by you" in build_pages.text_of(said)


def test_a_file_that_is_none_of_the_kinds_is_said_at_its_field():
    """The content decides, not the name. [A-7]"""
    browser = build_pages.browser(build_pages.person())
    file = SimpleUploadedFile("certificate.pdf", b"MZ program", content_type="application/pdf")
    sent = {"first": "Robin", "last": "Meadow", "reason": "Married", "document": file, "once": uuid4()}
    assert "is not a PDF" in build_pages.text_of(browser.send("/profile/corrections/ask/name/", sent))
    assert not Correction.objects.exists()


def test_another_persons_request_is_no_page():
    """Nobody cancels what is not theirs. [A-7, INV-14]"""
    correction = asked(build_pages.person(), last="Meadow")
    browser = build_pages.browser(build_pages.person())
    browser.send(f"/profile/corrections/{correction.pk}/cancel/", status=404)


def test_the_desk_looks_reveals_and_decides():
    """A reason first, then masked values, one revealed at a time, the document, the decision. [A-7, H-3, H-5]"""
    holder = build_pages.person()
    correction = asked(holder, "ssn", ssn="900445511")
    desk = build_pages.browser(tier_3())
    url = f"/manage-users/corrections/{correction.pk}/"
    assert "Social Security number" in build_pages.text_of(desk.open("/manage-users/corrections/"))
    desk.send(url, {"reason": "Request in the queue"})
    assert "5511" not in build_pages.text_of(desk.open(url))
    desk.send(f"{url}reveal/new_ssn/", {"reason": "To compare with the card"})
    page = build_pages.text_of(desk.open(url))
    assert "5511" in page
    assert "900445511" not in page
    said = desk.send(f"{url}decide/", {"verdict": "approve", "accepted": "on", "reason": "Card fits"})
    assert "You were the first of two" in build_pages.text_of(said)
    assert Entry.objects.filter(deed=Deed.DESK_REVEALED, subject=str(holder.pk)).count() == 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_queue_is_tier_3s_alone(number):
    """Nobody else finds the pages. [H-2, INV-14]"""
    account = [build_pages.person, build_pages.tier_1, build_pages.tier_2][number]()
    correction = asked(build_pages.person(), last="Meadow")
    browser = build_pages.browser(account)
    for path in ("/manage-users/corrections/", f"/manage-users/corrections/{correction.pk}/"):
        browser.open(path, status=403)


def test_replaced_names_are_those_of_the_decision():
    """What else the holder changed meanwhile stays. [A-7]"""
    holder = build_pages.person()
    correction = asked(holder, last="Meadow")
    Account.objects.filter(pk=holder.pk).update(phone="2025550177")
    decided(correction)
    facts = personal_facts(Account.objects.get(pk=holder.pk))
    assert (facts.last, facts.phone) == ("Meadow", "2025550177")
    assert replace(facts, last="x").first == "Robin"
