"""Somebody signs in to an application because they chose to: their roles there are used, and what may wake wakes (I-1, I-4)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.idm.access.actions._stamping import BEGIN_ANEW, stamp_sign_in
from bailiwick.idm.access.actions.endings import append_of_grants
from bailiwick.idm.access.inactivity_notices import tell_woken
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.claims import Held, held_in, woken_by_sign_in
from bailiwick.idm.access.queries.grants import line_of, with_activity
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import GrantState
from bailiwick.wire.claims import GrantClaim


def enter(*, account: Account, application: str, by: By, now: datetime) -> list[GrantClaim]:
    """What the application hears of them from now on; [] where they hold nothing that lets them in, and then nothing is written.

    Two statements where nothing rests. What rests without a new password stays as it is, whatever else is held (I-4).
    """
    with transaction.atomic():
        held = held_in(account, application, now=now)
        woken = _wake(account, woken_by_sign_in(account, held, now=now), by=by, now=now)
        entering = [one for one in held if one.state is GrantState.ACTIVE or one.id in woken]
        if any(one.state is GrantState.ACTIVE for one in entering):
            stamp_sign_in(account=account, application=application, now=now)
        return [one.after_sign_in(now).claim for one in entering]


def _wake(account: Account, resting: Collection[Held], *, by: By, now: datetime) -> set[object]:
    """Whatever ended, or was woken, meanwhile is left out."""
    if not resting:
        return set()
    wanted = Grant.objects.filter(pk__in=[one.id for one in resting], ended_at__isnull=True)
    keys = list(wanted.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    rows = Grant.objects.filter(pk__in=keys)
    rows.update(last_sign_in_at=now, **BEGIN_ANEW)
    holder = By(actor=str(account.pk), source=by.source)
    append_of_grants(Deed.GRANT_WOKEN, rows, outcome="done", by=holder, now=now)
    if lines := [line_of(grant, now=now) for grant in with_activity().filter(pk__in=keys)]:
        tell_woken(account, lines, now=now)
    return set(keys)
