"""What deciding a case rests on, read from its rows (B-1, F-11)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeGuard

from django.conf import settings

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.queries.answers import answers_of, kind_of, listed_of, version_of
from bailiwick.spot.forms.queries.cases import live_signature
from bailiwick.spot.forms.queries.documents import document_of
from bailiwick.spot.forms.queries.duplicates import duplicates_of
from bailiwick.spot.forms.queries.objections import objections_to
from bailiwick.spot.forms.queries.signers import authority_now
from bailiwick.spot.payers.port import Match, Outcome, Unavailable, bare
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.deciding import ApprovalFacts, Caution, DeskCase, Named, objection_until
from bailiwick.spot.rules.enrolling import brings_new, changes_people, moves_era, person_of
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.forms import Authority, State
from bailiwick.spot.rules.schema import FormKind
from bailiwick.spot.rules.signing import Text

WHO_IS_NAMED = ("contact", "approver", "backup", "official")
GROUP = ("group_ptan", "group_npi", "tin")


def desk_case(case: Case) -> DeskCase:
    """The case as the rules of the desk see it: who has it, who decided it, and whom it names."""
    answers = answers_of(case)
    people = [person_of(answers, who) for who in WHO_IS_NAMED]
    named = [Named(one["name"], one["email"]) for one in people]
    return DeskCase(
        state=State(case.state),
        revision=case.revision,
        assigned_key=str(case.assigned_to_id or ""),
        assigned_name=case.assigned_to.name if case.assigned_to else "",
        decided_by=case.decided_by.name if case.decided_by else "",
        named=(*named, Named(case.contact_name, case.contact_email)),
    )


def is_sensitive(case: Case, answers: Mapping[str, str]) -> bool:
    """Whether the form changes who approves or who receives a remittance: that can be objected to for a day (F-8)."""
    if changes_people(answers) or moves_era(answers):
        return True
    listed = listed_of(case, answers)
    return listed is not None and any(lists.moves_era(row) for row in listed[1])


def approval_facts(case: Case, *, on_file: Outcome, now: datetime) -> ApprovalFacts:
    """What an approval rests on, given what the payer says of the case's PTAN, NPI and TIN."""
    kind = kind_of(case)
    answers, signature, version = answers_of(case), live_signature(case), version_of(case)
    duplicates = duplicates_of(case, asks_for_new=brings_new(kind.aim, answers))
    document = document_of(signature)
    is_tin_open = duplicates.shares_tin and not case.tin_passed_reason
    return ApprovalFacts(
        form=Text(case.revision, version.digest, str(case.kind_version), kind.agreement.version),
        signed=_text(signature) if signature else None,
        authority=authority_of(signature, on_file=on_file) if signature else None,
        stopping=tuple(sorted(one.tracking for one in duplicates.group)),
        cautions=tuple(
            caution
            for caution, applies in (
                (Caution.PAYER_UNAVAILABLE, isinstance(on_file, Unavailable)),
                (
                    Caution.PAYER_NO_MATCH,
                    not isinstance(on_file, Unavailable) and not is_about(on_file, answers),
                ),
                (Caution.SAME_TIN, is_tin_open),
                (Caution.OTHER_TIN, not kind.is_of_its_record and not _is_of_its_tin(answers)),
            )
            if applies
        ),
        is_record_another=kind.is_of_its_record and not _is_the_filers(kind, answers),
        objection_until=objection_until(
            signature.signed_at, is_sensitive=is_sensitive(case, answers), now=now, limits=settings.LIMITS
        )
        if signature
        else None,
        is_document_confirmed=document is None or document.confirmed_at is not None,
        objecting=tuple(one.to for one in objections_to(case) if one.settled_at is None),
    )


def authority_of(signature: Signature, *, on_file: Outcome) -> Authority:
    """As it stands by now; as it was found at the signature where the payer, silent or at a loss, cannot tell (F-8)."""
    is_told = is_about(on_file, answers_of(signature.case, signature.revision))
    return authority_now(signature, on_file) if is_told else Authority(signature.authority)


def is_about(on_file: Outcome, answers: Mapping[str, str]) -> TypeGuard[Match]:
    """Whether the payer's answer is a match, and of these very numbers: a form may have changed since it was asked."""
    if not isinstance(on_file, Match):
        return False
    provider = on_file.provider
    return (provider.ptan, provider.npi, provider.tin) == tuple(bare(answers.get(name, "")) for name in GROUP)


def _text(signature: Signature) -> Text:
    return Text(signature.revision, signature.digest, signature.form_version, signature.agreement_version)


def _is_of_its_tin(answers: Mapping[str, str]) -> bool:
    """Whether the record that the form names, if any, has the form's TIN."""
    record = _record_named(answers)
    return record is None or record.tin == answers.get("tin", "")


def _is_the_filers(kind: FormKind, answers: Mapping[str, str]) -> bool:
    """Whether the record that the form names is there, active, of the form's TIN, and of the kind that files it."""
    record = _record_named(answers)
    is_there = record is not None and record.status == Status.ACTIVE and kind.is_about(record.kind)
    return is_there and _is_of_its_tin(answers)


def _record_named(answers: Mapping[str, str]) -> EnrollmentRecord | None:
    return record_with(answers["submitter_id"]) if answers.get("submitter_id") else None
