"""The report of a simulation: one HTML page with charts and the tables behind them, and the same as CSV.

Holds sums and no names. The same days give the same bytes: nothing of the machine, the clock or a key is in it.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.simulation.charts import Chart, Series, svg
from bailiwick.idm.simulation.counting import RESTORED, Day

DAYS_A_WEEK = 7
MOST_KINDS = 7
LEAST_MONTHS, MOST_MARKS, SOME_MARKS = 3, 14, 8
TEMPLATES = Path(__file__).parent / "pages"
ENDS = {
    EndReason.INACTIVITY: "not used for too long",
    EndReason.CERTIFICATION_MISSED: "not certified in time",
    EndReason.REMOVED_BY_APPROVER: "removed by an approver",
    EndReason.REMOVED_BY_DESK: "removed by the help desk",
    EndReason.END_DATE: "last day reached",
    EndReason.SUCCEEDED: "succeeded by somebody else",
    EndReason.SUPERSEDED: "replaced by a greater role",
    EndReason.GIVEN_UP: "given up",
    EndReason.MERGED: "accounts merged",
}
OUTCOMES = {
    Outcome.CERTIFIED: "certified in time",
    Outcome.REMOVED: "removed by the certifier",
    Outcome.MISSED: "missed",
    RESTORED: "missed, then restored",
    Outcome.ENDED: "role ended before",
}


@dataclass(frozen=True)
class About:
    """What was simulated: numbers of the run, the policy in effect and the assumptions, each as (what, how much)."""

    title: str
    run: Sequence[tuple[str, str]]
    policy: Sequence[tuple[str, str]]
    assumptions: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """A chart, a sentence on what it shows, and its numbers as rows, the label first."""

    chart: Chart
    sentence: str
    identifier: str

    @property
    def svg(self) -> str:
        return svg(self.chart, identifier=self.identifier)

    @property
    def has_legend(self) -> bool:
        """One line is named by its chart."""
        return self.chart.is_stacked or len(self.chart.series) > 1

    def rows(self) -> Iterable[tuple[str, ...]]:
        columns = [one.values for one in self.chart.series]
        for label, *values in zip(self.chart.labels, *columns, strict=True):
            yield label, *(f"{value:,.0f}" for value in values)


def write(directory: Path, days: Sequence[Day], about: About) -> list[Path]:
    """Write `report.html`, `days.csv`, `ends.csv` and `notices.csv` into the directory; gives their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {
        "report.html": page(days, about),
        "days.csv": days_csv(days),
        "ends.csv": _csv(days, lambda day: day.ended),
        "notices.csv": _csv(days, lambda day: day.notices),
    }
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8", newline="")
    return [directory / name for name in files]


def page(days: Sequence[Day], about: About) -> str:
    """The HTML page, whole in itself."""
    engine = Engine(dirs=[TEMPLATES], autoescape=True)
    sections = sections_of(days)
    context = {
        "about": about,
        "results": results(days),
        "sections": sections,
        "first": days[0],
        "last": days[-1],
    }
    text: str = engine.get_template("report.html").render(Context(context, use_l10n=False))
    return text


def results(days: Sequence[Day]) -> list[tuple[str, str]]:
    """What the whole time comes to."""
    ended: Counter[str] = sum((Counter(day.ended) for day in days), Counter())
    certified: Counter[str] = sum((Counter(day.certified) for day in days), Counter())
    first = days[0]
    found = [
        (
            "Roles held before the first day",
            first.held - first.started - first.restored + sum(first.ended.values()),
        ),
        ("Roles held on the last day", days[-1].held),
        ("… of them inactive", days[-1].inactive),
        ("Roles that began", sum(day.started for day in days)),
        *((f"Roles ended: {words}", ended[reason]) for reason, words in ENDS.items() if ended[reason]),
        *((f"Certifications: {words}", certified[one]) for one, words in OUTCOMES.items() if certified[one]),
        ("Sign-ins", sum(day.signed_in for day in days)),
        ("People who met “inactive” and came back", sum(day.came_back for day in days)),
        ("People who met “inactive” and gave up", sum(day.gave_up for day in days)),
        ("People who came when their role was gone", sum(day.found_none for day in days)),
        ("Notices sent", sum(sum(day.notices.values()) for day in days)),
        ("Most notices on one day", max(sum(day.notices.values()) for day in days)),
        ("Most requests waiting at once", max(day.waiting for day in days)),
        ("Most organizations without an able approver", max(day.without_approver for day in days)),
    ]
    return [(what, f"{value:,}") for what, value in found]


def sections_of(days: Sequence[Day]) -> list[Section]:
    """The charts in the order of the page."""
    return [part(days) for part in (_held, _ended, _notices, _kinds, _waiting, _oldest, _certified, _alone)]


def _held(days: Sequence[Day]) -> Section:
    says = "How many roles are active and how many are inactive, at noon of each day."
    series = [Series(name, [getattr(day, name) for day in days]) for name in ("active", "inactive")]
    sentence = "An inactive role gives nothing until its holder resets the password and signs in."
    return Section(_daily(days, "Roles held", says, "roles", series), sentence, "held")


def _ended(days: Sequence[Day]) -> Section:
    says, found = "How many roles ended, and why.", _by_week(days, ENDS, lambda day: day.ended)
    return _weekly(days, "Roles ended, by week", says, unit="roles", identifier="ended", counts=found)


