"""The frame of every desk act: locks, authority as it is now, one transaction, and an entry where it was refused."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.queries.closings import security_desk
from bailiwick.idm.helpdesk.queries.members import member_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import ACTS, AUTHORITY, REASON_SHORTEST, Act, Presence, Refusal, may_act
from bailiwick.idm.rules.requests import REASON_LONGEST

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Deskwork:
    """Who acts on whom, how they were verified, and the form that it came by."""

    desk: Account
    person: Account
    presence: Presence
    once: UUID


@contextmanager
def acting(act: Act, work: Deskwork, *, by: By, now: datetime) -> Iterator[Row | None]:
    """One transaction for what is inside. Gives the row of this act; None where the same form was acted on before.

    Raises Refused with a code of `rules.desk`; want of authority is on the ledger, after the rollback (L-2).
    """
    try:
        with transaction.atomic():
            member = member_of(work.desk, _locked(work), presence=work.presence, now=now)
            ruling, row = may_act(act, member, now=now, limits=settings.LIMITS), _row(act, work, now)
            # The same form once more finds the account in the state that it brought it to: no refusal, and no second act.
            if isinstance(ruling, No) and (row or ruling.because is not ACTS[act].misfit):
                ruling.raise_it()
            yield row
    except Refused as refused:
        if refused.code in AUTHORITY:
            note_refusal(person=work.person, act=act, because=refused.code, by=by, now=now)
        raise


def _locked(work: Deskwork) -> Account:
    """The person as they are, under a lock: both accounts and the desk member's grants, in the house's order.

    Nobody loses a role while using it.
    """
    keys = [work.desk.pk, work.person.pk]
    accounts = Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    found = {account.pk: account for account in accounts}
    grants = Grant.objects.select_for_update(no_key=True).filter(account=work.desk, ended_at__isnull=True)
    list(grants.order_by("pk").values_list("pk"))
    return found[work.person.pk]


def _row(act: Act, work: Deskwork, now: datetime) -> Row | None:
    """Under the lock on the desk member's account nobody else writes their rows, so asking first is exact."""
    sent = Row.objects.filter(desk=work.desk, person=work.person, once=work.once, kind=act)
    if sent.exists():
        return None
    return Row(desk=work.desk, person=work.person, once=work.once, kind=act, at=now)


def count_lately(work: Deskwork, act: Act, *, now: datetime) -> int:
    """How often any desk did this to the person within the hour."""
    return Row.objects.filter(person=work.person, kind=act, at__gt=now - HOUR).count()


def checked_reason(act: Act, reason: str) -> str:
    """Without outer spaces. Refuses one that is too short where the act needs any; one that is too long is cut by no one."""
    reason = reason.strip()
    if ACTS[act].reason and not REASON_SHORTEST <= len(reason) <= REASON_LONGEST:
        raise Refused(Refusal.REASON_TOO_SHORT, least=REASON_SHORTEST)
    return reason


def note_refusal(*, person: Account, act: Act, because: str, by: By, now: datetime) -> None:
    """Somebody reached for what is not theirs, here or at a page that is closed to them (L-2)."""
    append(
        Deed.AUTHORITY_REFUSED,
        by=by,
        now=now,
        subject=person.pk,
        why=because,
        outcome="refused",
        about={"act": act.value},
    )


def tell(
    account: Account,
    name: str,
    *,
    key: str,
    now: datetime,
    to: str = "",
    secret: bool = False,
    **context: object,
) -> None:
    """Mail the person, with a copy in their inbox. `to`: where else than to the present mailbox."""
    told = {"language": account.language, "inbox": str(account.pk)}
    notice(name, to=to or account.email, key=key, now=now, context=context, secret=secret, **told)


def tell_security_desk(
    name: str, *, key: str, now: datetime, but: Iterable[Account] = (), **context: object
) -> None:
    """Mail everybody of tier 3 who can act now, `but` those (N-1)."""
    left_out = {account.pk for account in but}
    for member in security_desk(now=now):
        if member.pk not in left_out:
            tell(member, name, key=f"{key}:{member.pk}", now=now, **context)


def tell_oversight(name: str, *, key: str, now: datetime, **context: object) -> None:
    """Mail the deployment's oversight contact, where it has one (H-6)."""
    if settings.OVERSIGHT_EMAIL:
        notice(name, to=settings.OVERSIGHT_EMAIL, key=f"{key}:oversight", now=now, context=context)
