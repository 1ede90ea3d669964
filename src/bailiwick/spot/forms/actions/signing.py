"""Signing: a code to the mailbox that the link went to, then one signature on exactly what was shown (F-8).

Everything that can be refused without the code is refused before a try at it is counted. Then the case is locked, and
revision and digest are compared again: whoever edits meanwhile comes before the signature or after it, never into it.
"""

from dataclasses import dataclass
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
from bailiwick.spot.forms.actions.listed import tell_listed_later
from bailiwick.spot.forms.actions.moving import move
from bailiwick.spot.forms.actions.signing_notices import tell_everybody
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.kinds import all_kinds
from bailiwick.spot.forms.models import AccessCode, Case, Invitation, Signature
from bailiwick.spot.forms.queries.deciding import is_about
from bailiwick.spot.payers.port import Match, Outcome, Unavailable
from bailiwick.spot.rules import signing as rules
from bailiwick.spot.rules.access import Purpose
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.forms import Authority, Event, State
from bailiwick.spot.rules.signing import Asked, Attestation, Link, LinkState, Refusal, Signer

PROVIDER, THIRD_PARTY = "provider_office", "billing_service"


def send_signing_code(*, invitation_token: str, by: By, now: datetime) -> Invitation:
    """Mail a code to the mailbox that the link went to, never to another; the code before is void.

    Raises Refused: LINK_UNKNOWN, LINK_USED, LINK_VOID, LINK_EXPIRED, THIRD_PARTY, and of rules.forms CODE_TOO_SOON,
    CODES_TOO_MANY, CODES_TOO_MANY_A_DAY.
    """
    with transaction.atomic():
        case, invitation = waiting(invitation_token, now)
        answers = queries.answers_of(case)
        _refuse_third_party(asked_of(case, answers))
        context = {
            "name": invitation.name,
            "group_name": name_of(answers),
            "form_name": called(queries.kind_of(case)),
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
    read_in: str,
    on_file: Outcome,
    by: By,
    now: datetime,
) -> Signature:
    """Sign the form whose digest the signer saw; `on_file` is what the payer says of its PTAN, NPI and TIN.

    `read_in`: the language of the page that showed it.

    Raises Refused: those of the link; THIRD_PARTY, NAME_DIFFERS(name), TITLE_NOT_ATTESTED, STANDING_DIFFERS,
    FORM_CHANGED, PAYER_UNAVAILABLE, CODE_WRONG; of rules.forms GROUP_ENROLLED, GROUP_IN_REVIEW.
    """
    attested = Attestation(typed_name, title_attested, authority_attested)
    with transaction.atomic():
        case, invitation = waiting(invitation_token, now)
        _checked(case, attested, seen_digest=seen_digest, on_file=on_file)
    used = codes.matches(case=case, purpose=Purpose.SIGNING, number=code, now=now)
    if used is None or not _is_for(used, invitation):
        append(Deed.FORM_CODE_REFUSED, by=by, now=now, outcome="refused", about=_about(case))
        raise Refused(Refusal.CODE_WRONG)
    with transaction.atomic():
        held, invitation = waiting(invitation_token, now)
        asked = _checked(held, attested, seen_digest=seen_digest, on_file=on_file)
        signer = Signer(asked.official.name, invitation.to)
        right = rules.authority(signer, queries.known_signers(held, on_file))
        signed = Signed(invitation, attested.typed_name, right, read_in)
        return record(held, signed, on_file=on_file, by=by, now=now)


@dataclass(frozen=True)
class Signed:
    """What a signature adds to the form: the link it came by, its name, what is known of its right, and how it was read."""

    invitation: Invitation
    name: str
    authority: Authority
    read_in: str


def waiting(token: str, now: datetime) -> tuple[Case, Invitation]:
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


def asked_of(case: Case, answers: dict[str, str]) -> Asked:
    official = Signer(answers.get("official_name", ""), answers.get("official_email", ""))
    standing = answers.get("official_standing", "")
    kind = queries.organization_kind_of(case, answers)
    return Asked(official=official, standing=standing, is_providers=kind == PROVIDER)


def _refuse_third_party(asked: Asked) -> None:
    if asked.is_providers and rules.is_known(asked.official.mailbox, third_parties(asked.official.mailbox)):
        raise Refused(Refusal.THIRD_PARTY)


