"""What a digital certificate proves of a form's official, and who is told when the payer answers again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bailiwick.spot.rules import signing
from bailiwick.spot.rules.certificates import Certificate, authority, may_sign
from bailiwick.spot.rules.filechecks import Outcome, Waiter, news_for
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.signing import Asked, Signer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NORA = Signer("Nora Castellan", "nora@pelicancove.example")
ASKED = Asked(official=NORA, standing="authorized", is_providers=True)
PROOF = Certificate(
    name="NORA  CASTELLAN",
    organization="Pelican Cove",
    mailboxes=("old@pelicancove.example", "Nora@pelicancove.example"),
    issuer="Pinecrest Certificates",
    serial="1f",
    fingerprint="0" * 64,
    good_from=NOW,
    good_until=NOW,
    is_list_known=True,
)


def test_a_certificate_survives_being_kept():
    """As JSON and back, with a time of signing or without. [F-8]"""
    for proof in (PROOF, replace(PROOF, said_at=NOW, mailboxes=())):
        assert Certificate.from_row(proof.as_row()) == proof


@pytest.mark.parametrize(
    ("changes", "known", "expected"),
    [
        ({}, [NORA], Authority.MATCHED),
        ({"name": "Nora Castellana"}, [NORA], Authority.CALLBACK_NEEDED),
        ({"name": ""}, [NORA], Authority.CALLBACK_NEEDED),
        ({"mailboxes": ()}, [NORA], Authority.CALLBACK_NEEDED),
        ({"mailboxes": ("ivo@pelicancove.example",)}, [NORA], Authority.CALLBACK_NEEDED),
        ({}, [Signer("Nora Castellan", "nora@elsewhere.example")], Authority.CALLBACK_NEEDED),
        ({}, [], Authority.CALLBACK_NEEDED),
    ],
)
def test_a_certificate_has_authority_by_name_and_mailbox(changes, known, expected):
    """Of the form's official, in the certificate and on file alike. [F-8]"""
    assert authority(replace(PROOF, **changes), NORA, known) is expected


@pytest.mark.parametrize("party", [NORA.mailbox, "OLD@pelicancove.example"])
def test_a_third_partys_mailbox_anywhere_refuses(party):
    """In the form or in the certificate; for a form of its own it may sign. [F-8]"""
    assert may_sign(PROOF, ASKED, third_parties=[party]).because is signing.Refusal.THIRD_PARTY
    assert may_sign(PROOF, replace(ASKED, is_providers=False), third_parties=[party])
    assert may_sign(PROOF, ASKED, third_parties=["else@billing.example"])


@pytest.mark.parametrize(
    ("who", "outcome", "name"),
    [
        (Waiter.OFFICIAL, Outcome.MATCH, "form-payer-answers"),
        (Waiter.OFFICIAL, Outcome.NO_MATCH, "form-payer-answers"),
        (Waiter.OFFICIAL, Outcome.UNAVAILABLE, ""),
        (Waiter.OFFICIAL, None, ""),
        (Waiter.CONTACT, Outcome.NO_MATCH, "form-payer-no-match"),
        (Waiter.CONTACT, Outcome.MATCH, ""),
        (Waiter.CONTACT, None, ""),
        (Waiter.LISTED, Outcome.NO_MATCH, ""),
    ],
)
def test_only_news_is_told(who, outcome, name):
    """An official can sign now, whatever the payer said; a contact has to correct, or hears nothing. [F-6]"""
    assert news_for(who, outcome) == name
