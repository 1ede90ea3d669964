"""Second factors: which there are, how strong, and when a code or an authenticator's number counts (S-2, S-3, S-4). Pure.

Recovery codes are no device: they sign in when every device is lost, and are not what an account's strength is
measured by. They can be made once there is a device that they stand in for.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import METHOD_OF

NAME_LONGEST = 40
HOUR = timedelta(hours=1)


class FactorKind(StrEnum):
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY = "recovery"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


# The strongest first. A text and a call prove the same; a recovery code proves no more than an authenticator.
STRENGTH = (
    FactorKind.PASSKEY,
    FactorKind.TOTP,
    FactorKind.RECOVERY,
    FactorKind.SMS,
    FactorKind.VOICE,
    FactorKind.EMAIL,
)
RANK = {
    FactorKind.PASSKEY: 3,
    FactorKind.TOTP: 2,
    FactorKind.RECOVERY: 2,
    FactorKind.SMS: 1,
    FactorKind.VOICE: 1,
    FactorKind.EMAIL: 0,
}
# As a page offers them: codes on paper are for when there is nothing else.
OFFERED = (
    FactorKind.PASSKEY,
    FactorKind.TOTP,
    FactorKind.SMS,
    FactorKind.VOICE,
    FactorKind.EMAIL,
    FactorKind.RECOVERY,
)
PHONES = frozenset({FactorKind.SMS, FactorKind.VOICE})
SENT = PHONES | {FactorKind.EMAIL}
DEVICES = frozenset({FactorKind.PASSKEY, FactorKind.TOTP}) | PHONES
KIND_OF_METHOD = {method: FactorKind(factor.value) for factor, method in METHOD_OF.items()}

# Crockford's base 32: no letter that looks like a digit. 16 characters are 80 random bits.
RECOVERY_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECOVERY_LENGTH = 16
RECOVERY_GROUP = 4
LOOK_ALIKES = str.maketrans("OIL", "011")


class Purpose(StrEnum):
    """What a code was sent for; one sent for one thing does nothing else."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    ENROLL = "enroll"


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
    FACTOR_NOT_OFFERED = "factor_not_offered"
    DEVICE_FIRST = "device_first"
    RECOVERY_CODE_WRONG = "recovery_code_wrong"
    PASSKEY_WRONG = "passkey_wrong"
    PASSKEY_NOT_GIVEN = "passkey_not_given"
    PASSKEY_KNOWN = "passkey_known"


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


def code_life(kind: FactorKind, limits: Limits) -> timedelta:
    """How long a code sent that way is good. [numbers]"""
    return limits.code_life_phone if kind in PHONES else limits.code_life_email


def strongest(kinds: Iterable[FactorKind]) -> FactorKind:
    """The strongest of a person's factors; e-mail is always there. [S-3, S-6]"""
    held = {*kinds, FactorKind.EMAIL} - {FactorKind.RECOVERY}
    return next(kind for kind in STRENGTH if kind in held)


def signs_in_limited(used: FactorKind, held: Iterable[FactorKind]) -> bool:
    """Whether a sign-in by `used` gives a limited session: by e-mail although there is something stronger. [S-2]"""
    return used is FactorKind.EMAIL and strongest(held) is not FactorKind.EMAIL


def may_step_up(used: FactorKind, held: Iterable[FactorKind]) -> Yes | No:
    """A step-up needs a factor as strong as the account's strongest. [S-6]"""
    enough = RANK[used] >= RANK[strongest(held)]
    return Yes() if enough else No(Refusal.FACTOR_TOO_WEAK)


def is_strong_enough(methods: Iterable[str], held: Iterable[FactorKind]) -> bool:
    """Whether a session that took `methods` (its `amr`) took one as strong as the account's strongest is now. [S-6, AX05]"""
    taken = [RANK[KIND_OF_METHOD[method]] for method in methods if method in KIND_OF_METHOD]
    return max(taken, default=-1) >= RANK[strongest(held)]


def email_verifies(held: Iterable[FactorKind], *, may_be_email_only: bool) -> bool:
    """Whether a code by e-mail is taken at all: under "strict" only where there is nothing else yet. [S-2]"""
    return may_be_email_only or strongest(held) is FactorKind.EMAIL


def must_add_factor(held: Iterable[FactorKind], *, may_be_email_only: bool) -> bool:
    """Whether the person is led to add a factor before anything else (policy profile "strict"). [S-2]"""
    return not may_be_email_only and strongest(held) is FactorKind.EMAIL


def may_add(kind: FactorKind, held: Mapping[FactorKind, int], limits: Limits) -> Yes | No:
    """One phone for texts, one for calls, two authenticators, five passkeys; recovery codes beside a device. [S-4]

    `held`: how many of each kind count already. Recovery codes may be made anew at any time: the old ones go.
    """
    if kind is FactorKind.EMAIL:
        return No(Refusal.FACTOR_NOT_OFFERED)
    if kind is FactorKind.RECOVERY:
        return Yes() if any(held.get(device) for device in DEVICES) else No(Refusal.DEVICE_FIRST)
    most = {
        FactorKind.SMS: limits.text_phones,
        FactorKind.VOICE: limits.voice_phones,
        FactorKind.TOTP: limits.authenticators,
        FactorKind.PASSKEY: limits.passkeys,
    }[kind]
    return Yes() if held.get(kind, 0) < most else No(Refusal.FACTORS_FULL, {"most": most})


def counter_moves_on(stored: int, shown: int) -> bool:
    """A passkey's counter grows, or stays 0 where it keeps none; else two devices hold one key. [S-3]"""
    return shown > stored or shown == stored == 0


def normalized_recovery_code(typed: str) -> str:
    """A recovery code as it is compared: without regard to case, hyphens, spaces and look-alikes. [S-3]"""
    return re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(LOOK_ALIKES)


def in_groups(code: str) -> str:
    """A recovery code as it is printed."""
    return "-".join(code[at : at + RECOVERY_GROUP] for at in range(0, len(code), RECOVERY_GROUP))


def is_running_low(left: int, limits: Limits) -> bool:
    """Whether to tell the holder to make new recovery codes. [S-3]"""
    return left <= limits.recovery_codes_low


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
