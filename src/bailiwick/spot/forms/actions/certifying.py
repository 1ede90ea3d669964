"""Signing with a digital certificate instead of a code, and the colleague of the desk who confirms it (F-8).

The document was looked into before, outside any transaction; here the case is locked and compared once more.
"""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads import actions as uploads
from bailiwick.ground.uploads.rules import WHY_CLOSED, Content, State
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions import signing
from bailiwick.spot.forms.actions.desk import at_the_desk, checked, demand
from bailiwick.spot.forms.kind_words import BINDING
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.signeddocuments import SignedDocument
from bailiwick.spot.payers.port import Outcome
from bailiwick.spot.rules import certificates as rules
from bailiwick.spot.rules.certificates import Certificate
from bailiwick.spot.rules.deciding import Desk, Refusal, may_decide
from bailiwick.spot.rules.deeds import Deed

PURPOSE = "signed-form"


def sign_with_certificate(
    *,
    invitation_token: str,
    seen_digest: str,
    content: Content,
    certificate: Certificate,
    on_file: Outcome,
    by: By,
    now: datetime,
) -> Signature:
    """Sign the form with the document that is `content`; `certificate` is what its signature proves.

    Raises Refused: those of the link; THIRD_PARTY, FORM_CHANGED, PAYER_UNAVAILABLE of `rules.signing`; of rules.forms
    GROUP_ENROLLED, GROUP_IN_REVIEW.
    """
    with transaction.atomic():
        held, invitation = signing.waiting(invitation_token, now)
        answers = queries.answers_of(held)
        asked = signing.asked_of(held, answers)
        mailboxes = (asked.official.mailbox, *certificate.mailboxes)
        others = [party for mailbox in mailboxes for party in signing.third_parties(mailbox)]
        demand(rules.may_sign(certificate, asked, third_parties=others))
        signing.demand_as_seen(held, answers, seen_digest=seen_digest, on_file=on_file)
        right = rules.authority(certificate, asked.official, queries.known_signers(held, on_file))
        # The document that was signed is in the language that binds, whatever the page around it.
        name = certificate.name or certificate.organization
        signed = signing.Signed(invitation, name, right, read_in=BINDING)
        signature = signing.record(held, signed, on_file=on_file, by=by, now=now)
        upload = uploads.keep(content, purpose=PURPOSE, subject=str(held.pk), by=by, now=now, delete_at=None)
        SignedDocument.objects.create(signature=signature, upload=upload, certificate=certificate.as_row())
        return signature


def confirm_document(
    *, case: Case, desk: Desk, note: str, seen_revision: int, by: By, now: datetime
) -> SignedDocument:
    """Somebody of the desk compared document and certificate with the form, and says how.

    Raises Refused: NO_DOCUMENT_TO_CONFIRM, CONFIRMATION_NOTE_NEEDED, TEXT_TOO_LONG(longest), those of `may_decide`, and of
    the uploads NOT_SCANNED, INFECTED.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        demand(may_decide(desk, queries.desk_case(held), seen_revision=seen_revision))
        document = queries.document_of(queries.live_signature(held))
        if document is None or document.confirmed_at:
            raise Refused(Refusal.NO_DOCUMENT_TO_CONFIRM)
        if document.upload.state != State.OPEN:
            raise Refused(WHY_CLOSED[State(document.upload.state)])
        document.confirmed_note = checked(note, needed=Refusal.CONFIRMATION_NOTE_NEEDED)
        document.confirmed_by_id, document.confirmed_at = int(desk.key), now
        document.save(update_fields=["confirmed_by", "confirmed_note", "confirmed_at"])
        about = {
            "case": str(held.pk),
            "revision": held.revision,
            "certificate": document.proof.fingerprint,
        }
        append(Deed.FORM_DOCUMENT_CONFIRMED, by=by, now=now, why=document.confirmed_note, about=about)
        return document
