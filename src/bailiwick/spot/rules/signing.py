"""When an official may sign a form, when a signature counts, and whether its signer is known to have the right (F-8).

A signature is bound to one text: case revision, SHA-256 of the canonical answers, form version and agreement version.
Any other of the four, and it is no signature. Names are compared as people write them; mailboxes sign by sign, because
a mailbox that only looks alike is somebody else's.
"""

import string
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.forms import Authority, State

LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# Signs of one meaning that keyboards and payer files write differently.
SAME = str.maketrans(
    {"\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-", ".": " ", ",": " "}
)


class Refusal(StrEnum):
    """Stable codes; the words are in `forms/signing_words.py`."""

    LINK_UNKNOWN = "signing_link_unknown"
    LINK_USED = "signing_link_used"
    LINK_VOID = "signing_link_void"
    LINK_EXPIRED = "signing_link_expired"
    FORM_CHANGED = "signing_form_changed"
    THIRD_PARTY = "signing_third_party"
    NAME_DIFFERS = "signing_name_differs"
    TITLE_NOT_ATTESTED = "signing_title_not_attested"
    STANDING_DIFFERS = "signing_standing_differs"
    PAYER_UNAVAILABLE = "signing_payer_unavailable"
    CODE_WRONG = "signing_code_wrong"


class LinkState(StrEnum):
    """What is stored of an invitation; that it is too old is computed."""

    LIVE = "live"
    USED = "used"
    VOID = "void"


class LinkEvent(StrEnum):
    SIGN = "sign"
    REPLACE = "replace"
    CHANGE = "change"


LINK_STEPS: dict[LinkState, dict[LinkEvent, LinkState]] = {
    LinkState.LIVE: {
        LinkEvent.SIGN: LinkState.USED,
        LinkEvent.REPLACE: LinkState.VOID,
        LinkEvent.CHANGE: LinkState.VOID,
    },
    LinkState.USED: {},
    LinkState.VOID: {},
}


@dataclass(frozen=True)
class Text:
    """Exactly what is signed. `digest`: SHA-256 of the canonical answers, in hexadecimal."""

    revision: int
    digest: str
    form_version: str
    agreement_version: str


@dataclass(frozen=True)
class Signer:
    """A name and a mailbox, as the form, the payer file or an enrollment record has them."""

    name: str
    mailbox: str


@dataclass(frozen=True)
class Link:
    """An invitation as it stands; `revision` is the one that it asks somebody to sign."""

    state: LinkState
    revision: int
    expires_at: datetime


@dataclass(frozen=True)
class Attestation:
    """What the signer said and typed. `standing`: "authorized" or "delegated"."""

    typed_name: str
    is_title_attested: bool
    standing: str


@dataclass(frozen=True)
class Asked:
    """What the form says of its official, and whether the form is a provider's."""

    official: Signer
    standing: str
    is_providers: bool


def is_valid(signed: Text, current: Text, *, is_live: bool) -> bool:
    """Whether a signature counts for the form as it is now. [F-8]"""
    return is_live and signed == current


def may_open(link: Link, *, case_state: State, case_revision: int, now: datetime) -> Yes | No:
    """Whether a link still leads to a form that waits for this signature. [F-8]"""
    if link.state is LinkState.USED:
        return No(Refusal.LINK_USED)
    if (
        link.state is LinkState.VOID
        or case_state is not State.AWAITING_SIGNATURE
        or link.revision != case_revision
    ):
        return No(Refusal.LINK_VOID)
    return Yes() if now < link.expires_at else No(Refusal.LINK_EXPIRED)


def may_sign(attested: Attestation, asked: Asked, *, third_parties: Iterable[str]) -> Yes | No:
    """Whether this person may put their name to this form; a third party's person never to a provider's. [F-8]"""
    if asked.is_providers and is_known(asked.official.mailbox, third_parties):
        return No(Refusal.THIRD_PARTY)
    if name_key(attested.typed_name) != name_key(asked.official.name):
        return No(Refusal.NAME_DIFFERS, {"name": asked.official.name})
    if not attested.is_title_attested:
        return No(Refusal.TITLE_NOT_ATTESTED)
    return Yes("official") if attested.standing == asked.standing else No(Refusal.STANDING_DIFFERS)


def authority(signer: Signer, known: Iterable[Signer]) -> Authority:
    """Matched where name *and* mailbox are those of one person on file; otherwise tier 2 calls back. [F-8]

    `known`: the payer file's officials; for a change, the people of the enrollment record, too.
    """
    mailbox, name = mailbox_key(signer.mailbox), name_key(signer.name)
    is_on_file = any(
        mailbox_key(one.mailbox) == mailbox and name_key(one.name) == name for one in known if one.mailbox
    )
    return Authority.MATCHED if is_on_file and mailbox and name else Authority.CALLBACK_NEEDED


def may_approve(standing: Authority) -> bool:
    """Whether a signature's authority carries an approval: on file, or called back by tier 2. [F-8]"""
    return standing in (Authority.MATCHED, Authority.CALLED_BACK)


def is_known(mailbox: str, mailboxes: Iterable[str]) -> bool:
    return mailbox_key(mailbox) in {mailbox_key(one) for one in mailboxes}


def name_key(name: str) -> str:
    """A name as two people write it who mean the same one: letter case, accents, points and spaces make no difference.

    Letters of another alphabet and signs that do not show stay what they are: they differ.
    """
    decomposed = unicodedata.normalize("NFKD", name.translate(SAME))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(letters.casefold().split())


def mailbox_key(mailbox: str) -> str:
    """A mailbox for comparison: only A–Z lose their case. Nothing else is folded, so that no other sign becomes a letter."""
    return mailbox.strip().translate(LOWER)
