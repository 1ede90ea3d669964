"""Telling those whom a case, a merge or a correction concerns, and those who must act, in its transaction (N-1)."""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.outbox.actions import notice
from bailiwick.idm.access.queries.authority import IDENTITY
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.registry.models import Correction, Merge
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK


def tell_desk_of_cases(*, now: datetime) -> None:
    """Tier 3 hears once a day that duplicate cases wait."""
    for desk in _desk(IDENTITY, TIER_OF_SECURITY_DESK, now=now):
        _send("duplicates_waiting", desk, key=f"duplicates:{now.date().isoformat()}:{desk.pk}", now=now)


def tell_merged(merge: Merge, survivor: Account, other: Account, *, now: datetime) -> None:
    """Both mailboxes: each may be the one that is read (A-5)."""
    context = {
        "survivor": survivor.user_id,
        "other": other.user_id,
        "days": settings.LIMITS.merge_undone.days,
    }
    for account in (survivor, other):
        _send("accounts_merged", account, key=f"merge:{merge.pk}:{account.pk}", now=now, **context)


def tell_undone(merge: Merge, survivor: Account, other: Account, *, now: datetime) -> None:
    context = {"survivor": survivor.user_id, "other": other.user_id}
    for account in (survivor, other):
        _send("accounts_parted", account, key=f"merge-undone:{merge.pk}:{account.pk}", now=now, **context)


def tell_desk_of_decisions(merge: Merge, application: str, *, now: datetime) -> None:
    """The application's desk looks at what one person decided about themselves, as it turns out (A-5, Q-5)."""
    for desk in _desk(application, TIER_OF_APPLICATION_DESK, now=now):
        _send("joined_decisions", desk, key=f"joined:{merge.pk}:{application}:{desk.pk}", now=now)


def tell_correction_asked(correction: Correction, *, now: datetime) -> None:
    _send("correction_asked", correction.account, key=f"correction:{correction.pk}", now=now)
    for desk in _desk(IDENTITY, TIER_OF_SECURITY_DESK, now=now):
        _send("correction_waiting", desk, key=f"correction-waiting:{correction.pk}:{desk.pk}", now=now)


def tell_correction_decided(correction: Correction, *, now: datetime) -> None:
    _send(
        "correction_decided",
        correction.account,
        key=f"correction-decided:{correction.pk}",
        now=now,
        is_approved=correction.state == "approved",
        is_level_kept=correction.is_document_accepted,
        reason=correction.decision_reason,
    )


def _desk(application: str, tier: int, *, now: datetime) -> list[Account]:
    grants = desk_grants(application, tier=tier, now=now)
    return list(
        Account.objects.select_related("person").filter(pk__in=grants.values("account")).order_by("pk")
    )


def _send(name: str, account: Account, *, key: str, now: datetime, **context: object) -> None:
    notice(
        name,
        to=account.email,
        key=key,
        now=now,
        context={"name": full_name(account), **context},
        language=account.language,
        inbox=str(account.pk),
    )
