"""Looks into one signed PDF: a process of its own, with little memory and time, that ends with what the signature proves.

`python -I -m bailiwick.spot.papers.signatures <bytes of our document> <seconds since 1970>` reads from its input a line of
JSON, {"anchors": PEM text}, and then the file. It prints JSON: {"certificate": {…}} or {"refused": code}. What a hostile
file can do to a parser it does here, where nothing is to be had; nothing is fetched from anywhere.
"""

import json
import logging
import sys
import warnings
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, FormUpdatingRule, StandardDiffPolicy
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from bailiwick.ground.uploads.inspecting import limit_resources
from bailiwick.spot.rules.certificates import Certificate, Refusal

LONGEST_NAME = 200
MOST_MAILBOXES = 10
# Either is used for signing documents, by different issuers.
USAGES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
WEAK = frozenset(
    {
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    }
)


class Objection(Exception):
    """Why the signature does not count."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def main(ours: str, now: str) -> None:
    limit_resources()
    logging.disable()
    said = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    moment = datetime.fromtimestamp(int(now), UTC)
    sys.stdout.write(json.dumps(verdict(data, ours=int(ours), anchors=said["anchors"], now=moment)))


def verdict(data: bytes, *, ours: int, anchors: str, now: datetime) -> dict[str, Any]:
    """`ours`: how many bytes of the file, from its beginning, are our document. Whatever breaks a parser is UNREADABLE."""
    warnings.simplefilter("ignore")
    try:
        found = certificate_of(data, ours=ours, anchors=anchors, now=now)
    except Objection as objection:
        return {"refused": objection.refusal.value}
    except Exception:  # noqa: BLE001 - of what went wrong in a hostile file nothing is told
        return {"refused": Refusal.UNREADABLE.value}
    return {"certificate": found.as_row()}


def certificate_of(data: bytes, *, ours: int, anchors: str, now: datetime) -> Certificate:
    """One signature on the whole file, which is our document and nothing else. Raises Objection."""
    reader = _opened(data)
    signature = _only_signature(reader)
    _demand_nothing_else(reader, ours)
    roots, lists = _anchors_in(anchors)
    context = ValidationContext(
        trust_roots=roots, moment=now, allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(signature, context, key_usage_settings=USAGES, skip_diff=True)
    _demand_good(status, now)
    _demand_unrevoked(status, lists)
    fresh = [one for one in lists if one["tbs_cert_list"]["next_update"].native >= now]
    return _told(status, signature, fresh)


def _opened(data: bytes) -> PdfFileReader:
    """Read strictly, but for one slip: Poppler, which many sign with, numbers new objects as if they were second ones."""
    try:
        return PdfFileReader(BytesIO(data), strict=True)
    except PdfStrictReadError as error:
        if "orphaned generation" not in str(error):
            raise
    reader = PdfFileReader(BytesIO(data), strict=False)
    reader.strict = True
    return reader


def _only_signature(reader: PdfFileReader) -> EmbeddedPdfSignature:
    found = reader.embedded_signatures
    if not found:
        raise Objection(Refusal.NOT_SIGNED)
    if len(found) > 1:
        raise Objection(Refusal.SIGNED_TWICE)
    return found[0]


def _demand_nothing_else(reader: PdfFileReader, ours: int) -> None:
    """Behind the end of our document stands the signature: no other page, text, note or field (shadow attacks)."""
    revisions = range(reader.xrefs.total_revisions)
    own = [one for one in revisions if reader.xrefs.get_startxref_for_revision(one) < ours]
    refs = [reader.xrefs.explicit_refs_in_revision(one) for one in revisions]
    ids = {ref.idnum for one in own for ref in refs[one]}
    # A second one of an object of ours: what is shown would depend on who reads it.
    if any(ref.generation and ref.idnum in ids for one in revisions if one not in own for ref in refs[one]):
        raise Objection(Refusal.DOCUMENT_CHANGED)
    form_rule = FormUpdatingRule(
        DEFAULT_DIFF_POLICY.form_rule.field_rules,
        # Whoever signs says in the form's flags that there is a signature now.
        ignored_acroform_keys=ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    )
    policy = StandardDiffPolicy(DEFAULT_DIFF_POLICY.global_rules, form_rule)
    changes = policy.review_file(reader, base_revision=max(own))
    if not isinstance(changes, DiffResult):
        raise Objection(Refusal.DOCUMENT_CHANGED)


def _demand_good(status: PdfSignatureStatus, now: datetime) -> None:
    if not (status.intact and status.valid):
        raise Objection(Refusal.SIGNATURE_BROKEN)
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise Objection(Refusal.DOCUMENT_CHANGED)
    if status.revoked:
        raise Objection(Refusal.REVOKED)
    if not status.signing_cert.not_valid_before <= now <= status.signing_cert.not_valid_after:
        raise Objection(Refusal.NOT_IN_FORCE)
    if not status.trusted:
        is_weak = status.trust_problem_indic in WEAK
        raise Objection(Refusal.TOO_WEAK if is_weak else Refusal.NOT_TRUSTED)


def _demand_unrevoked(status: PdfSignatureStatus, lists: list[crl.CertificateList]) -> None:
    """The operator's own lists hold, for each certificate on the way to the issuer that is trusted, however old they are."""
    revoked = {
        (one.issuer.hashable, entry["user_certificate"].native)
        for one in lists
        for entry in one["tbs_cert_list"]["revoked_certificates"]
    }
    if any((one.issuer.hashable, one.serial_number) in revoked for one in status.validation_path):
        raise Objection(Refusal.REVOKED)


def _told(status: PdfSignatureStatus, signature: EmbeddedPdfSignature, lists: list[Any]) -> Certificate:
    signer = status.signing_cert
    subject, issuer = signer.subject.native, signer.issuer
    alternative = signer.subject_alt_name_value
    mailboxes = [one.native for one in alternative if one.name == "rfc822_name"] if alternative else []
    old_way = subject.get("email_address")
    return Certificate(
        name=_line(subject.get("common_name")),
        organization=_line(subject.get("organization_name")),
        mailboxes=tuple(_line(one) for one in [*mailboxes, *([old_way] if old_way else [])][:MOST_MAILBOXES]),
        issuer=_line(issuer.human_friendly),
        serial=f"{signer.serial_number:x}",
        fingerprint=signer.sha256.hex(),
        good_from=signer.not_valid_before,
        good_until=signer.not_valid_after,
        is_list_known=any(one.issuer == issuer for one in lists),
        said_at=signature.self_reported_timestamp,
    )


def _line(value: Any) -> str:
    """What a certificate says, on one line and no longer than a name: it comes from outside."""
    text = value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_NAME]


def _anchors_in(text: str) -> tuple[list[x509.Certificate], list[crl.CertificateList]]:
    """The certificates and revocation lists of a PEM text."""
    roots, lists = [], []
    for kind, _headers, content in pem.unarmor(text.encode(), multiple=True):
        if kind == "CERTIFICATE":
            roots.append(x509.Certificate.load(content))
        elif kind == "X509 CRL":
            lists.append(crl.CertificateList.load(content))
    return roots, lists


if __name__ == "__main__":
    main(*sys.argv[1:])
