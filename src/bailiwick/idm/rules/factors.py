"""Second factors: which there are, how strong, and when a code or an authenticator's number counts (S-2, S-3). Pure."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits

NAME_LONGEST = 40
HOUR = timedelta(hours=1)


class FactorKind(StrEnum):
    """In `STRENGTH`, the strongest first."""

    TOTP = "totp"
    EMAIL = "email"


STRENGTH = (FactorKind.TOTP, FactorKind.EMAIL)


class CodeState(StrEnum):
    LIVE = "live"
    USED = "used"
    VOID = "void"


class CodeEvent(StrEnum):
    MATCH = "match"
    WRONG_TOO_OFTEN = "wrong_too_often"
    REPLACE = "replace"


CODE_STEPS: dict[CodeState, dict[CodeEvent, CodeState]] = {
    CodeState.LIVE: {
        CodeEvent.MATCH: CodeState.USED,
        CodeEvent.WRONG_TOO_OFTEN: CodeState.VOID,
        CodeEvent.REPLACE: CodeState.VOID,
    },
    CodeState.USED: {},
    CodeState.VOID: {},
}


class Refusal(StrEnum):
    CODE_WRONG = "code_wrong"
    CODE_TOO_SOON = "code_too_soon"
    CODES_TOO_MANY = "codes_too_many"
    FACTORS_FULL = "factors_full"
    FACTOR_TOO_WEAK = "factor_too_weak"
    FACTOR_GONE = "factor_gone"
    FACTOR_NOT_STARTED = "factor_not_started"


@dataclass(frozen=True)
class CodeFacts:
    """A sent code as it stands when a try is made; `tries` does not yet count this one."""

    state: CodeState
    tries: int
    expires_at: datetime


def may_still_match(code: CodeFacts, now: datetime, limits: Limits) -> Yes | No:
    """A code is good once, for its life, and for three tries. [S-2, numbers]"""
    is_open = code.state is CodeState.LIVE and now < code.expires_at and code.tries < limits.code_wrong_tries
    return Yes() if is_open else No(Refusal.CODE_WRONG)


def may_send_code(
    sent_at: Iterable[datetime], last_here: datetime | None, now: datetime, limits: Limits
) -> Yes | No:
    """Sent again at most every 30 seconds, and five an hour over one channel. [numbers]

    `sent_at`: to the account, over the channel; `last_here`: the last one of them asked for by this browser session.
    """
    if last_here and now - last_here < limits.code_resend_after:
        wait = limits.code_resend_after - (now - last_here)
        return No(Refusal.CODE_TOO_SOON, {"seconds": int(wait.total_seconds()) + 1})
    if sum(now - at < HOUR for at in sent_at) >= limits.codes_per_hour:
        return No(Refusal.CODES_TOO_MANY, {"times": limits.codes_per_hour})
    return Yes()


def strongest(kinds: Iterable[FactorKind]) -> FactorKind:
    """The strongest of a person's factors; e-mail is always there. [S-3, S-6]"""
    held = {*kinds, FactorKind.EMAIL}
    return next(kind for kind in STRENGTH if kind in held)


def signs_in_limited(used: FactorKind, held: Iterable[FactorKind]) -> bool:
    """Whether a sign-in by `used` gives a limited session: by e-mail although there is something stronger. [S-2]"""
    return used is FactorKind.EMAIL and strongest(held) is not FactorKind.EMAIL


def may_step_up(used: FactorKind, held: Iterable[FactorKind]) -> Yes | No:
    """A step-up needs a factor as strong as the account's strongest. [S-6]"""
    enough = STRENGTH.index(used) <= STRENGTH.index(strongest(held))
    return Yes() if enough else No(Refusal.FACTOR_TOO_WEAK)


def may_add_authenticator(confirmed: int, limits: Limits) -> Yes | No:
    """Two authenticators at most. [S-4]"""
    return (
        Yes()
        if confirmed < limits.authenticators
        else No(Refusal.FACTORS_FULL, {"most": limits.authenticators})
    )


def step_of(now: datetime, limits: Limits) -> int:
    return int(now.timestamp()) // limits.totp_step_seconds


def matching_step(secret: str, typed: str, *, last_step: int, now: datetime, limits: Limits) -> int | None:
    """The step after `last_step` whose number was typed, within one step of drift; else None. `secret`: in base32. [S-3, AX07]"""
    present, numbers = step_of(now, limits), pyotp.TOTP(secret, interval=limits.totp_step_seconds)
    found = None
    for step in range(present - limits.totp_drift_steps, present + limits.totp_drift_steps + 1):
        # Every candidate is computed and compared in constant time; only the outcome tells.
        if hmac.compare_digest(numbers.generate_otp(step).encode(), typed.encode()) and step > last_step:
            found = step
    return found
