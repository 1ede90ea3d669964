"""When a form that was signed with a digital certificate counts as signed, and how much its certificate proves (F-8). Pure.

The document is ours, byte for byte, with one signature added and nothing else. The certificate says who signed; that
this is the official whom the form names is for somebody of the desk to confirm.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules import signing
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.signing import Asked, Signer, name_key

MOMENTS = ("good_from", "good_until", "said_at")


class Way(StrEnum):
    """How a form was signed."""

    CODE = "code"
    CERTIFICATE = "certificate"


class Refusal(StrEnum):
    """Stable codes; the words are in `forms/certificate_words.py`."""

    NOT_OFFERED = "certificate_not_offered"
    NOT_OUR_DOCUMENT = "certificate_not_our_document"
    NOT_SIGNED = "certificate_not_signed"
    SIGNED_TWICE = "certificate_signed_twice"
    DOCUMENT_CHANGED = "certificate_document_changed"
    SIGNATURE_BROKEN = "certificate_signature_broken"
    NOT_TRUSTED = "certificate_not_trusted"
    NOT_IN_FORCE = "certificate_not_in_force"
    REVOKED = "certificate_revoked"
    TOO_WEAK = "certificate_too_weak"
    UNREADABLE = "certificate_unreadable"


@dataclass(frozen=True)
class Certificate:
    """What the certificate of a good signature says. `fingerprint`: SHA-256, hexadecimal; `serial`: hexadecimal.

    `is_list_known`: whether a revocation list of its issuer was at hand; `said_at`: when the signer's program says
    that it signed, which nobody vouches for.
    """

    name: str
    organization: str
    mailboxes: tuple[str, ...]
    issuer: str
    serial: str
    fingerprint: str
    good_from: datetime
    good_until: datetime
    is_list_known: bool
    said_at: datetime | None = None

    def as_row(self) -> dict[str, Any]:
        """As JSON: what a child process answers, and what is kept with the signature."""
        moments = {name: getattr(self, name) for name in MOMENTS}
        told = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
        return {**asdict(self), "mailboxes": list(self.mailboxes), **told}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Certificate":
        moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in MOMENTS}
        return cls(**{**row, "mailboxes": tuple(row["mailboxes"]), **moments})


def may_sign(certificate: Certificate, asked: Asked, *, third_parties: Iterable[str]) -> Yes | No:
    """A third party's person never signs a provider's form, by whichever of their mailboxes they are known. [F-8]"""
    known = list(third_parties)
    mailboxes = (asked.official.mailbox, *certificate.mailboxes)
    if asked.is_providers and any(signing.is_known(one, known) for one in mailboxes):
        return No(signing.Refusal.THIRD_PARTY)
    return Yes("official")


def authority(certificate: Certificate, official: Signer, known: Iterable[Signer]) -> Authority:
    """Matched where the certificate itself names the official and their mailbox, and both are on file. [F-8]

    A certificate without a mailbox proves a name, and several people can have one: tier 2 calls back.
    """
    names_official = name_key(certificate.name) == name_key(official.name)
    if not names_official or not signing.is_known(official.mailbox, certificate.mailboxes):
        return Authority.CALLBACK_NEEDED
    return signing.authority(official, known)
