"""A form signed with a digital certificate: our document, whole, one good signature; anything else is told what is wrong."""

import re
import time
from datetime import timedelta
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads.rules import Refusal as UploadRefusal
from bailiwick.spot.papers import checks
from bailiwick.spot.papers.anchors import anchors_at
from bailiwick.spot.papers.queries import form_to_sign
from bailiwick.spot.papers.signatures import verdict
from bailiwick.spot.rules.certificates import Refusal
from tests.spot.build_certificates import (
    NORA,
    NORAS_MAILBOX,
    holder,
    issuer,
    revoking,
    signed,
    signed_by_writer,
)
from tests.spot.build_forms import awaiting_case

NOW = clock.now()


@pytest.fixture(scope="module")
def ours(django_db_setup, django_db_blocker):
    """Our document of one form, typeset once."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        case, _token = awaiting_case()
        made = form_to_sign(case, case.revision)
        transaction.set_rollback(True)
    return made


@pytest.fixture(scope="module")
def nora():
    return holder(now=NOW)


def said_of(data, ours, *, anchors=None, now=NOW):
    answer = verdict(data, ours=len(ours), anchors=anchors or issuer().pem, now=now)
    return answer.get("refused") or answer["certificate"]


def test_a_good_signature_tells_who_signed(ours, nora):
    """Name, mailbox, issuer and the days of the certificate; and that no revocation list was at hand. [F-8]"""
    told = said_of(signed(ours, nora), ours)
    assert (told["name"], told["mailboxes"]) == (NORA, [NORAS_MAILBOX])
    assert "Pinecrest Certificates" in told["issuer"]
    assert told["is_list_known"] is False
    assert re.fullmatch(r"[0-9a-f]{64}", told["fingerprint"])


def test_a_signature_that_shows_on_the_page_is_as_good(ours, nora):
    """Programs draw a field where the signer likes it. [F-8]"""
    assert said_of(signed(ours, nora, box=(100, 100, 300, 160)), ours)["name"] == NORA


def test_a_slip_in_numbers_that_poppler_makes_is_no_objection(ours, nora):
    """A new object that counts itself as a second one: nothing of ours is touched. [F-8]"""
    assert said_of(with_second_one(ours, nora, 5_000), ours)["name"] == NORA


def test_our_document_is_tagged_steady_and_only_added_to(ours):
    """PDF/UA-1 like every paper; it asks programs to append; its text is the form's, the TIN masked. [F-8, F-10]"""
    document = pdfium.PdfDocument(ours)
    assert document.is_tagged()
    assert re.search(rb"/SigFlags 2", ours)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert "I sign the form and agree to the text above" in text
    assert "900450101" not in text


@pytest.mark.django_db
def test_the_same_form_is_the_same_document():
    """In another process and language: what was downloaded yesterday is known again today. [F-8]"""
    case, _token = awaiting_case()
    first = form_to_sign(case, case.revision)
    time.sleep(1.1)
    with translation.override("es"):
        assert form_to_sign(case, case.revision) == first


def other_certificate(ours, nora):
    return signed(ours, holder(now=NOW, by=issuer("Somebody Else")))


def expired(ours, nora):
    return signed(ours, holder(now=NOW, age=timedelta(days=400)))


def not_yet(ours, nora):
    return signed(ours, holder(now=NOW, age=timedelta(days=-2)))


def for_encryption_only(ours, nora):
    usage = {"digital_signature": False, "content_commitment": False, "key_encipherment": True}
    return signed(ours, holder(now=NOW, **usage))


def self_made(ours, nora):
    own = issuer("Nora's Own Issuer")
    return signed(ours, own)


def by_sha1(ours, nora):
    return signed(ours, nora, digest="sha1")


def twice(ours, nora):
    return signed(signed(ours, nora), nora, field="Second")


def text_over_a_page(ours, nora):
    """A note put on the last page before signing."""
    writer = IncrementalPdfFileWriter(BytesIO(ours))
    page_ref, _ = writer.find_page_for_modification(-1)
    note = writer.add_object(
        DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): ArrayObject(map(NumberObject, (0, 0, 600, 800))),
                pdf_name("/Contents"): pdf_string("The TIN is another one."),
            }
        )
    )
    page = page_ref.get_object()
    page[pdf_name("/Annots")] = ArrayObject([note])
    writer.update_container(page)
    return signed_by_writer(writer, nora)


