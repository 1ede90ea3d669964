"""SPOT's numbers (spec "The numbers"), in one typed place, checked when they are made."""

from dataclasses import dataclass, fields
from datetime import timedelta


@dataclass(frozen=True)
class Limits:
    """Every value is a duration or a count above zero; the order between them is checked at start."""

    idle_warned_after: timedelta = timedelta(minutes=20)
    idle_ends_after: timedelta = timedelta(minutes=30)
    longest_session: timedelta = timedelta(hours=12)
    verified_within: timedelta = timedelta(minutes=15)
    desk_verified_within: timedelta = timedelta(minutes=5)
    asked_again_every: timedelta = timedelta(minutes=5)
    refused_after_unanswered: timedelta = timedelta(minutes=15)
    asking_takes_at_most: timedelta = timedelta(seconds=20)
    attempt_lasts: timedelta = timedelta(hours=1)
    clock_difference: timedelta = timedelta(seconds=30)
    logout_token_lasts: timedelta = timedelta(minutes=10)
    ended_sessions_kept: timedelta = timedelta(days=90)

    draft_kept: timedelta = timedelta(days=60)
    invitation_lasts: timedelta = timedelta(days=14)
    invitation_resends: int = 5
    code_digits: int = 6
    code_lasts: timedelta = timedelta(minutes=30)
    code_wrong_tries: int = 3
    code_resend_after: timedelta = timedelta(seconds=30)
    codes_per_hour: int = 5
    codes_a_day: int = 20
    payer_checks_a_day: int = 10
    pair_checks_an_hour: int = 5
    objection_time: timedelta = timedelta(hours=24)
    handover_ahead: timedelta = timedelta(days=90)
    list_rows: int = 5000
    list_file_bytes: int = 10 * 1024**2
    cases_started_per_mailbox_an_hour: int = 5
    cases_started_per_source_an_hour: int = 20

    comparisons_kept: timedelta = timedelta(days=90)
    exports_an_hour: int = 10

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value <= (timedelta(0) if isinstance(value, timedelta) else 0):
                raise ValueError(f"{field.name} must be longer than nothing.")
        if self.idle_warned_after >= self.idle_ends_after:
            raise ValueError("idle_warned_after must be shorter than idle_ends_after.")
        if self.codes_per_hour > self.codes_a_day:
            raise ValueError("codes_per_hour must not be more than codes_a_day.")
        if self.asked_again_every >= self.refused_after_unanswered:
            raise ValueError("asked_again_every must be shorter than refused_after_unanswered.")
