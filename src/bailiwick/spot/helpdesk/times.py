"""Time from submitted to access, step by step, and what has waited longest (B-3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.queries.waiting import Timed
from bailiwick.spot.helpdesk.forms import TimesForm
from bailiwick.spot.rules.waiting import Figures, Journey, Step, by_step, figures, waits_in, whole

DAYS = ("30", "90", "365")
USUAL_DAYS = "90"
# The newest so many approvals of the time asked for: enough for every figure here, and never slow.
MOST = 2_000
LONGEST_WAITING = 25
AN_HOUR, A_DAY = 60, 24 * 60
STEPS: dict[Step, tuple[Promise, Promise]] = {
    Step.DESK: (gettext_lazy("Waiting for the desk"), gettext_lazy("Submitted, until somebody takes it.")),
    Step.REVIEW: (gettext_lazy("In review"), gettext_lazy("Taken, until it is decided or returned.")),
    Step.CORRECTION: (
        gettext_lazy("With the organization"),
        gettext_lazy("Returned, until it is signed again."),
    ),
    Step.DELIVERY: (gettext_lazy("On its way to IDM"), gettext_lazy("Approved, until IDM has the record.")),
    Step.ROLE: (
        gettext_lazy("Role in IDM"),
        gettext_lazy("Until the approver asked for the role and has it."),
    ),
    Step.ENTRY: (gettext_lazy("First entry"), gettext_lazy("Until the approver enters SPOT.")),
}
WHOLE = gettext_lazy("The whole way")
STEP_COLUMNS = (
    gettext_lazy("Step"),
    gettext_lazy("Half within"),
    gettext_lazy("Nine of ten within"),
    gettext_lazy("Longest"),
    gettext_lazy("Forms"),
)
WAITING_COLUMNS = (
    gettext_lazy("Form"),
    gettext_lazy("Organization"),
    gettext_lazy("Waits in"),
    pgettext_lazy("how long something waits", "For"),
    gettext_lazy("Since submitted"),
)


@dataclass(frozen=True)
class Bar:
    """A step in the chart: `part` for half of the forms, `tail` for nine of ten, both in percent of the longest bar."""

    name: str | Promise
    text: str
    part: float
    tail: float


@dataclass(frozen=True)
class Waiting:
    case: Timed
    step: Promise
    since: str
    submitted: str


def times_of(form: TimesForm, *, now: datetime) -> dict[str, Any]:
    """The template's context for the time and the kind of form that are asked for."""
    asked = form.cleaned_data if form.is_valid() else {}
    days, kind = asked.get("days") or USUAL_DAYS, asked.get("kind") or ""
    found = queries.approved_since(now - timedelta(days=int(days)), most=MOST + 1, kind=kind)
    cases = found[:MOST]
    journeys = queries.journeys_of(cases)
    told = {STEPS[step][0]: counted for step, counted in by_step(journeys.values()).items()}
    everything = figures(span for one in journeys.values() if (span := whole(one)) is not None)
    lines = {**told, **({WHOLE: everything} if everything else {})}
    return {
        "form": form,
        "days": days,
        "approved": len(cases),
        "most": MOST if len(found) > MOST else 0,
        "bars": bars(told),
        "rows": [_row(name, counted) for name, counted in lines.items()],
        "columns": STEP_COLUMNS,
        "steps": [(name, words) for name, words in STEPS.values()],
        "waiting": waiting(cases, journeys, kind=kind, now=now),
        "waiting_columns": WAITING_COLUMNS,
        "width": "wide",
    }


def bars(told: dict[Promise, Figures]) -> list[Bar]:
    """The chart of the steps, all to one scale."""
    longest = max((found.most for found in told.values()), default=timedelta())
    scale = 100 / max(longest.total_seconds(), 1)
    return [
        Bar(
            name,
            _("half within %(half)s, nine of ten within %(most)s")
            % {"half": spoken(found.median), "most": spoken(found.most)},
            round(found.median.total_seconds() * scale, 1),
            round(found.most.total_seconds() * scale, 1),
        )
        for name, found in told.items()
    ]


def waiting(
    approved: list[Timed], journeys: dict[UUID, Journey], *, kind: str, now: datetime
) -> list[Waiting]:
    """What has been submitted longest and has not led to access yet, the oldest on top: at the desk, or after it."""
    still_open = queries.open_longest(LONGEST_WAITING, kind=kind)
    journeys = {**journeys, **queries.journeys_of(still_open)}
    found = []
    for case in sorted([*still_open, *approved], key=lambda one: (one.submitted_at, one.tracking)):
        stays = waits_in(journeys[case.pk])
        if stays is not None:
            step, since = stays
            submitted = journeys[case.pk].submitted_at or case.submitted_at
            found.append(Waiting(case, STEPS[step][0], spoken(now - since), spoken(now - submitted)))
        if len(found) == LONGEST_WAITING:
            break
    return found


def spoken(span: timedelta) -> str:
    """Days, else hours, else minutes: as exact as anybody needs it."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 2 * A_DAY:
        return ngettext("%(n)s day", "%(n)s days", minutes // A_DAY) % {"n": minutes // A_DAY}
    if minutes >= 2 * AN_HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // AN_HOUR) % {"n": minutes // AN_HOUR}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _row(name: Promise, found: Figures) -> tuple[Promise, str, str, str, int]:
    return (name, spoken(found.median), spoken(found.most), spoken(found.longest), found.count)