def another_page(ours, nora):
    writer = IncrementalPdfFileWriter(BytesIO(ours))
    page_ref, _ = writer.find_page_for_modification(0)
    page = page_ref.get_object()
    page[pdf_name("/Contents")] = ArrayObject()
    writer.update_container(page)
    return signed_by_writer(writer, nora)


def changed_afterwards(ours, nora):
    writer = IncrementalPdfFileWriter(BytesIO(signed(ours, nora)))
    writer.root[pdf_name("/Lang")] = pdf_string("es")
    writer.update_root()
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def bytes_changed(ours, nora):
    """One sign of our text; the whole of it is under the signature."""
    done = bytearray(signed(ours, nora))
    done[len(ours) // 2] ^= 1
    return bytes(done)


def signature_changed(ours, nora):
    """Its last sign: what stands before are certificates that are sent along."""
    done = signed(ours, nora)
    start = done.rindex(b"/Contents <")
    at = start + len(done[start : done.index(b">", start)].rstrip(b"0")) - 3
    other = b"1" if done[at : at + 1] != b"1" else b"2"
    return done[:at] + other + done[at + 1 :]


def more_behind(ours, nora):
    return signed(ours, nora) + b"\n% and more\n"


def unsigned(ours, nora):
    return ours


def cut_off(ours, nora):
    return signed(ours, nora)[:-2000]


def empty_signature(ours, nora):
    done = signed(ours, nora)
    start = done.rindex(b"/Contents <") + len(b"/Contents <")
    end = done.index(b">", start)
    return done[:start] + b"0" * (end - start) + done[end:]


def deep_signature(ours, nora):
    """Nested for ever where a signature should be."""
    done = signed(ours, nora)
    start = done.rindex(b"/Contents <") + len(b"/Contents <")
    end = done.index(b">", start)
    return done[:start] + (b"3080" * (end - start))[: end - start] + done[end:]


def with_second_one(ours, nora, number):
    """Behind our document, before the signature, an object that says of itself that it is the second with its number."""
    at = ours.rindex(b"startxref") + len(b"startxref")
    before = int(ours[at:].split()[0])
    size, root = re.findall(rb"/Size (\d+)\s*/Root (\d+ 0 R)", ours)[-1]
    start = len(ours)
    made = b"%d 1 obj\n<< /Type /Other >>\nendobj\n" % number
    table = b"xref\n%d 1\n%010d 00001 n \ntrailer\n<< /Size %d /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    grown = max(int(size), number + 1)
    end = table % (number, start, grown, root, before, start + len(made))
    writer = IncrementalPdfFileWriter(BytesIO(ours + made + end), strict=False)
    return signed_by_writer(writer, nora)


def a_second_page(ours, nora):
    return with_second_one(ours, nora, 1)


CORPUS = {
    a_second_page: {Refusal.DOCUMENT_CHANGED},
    other_certificate: {Refusal.NOT_TRUSTED},
    expired: {Refusal.NOT_IN_FORCE},
    not_yet: {Refusal.NOT_IN_FORCE},
    for_encryption_only: {Refusal.NOT_TRUSTED},
    self_made: {Refusal.NOT_TRUSTED},
    by_sha1: {Refusal.TOO_WEAK, Refusal.SIGNATURE_BROKEN, Refusal.UNREADABLE},
    twice: {Refusal.SIGNED_TWICE},
    text_over_a_page: {Refusal.DOCUMENT_CHANGED},
    another_page: {Refusal.DOCUMENT_CHANGED},
    changed_afterwards: {Refusal.DOCUMENT_CHANGED},
    bytes_changed: {Refusal.SIGNATURE_BROKEN, Refusal.DOCUMENT_CHANGED, Refusal.UNREADABLE},
    signature_changed: {Refusal.SIGNATURE_BROKEN, Refusal.UNREADABLE},
    more_behind: {Refusal.DOCUMENT_CHANGED, Refusal.UNREADABLE},
    unsigned: {Refusal.NOT_SIGNED},
    cut_off: {Refusal.UNREADABLE},
    empty_signature: {Refusal.UNREADABLE, Refusal.SIGNATURE_BROKEN},
    deep_signature: {Refusal.UNREADABLE, Refusal.SIGNATURE_BROKEN},
}


@pytest.mark.parametrize("made", CORPUS, ids=lambda made: made.__name__)
def test_what_is_not_this_form_signed_once_and_well_does_not_count(ours, nora, made):
    """Whoever signed, whatever was added, whenever: a refusal with its own sentence, never an error. [F-8]"""
    assert said_of(made(ours, nora), ours) in CORPUS[made]


def test_a_revoked_certificate_signs_nothing(ours, nora):
    """A revocation list beside the issuer in the file of anchors is heeded; one without this certificate is said to be known. [F-8]"""
    good, bad = signed(ours, nora), holder(now=NOW)
    anchors = issuer().pem + revoking(bad, now=NOW)
    assert said_of(signed(ours, bad), ours, anchors=anchors) == Refusal.REVOKED
    assert said_of(good, ours, anchors=anchors)["is_list_known"] is True


def test_what_a_certificate_says_stays_on_one_line(ours):
    """Names come from outside: no line breaks, no signs that steer, no longer than a name. [AX23]"""
    one = holder("Nora\r\nBcc: x\u202e<b>" + "x" * 40, now=NOW)
    told = said_of(signed(ours, one), ours)
    assert told["name"].startswith("Nora Bcc: x <b>xxx")
    assert len(told["name"]) <= 200


@pytest.mark.parametrize(
    "text",
    ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "KEY"],
)
def test_a_file_of_anchors_that_cannot_be_read_stops_the_start(tmp_path, text):
    """Also one with a private key in it, which belongs nowhere here. [F-8]"""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = issuer().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    path = tmp_path / "anchors.pem"
    path.write_text(issuer().pem + key if text == "KEY" else text)
    with pytest.raises(ValueError, match="SIGNATURE_ANCHORS"):
        anchors_at(path)