def third_parties(mailbox: str) -> list[str]:
    """The mailboxes of third parties' people that may be this one; the rule compares them.

    Approver and backup of a third party's record, and whoever signed the form that enrolled or updated it.
    """
    alike = Q(approver_email__iexact=mailbox.strip()) | Q(backup_email__iexact=mailbox.strip())
    records = EnrollmentRecord.objects.filter(alike, kind=THIRD_PARTY)
    own = {one.code for one in all_kinds() if one.organization_kind != PROVIDER}
    signed = Signature.objects.filter(
        email__iexact=mailbox.strip(),
        case__kind__in=own,
        case__state=State.APPROVED,
        case__record__kind=THIRD_PARTY,
    )
    people = [one for pair in records.values_list("approver_email", "backup_email") for one in pair if one]
    return [*people, *signed.values_list("email", flat=True)]


def _checked(case: Case, attested: Attestation, *, seen_digest: str, on_file: Outcome) -> Asked:
    """Everything but the code. Raises Refused."""
    answers = queries.answers_of(case)
    asked = asked_of(case, answers)
    ruling = rules.may_sign(attested, asked, third_parties=third_parties(asked.official.mailbox))
    if not ruling:
        ruling.raise_it()
    demand_as_seen(case, answers, seen_digest=seen_digest, on_file=on_file)
    return asked


def demand_as_seen(case: Case, answers: dict[str, str], *, seen_digest: str, on_file: Outcome) -> None:
    """The form is the one that was read, and the payer was asked about it. Raises Refused."""
    if seen_digest != queries.version_of(case).digest:
        raise Refused(Refusal.FORM_CHANGED)
    if isinstance(on_file, Unavailable):
        # Without the file nobody knows whom to tell of this signature.
        raise Refused(Refusal.PAYER_UNAVAILABLE)
    if isinstance(on_file, Match) and not is_about(on_file, answers):
        raise Refused(Refusal.FORM_CHANGED)


def _about(case: Case) -> dict[str, str]:
    return {"case": str(case.pk), "purpose": Purpose.SIGNING.value}


def _is_for(code: AccessCode, invitation: Invitation) -> bool:
    """A code is bound to the invitation it was sent for: its mailbox, and not before it."""
    return code.to == invitation.to and code.sent_at >= invitation.sent_at


def record(held: Case, signed: Signed, *, on_file: Outcome, by: By, now: datetime) -> Signature:
    """Put the signature on the locked form, move the case, and tell everybody who could say that it is not theirs."""
    answers, kind, version = queries.answers_of(held), queries.kind_of(held), queries.version_of(held)
    signature = Signature.objects.create(
        case=held,
        invitation=signed.invitation,
        revision=held.revision,
        digest=version.digest,
        form_version=str(held.kind_version),
        agreement_version=kind.agreement.version,
        name=answers.get("official_name", ""),
        title=answers.get("official_title", ""),
        email=signed.invitation.to,
        typed_name=signed.name,
        signed_at=now,
        zone=settings.TIME_ZONE,
        source=by.source,
        read_in=signed.read_in,
        authority=signed.authority,
    )
    Invitation.objects.filter(pk=signed.invitation.pk, state=LinkState.LIVE).update(state=LinkState.USED)
    about = {"digest": signature.digest, "authority": signature.authority, "read_in": signature.read_in}
    concerned = _concerned(held, answers, day=timezone.localdate(now))
    move(held, Event.SIGN, by=by, now=now, about=about, submitted_at=now)
    tell_everybody(signature, answers, on_file=on_file, records=concerned, now=now)
    if queries.list_digest(held, answers):
        tell_listed_later(held, now=now)
    return signature


def _concerned(case: Case, answers: dict[str, str], *, day: date) -> list[EnrollmentRecord]:
    """The enrollments whose approvers are told: the one that the form names, those of the same TIN, and who loses by it."""
    records = {one.pk: one for one in queries.duplicates_of(case).records}
    routes = [queries.era_route(answers, day=day), *queries.remittances_listed(case, answers, day=day).taken]
    others = [record_with(answers.get("submitter_id", "")), *(one.receiver for one in routes if one)]
    records |= {one.pk: one for one in others if one is not None}
    return list(records.values())
