"""The frame of every decision of tier 3: locks, authority as it is now, one transaction, an entry where it was refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, No, Refused, Yes
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.rules import duplicates
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import REASON_SHORTEST
from bailiwick.idm.rules.duplicates import AUTHORITY, Refusal
from bailiwick.idm.rules.requests import REASON_LONGEST

Asked = Callable[[], Yes | No]


@contextmanager
def deciding(decider: Account, *concerned: Account, by: By, now: datetime) -> Iterator[None]:
    """One transaction for what is inside, under the locks of everybody whom it is about.

    Raises Refused with a code of `rules.duplicates`; want of authority is on the ledger, after the rollback (L-2).
    """
    try:
        with transaction.atomic():
            _lock(decider, *concerned)
            yield
    except Refused as refused:
        if refused.code in AUTHORITY:
            for account in concerned:
                _note_refusal(account, refused.code, by=by, now=now)
        raise


def refuse_unless(ruling: Yes | No) -> None:
    if isinstance(ruling, No):
        ruling.raise_it()


def refuse_unless_able(decider: duplicates.Decider, *, now: datetime, as_second: bool = False) -> None:
    refuse_unless(duplicates.may_decide(decider, now=now, limits=settings.LIMITS, as_second=as_second))


def checked_reason(reason: str) -> str:
    """Without outer spaces; it stays on the ledger (H-3)."""
    reason = reason.strip()
    if not REASON_SHORTEST <= len(reason) <= REASON_LONGEST:
        raise Refused(Refusal.REASON_TOO_SHORT, least=REASON_SHORTEST)
    return reason


def already_decided(by_whom: Account | None, code: StrEnum = Refusal.ALREADY_DECIDED) -> Refused:
    """Whoever comes second is told who was first (Q-5)."""
    return Refused(code, who=full_name(by_whom) if by_whom else "")


def _lock(decider: Account, *concerned: Account) -> None:
    """Accounts, then the decider's grants, each by key: nobody loses a role while using it, nobody waits in a ring."""
    keys = {decider.pk, *(account.pk for account in concerned)}
    list(Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    grants = Grant.objects.select_for_update(no_key=True).filter(account=decider, ended_at__isnull=True)
    list(grants.order_by("pk").values_list("pk"))


def _note_refusal(account: Account, because: StrEnum, *, by: By, now: datetime) -> None:
    append(
        Deed.AUTHORITY_REFUSED,
        by=by,
        now=now,
        subject=account.pk,
        why=because.value,
        outcome="refused",
        about={"act": "registry"},
    )
