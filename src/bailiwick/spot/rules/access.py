"""How a case is reached without an account: tracking number, mailed code, a session that idles out (F-9). Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.forms import Refusal
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.submitterids import ALPHABET

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRACKING_SIGNS = 12
GROUP = 4


class Purpose(StrEnum):
    """What a mailed code is for: open the case, prove a new mailbox of its contact, sign (F-8, F-9)."""

    ACCESS = "access"
    CONTACT = "contact"
    SIGNING = "signing"


class CodeState(StrEnum):
    LIVE = "live"
    USED = "used"
    VOID = "void"


@dataclass(frozen=True)
class CodeFacts:
    """A sent code as it stands when a try is made; `tries` does not yet count this one."""

    state: CodeState
    tries: int
    expires_at: datetime


def may_still_match(code: CodeFacts, now: datetime, limits: Limits) -> Yes | No:
    """A code is good once, for its life, and for three tries. [F-9]"""
    is_open = code.state is CodeState.LIVE and now < code.expires_at and code.tries < limits.code_wrong_tries
    return Yes() if is_open else No(Refusal.CODE_WRONG)


def may_send_code(sent_at: Iterable[datetime], now: datetime, limits: Limits) -> Yes | No:
    """Sent again at most every 30 seconds, five an hour and twenty a day, for one case and purpose. [F-9]"""
    today = [at for at in sent_at if now - at < DAY]
    recent = [at for at in today if now - at < HOUR]
    if recent and now - max(recent) < limits.code_resend_after:
        wait = limits.code_resend_after - (now - max(recent))
        return No(Refusal.CODE_TOO_SOON, {"seconds": int(wait.total_seconds()) + 1})
    if len(recent) >= limits.codes_per_hour:
        return No(Refusal.CODES_TOO_MANY, {"times": limits.codes_per_hour})
    if len(today) >= limits.codes_a_day:
        return No(Refusal.CODES_TOO_MANY_A_DAY, {"times": limits.codes_a_day})
    return Yes()


def is_session_over(started_at: datetime, last_seen_at: datetime, now: datetime, limits: Limits) -> bool:
    """Idle ends at 30 minutes, everything at 12 hours. [F-9]"""
    return now - last_seen_at >= limits.idle_ends_after or now - started_at >= limits.longest_session


def tracking_number(values: Sequence[int]) -> str:
    """`F-7K3M-92QX-4TZP` for twelve numbers below 23, drawn by the caller: 54 bits, so that nobody guesses one."""
    if len(values) != TRACKING_SIGNS or not all(0 <= value < len(ALPHABET) for value in values):
        raise ValueError(f"{TRACKING_SIGNS} numbers below {len(ALPHABET)}.")
    signs = "".join(ALPHABET[value] for value in values)
    return "-".join(["F", *(signs[at : at + GROUP] for at in range(0, TRACKING_SIGNS, GROUP))])


def tracking_typed(text: str) -> str:
    """A tracking number as stored, from what somebody typed; "" where it cannot be one."""
    signs = re.sub(r"[\s\-–]", "", text[:60]).upper()
    if len(signs) != TRACKING_SIGNS + 1 or signs[0] != "F" or not set(signs[1:]) <= set(ALPHABET):
        return ""
    return tracking_number([ALPHABET.index(sign) for sign in signs[1:]])
