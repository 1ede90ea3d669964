"""Changing a held role without a new request: its last day (Q-10), and what the application file marks free (Q-7)."""

from collections.abc import Mapping
from datetime import date, datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import checked_reason
from bailiwick.idm.access.actions._locks import lock_accounts, lock_grants_around, lock_grants_of
from bailiwick.idm.access.actions._refusals import refusals_recorded
from bailiwick.idm.access.actions.removing import refuse_the_last_of_security
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices import tell_end_set
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.grants import has_ended
from bailiwick.idm.access.queries.touching import (
    free_attributes,
    holding_of,
    leaves_no_approver,
    may_set_grant_end,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import EndReason, Refusal, SignInStrength
from bailiwick.idm.rules.modifying import fits, may_modify


def set_end_date(
    *,
    grant: Grant,
    ends_on: date | None,
    setter: Account,
    strength: SignInStrength,
    by: By,
    now: datetime,
    reason: str = "",
    confirmed_none_left: bool = False,
) -> Grant:
    """Give a role its last day, which still counts, or (None) no last day (Q-10).

    Earlier is a removal on a day: whoever may remove it may do so, with what a removal takes. Later is for those who
    decide on such roles. Raises Refused with a code of `rules.grants`; the same day again changes nothing.
    """
    with refusals_recorded(grant, by=by, now=now):
        lock_accounts(setter.pk, grant.account_id)
        lock_grants_around(grant, remover=setter)
        fresh = Grant.objects.select_related("organization__record", "account__person").get(pk=grant.pk)
        ruling = may_set_grant_end(setter, fresh, ends_on=ends_on, strength=strength, now=now)
        if isinstance(ruling, No):
            ruling.raise_it()
        if has_ended(fresh, now=now):
            raise Refused(Refusal.GRANT_ENDED)
        if fresh.ends_on == ends_on:
            return fresh
        is_own = ruling.ground == EndReason.GIVEN_UP
        comment = checked_reason(reason, needed=None if is_own else Refusal.REMOVAL_REASON_NEEDED)
        if ends_on is not None:
            _refuse_what_cannot_end(fresh, ends_on, now=now, confirmed=confirmed_none_left or not is_own)
        before, fresh.ends_on = fresh.ends_on, ends_on
        fresh.save(update_fields=["ends_on"])
        days = {"before": before and before.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
        _note(Deed.GRANT_END_SET, fresh, days, why=comment, by=by, now=now)
        tell_end_set(fresh, comment=comment, now=now)
        return fresh


def _refuse_what_cannot_end(grant: Grant, ends_on: date, *, now: datetime, confirmed: bool) -> None:
    if ends_on < day_of(now, zone()):
        raise Refused(Refusal.END_DATE_PAST)
    refuse_the_last_of_security(grant, now=now)
    if not confirmed and leaves_no_approver(grant, now=now):
        raise Refused(Refusal.NONE_LEFT_UNCONFIRMED, legal_name=grant.legal_name)


def modify_grant(*, grant: Grant, holder: Account, values: Mapping[str, str], by: By, now: datetime) -> Grant:
    """Change free attributes of one's own role; those not named stay (Q-7).

    Raises Refused with a code of `rules.modifying`; the same values again change nothing.
    """
    with refusals_recorded(grant, by=by, now=now):
        lock_accounts(holder.pk)
        lock_grants_of([grant.account_id])
        fresh = Grant.objects.select_related("organization__record", "account").get(pk=grant.pk)
        free = free_attributes(fresh)
        wanted = {code: value.strip() for code, value in values.items()}
        for ruling in (may_modify(holding_of(holder, fresh, now=now)), fits(wanted, free)):
            if isinstance(ruling, No):
                ruling.raise_it()
        kept = {code: value for code, value in {**fresh.attributes, **wanted}.items() if value}
        if kept == fresh.attributes:
            return fresh
        changed = sorted(code for code in wanted if kept.get(code) != fresh.attributes.get(code))
        fresh.attributes = kept
        fresh.save(update_fields=["attributes"])
        _note(Deed.GRANT_MODIFIED, fresh, {"attributes": changed}, by=by, now=now)
        return fresh


def _note(
    deed: Deed, grant: Grant, about: dict[str, object], *, by: By, now: datetime, why: str = ""
) -> None:
    append(
        deed,
        by=by,
        now=now,
        subject=grant.account_id,
        organization=grant.submitter_id,
        application=grant.application,
        why=why,
        about={"grant": str(grant.pk), "role": grant.role, **about},
    )
