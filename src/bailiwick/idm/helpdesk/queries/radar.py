"""The radar: signs that an account is shared, found in sessions, devices, phones and mailboxes (H-6). Reads only.

Each sign is one statement over everybody; only what it finds is looked at closer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.sharing import Ground, Stay, suspicion_of
from bailiwick.idm.sessions.models import Device, Session
from bailiwick.idm.signin.models import PhoneFactor

MOST_ACCOUNTS = 50


@dataclass(frozen=True)
class Sign:
    """Of the account that was opened first, where several show it. `evidence` as `SharingCase` keeps it."""

    account: UUID
    ground: Ground
    evidence: dict[str, Any] = field(default_factory=dict)


def signs_in_sessions(*, now: datetime) -> list[Sign]:
    """Accounts that were used far apart at the same time, or from many networks at once."""
    limits = settings.LIMITS
    begun = now - limits.radar_looks_back - limits.longest_session
    lately = Session.objects.filter(
        created_at__gt=begun,
        last_seen_at__gt=now - limits.radar_looks_back,
        device__isnull=False,
        account__state=AccountState.ACTIVE,
    ).exclude(place="")
    moving = lately.values("account").annotate(places=Count("place", distinct=True)).filter(places__gt=1)
    rows = lately.filter(account__in=moving.values("account")).order_by("account_id", "created_at")
    found = []
    for account, sessions in groupby(rows.iterator(), key=lambda row: row.account_id):
        suspicion = suspicion_of(map(_stay, sessions), settings.PLACES.coordinates, limits)
        if suspicion:
            found.append(Sign(account, suspicion.ground, {"sessions": list(suspicion.sessions)}))
    return found


def signs_in_accounts(*, now: datetime) -> list[Sign]:
    """One phone or one mailbox on many accounts, and many devices on one."""
    limits = settings.LIMITS
    living = Account.objects.filter(state=AccountState.ACTIVE)
    texted = PhoneFactor.objects.filter(confirmed_at__isnull=False, account__state=AccountState.ACTIVE)
    phones = set(_often(living.exclude(phone=""), "phone", limits.radar_accounts_a_phone))
    phones |= set(_often(texted, "number", limits.radar_accounts_a_phone))
    mailboxes = _often(living.exclude(email_key=""), "email_key", limits.radar_accounts_a_mailbox)
    return [
        *_shared(phones, Ground.SAME_PHONE, lambda phone: _with_phone(living, phone)),
        *_shared(mailboxes, Ground.SAME_MAILBOX, lambda key: living.filter(email_key=key)),
        *_crowded(now),
    ]


def _stay(session: Session) -> Stay:
    return Stay(
        session=str(session.pk),
        device=str(session.device_id),
        place=session.place,
        since=session.created_at,
        until=session.last_seen_at,
    )


def _often(rows: QuerySet, column: str, least: int) -> list[str]:
    """The values of a column that so many accounts have, the most frequent first."""
    of = "pk" if rows.model is Account else "account"
    counted = rows.values(column).annotate(times=Count(of, distinct=True)).filter(times__gte=least)
    return list(
        counted.order_by("-times").values_list(column, flat=True)[: settings.LIMITS.radar_cases_at_once]
    )


def _with_phone(living: QuerySet[Account], phone: str) -> QuerySet[Account]:
    texted = PhoneFactor.objects.filter(number=phone, confirmed_at__isnull=False)
    return living.filter(phone=phone) | living.filter(pk__in=texted.values("account"))


def _shared(values: Iterable[str], ground: Ground, having: Callable[[str], QuerySet[Account]]) -> list[Sign]:
    found = []
    for value in sorted(values):
        keys = [str(key) for key in having(value).order_by("created_at").values_list("pk", flat=True)]
        evidence = {"accounts": keys[1 : MOST_ACCOUNTS + 1], "count": len(keys)}
        found.append(Sign(UUID(keys[0]), ground, evidence))
    return found


def _crowded(now: datetime) -> list[Sign]:
    limits = settings.LIMITS
    seen = Device.objects.filter(
        last_seen_at__gt=now - limits.radar_devices_seen, account__state=AccountState.ACTIVE
    )
    counted = seen.values("account").annotate(devices=Count("pk")).filter(devices__gte=limits.radar_devices)
    rows = counted.order_by("-devices").values_list("account", "devices")[: limits.radar_cases_at_once]
    return [Sign(account, Ground.MANY_DEVICES, {"count": devices}) for account, devices in rows]
