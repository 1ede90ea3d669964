"""Who may sign a form, as far as anybody has it on file (F-8)."""

from collections.abc import Mapping

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.queries.answers import answers_of, kind_of
from bailiwick.spot.payers.port import Match, Outcome
from bailiwick.spot.rules import signing as rules
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.schema import FormKind
from bailiwick.spot.rules.signing import Signer


def known_signers(case: Case, on_file: Outcome) -> list[Signer]:
    """By name and mailbox: the officials of the payer file, and the people of the record."""
    record = _record_of(answers_of(case), kind_of(case))
    officials = on_file.provider.officials if isinstance(on_file, Match) else ()
    known = [Signer(one.name, one.mailbox) for one in officials]
    if record is not None:
        known += [
            Signer(record.approver_name, record.approver_email),
            Signer(record.backup_name, record.backup_email),
        ]
    return known


def authority_now(signature: Signature, on_file: Match) -> Authority:
    """What is known of the signer's right by now: who was on file when they signed may have left since."""
    found = Authority(signature.authority)
    if found is not Authority.MATCHED:
        return found
    signer = Signer(signature.name, signature.email)
    return rules.authority(signer, known_signers(signature.case, on_file))


def _record_of(answers: Mapping[str, str], kind: FormKind) -> EnrollmentRecord | None:
    """For a change: the enrollment record of this very organization. Another's submitter ID vouches for nobody."""
    record = record_with(answers.get("submitter_id", ""))
    if record is None or record.status != Status.ACTIVE:
        return None
    return record if kind.is_about(record.kind) and record.tin == answers.get("tin") else None
