"""When a browser session lives, how strong it is, and whether it is fresh enough for a sensitive act (S-2, S-6, S-8).

Nothing here is stored as "expired": a session is judged from its times whenever it is asked about (I-2).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_ORDER, ACR_PHISHING_RESISTANT


class Refusal(StrEnum):
    SESSION_LIMITED = "session_limited"
    SESSION_OVER = "session_over"


class Stage(StrEnum):
    """How far a sign-in has come."""

    PASSWORD = "password"
    FULL = "full"
    LIMITED = "limited"


class EndReason(StrEnum):
    """Why a session was ended; it travels to the ledger and to the applications' logs."""

    SIGNED_OUT = "signed_out"
    SIGNED_OUT_AT_APPLICATION = "signed_out_at_application"
    REPLACED = "replaced"
    ENDED_BY_HOLDER = "ended_by_holder"
    PASSWORD_CHANGED = "password_changed"
    RECOVERED = "recovered"
    FROZEN = "frozen"
    EMAIL_RESTORED = "email_restored"
    FACTORS_RESET = "factors_reset"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    MERGED = "merged"
    GRANT_ENDED = "grant_ended"
    ORGANIZATION_CLOSED = "organization_closed"
    TOKEN_REUSED = "token_reused"
    TOKEN_REVOKED = "token_revoked"


class Factor(StrEnum):
    """The second step a person took."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    TOTP = "totp"
    RECOVERY = "recovery"
    PASSKEY = "passkey"


# RFC 8176 has no word for a code by e-mail or from a printed list; those two are ours.
METHOD_OF = {
    Factor.EMAIL: "email",
    Factor.SMS: "sms",
    Factor.VOICE: "tel",
    Factor.TOTP: "otp",
    Factor.RECOVERY: "recovery",
    Factor.PASSKEY: "hwk",
}
LEVEL_OF = {
    Factor.EMAIL: ACR_LIMITED,
    Factor.SMS: ACR_MFA,
    Factor.VOICE: ACR_MFA,
    Factor.TOTP: ACR_MFA,
    Factor.RECOVERY: ACR_MFA,
    Factor.PASSKEY: ACR_PHISHING_RESISTANT,
}
SECOND_KIND = frozenset(METHOD_OF[factor] for factor, level in LEVEL_OF.items() if level != ACR_LIMITED)


@dataclass(frozen=True)
class SessionTimes:
    """The instants that decide whether a session lives."""

    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


def is_live(times: SessionTimes, *, now: datetime, limits: Limits) -> Yes | No:
    """Not ended, not idle for 30 minutes, not older than 12 hours (S-8)."""
    idle = now - times.last_seen_at >= limits.idle_end
    too_old = now - times.created_at >= limits.longest_session
    ended = times.ended_at is not None
    return No(Refusal.SESSION_OVER) if ended or idle or too_old else Yes("within its times")


def level_of(factor: Factor, *, reached: str = "") -> str:
    """The `acr` after passing `factor`; a weaker factor never lowers a level that was `reached` (S-2)."""
    level = LEVEL_OF[factor]
    return max(level, reached, key=ACR_ORDER.index) if reached in ACR_ORDER else level


def methods_after(methods: Iterable[str], factor: Factor) -> list[str]:
    """The `amr` values after passing `factor`, each once, in the order taken; "mfa" joins a second kind (RFC 8176)."""
    taken = list(dict.fromkeys([*(method for method in methods if method != "mfa"), METHOD_OF[factor]]))
    return [*taken, "mfa"] if SECOND_KIND.intersection(taken) else taken


def stage_after(stage: Stage, factor: Factor) -> Stage:
    """A factor other than e-mail lifts a limited session (S-2)."""
    return Stage.FULL if stage is Stage.LIMITED and factor is not Factor.EMAIL else stage


def passed(proofs: Mapping[str, str], factor: Factor, *, now: datetime) -> dict[str, str]:
    """The session's proofs after passing `factor` (S-6)."""
    return {**proofs, factor.value: now.isoformat()}


def fresh_proofs(proofs: Mapping[str, str], *, within: timedelta, now: datetime) -> list[str]:
    """The factors passed within that time. A strong one of long ago lends nothing to a weak one of now (AX05, S-6)."""
    return [
        factor
        for factor, at in proofs.items()
        if is_fresh(datetime.fromisoformat(at), within=within, now=now)
    ]


@dataclass(frozen=True)
class Standing:
    """How strong a session is: `proofs`, and the acr, amr and stage that follow from them."""

    proofs: dict[str, str]
    acr: str
    amr: list[str]
    stage: Stage


def weakened(standing: Standing, held: Collection[str]) -> Standing:
    """What a session still is once its account holds only the factors `held` (S-3, S-6).

    It is worth the factors that were passed in it and are still there; without one, a session of an account that has
    a factor other than e-mail is a limited one (S-2).
    """
    kept = {factor: at for factor, at in standing.proofs.items() if factor in held}
    carried = {METHOD_OF[Factor(factor)] for factor in kept} | {"pwd"}
    amr = [method for method in standing.amr if method in carried]
    if SECOND_KIND.intersection(amr):
        amr.append("mfa")
    acr = max((LEVEL_OF[Factor(factor)] for factor in kept), key=ACR_ORDER.index, default=ACR_LIMITED)
    has_other, proved_other = (any(one != Factor.EMAIL for one in some) for some in (held, kept))
    falls = standing.stage is Stage.FULL and has_other and not proved_other
    return Standing(kept, acr, amr, Stage.LIMITED if falls else standing.stage)


def is_fresh(factor_at: datetime | None, *, within: timedelta, now: datetime) -> bool:
    """Whether a factor was passed recently enough for a sensitive act (S-6).

    One that lies in the future is of a clock that was set back since: how long ago it was passed, nobody knows.
    """
    return factor_at is not None and timedelta() <= now - factor_at < within