def test_a_file_of_anchors_is_read_whole(tmp_path):
    """Certificates and revocation lists; none at all means that nobody signs with a certificate. [F-8]"""
    path = tmp_path / "anchors.pem"
    path.write_text(issuer().pem + revoking(now=NOW))
    assert anchors_at(path) == path.read_text()
    assert anchors_at(None) == ""


def sent(data):
    return SimpleUploadedFile("signed.pdf", data, content_type="application/pdf")


@pytest.mark.django_db
def test_an_upload_goes_through_the_door_of_all_files_first(settings):
    """Kind by content, what stands behind the end, then ours byte by byte; each with a code of its own. [F-8, SR-37]"""
    settings.SIGNATURE_ANCHORS = issuer().pem
    case, _token = awaiting_case()
    ours, now = form_to_sign(case, case.revision), clock.now()
    good = signed(ours, holder(now=now))

    def told(data):
        with pytest.raises(Refused) as caught:
            checks.signed_document(sent(data), case=case, revision=case.revision, now=now)
        return caught.value.code

    content, certificate = checks.signed_document(sent(good), case=case, revision=case.revision, now=now)
    assert content.data == good
    assert certificate.name == NORA
    assert told(b"") is UploadRefusal.EMPTY
    assert told(b"MZ" + good) is UploadRefusal.WRONG_KIND
    assert told(good + b"PK\x03\x04") is UploadRefusal.MORE_THAN_ONE
    assert told(signed(pdf_of_somebody(), holder(now=now))) is Refusal.NOT_OUR_DOCUMENT
    assert told(ours) is Refusal.NOT_SIGNED
    settings.SIGNATURE_ANCHORS = ""
    assert told(good) is Refusal.NOT_OFFERED


def pdf_of_somebody() -> bytes:
    """A PDF with a page, not ours."""
    from pypdf import PdfWriter

    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(made)
    return made.getvalue()
