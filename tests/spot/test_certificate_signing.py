"""Signing with a digital certificate, from the page to the desk that confirms it (F-8)."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.uploads.models import Upload
from bailiwick.ground.uploads.rules import Content, Kind
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.signing import Refusal as SigningRefusal
from tests.spot.build_certificates import holder, issuer, proof, signed
from tests.spot.build_desk import approving, by_of, desk, seated
from tests.spot.build_enrollment import enrolled
from tests.spot.build_forms import awaiting_case
from tests.spot.build_signing import OFFICIAL, mails, on_file, refusal_of, text_of
from tests.spot.test_papers import text_of as pdf_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anchors(settings):
    settings.SIGNATURE_ANCHORS = issuer().pem


def send(token, data):
    file = SimpleUploadedFile("anything.exe", data, content_type="text/html")
    return Client().post(f"/sign/{token}/document/", {"document": file})


def signed_case(**changes):
    """A case signed with a certificate, by the action; what the document is does not matter there."""
    case, token = awaiting_case()
    given = {"certificate": proof(), "on_file": on_file(case), **changes}
    actions.sign_with_certificate(
        invitation_token=token,
        seen_digest=queries.version_of(case).digest,
        content=Content(Kind.PDF, b"%PDF-1.7 signed"),
        by=OFFICIAL,
        now=clock.now(),
        **given,
    )
    case.refresh_from_db()
    return case


def test_an_official_signs_the_document_and_the_desk_confirms_it(provider):
    """Download, sign, send; the desk sees the certificate, confirms with a note, and only then can approve. [F-8]"""
    case, token = awaiting_case()
    assert f"/sign/{token}/document/" in Client().get(f"/sign/{token}/").content.decode()
    assert Client().get(f"/sign/{token}/document/").status_code == 200
    ours = Client().get(f"/sign/{token}/form.pdf")
    assert ours["Content-Type"] == "application/pdf"
    answer = send(token, signed(ours.content, holder(now=clock.now())))
    assert (answer.status_code, answer["Location"]) == (302, f"/sign/{token}/")
    page = Client().get(f"/sign/{token}/").content.decode()
    assert "A digital certificate of Nora Castellan" in page
    assert "900450101" not in pdf_text(Client().get(f"/sign/{token}/signed.pdf").content)

    case.refresh_from_db()
    todd, session = seated(provider)
    one = replace(desk(), key=str(session.person_id))
    actions.take(case=case, desk=one, by=by_of(one), now=clock.now())
    shown = todd.get(f"/desk/{case.tracking}/").content.decode()
    assert "Pinecrest Certificates" in shown
    assert refusal_of(approving, case, one) == Refusal.DOCUMENT_UNCONFIRMED
    kept = todd.get(f"/desk/{case.tracking}/document.pdf")
    assert kept.content.startswith(ours.content)
    assert "sandbox" in kept["Content-Security-Policy"]
    path = f"/desk/{case.tracking}/confirm/"
    assert todd.post(path, {"revision": case.revision, "compared": "on"}).status_code == 422
    said = {"revision": case.revision, "compared": "on", "note": "Same name; looked up at the issuer."}
    assert todd.post(path, said).status_code == 302
    assert todd.post(path, said).status_code == 409
    evidence = pdf_text(todd.get(f"/desk/{case.tracking}/signed.pdf").content)
    for words in ("A digital certificate", "Pinecrest Certificates", "looked up at the issuer"):
        assert words in evidence
    assert Entry.objects.filter(deed="form:document:confirmed").count() == 1
    assert isinstance(approving(case, one), EnrollmentRecord)


def test_what_is_no_good_document_is_told_and_nothing_is_signed():
    """The sentence stands at the file; the link stays good. [F-8]"""
    _case, token = awaiting_case()
    answer = send(token, b"%PDF-1.7\n")
    assert answer.status_code == 422
    assert "damaged" in answer.content.decode()
    assert Client().post(f"/sign/{token}/document/", {}).status_code == 422
    assert not Signature.objects.exists()
    assert not Upload.objects.exists()


def test_without_trusted_issuers_the_way_is_closed(settings):
    """Nothing is offered, nothing taken: officials sign with a code. [F-8]"""
    settings.SIGNATURE_ANCHORS = ""
    _case, token = awaiting_case()
    assert "/document/" not in Client().get(f"/sign/{token}/").content.decode()
    assert Client().get(f"/sign/{token}/form.pdf").status_code == 302
    assert send(token, b"%PDF-1.7\n").status_code == 302
    assert Client().get(f"/sign/{'x' * 43}/document/").status_code == 404
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("changes", "authority"),
    [
        ({}, Authority.MATCHED),
        ({"name": "Nora A. Castellan"}, Authority.CALLBACK_NEEDED),
        ({"name": "Ivo Marsh", "mailboxes": ("ivo.marsh@pelicancove.example",)}, Authority.CALLBACK_NEEDED),
        ({"mailboxes": ()}, Authority.CALLBACK_NEEDED),
        ({"mailboxes": ("nora@elsewhere.example",)}, Authority.CALLBACK_NEEDED),
    ],
)
def test_a_certificate_matches_by_name_and_mailbox_of_the_forms_official(changes, authority):
    """Anything less, and tier 2 calls back on a number on file. [F-8]"""
    case = signed_case(certificate=proof(**changes))
    assert queries.live_signature(case).authority == authority


def test_everybody_is_told_of_such_a_signature_as_of_any_other():
    """Official and contact get a receipt; the contact on file and the approvers a warning. [F-8]"""
    signed_case()
    assert {one.kind for one in mails() if one.kind.startswith("form-signed")} == {
        "form-signed",
        "form-signed-warning",
    }
    assert "Nora Castellan" in text_of(mails(kind="form-signed")[-1])


def test_a_third_partys_certificate_signs_for_no_provider():
    """By whichever mailbox: that of the form, or one in the certificate. [F-8]"""
    record = enrolled(kind="billing_service")
    clerk = proof(mailboxes=(record.approver_email,))
    assert refusal_of(signed_case, certificate=clerk) == SigningRefusal.THIRD_PARTY
    assert not Signature.objects.exists()
    assert not Upload.objects.exists()


def test_a_change_voids_it_and_the_document_stays_as_evidence():
    """A signature on another form is none. [F-8]"""
    case = signed_case()
    answers = queries.answers_of(case)
    part = {
        field.code: answers[field.code]
        for field in queries.kind_of(case).block("contact").fields
        if field.code in answers
    }
    actions.save_answers(
        case=case,
        block="contact",
        answers={**part, "contact_phone": "2025550199"},
        expected_revision=case.revision,
        by=OFFICIAL,
        now=clock.now(),
    )
    assert queries.live_signature(Case.objects.get(pk=case.pk)) is None
    assert Upload.objects.get().state == "open"
