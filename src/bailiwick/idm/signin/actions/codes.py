"""One-time codes: made, sent by mail, bound to one browser session, looked at three times at most (S-2)."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import HOUR, CodeFacts, CodeState, FactorKind, may_send_code, may_still_match
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.models import OneTimeCode


def send_code(*, session: Session, by: By, now: datetime) -> None:
    """Mail a new code for this session; the one before is void. Refuses CODE_TOO_SOON and CODES_TOO_MANY."""
    account, limits = session.account, settings.LIMITS
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        sent = OneTimeCode.objects.filter(account=account, channel=FactorKind.EMAIL, sent_at__gt=now - HOUR)
        moments = list(sent.values_list("sent_at", "session_id"))
        here = [at for at, asked_by in moments if asked_by == session.pk]
        ruling = may_send_code([at for at, _ in moments], max(here, default=None), now, limits)
        if not ruling:
            ruling.raise_it()
        OneTimeCode.objects.filter(session=session, state=CodeState.LIVE).update(state=CodeState.VOID)
        number = "".join(secrets.choice("0123456789") for _ in range(limits.code_digits))
        code = OneTimeCode(account=account, session=session, channel=FactorKind.EMAIL, sent_at=now)
        code.digest = _digest(code, number)
        code.expires_at = now + limits.code_life_email
        code.save(force_insert=True)
        append(Deed.SIGN_IN_CODE_SENT, by=by, now=now, subject=account.pk, about={"channel": code.channel})
        _mail(account, code, number)


def matches(*, session: Session, number: str, now: datetime) -> bool:
    """Use the session's code up if `number` is it. Each look is counted before the comparison."""
    limits = settings.LIMITS
    code = OneTimeCode.objects.filter(session=session, state=CodeState.LIVE).first()
    if code is None or not may_still_match(
        CodeFacts(CodeState(code.state), code.tries, code.expires_at), now, limits
    ):
        return False
    live = OneTimeCode.objects.filter(pk=code.pk, state=CodeState.LIVE, tries__lt=limits.code_wrong_tries)
    if not live.update(tries=F("tries") + 1):
        return False
    if not secrets.compare_digest(bytes(code.digest), _digest(code, number)):
        OneTimeCode.objects.filter(pk=code.pk, tries__gte=limits.code_wrong_tries).update(
            state=CodeState.VOID
        )
        return False
    return bool(OneTimeCode.objects.filter(pk=code.pk, state=CodeState.LIVE).update(state=CodeState.USED))


def _digest(code: OneTimeCode, number: str) -> bytes:
    return vault.digest(f"{code.pk}:{code.session_id}:{number}", purpose="one-time-code")


def _mail(account: Account, code: OneTimeCode, number: str) -> None:
    minutes = int(settings.LIMITS.code_life_email.total_seconds() // 60)
    notice(
        "sign_in_code",
        to=account.email,
        key=f"code:{code.pk}",
        now=code.sent_at,
        context={"code": number, "minutes": minutes},
        secret=True,
        language=account.language,
    )
