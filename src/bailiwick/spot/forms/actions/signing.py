"""Signing: a code to the mailbox that the link went to, then one signature on exactly what was shown (F-8).

Everything that can be refused without the code is refused before a try at it is counted. Then the case is locked, and
revision and digest are compared again: whoever edits meanwhile comes before the signature or after it, never into it.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions import codes
from bailiwick.spot.forms.actions.moving import move
from bailiwick.spot.forms.actions.signing_notices import tell_everybody
from bailiwick.spot.forms.models import AccessCode, Case, Invitation, Signature
from bailiwick.spot.forms.queries.deciding import is_about
from bailiwick.spot.payers.port import Match, Outcome, Unavailable
from bailiwick.spot.rules import signing as rules
from bailiwick.spot.rules.access import Purpose
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.forms import Event
from bailiwick.spot.rules.schema import Aim
from bailiwick.spot.rules.signing import Asked, Attestation, Link, LinkState, Refusal, Signer

PROVIDER, THIRD_PARTY = "provider_office", "billing_service"


def send_signing_code(*, invitation_token: str, by: By, now: datetime) -> Invitation:
    """Mail a code to the mailbox that the link went to, never to another; the code before is void.

    Raises Refused: LINK_UNKNOWN, LINK_USED, LINK_VOID, LINK_EXPIRED, THIRD_PARTY, and of rules.forms CODE_TOO_SOON,
    CODES_TOO_MANY.
    """
    with transaction.atomic():
        case, invitation = _waiting(invitation_token, now)
        answers = queries.answers_of(case)
        _refuse_third_party(_asked(case, answers))
        context = {
            "name": invitation.name,
            "group_name": name_of(answers),
            "form_name": queries.kind_of(case).name,
            "tracking": case.tracking,
        }
        codes.send(
            case=case,
            purpose=Purpose.SIGNING,
            to=invitation.to,
            notice_name="form-signing-code",
            context=context,
            now=now,
        )
        append(Deed.FORM_CODE_SENT, by=by, now=now, about=_about(case))
    return invitation


def sign(
    *,
    invitation_token: str,
    seen_digest: str,
    typed_name: str,
    title_attested: bool,
    authority_attested: str,
    code: str,
    on_file: Outcome,
    by: By,
    now: datetime,
) -> Signature:
    """Sign the form whose digest the signer saw; `on_file` is what the payer says of its PTAN, NPI and TIN.

    Raises Refused: those of the link; THIRD_PARTY, NAME_DIFFERS(name), TITLE_NOT_ATTESTED, STANDING_DIFFERS,
    FORM_CHANGED, PAYER_UNAVAILABLE, CODE_WRONG; of rules.forms GROUP_ENROLLED, GROUP_IN_REVIEW.
    """
    attested = Attestation(typed_name, title_attested, authority_attested)
    with transaction.atomic():
        case, invitation = _waiting(invitation_token, now)
        _checked(case, attested, seen_digest=seen_digest, on_file=on_file)
    used = codes.matches(case=case, purpose=Purpose.SIGNING, number=code, now=now)
    if used is None or not _is_for(used, invitation):
        append(
            Deed.FORM_CODE_REFUSED,
            by=by,
            now=now,
            subject=case.pk,
            outcome="refused",
            about={"purpose": "signing"},
        )
        raise Refused(Refusal.CODE_WRONG)
    with transaction.atomic():
        held, invitation = _waiting(invitation_token, now)
        asked = _checked(held, attested, seen_digest=seen_digest, on_file=on_file)
        return _signed(held, invitation, asked, attested, on_file=on_file, by=by, now=now)


def _waiting(token: str, now: datetime) -> tuple[Case, Invitation]:
    """The case under lock, and its invitation as it stands under that lock."""
    found = queries.invitation_with(token)
    if found is None:
        raise Refused(Refusal.LINK_UNKNOWN)
    held = Case.objects.select_for_update().get(pk=found.case_id)
    invitation = Invitation.objects.get(pk=found.pk)
    link = Link(LinkState(invitation.state), invitation.revision, invitation.expires_at)
    ruling = rules.may_open(link, case_state=held.state_at(now), case_revision=held.revision, now=now)
    if not ruling:
        ruling.raise_it()
    return held, invitation


def _asked(case: Case, answers: dict[str, str]) -> Asked:
    official = Signer(answers.get("official_name", ""), answers.get("official_email", ""))
    standing = answers.get("official_standing", "")
    kind = queries.organization_kind_of(case, answers)
    return Asked(official=official, standing=standing, is_providers=kind == PROVIDER)


def _refuse_third_party(asked: Asked) -> None:
    if asked.is_providers and rules.is_known(asked.official.mailbox, _third_parties(asked.official.mailbox)):
        raise Refused(Refusal.THIRD_PARTY)


def _third_parties(mailbox: str) -> list[str]:
    """The mailboxes of third parties' people that may be this one; the rule compares them."""
    alike = Q(approver_email__iexact=mailbox.strip()) | Q(backup_email__iexact=mailbox.strip())
    records = EnrollmentRecord.objects.filter(alike, kind=THIRD_PARTY)
    return [one for pair in records.values_list("approver_email", "backup_email") for one in pair if one]


