"""What deciding a case rests on, read from its rows (B-1, F-11)."""

from collections.abc import Mapping
from typing import TypeGuard

from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.queries.answers import answers_of, kind_of, version_of
from bailiwick.spot.forms.queries.cases import live_signature
from bailiwick.spot.forms.queries.duplicates import duplicates_of
from bailiwick.spot.payers.port import Match, Outcome, Unavailable, bare
from bailiwick.spot.rules.deciding import ApprovalFacts, Caution, DeskCase, Named
from bailiwick.spot.rules.enrolling import is_addition, person_of
from bailiwick.spot.rules.forms import Authority, State
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


def approval_facts(case: Case, *, on_file: Outcome) -> ApprovalFacts:
    """What an approval rests on, given what the payer says of the case's PTAN, NPI and TIN."""
    answers, signature, version = answers_of(case), live_signature(case), version_of(case)
    duplicates = duplicates_of(case, asks_for_new=not is_addition(answers))
    is_tin_open = duplicates.shares_tin and not case.tin_passed_reason
    return ApprovalFacts(
        form=Text(case.revision, version.digest, str(case.kind_version), kind_of(case).agreement.version),
        signed=_text(signature) if signature else None,
        authority=Authority(signature.authority) if signature else None,
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
                (Caution.OTHER_TIN, _adds_to_another_tin(answers)),
            )
            if applies
        ),
    )


def is_about(on_file: Outcome, answers: Mapping[str, str]) -> TypeGuard[Match]:
    """Whether the payer's answer is a match, and of these very numbers: a form may have changed since it was asked."""
    if not isinstance(on_file, Match):
        return False
    provider = on_file.provider
    return (provider.ptan, provider.npi, provider.tin) == tuple(bare(answers.get(name, "")) for name in GROUP)


def _text(signature: Signature) -> Text:
    return Text(signature.revision, signature.digest, signature.form_version, signature.agreement_version)


def _adds_to_another_tin(answers: Mapping[str, str]) -> bool:
    record = record_with(answers["submitter_id"]) if is_addition(answers) else None
    return record is not None and record.tin != answers.get("tin", "")
