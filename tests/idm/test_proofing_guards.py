"""What the database refuses, and what no row, log or mail may show."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.pages.words import GENERIC, sentence_for
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.actions import begin_attempt
from bailiwick.idm.proofing.models import Attempt, Case
from bailiwick.idm.rules.proofing import Refusal, Verified
from tests.idm.build_proofing import AVERY, NOON, REFERENCE, answering, asks, by, call, consented, holder

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_the_mail_says_whom_to_call_and_with_what(settings):
    """Number, reference and what happens next, as text and as HTML; nothing that a stranger could use. [V-3, N-2]"""
    answering(settings, call())
    ada = holder()
    asks(ada)
    message = Message.objects.get(to=ada.email, kind="identity-call")
    body = json.loads(unseal(message.body, key=message.key))
    for text in body.values():
        assert REFERENCE in text
        assert "202-555-0143" in text
        assert "April 1, 2026" in text
        assert AVERY.ssn not in text


def test_a_name_reads_as_it_is_written(settings):
    """In plain text without HTML's spelling, in HTML with it. [N-2]"""
    answering(settings, Verified())
    zoe = holder(first="Zoë", last="O'Marrow-Fenn")
    asks(zoe)
    message = Message.objects.get(to=zoe.email, kind="identity-verified")
    body = json.loads(unseal(message.body, key=message.key))
    assert "Hello Zoë O'Marrow-Fenn," in body["text"]
    assert "Hello Zoë O&#x27;Marrow-Fenn," in body["html"]


def test_no_personal_value_is_on_the_ledger_or_in_a_row(settings):
    """Rows hold outcome, method, time and reference; the ledger holds ids. [V-7, L-1]"""
    answering(settings, call())
    asks(holder())
    told = (
        str(list(Entry.objects.values()))
        + str(list(Case.objects.values()))
        + str(list(Attempt.objects.values()))
    )
    for secret in ("900100001", "Quillfeather", "1979", "Larkspur", "2025550101", "avery@"):
        assert secret not in told


def test_a_request_does_not_show_a_person(settings):
    """Its repr, which a log line or an error report may carry, names the id only. [A-3]"""
    asked = answering(settings, Verified())
    asks(holder())
    shown = repr(asked.requests[0])
    for secret in ("900100001", "Quillfeather", "1979", "Larkspur", "2025550101"):
        assert secret not in shown


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_words(code):
    """A person never reads a code. [V-3]"""
    assert sentence_for(code, until=NOON) != str(GENERIC)


def test_an_account_has_one_unfinished_case():
    """The database keeps two tabs from opening two cases. [V-2]"""
    case = consented(holder())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(account=case.account, state="call", terms_version="1", consented_at=NOON)


def test_a_case_has_one_unanswered_attempt():
    """The database keeps two tabs from asking two questions. [V-6]"""
    ada = holder()
    attempt = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    attempt.pk = None
    attempt.vendor_request_id = "8c8c1c5c-1d6e-4c0a-b7d3-0b8a2f1f0a11"
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save(force_insert=True)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "verified"},
        {"method": "online"},
        {"verified_at": NOON},
        {"reference": REFERENCE},
        {"reference_expires_at": NOON},
    ],
)
def test_half_a_verification_cannot_be_stored(columns):
    """Verified without when, how and what, or a reference without an end, is refused by the database. [V-1]"""
    case = consented(holder())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**columns)