def _checked(case: Case, attested: Attestation, *, seen_digest: str, on_file: Outcome) -> Asked:
    """Everything but the code. Raises Refused."""
    answers = queries.answers_of(case)
    asked = _asked(case, answers)
    ruling = rules.may_sign(attested, asked, third_parties=_third_parties(asked.official.mailbox))
    if not ruling:
        ruling.raise_it()
    if seen_digest != queries.version_of(case).digest:
        raise Refused(Refusal.FORM_CHANGED)
    if isinstance(on_file, Unavailable):
        # Without the file nobody knows whom to tell of this signature.
        raise Refused(Refusal.PAYER_UNAVAILABLE)
    if isinstance(on_file, Match) and not is_about(on_file, answers):
        raise Refused(Refusal.FORM_CHANGED)
    return asked


def _about(case: Case) -> dict[str, str]:
    return {"case": str(case.pk), "purpose": Purpose.SIGNING.value}


def _is_for(code: AccessCode, invitation: Invitation) -> bool:
    """A code is bound to the invitation it was sent for: its mailbox, and not before it."""
    return code.to == invitation.to and code.sent_at >= invitation.sent_at


def _signed(
    held: Case,
    invitation: Invitation,
    asked: Asked,
    attested: Attestation,
    *,
    on_file: Outcome,
    by: By,
    now: datetime,
) -> Signature:
    answers, kind, version = queries.answers_of(held), queries.kind_of(held), queries.version_of(held)
    record = _record_of(answers, aim=kind.aim)
    signature = Signature.objects.create(
        case=held,
        invitation=invitation,
        revision=held.revision,
        digest=version.digest,
        form_version=str(held.kind_version),
        agreement_version=kind.agreement.version,
        name=asked.official.name,
        title=answers.get("official_title", ""),
        email=invitation.to,
        typed_name=attested.typed_name,
        signed_at=now,
        zone=settings.TIME_ZONE,
        source=by.source,
        authority=rules.authority(Signer(asked.official.name, invitation.to), _known(on_file, record)),
    )
    Invitation.objects.filter(pk=invitation.pk, state=LinkState.LIVE).update(state=LinkState.USED)
    about = {"digest": signature.digest, "authority": signature.authority}
    concerned = _concerned(held, answers, day=timezone.localdate(now))
    move(held, Event.SIGN, by=by, now=now, about=about, submitted_at=now)
    tell_everybody(signature, answers, on_file=on_file, records=concerned, now=now)
    return signature


def _record_of(answers: dict[str, str], *, aim: str) -> EnrollmentRecord | None:
    """For a change: the enrollment record of this very organization. Another's submitter ID vouches for nobody (F-8)."""
    record = record_with(answers.get("submitter_id", ""))
    if record is None or record.status != Status.ACTIVE:
        return None
    may_vouch = aim == Aim.UPDATE or record.kind == PROVIDER
    return record if may_vouch and record.tin == answers.get("tin") else None


def _known(on_file: Outcome, record: EnrollmentRecord | None) -> list[Signer]:
    """Who may sign, by name and mailbox: the officials of the payer file, and the people of the record."""
    officials = on_file.provider.officials if isinstance(on_file, Match) else ()
    known = [Signer(one.name, one.mailbox) for one in officials]
    if record is not None:
        known += [
            Signer(record.approver_name, record.approver_email),
            Signer(record.backup_name, record.backup_email),
        ]
    return known


def _concerned(case: Case, answers: dict[str, str], *, day: date) -> list[EnrollmentRecord]:
    """The enrollments whose approvers are told: the one that the form names, those of the same TIN, and who loses by it."""
    records = {one.pk: one for one in queries.duplicates_of(case).records}
    route = queries.era_route(answers, day=day)
    others = [record_with(answers.get("submitter_id", "")), route.receiver if route else None]
    records |= {one.pk: one for one in others if one is not None}
    return list(records.values())