def _notices(days: Sequence[Day]) -> Section:
    series = [Series("notices", [sum(day.notices.values()) for day in days])]
    chart = _daily(days, "Notices, by day", "How many notices were sent on each day.", "notices", series)
    sentence = "Each is one message to one person; one that lists several roles counts once."
    return Section(chart, sentence, "notices")


def _kinds(days: Sequence[Day]) -> Section:
    says, found = "What people were told. Each name is a notice in docs/notices.md.", _by_kind(days)
    return _weekly(days, "Notices by kind, by week", says, unit="notices", identifier="kinds", counts=found)


def _waiting(days: Sequence[Day]) -> Section:
    series = [Series("requests waiting", [day.waiting for day in days])]
    chart = _daily(
        days, "Requests waiting", "How many requests wait, at noon of each day.", "requests", series
    )
    return Section(chart, "A request that nobody decides expires.", "waiting")


def _oldest(days: Sequence[Day]) -> Section:
    series = [Series("days the oldest request has waited", [day.oldest_waiting for day in days])]
    says = "For how many days the oldest open request has waited, at noon of each day."
    chart = _daily(days, "The longest wait", says, "days", series)
    return Section(chart, "A line that climbs is one request that nobody looks at.", "oldest")


def _certified(days: Sequence[Day]) -> Section:
    says, found = "How certifications came out.", _by_week(days, OUTCOMES, lambda day: day.certified)
    title = "Certifications, by week"
    return _weekly(days, title, says, unit="certifications", identifier="certified", counts=found)


def _alone(days: Sequence[Day]) -> Section:
    says = "At how many organizations nobody can decide, at noon of each day."
    series = [Series("organizations", [day.without_approver for day in days])]
    chart = _daily(days, "Organizations without an able approver", says, "organizations", series)
    return Section(chart, "There the help desk decides until somebody can again.", "alone")


def _daily(days: Sequence[Day], title: str, says: str, unit: str, series: Sequence[Series]) -> Chart:
    return Chart(title, says, _dates(days), series, unit, _marks(days, 1))


def _marks(days: Sequence[Day], every: int) -> list[int]:
    """Where a date stands below, of values that each are so many days: each month's first, or of a short time some days."""
    firsts = days[::every]
    months = [at for at, day in enumerate(firsts) if at and day.date.month != firsts[at - 1].date.month]
    if LEAST_MONTHS <= len(months) <= MOST_MARKS:
        return months
    return list(range(0, len(firsts), max(1, -(-len(firsts) // SOME_MARKS))))


def _dates(days: Sequence[Day]) -> list[str]:
    return [_short(day.date) for day in days]


def _weeks(days: Sequence[Day]) -> list[str]:
    """The first day of each."""
    return _dates(days)[::DAYS_A_WEEK]


def _weekly(
    days: Sequence[Day],
    title: str,
    says: str,
    *,
    unit: str,
    identifier: str,
    counts: Mapping[str, list[int]],
) -> Section:
    """Stacked bars of what happened at all, a bar a week."""
    series = [Series(name, values) for name, values in counts.items() if any(values)]
    rest = len(days) % DAYS_A_WEEK
    last = f" The last one is {rest} {'day' if rest == 1 else 'days'}." if rest else ""
    sentence = (
        f"Each bar is the seven days from its date on.{last}" if series else "Nothing of the kind happened."
    )
    chart = Chart(title, says, _weeks(days), series, unit, _marks(days, DAYS_A_WEEK), is_stacked=True)
    return Section(chart, sentence, identifier)


def _by_week(
    days: Sequence[Day], words: Mapping[Any, str], of: Callable[[Day], Mapping[str, int]]
) -> dict[str, list[int]]:
    """Each of `words` with its sum of every week."""
    weeks = [days[begin : begin + DAYS_A_WEEK] for begin in range(0, len(days), DAYS_A_WEEK)]
    return {name: [sum(of(day).get(key, 0) for day in week) for week in weeks] for key, name in words.items()}


def _by_kind(days: Sequence[Day]) -> dict[str, list[int]]:
    """The most frequent kinds by name, all others together."""
    total: Counter[str] = sum((Counter(day.notices) for day in days), Counter())
    kinds = [kind for kind, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))]
    found = _by_week(days, {kind: kind for kind in kinds}, lambda day: day.notices)
    named = {kind: found[kind] for kind in kinds[:MOST_KINDS]}
    others = [found[kind] for kind in kinds[MOST_KINDS:]]
    return named | ({"all others": [sum(week) for week in zip(*others, strict=True)]} if others else {})


def _short(day: date) -> str:
    return f"{day:%b} {day.day}"


def days_csv(days: Sequence[Day]) -> str:
    """One line a day."""
    names = (
        "date",
        "active",
        "inactive",
        "started",
        "waiting",
        "oldest_waiting",
        "without_approver",
        "signed_in",
        "came_back",
        "gave_up",
        "found_none",
        "left",
    )
    sums = {"ended": "ended", "notices": "notices"} | {f"certifications_{one}": one for one in OUTCOMES}
    return _lines(
        [
            [*names, *sums],
            *(
                [
                    *(getattr(day, name) for name in names),
                    sum(day.ended.values()),
                    sum(day.notices.values()),
                    *(day.certified.get(one, 0) for one in OUTCOMES),
                ]
                for day in days
            ),
        ]
    )


def _csv(days: Sequence[Day], of: Callable[[Day], Mapping[str, int]]) -> str:
    """A line for each day and kind that has any."""
    rows = ([day.date, kind, count] for day in days for kind, count in sorted(of(day).items()) if count)
    return _lines([["date", "kind", "count"], *rows])


def _lines(rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
