"""The desk's reports (B-4): who has access, whose access rests, whose is not certified, where remittances go, who is enrolled.

What IDM knows is asked of IDM when somebody looks; nothing of it is kept here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bailiwick.spot.enrollment import queries as enrollment
from bailiwick.spot.helpdesk.registry_words import DELIVERIES, GRANT_STATES, KINDS, STATUSES
from bailiwick.spot.identity.reports import Holder, holders
from bailiwick.spot.rules.reports import Report
from bailiwick.spot.services import queries as services

Line = tuple[str, ...]
AT_A_TIME = 1_000


@dataclass(frozen=True)
class Kind:
    """One report: its words, its columns, and its lines, made one after the other. Those of IDM's raise UnansweredError."""

    title: Promise
    text: Promise
    columns: Sequence[Promise]
    lines: Callable[[str, datetime], Iterator[Line]]


def first_of(kind: Kind, *, submitter_id: str, most: int, now: datetime) -> list[Line]:
    """The first lines of a report, of one organization where a submitter ID is given."""
    return list(islice(kind.lines(submitter_id, now), most))


def _held(which: str, submitter_id: str, now: datetime) -> Iterator[Line]:
    for one in holders(which=which, submitter_id=submitter_id, now=now):
        yield _holder(one)


def _holder(one: Holder) -> Line:
    return (
        one.name,
        one.user_id,
        one.role,
        one.legal_name,
        one.submitter_id,
        str(GRANT_STATES.get(one.state, one.state)),
        _day(one.granted_at),
        _day(one.last_sign_in_at) if one.last_sign_in_at else _("never"),
        one.sign_in_by,
        one.certify_by,
    )


def _routes(submitter_id: str, now: datetime) -> Iterator[Line]:
    for *words, first_day, tracking in services.routes_lasting(
        day=timezone.localdate(now), receiver=submitter_id
    ):
        yield (*words, first_day.isoformat(), tracking)


def _organizations(submitter_id: str, _now: datetime) -> Iterator[Line]:
    for record in enrollment.search(submitter_id).iterator(chunk_size=AT_A_TIME):
        yield (
            record.submitter_id,
            record.legal_name,
            str(KINDS[record.kind]),
            f"{record.city}, {record.state}",
            record.approver_name,
            record.backup_name,
            str(STATUSES[record.status][0]),
            str(DELIVERIES[record.delivery][0]),
            _day(record.enrolled_at),
        )


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()


HOLDER_COLUMNS = (
    gettext_lazy("Name"),
    gettext_lazy("User ID"),
    gettext_lazy("Role"),
    gettext_lazy("Organization"),
    gettext_lazy("Submitter ID"),
    gettext_lazy("State"),
    gettext_lazy("Granted"),
    gettext_lazy("Last SPOT sign-in"),
    gettext_lazy("Sign in by"),
    gettext_lazy("Certify by"),
)
REPORTS: dict[str, Kind] = {
    Report.ACCESS.value: Kind(
        gettext_lazy("Who has access"),
        gettext_lazy("Everybody who holds a role in SPOT, active or not, as IDM tells it now."),
        HOLDER_COLUMNS,
        partial(_held, "all"),
    ),
    Report.INACTIVE.value: Kind(
        gettext_lazy("Inactive"),
        gettext_lazy("Roles that rest because their holder has not signed in to SPOT for too long."),
        HOLDER_COLUMNS,
        partial(_held, "inactive"),
    ),
    Report.UNCERTIFIED.value: Kind(
        gettext_lazy("Not certified yet"),
        gettext_lazy(
            "Roles whose yearly certification is open: on the day in the last column they end by themselves."
        ),
        HOLDER_COLUMNS,
        partial(_held, "uncertified"),
    ),
    Report.ERA.value: Kind(
        gettext_lazy("ERA routes"),
        gettext_lazy("Where the remittance of each provider goes today. Who is not here gets it on paper."),
        (
            gettext_lazy("Provider"),
            gettext_lazy("PTAN"),
            gettext_lazy("NPI"),
            gettext_lazy("Line of business"),
            gettext_lazy("Receiver"),
            gettext_lazy("Submitter ID"),
            gettext_lazy("Since"),
            gettext_lazy("Form"),
        ),
        _routes,
    ),
    Report.ORGANIZATIONS.value: Kind(
        gettext_lazy("Organizations"),
        gettext_lazy("Everybody who is enrolled, with the people of record."),
        (
            gettext_lazy("Submitter ID"),
            gettext_lazy("Organization"),
            gettext_lazy("Kind"),
            gettext_lazy("Place"),
            gettext_lazy("Approver of record"),
            gettext_lazy("Backup approver of record"),
            gettext_lazy("State"),
            gettext_lazy("Known to IDM"),
            gettext_lazy("Enrolled"),
        ),
        _organizations,
    ),
}
