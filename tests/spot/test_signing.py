"""Signing a form: code, attestation, evidence, and who is told."""

import hashlib
import random
from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.actions.signing import send_signing_code
from bailiwick.spot.forms.models import AccessCode, Invitation, Signature
from bailiwick.spot.payers.port import Match, NoMatch, Unavailable
from bailiwick.spot.rules import forms as form_rules
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.signing import Refusal, Text, is_valid
from tests.spot.build_enrollment import enrolled
from tests.spot.build_forms import VISITOR, awaiting_case
from tests.spot.build_payers import on_file as provider_named
from tests.spot.build_signing import (
    OFFICIAL,
    code_for,
    mails,
    minutes,
    newest_token,
    refusal_of,
    sign_now,
    text_of,
)

pytestmark = pytest.mark.django_db

PELICAN = provider_named("Pelican Cove Dermatology")


def written():
    return Signature.objects.count(), Entry.objects.filter(deed=Deed.FORM_SIGNED).count()


# --- What is recorded -------------------------------------------------------------------------------


def test_a_signature_records_its_evidence(settings):
    """Name, title, time with zone, address of origin, digest, form and agreement version. [F-8]"""
    case, token = awaiting_case()
    now = clock.now()
    signature = sign_now(token, case, now=now, typed_name="nora  CASTELLAN")
    kind = queries.kind_of(case)
    assert (signature.name, signature.title, signature.email) == (
        "Nora Castellan",
        "Owner",
        "nora.castellan@pelicancove.example",
    )
    assert signature.typed_name == "nora  CASTELLAN"
    assert (signature.signed_at, signature.zone) == (now, settings.TIME_ZONE)
    assert signature.source == OFFICIAL.source
    assert signature.digest == hashlib.sha256(queries.canonical_of(case).encode()).hexdigest()
    assert signature.form_version == str(kind.version)
    assert signature.agreement_version == kind.agreement.version
    assert signature.authority == form_rules.Authority.MATCHED


def test_a_signed_form_is_with_the_desk():
    """The signature submits the form and uses the link up; the ledger has it once. [F-7, F-8]"""
    case, token = awaiting_case()
    sign_now(token, case)
    case.refresh_from_db()
    assert case.state == form_rules.State.SUBMITTED
    assert case.submitted_at is not None
    assert Invitation.objects.get(case=case).state == "used"
    assert Entry.objects.filter(deed=Deed.FORM_SIGNED).count() == 1


def test_the_ledger_keeps_no_name_and_no_mailbox():
    """A signature is on the ledger by digest and authority; persons are on the case. [L-2]"""
    case, token = awaiting_case()
    sign_now(token, case)
    entry = Entry.objects.get(deed=Deed.FORM_SIGNED)
    assert "nora" not in str(entry.about).casefold()
    assert entry.about["authority"] == "matched"


# --- The code ---------------------------------------------------------------------------------------


def test_a_code_goes_to_the_mailbox_of_the_link():
    """To no other, and its body goes when it is delivered. [F-8]"""
    case, token = awaiting_case()
    code_for(token)
    (mail,) = mails(kind="form-signing-code")
    assert mail.to == "nora.castellan@pelicancove.example"
    assert mail.is_secret
    assert case.tracking in text_of(mail)


def test_only_a_digest_of_the_code_is_kept():
    """A copy of the database signs nothing. [F-8]"""
    _, token = awaiting_case()
    code = code_for(token)
    kept = AccessCode.objects.get(purpose="signing")
    assert code.encode() not in bytes(kept.digest)
    assert bytes(kept.digest) != hashlib.sha256(code.encode()).digest()


def test_a_newer_code_voids_the_older():
    """One code waits at a time. [F-8]"""
    case, token = awaiting_case()
    now = clock.now()
    old = code_for(token, now=now)
    new = code_for(token, now=now + minutes(1))
    if old != new:
        assert refusal_of(sign_now, token, case, code=old, now=now + minutes(2)) == Refusal.CODE_WRONG
    assert sign_now(token, case, code=new, now=now + minutes(2))


def test_three_wrong_codes_void_the_code():
    """The fourth try is refused although it is right. [F-8, S-2]"""
    case, token = awaiting_case()
    code = code_for(token)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(3):
        assert refusal_of(sign_now, token, case, code=wrong) == Refusal.CODE_WRONG
    assert refusal_of(sign_now, token, case, code=code) == Refusal.CODE_WRONG
    assert written() == (0, 0)
    refused = Entry.objects.filter(deed=Deed.FORM_CODE_REFUSED)
    assert refused.count() == 4
    assert sign_now(token, case, now=clock.now() + minutes(1))


