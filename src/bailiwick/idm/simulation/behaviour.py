"""How fictitious people behave: every distribution and share in one frozen table, which the report prints.

Pure. Whoever draws passes a `random.Random`; the same draws in the same order give the same people.
"""

import math
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Rhythm:
    """One kind of user: what share of people they are, and the mean days from one sign-in to the next."""

    name: str
    share: float
    mean_days: float


@dataclass(frozen=True)
class Behaviour:
    """Shares are between 0 and 1; delays are in days, drawn from an exponential distribution with the stated mean.

    `heeds_warning`: signs in within two days after a warning about coming inactivity, each time anew.
    `comes_back`: on meeting "inactive" sets a new password and signs in; the others give up.
    `leaves_a_year`: leaves the organization within a year; `leaving_is_told`: somebody then tells the approver.
    `approver_is_absent`: looks at nothing that waits, for as long as the simulation lasts.
    `doubts`: the share of lines that a certifier removes although the holder is still there.
    """

    rhythms: tuple[Rhythm, ...] = (
        Rhythm("daily", 0.45, 1.5),
        Rhythm("weekly", 0.32, 6),
        Rhythm("monthly", 0.17, 16),
        Rhythm("rarely", 0.06, 45),
    )
    began_together: float = 0.6
    weekend: float = 0.1
    heeds_warning: float = 0.3
    comes_back: float = 0.75
    leaves_a_year: float = 0.16
    leaving_is_told: float = 0.7
    removal_takes: float = 8
    is_replaced: float = 0.95
    replacement_takes: float = 20
    decision_takes: float = 2.5
    is_denied: float = 0.04
    desk_takes: float = 1.5
    approver_is_absent: float = 0.015
    certifying_takes: float = 10
    doubts: float = 0.02
    sees_who_left: float = 0.85
    restores_late: float = 0.5

    def rhythm(self, draw: Random) -> Rhythm:
        return draw.choices(self.rhythms, [one.share for one in self.rhythms])[0]

    def table(self) -> list[tuple[str, str]]:
        """Every assumption as a line of the report: (what, how much)."""
        kinds = [
            (f"signs in {one.name}", f"{one.share:.0%} of people; {one.mean_days:g} days apart on average")
            for one in self.rhythms
        ]
        return kinds + [(words, shown.format(getattr(self, name))) for name, words, shown in ASSUMPTIONS]


DAYS = "after {:g} days on average"
ASSUMPTIONS = (
    ("began_together", "of the roles at an organization began with its approver's", "{:.0%}"),
    ("weekend", "of the sign-ins that fall on a weekend are made, the others on Monday", "{:.0%}"),
    ("heeds_warning", "signs in within two days after a warning", "{:.0%}, each time"),
    ("comes_back", "on meeting “inactive”, resets the password and signs in", "{:.0%}"),
    ("leaves_a_year", "leaves the organization within a year", "{:.0%}"),
    ("leaving_is_told", "the approver hears that somebody left", "{:.0%}"),
    ("removal_takes", "and then removes the role", DAYS),
    ("is_replaced", "of those who left, somebody new comes", "{:.0%}"),
    ("replacement_takes", "the new person asks for the role", DAYS),
    ("decision_takes", "an approver decides a request", DAYS),
    ("desk_takes", "the help desk decides a request", DAYS),
    ("is_denied", "of the requests are denied", "{:.0%}"),
    ("approver_is_absent", "of the approvers look at nothing that waits", "{:.1%}"),
    ("certifying_takes", "a certifier works through the list", DAYS + ", once it is open"),
    ("sees_who_left", "a certifier removes somebody who left", "{:.0%}"),
    ("doubts", "a certifier removes somebody who is still there", "{:.0%}"),
    (
        "restores_late",
        "a missed certification is restored in time, where the holder is still there",
        "{:.0%}",
    ),
)


def days_until(draw: Random, mean: float) -> int:
    """A delay in whole days, at least one; exponential with about that mean."""
    return 1 + math.floor(draw.expovariate(1 / max(mean - 0.5, 0.1)))


def sizes(places: int, roles: int) -> list[int]:
    """How many roles each organization has: a long tail, largest first, at least two each, together `roles`.

    Raises ValueError where there are fewer roles than two for each place.
    """
    if roles < 2 * places:
        raise ValueError("every organization needs two people at least")
    spare = roles - 2 * places
    weights = [1 / rank for rank in range(1, places + 1)]
    total = sum(weights)
    found = [2 + math.floor(spare * weight / total) for weight in weights]
    for place in range(roles - sum(found)):
        found[place % places] += 1
    return found
