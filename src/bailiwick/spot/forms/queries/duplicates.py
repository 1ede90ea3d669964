"""What else is enrolled or in review for the same group, or under the same TIN (F-6)."""

from dataclasses import dataclass

from bailiwick.ground import vault
from bailiwick.spot.enrollment.models import TIN_PURPOSE, EnrollmentRecord
from bailiwick.spot.enrollment.queries import records_with_tin
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries.answers import answers_of, organization_kind_of
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.forms import HOLDS_ITS_GROUP
from bailiwick.spot.rules.schema import Answers
from bailiwick.spot.services.queries import serves

NEW, ADD = "new", "add"
GROUP_PURPOSE = "form-group"


@dataclass(frozen=True)
class Duplicates:
    """`group`: cases of the same PTAN and NPI, which stop this one. `tin` and `records`: the same TIN and kind, a warning."""

    group: list[Case]
    tin: list[Case]
    records: list[EnrollmentRecord]

    @property
    def shares_tin(self) -> bool:
        return bool(self.tin or self.records)


def group_digest(answers: Answers) -> bytes | None:
    """What two cases for the same group have in common; None where another matter is asked for.

    A new submitter ID is one matter, being added to a certain existing one is another: a group may have both.
    """
    told = _group(answers)
    return vault.digest(told, purpose=GROUP_PURPOSE) if told else None


def group_digests(answers: Answers) -> list[bytes]:
    """The same under every key of the ring: what stored digests are compared with."""
    told = _group(answers)
    return vault.digests(told, purpose=GROUP_PURPOSE) if told else []


def _group(answers: Answers) -> str:
    ptan, npi, asked = (answers.get(code, "") for code in ("group_ptan", "group_npi", "request_type"))
    target = {NEW: NEW, ADD: answers.get("submitter_id", "")}.get(asked, "")
    if not (ptan and npi and target):
        return ""
    return f"{ptan}|{npi}|{target}"


def duplicates_of(case: Case, *, asks_for_new: bool = True) -> Duplicates:
    """What stands beside this case. `asks_for_new` False: being added to a submitter ID brings no second TIN."""
    held = Case.objects.exclude(pk=case.pk).select_related("record")
    answers = answers_of(case)
    group = held.filter(holds_group=True, group_ptan_npi_digest__in=group_digests(answers))
    if case.tin_digest is None or not asks_for_new:
        return Duplicates([one for one in group if is_current(one, answers)], [], [])
    same_kind = organization_kind_of(case, answers)
    same_tin = vault.stretched_digests(answers.get("tin", ""), purpose=TIN_PURPOSE, known=case.tin_digest)
    records = records_with_tin(same_tin, kind=same_kind)
    cases = held.filter(tin_digest__in=same_tin, kind=case.kind, state__in=[s.value for s in HOLDS_ITS_GROUP])
    # A case that led to one of these records would be named twice.
    tin = [one for one in cases if one.record_id is None]
    return Duplicates([one for one in group if is_current(one, answers)], tin, records)


def is_current(case: Case, group: Answers) -> bool:
    """Whether a case of this group still stands for it: its record was not closed since, nor the group taken out of it."""
    if case.record is None:
        return True
    is_served = serves(case.record, ptan=group["group_ptan"], npi=group["group_npi"])
    return is_served and case.record.status != Status.CLOSED
