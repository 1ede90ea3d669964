"""One-time codes: made, sent, bound to one browser session, purpose and address, looked at three times at most (S-2)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import (
    HOUR,
    CodeFacts,
    CodeState,
    FactorKind,
    Purpose,
    Refusal,
    code_life,
    may_send_code,
    may_still_match,
)
from bailiwick.idm.rules.sessions import Stage
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import held
from bailiwick.idm.signin.models import OneTimeCode

NOTICES = {
    FactorKind.EMAIL: "sign_in_code",
    FactorKind.SMS: "sign_in_text",
    FactorKind.VOICE: "sign_in_call",
}
DIGEST_PURPOSE = "one-time-code"


@dataclass(frozen=True)
class Bound:
    """What a code is good for: typed in this session, for this purpose, sent over this channel to this address.

    All of it is in the code's digest: a code of another purpose, or one sent to a number changed since, never matches.
    """

    session: Session
    purpose: Purpose
    kind: FactorKind
    address: str

    def digest(self, code: OneTimeCode, number: str) -> bytes:
        return vault.digest(self._told(code, number), purpose=DIGEST_PURPOSE)

    def fits(self, code: OneTimeCode, number: str) -> bool:
        """Whether the code's digest is of that number, in constant time; also where its key has changed since."""
        return vault.is_digest(code.digest, self._told(code, number), purpose=DIGEST_PURPOSE)

    def _told(self, code: OneTimeCode, number: str) -> str:
        parts = (code.pk, self.session.pk, self.purpose, self.kind, self.address, number)
        return "\x1f".join(str(part) for part in parts)


def bound(session: Session, kind: FactorKind) -> Bound:
    """A code for the second step of this session, sent to where codes of that kind go now.

    Refuses FACTOR_GONE, and FACTOR_NOT_OFFERED for e-mail where the policy takes it for the first sign-in only.
    """
    purpose = Purpose.SIGN_IN if session.stage == Stage.PASSWORD else Purpose.STEP_UP
    address = held.code_address(session.account, kind)
    if not address or kind not in held.offered_kinds():
        raise Refused(Refusal.FACTOR_GONE)
    if kind is FactorKind.EMAIL and not held.takes_email(session.account):
        raise Refused(Refusal.FACTOR_NOT_OFFERED)
    return Bound(session, purpose, kind, address)


def send_code(*, session: Session, kind: FactorKind = FactorKind.EMAIL, by: By, now: datetime) -> None:
    """Send a new code for this session; the one before is void. Refuses CODE_TOO_SOON, CODES_TOO_MANY, FACTOR_GONE."""
    issue(bound(session, kind), by=by, now=now)


def issue(wanted: Bound, *, by: By, now: datetime) -> None:
    """Make a code and send it. Refuses CODE_TOO_SOON and CODES_TOO_MANY."""
    account, limits, session = wanted.session.account, settings.LIMITS, wanted.session
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        _refuse_too_many(wanted, now)
        OneTimeCode.objects.filter(session=session, state=CodeState.LIVE).update(state=CodeState.VOID)
        number = "".join(secrets.choice("0123456789") for _ in range(limits.code_digits))
        code = OneTimeCode(account=account, session=session, channel=wanted.kind, sent_at=now)
        code.digest = wanted.digest(code, number)
        code.expires_at = now + code_life(wanted.kind, limits)
        code.save(force_insert=True)
        about = {"channel": wanted.kind, "purpose": wanted.purpose}
        append(Deed.SIGN_IN_CODE_SENT, by=by, now=now, subject=account.pk, about=about)
        _send(wanted, code, number)


def _refuse_too_many(wanted: Bound, now: datetime) -> None:
    sent = OneTimeCode.objects.filter(
        account=wanted.session.account, channel=wanted.kind, sent_at__gt=now - HOUR
    )
    moments = list(sent.values_list("sent_at", "session_id"))
    here = [at for at, asked_by in moments if asked_by == wanted.session.pk]
    ruling = may_send_code([at for at, _ in moments], max(here, default=None), now, settings.LIMITS)
    if not ruling:
        ruling.raise_it()


def matches(wanted: Bound, *, number: str, now: datetime) -> bool:
    """Use the session's code up if `number` is it. Each look is counted before the comparison."""
    limits = settings.LIMITS
    code = OneTimeCode.objects.filter(
        session=wanted.session, state=CodeState.LIVE, channel=wanted.kind
    ).first()
    if code is None or not may_still_match(
        CodeFacts(CodeState(code.state), code.tries, code.expires_at), now, limits
    ):
        return False
    live = OneTimeCode.objects.filter(pk=code.pk, state=CodeState.LIVE, tries__lt=limits.code_wrong_tries)
    if not live.update(tries=F("tries") + 1):
        return False
    if not wanted.fits(code, number):
        OneTimeCode.objects.filter(pk=code.pk, tries__gte=limits.code_wrong_tries).update(
            state=CodeState.VOID
        )
        return False
    return bool(OneTimeCode.objects.filter(pk=code.pk, state=CodeState.LIVE).update(state=CodeState.USED))


def _send(wanted: Bound, code: OneTimeCode, number: str) -> None:
    account = wanted.session.account
    notice(
        NOTICES[wanted.kind],
        to=wanted.address,
        key=f"code:{code.pk}",
        now=code.sent_at,
        channel=wanted.kind,
        context={
            "code": number,
            "digits": ", ".join(number),
            "minutes": int(code_life(wanted.kind, settings.LIMITS).total_seconds() // 60),
        },
        secret=True,
        language=account.language,
        good_until=code.expires_at,
    )
