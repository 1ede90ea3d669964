"""SPOT's numbers (spec "The numbers"), in one typed place, checked when they are made."""

from dataclasses import dataclass, fields
from datetime import timedelta


@dataclass(frozen=True)
class Limits:
    """Every value is a duration above zero; the order between them is checked at start."""

    idle_warned_after: timedelta = timedelta(minutes=20)
    idle_ends_after: timedelta = timedelta(minutes=30)
    longest_session: timedelta = timedelta(hours=12)
    asked_again_every: timedelta = timedelta(minutes=5)
    refused_after_unanswered: timedelta = timedelta(minutes=15)
    asking_takes_at_most: timedelta = timedelta(seconds=20)
    attempt_lasts: timedelta = timedelta(hours=1)
    clock_difference: timedelta = timedelta(seconds=30)
    logout_token_lasts: timedelta = timedelta(minutes=10)
    ended_sessions_kept: timedelta = timedelta(days=90)

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) <= timedelta(0):
                raise ValueError(f"{field.name} must be longer than nothing.")
        if self.idle_warned_after >= self.idle_ends_after:
            raise ValueError("idle_warned_after must be shorter than idle_ends_after.")
        if self.asked_again_every >= self.refused_after_unanswered:
            raise ValueError("asked_again_every must be shorter than refused_after_unanswered.")
