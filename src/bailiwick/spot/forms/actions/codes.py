"""Codes that are mailed for a case: made, sent, looked at three times at most (F-8, F-9)."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.forms.models import AccessCode, Case
from bailiwick.spot.rules.access import DAY, CodeFacts, CodeState, Purpose, may_send_code, may_still_match

PURPOSE = "form-code"


def send(
    *, case: Case, purpose: Purpose, to: str, notice_name: str, context: dict[str, Any], now: datetime
) -> AccessCode:
    """Mail a new code; the one before is void. Inside the caller's transaction.

    The notice gets `code` and `minutes`, and is wiped once delivered. Raises CODE_TOO_SOON, CODES_TOO_MANY,
    CODES_TOO_MANY_A_DAY.
    """
    limits = settings.LIMITS
    Case.objects.select_for_update().get(pk=case.pk)
    mine = AccessCode.objects.filter(case=case, purpose=purpose.value)
    ruling = may_send_code(mine.filter(sent_at__gt=now - DAY).values_list("sent_at", flat=True), now, limits)
    if not ruling:
        ruling.raise_it()
    mine.filter(state=CodeState.LIVE.value).update(state=CodeState.VOID.value)
    number = "".join(secrets.choice("0123456789") for _ in range(limits.code_digits))
    code = AccessCode(
        case=case, purpose=purpose.value, to=to, sent_at=now, expires_at=now + limits.code_lasts
    )
    code.digest = _digest(code, number)
    code.save(force_insert=True)
    notice(
        notice_name,
        to=to,
        key=f"form-code:{code.pk}",
        now=now,
        context={**context, "code": number, "minutes": int(limits.code_lasts.total_seconds() // 60)},
        secret=True,
        language=case.language,
    )
    return code


def matches(*, case: Case, purpose: Purpose, number: str, now: datetime) -> AccessCode | None:
    """The case's code, used up, if `number` is it. Outside any transaction: each look counts before the comparison."""
    limits = settings.LIMITS
    code = AccessCode.objects.filter(case=case, purpose=purpose.value, state=CodeState.LIVE.value).first()
    if code is None or not may_still_match(
        CodeFacts(CodeState(code.state), code.tries, code.expires_at), now, limits
    ):
        return None
    mine = AccessCode.objects.filter(pk=code.pk, state=CodeState.LIVE.value)
    if not mine.filter(tries__lt=limits.code_wrong_tries).update(tries=F("tries") + 1):
        return None
    if not vault.is_digest(code.digest, _told(code, number), purpose=PURPOSE):
        mine.filter(tries__gte=limits.code_wrong_tries).update(state=CodeState.VOID.value)
        return None
    return code if mine.update(state=CodeState.USED.value) else None


def _digest(code: AccessCode, number: str) -> bytes:
    return vault.digest(_told(code, number), purpose=PURPOSE)


def _told(code: AccessCode, number: str) -> str:
    return f"{code.pk}:{code.purpose}:{number}"
