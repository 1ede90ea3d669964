"""What else is enrolled or in review for the same group, or under the same TIN (F-6)."""

from dataclasses import dataclass

from bailiwick.ground import vault
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import records_with_tin
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries.answers import kind_of
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.forms import HOLDS_ITS_GROUP
from bailiwick.spot.rules.schema import Answers

NEW = "new"


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
    """What two cases for the same group have in common; None while PTAN, NPI or the request is not answered.

    A new submitter ID is one matter, being added to a certain existing one is another: a group may have both.
    """
    ptan, npi, asked = (answers.get(code, "") for code in ("group_ptan", "group_npi", "request_type"))
    target = asked if asked == NEW else answers.get("submitter_id", "")
    if not (ptan and npi and target):
        return None
    return vault.digest(f"{ptan}|{npi}|{target}", purpose="form-group")


def duplicates_of(case: Case, *, asks_for_new: bool = True) -> Duplicates:
    """What stands beside this case. `asks_for_new` False: being added to a submitter ID brings no second TIN."""
    held = Case.objects.exclude(pk=case.pk).select_related("record")
    group = held.filter(holds_group=True, group_ptan_npi_digest=case.group_ptan_npi_digest or b"")
    if case.tin_digest is None or not asks_for_new:
        return Duplicates([one for one in group if is_current(one)], [], [])
    same_kind = kind_of(case).organization_kind
    records = records_with_tin(bytes(case.tin_digest), kind=same_kind)
    cases = held.filter(
        tin_digest=case.tin_digest, kind=case.kind, state__in=[s.value for s in HOLDS_ITS_GROUP]
    )
    # A case that led to one of these records would be named twice.
    tin = [one for one in cases if one.record_id is None]
    return Duplicates([one for one in group if is_current(one)], tin, records)


def is_current(case: Case) -> bool:
    """Whether a case still stands for something: its record was not closed since."""
    return case.record is None or case.record.status != Status.CLOSED
