"""The change of the mailbox that an account is reached by: its states, and what may be done when (R-9). Pure.

Expiry is no state: it is computed. Whoever holds the old mailbox has the last word for ten days, whatever was changed
since: taking one change back takes back every later one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.accounts import email_key
from bailiwick.idm.rules.limits import Limits


class ChangeState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"


class ChangeEvent(StrEnum):
    CONFIRM = "confirm"
    ASK_AGAIN = "ask_again"
    TAKE_BACK = "take_back"


CHANGE_STEPS: dict[ChangeState, dict[ChangeEvent, ChangeState]] = {
    ChangeState.WAITING: {
        ChangeEvent.CONFIRM: ChangeState.CONFIRMED,
        ChangeEvent.ASK_AGAIN: ChangeState.REPLACED,
        ChangeEvent.TAKE_BACK: ChangeState.TAKEN_BACK,
    },
    ChangeState.CONFIRMED: {ChangeEvent.TAKE_BACK: ChangeState.TAKEN_BACK},
    ChangeState.REPLACED: {ChangeEvent.TAKE_BACK: ChangeState.TAKEN_BACK},
    ChangeState.TAKEN_BACK: {},
}


class Refusal(StrEnum):
    EMAIL_IS_THE_SAME = "email_is_the_same"
    EMAIL_NOT_TYPED_TWICE = "email_not_typed_twice"
    EMAIL_NOT_PLAIN = "email_not_plain"
    EMAIL_LINK_UNKNOWN = "email_link_unknown"
    EMAIL_LINK_OVER = "email_link_over"
    EMAIL_CHANGE_TAKEN_BACK = "email_change_taken_back"
    EMAIL_CHANGES_TOO_MANY = "email_changes_too_many"


@dataclass(frozen=True)
class ChangeFacts:
    """A change as it stands. `is_present`: the account's address is still the one it was asked to leave."""

    state: ChangeState
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    is_present: bool


def may_ask(present: str, wanted: str, *, asked_lately: int, limits: Limits) -> Yes | No:
    """Another address, of letters that look like no others: a look-alike would be read for somebody else's (AX10).

    `asked_lately`: changes asked for in the last hour, each of which mailed two people.
    """
    if asked_lately >= limits.email_changes_an_hour:
        return No(Refusal.EMAIL_CHANGES_TOO_MANY, {"times": limits.email_changes_an_hour})
    if not wanted.isascii():
        return No(Refusal.EMAIL_NOT_PLAIN)
    return No(Refusal.EMAIL_IS_THE_SAME) if email_key(present) == email_key(wanted) else Yes()


def may_confirm(change: ChangeFacts | None, *, now: datetime) -> Yes | No:
    """Once, in time, and only from the address it was asked at: a change in between makes the link void (AX10)."""
    if change is None:
        return No(Refusal.EMAIL_LINK_UNKNOWN)
    if change.state is ChangeState.TAKEN_BACK:
        return No(Refusal.EMAIL_CHANGE_TAKEN_BACK)
    is_open = change.state is ChangeState.WAITING and now < change.expires_at and change.is_present
    return Yes() if is_open else No(Refusal.EMAIL_LINK_OVER)


def may_take_back(change: ChangeFacts | None, *, now: datetime, limits: Limits) -> Yes | No:
    """Before it is confirmed and for ten days after, whatever was asked or changed since."""
    if change is None:
        return No(Refusal.EMAIL_LINK_UNKNOWN)
    if change.state is ChangeState.TAKEN_BACK:
        return No(Refusal.EMAIL_CHANGE_TAKEN_BACK)
    begins = change.confirmed_at or change.asked_at
    return Yes() if now < begins + limits.email_change_undone else No(Refusal.EMAIL_LINK_OVER)


def still_recovers(confirmed_at: datetime, *, now: datetime, limits: Limits) -> bool:
    """Whether the old address is still a recovery channel: for a day after it was left."""
    return now < confirmed_at + limits.former_email_recovers
