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
    `notices_late`: of certifiers who hear that something is to be certified, the share that looks `notices_after` days
    later, which is past the first due date; `restores_late`: of the roles that ended meanwhile, those they bring back.
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
    notices_late: float = 0.15
    notices_after: int = 36
    doubts: float = 0.02
    sees_who_left: float = 0.85
    restoring_takes: float = 4
    restores_late: float = 0.7

    def rhythm(self, draw: Random, unseen_days: int = 0) -> Rhythm:
        """One of the kinds; of somebody who was not seen for so long, as likely as that makes each."""
        weights = [one.share * math.exp(-unseen_days / one.mean_days) for one in self.rhythms]
        return draw.choices(self.rhythms, weights)[0]

    def table(self) -> list[tuple[str, str]]:
        """Every assumption as a line of the report: (what, how much)."""
        kinds = [
            (f"People who sign in {one.name}", f"{one.share:.0%}; every {one.mean_days:g} days on average")
            for one in self.rhythms
        ]
        return kinds + [(words, shown.format(getattr(self, name))) for name, words, shown in ASSUMPTIONS]


DAYS = "after {:g} days on average"
ASSUMPTIONS = (
    ("began_together", "Roles at an organization that began with its approver's", "{:.0%}"),
    ("weekend", "Sign-ins of a weekend that are made then, and not on Monday", "{:.0%}"),
    ("heeds_warning", "People who sign in within two days after a warning", "{:.0%}, each time"),
    ("comes_back", "People who meet “inactive”, reset the password and sign in", "{:.0%}"),
    ("leaves_a_year", "People who leave their organization within a year", "{:.0%}"),
    ("leaving_is_told", "… of whose leaving the approver hears", "{:.0%}"),
    ("removal_takes", "… and then removes the role", DAYS),
    ("is_replaced", "… in whose place somebody new comes", "{:.0%}"),
    ("replacement_takes", "… and asks for the role", DAYS),
    ("decision_takes", "An approver decides a request", DAYS),
    ("desk_takes", "The help desk decides a request", DAYS),
    ("is_denied", "Requests that are denied", "{:.0%}"),
    ("approver_is_absent", "Approvers who look at nothing that waits", "{:.1%}"),
    ("certifying_takes", "A certifier works through the list, once it is open", DAYS),
    ("notices_late", "Certifiers who look too late", "{:.0%}, each time"),
    ("notices_after", "… and then work through the list", "{:g} days after it opened"),
    ("sees_who_left", "Roles of people who left that a certifier removes", "{:.0%}"),
    ("doubts", "Roles of people who are still there that a certifier removes", "{:.0%}"),
    ("restoring_takes", "A certifier looks at what ended uncertified", DAYS),
    ("restores_late", "… and restores it, where the holder is still there", "{:.0%} of it"),
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