def test_a_code_lasts_thirty_minutes():
    """To the minute. [F-8, S-2]"""
    case, token = awaiting_case()
    now = clock.now()
    code = code_for(token, now=now)
    assert refusal_of(sign_now, token, case, code=code, now=now + minutes(30)) == Refusal.CODE_WRONG
    assert sign_now(token, case, code=code, now=now + minutes(29.9))


def test_codes_are_sent_every_thirty_seconds_and_five_an_hour():
    """Whoever has the link cannot flood the mailbox. [F-8]"""
    _, token = awaiting_case()
    now = clock.now()
    send = {"invitation_token": token, "by": OFFICIAL}
    send_signing_code(**send, now=now)
    assert refusal_of(send_signing_code, **send, now=now + minutes(0.4)) == form_rules.Refusal.CODE_TOO_SOON
    for number in range(1, 5):
        send_signing_code(**send, now=now + minutes(number))
    assert refusal_of(send_signing_code, **send, now=now + minutes(6)) == form_rules.Refusal.CODES_TOO_MANY
    send_signing_code(**send, now=now + minutes(61))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"typed_name": "Ivo Marsh"}, Refusal.NAME_DIFFERS),
        ({"title_attested": False}, Refusal.TITLE_NOT_ATTESTED),
        ({"authority_attested": "delegated"}, Refusal.STANDING_DIFFERS),
        ({"authority_attested": ""}, Refusal.STANDING_DIFFERS),
        ({"seen_digest": "0" * 64}, Refusal.FORM_CHANGED),
        ({"seen_digest": ""}, Refusal.FORM_CHANGED),
        ({"on_file": Unavailable()}, Refusal.PAYER_UNAVAILABLE),
    ],
)
def test_a_slip_costs_no_try_and_no_code(changes, refusal):
    """What can be seen without the code is refused before a try at it is counted. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    for _ in range(4):
        assert refusal_of(sign_now, token, case, code=code, **changes) == refusal
    assert written() == (0, 0)
    assert AccessCode.objects.get(purpose="signing").tries == 0
    assert sign_now(token, case, code=code)


def test_what_the_payer_said_of_other_numbers_vouches_for_nobody():
    """An answer about another provider is no answer about this one. [F-8]"""
    case, token = awaiting_case()
    other = Match(provider_named("Larkspur Regional Health"))
    assert refusal_of(sign_now, token, case, on_file=other) == Refusal.FORM_CHANGED


# --- The link ---------------------------------------------------------------------------------------


def test_a_link_signs_once():
    """The second time it says that the form is signed. [F-8]"""
    case, token = awaiting_case()
    sign_now(token, case)
    assert refusal_of(code_for, token) == Refusal.LINK_USED


def test_a_link_lasts_fourteen_days():
    """To the second, whether a job ran or not. [F-8]"""
    _, token = awaiting_case()
    expires = Invitation.objects.get().expires_at
    assert expires - Invitation.objects.get().sent_at == timedelta(days=14)
    assert refusal_of(code_for, token, now=expires) in (Refusal.LINK_EXPIRED, Refusal.LINK_VOID)
    code_for(token, now=expires - minutes(1))


def test_only_a_digest_of_the_link_is_kept():
    """256 random bits, of which the database has the SHA-256. [F-8]"""
    _, token = awaiting_case()
    assert bytes(Invitation.objects.get().token_digest) == hashlib.sha256(token.encode()).digest()
    assert len(token) == 43


def test_a_newer_link_voids_the_older_and_its_code():
    """A code that was mailed for one link signs through no other. [F-8]"""
    case, old = awaiting_case()
    now = clock.now()
    code = code_for(old, now=now)
    actions.resend_invitation(case=case, by=VISITOR, now=now + minutes(1))
    new = newest_token()
    assert new != old
    assert refusal_of(sign_now, old, case, code=code, now=now + minutes(2)) == Refusal.LINK_VOID
    assert refusal_of(sign_now, new, case, code=code, now=now + minutes(2)) == Refusal.CODE_WRONG
    assert sign_now(new, case, now=now + minutes(3))


# --- Any change afterwards voids it -----------------------------------------------------------------


def change(case, **answers):
    case.refresh_from_db()
    now = clock.now()
    block = {"official_title": "official", "contact_phone": "contact", "city": "address"}[next(iter(answers))]
    held = queries.answers_of(case)
    codes = [field.code for field in queries.kind_of(case).block(block).fields]
    kept = {code: held.get(code, "") for code in codes}
    return actions.save_answers(
        case=case,
        block=block,
        answers={**kept, **answers},
        expected_revision=case.revision,
        by=VISITOR,
        now=now,
    )


def live_text(signature):
    return Text(signature.revision, signature.digest, signature.form_version, signature.agreement_version)


def test_changing_a_signed_form_voids_the_signature():
    """It stays as evidence, and counts no more. [F-8]"""
    case, token = awaiting_case()
    signature = sign_now(token, case)
    change(case, city="Bradenton")
    signature.refresh_from_db()
    case.refresh_from_db()
    assert signature.state == "void"
    assert queries.live_signature(case) is None
    assert case.state == form_rules.State.DRAFT


@pytest.mark.parametrize("seed", range(8))
def test_no_order_of_acts_leaves_a_signature_on_a_changed_form(seed):
    """Ask, sign, change in any order: a live signature is of the present revision and digest, or there is none. [F-8]"""
    dice = random.Random(seed)
    case, token = awaiting_case()
    now = clock.now()
    for step in range(10):
        now += minutes(15)
        act = dice.choice(["change", "sign", "ask", "sign"])
        case.refresh_from_db()
        if act == "change":
            refusal_of(change, case, city=f"City {step}")
        elif act == "sign":
            refusal_of(sign_now, token, case, now=now)
        elif not refusal_of(
            actions.ask_for_signature, case=case, expected_revision=case.revision, by=VISITOR, now=now
        ):
            token = newest_token()
        case.refresh_from_db()
        version, kind = queries.version_of(case), queries.kind_of(case)
        current = Text(case.revision, version.digest, str(kind.version), kind.agreement.version)
        signature = queries.live_signature(case)
        assert (case.state == form_rules.State.SUBMITTED) == (signature is not None)
        assert signature is None or is_valid(live_text(signature), current, is_live=True)


# --- Authority, and who is told ---------------------------------------------------------------------


def test_a_delegated_official_on_file_has_authority():
    """Delegated officials are part of the payer file. [F-8]"""
    answers = {
        "official_name": "Ivo Marsh",
        "official_title": "Office Manager",
        "official_email": "Ivo.Marsh@pelicancove.example",
        "official_standing": "delegated",
    }
    case, token = awaiting_case(**answers)
    assert sign_now(token, case).authority == form_rules.Authority.MATCHED


def test_the_approver_may_be_the_official():
    """In a small practice one person is both. [F-8]"""
    answers = {"approver_name": "Nora Castellan", "approver_email": "nora.castellan@pelicancove.example"}
    case, token = awaiting_case(**answers)
    assert sign_now(token, case).authority == form_rules.Authority.MATCHED


def test_an_official_whom_the_file_does_not_know_is_called_back():
    """The form goes on to the desk, which has to call. [F-8]"""
    case, token = awaiting_case(official_name="Nora Castellane")
    assert sign_now(token, case).authority == form_rules.Authority.CALLBACK_NEEDED


def test_numbers_the_file_does_not_know_are_called_back():
    """A no of the payer is no ground for authority, whoever signs. [F-8]"""
    case, token = awaiting_case()
    assert sign_now(token, case, on_file=NoMatch()).authority == form_rules.Authority.CALLBACK_NEEDED


def test_every_signature_is_told_to_the_contact_on_file():
    """With signer, approver and contact by mailbox, and a phone number to call. [F-8]"""
    case, token = awaiting_case()
    sign_now(token, case)
    (mail,) = mails(to=PELICAN.contact_mailbox, kind="form-signed-warning")
    text, answers = text_of(mail), queries.answers_of(case)
    for told in (answers["official_email"], answers["approver_email"], case.contact_email, case.tracking):
        assert told in text
    assert answers["tin"] not in text


def test_every_signature_is_told_to_approver_and_backup_of_the_same_tin():
    """Whoever holds an enrollment with this TIN hears of it. [F-8]"""
    enrolled(
        legal_name="Pelican Cove Laboratory",
        tin=PELICAN.tin,
        approver={"name": "Ann Holder", "email": "ann@pelicanlab.example", "phone": "2025550111"},
        backup={"name": "Ben Holder", "email": "ben@pelicanlab.example", "phone": "2025550112"},
    )
    case, token = awaiting_case()
    sign_now(token, case)
    for mailbox in ("ann@pelicanlab.example", "ben@pelicanlab.example"):
        assert len(mails(to=mailbox, kind="form-signed-warning")) == 1


def test_signer_and_contact_get_a_receipt():
    """One each, with the fingerprint of what was signed. [F-8]"""
    case, token = awaiting_case()
    signature = sign_now(token, case)
    receipts = mails(kind="form-signed")
    assert sorted(mail.to for mail in receipts) == sorted([signature.email, case.contact_email])
    assert all(signature.digest in text_of(mail) for mail in receipts)
