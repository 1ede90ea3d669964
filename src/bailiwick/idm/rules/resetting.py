"""The link by which a holder sets a new password: its states, and when it may be used (P-6, P-7, P-9). Pure.

Expiry is no state: it is computed (I-2). A wrong answer is counted before it is looked at, so of any number of
simultaneous tries no more are evaluated than the limit allows.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits


class LinkState(StrEnum):
    LIVE = "live"
    USED = "used"
    VOID = "void"


class LinkEvent(StrEnum):
    USE = "use"
    REPLACE = "replace"
    WRONG_TOO_OFTEN = "wrong_too_often"
    PASSWORD_CHANGED = "password_changed"


LINK_STEPS: dict[LinkState, dict[LinkEvent, LinkState]] = {
    LinkState.LIVE: {
        LinkEvent.USE: LinkState.USED,
        LinkEvent.REPLACE: LinkState.VOID,
        LinkEvent.WRONG_TOO_OFTEN: LinkState.VOID,
        LinkEvent.PASSWORD_CHANGED: LinkState.VOID,
    },
    LinkState.USED: {},
    LinkState.VOID: {},
}


class Refusal(StrEnum):
    """Told apart in words: whoever holds 256 bits of a link learns nothing by it that the mail did not say."""

    LINK_UNKNOWN = "reset_link_unknown"
    LINK_EXPIRED = "reset_link_expired"
    LINK_USED = "reset_link_used"
    LINK_VOID = "reset_link_void"
    ACCOUNT_NOT_ACTIVE = "reset_account_not_active"
    ANSWER_WRONG = "reset_answer_wrong"
    CHANGED_MEANWHILE = "reset_changed_meanwhile"


@dataclass(frozen=True)
class LinkFacts:
    """A link as it stands when it is used."""

    state: LinkState
    expires_at: datetime
    tries: int
    is_account_active: bool


def may_use(link: LinkFacts | None, *, now: datetime, limits: Limits) -> Yes | No:
    """Once, within its hour, for an active account, until three answers were wrong (P-7, P-10)."""
    if link is None:
        return No(Refusal.LINK_UNKNOWN)
    if link.state is LinkState.USED:
        return No(Refusal.LINK_USED)
    if link.state is LinkState.VOID:
        return No(Refusal.LINK_VOID)
    if now >= link.expires_at:
        return No(Refusal.LINK_EXPIRED, {"minutes": int(limits.reset_link_life.total_seconds() // 60)})
    if not link.is_account_active:
        return No(Refusal.ACCOUNT_NOT_ACTIVE)
    return Yes() if link.tries < limits.answer_wrong_tries else No(Refusal.LINK_VOID)
