"""What is kept beside grants: the signed form behind a record's version, and that somebody took a list along (Q-11)."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._locks import lock_accounts
from bailiwick.idm.access.models import Export, Grant, SignedForm
from bailiwick.idm.access.queries.access_on import (
    AccessLine,
    access_lines,
    applications_seen,
    exports_within_the_hour,
    held_on,
)
from bailiwick.idm.access.queries.authority import authority_of, zone
from bailiwick.idm.access.queries.chain import Chain, chain_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.exports import AUTHORITY, Refusal, may_export
from bailiwick.wire import provisioning


def keep_signed_form(
    *, submitter_id: str, version: int, form: provisioning.SignedForm, by: By, now: datetime
) -> None:
    """Keep which form a version of the record comes from; what was said first stays. Safe to repeat."""
    with transaction.atomic():
        _, is_new = SignedForm.objects.get_or_create(
            record=EnrollmentRecord.objects.get(submitter_id=submitter_id),
            version=version,
            defaults={
                "number": form.number,
                "signed_by": form.signed_by,
                "signed_at": datetime.fromisoformat(form.signed_at),
            },
        )
        if is_new:
            about = {"version": version, "form": form.number}
            append(Deed.RECORD_FORM_NAMED, by=by, now=now, organization=submitter_id, about=about)


def note_told(*, application: str, which: str, count: int, by: By, now: datetime) -> None:
    """An application read who holds its roles: people's data left IDM (L-2, O-4)."""
    about = {"which": which, "roles": count}
    append(Deed.GRANTS_TOLD, by=by, now=now, application=application, about=about)


def export_access(
    *, organization: Organization, day: date, account: Account, as_desk: bool, by: By, now: datetime
) -> list[AccessLine]:
    """Who had access on that day, to be taken along; counted, and on the ledger (Q-11, SR-38).

    `as_desk`: whether they are signed in as desks are. Raises Refused with a code of `rules.exports`.
    """
    try:
        with transaction.atomic():
            return _export(organization, day, account, as_desk=as_desk, by=by, now=now)
    except Refused as refused:
        if refused.code in AUTHORITY:
            _note(
                Deed.AUTHORITY_REFUSED, organization, day, by=by, now=now, why=refused.code, outcome="refused"
            )
        raise


def _export(
    organization: Organization, day: date, account: Account, *, as_desk: bool, by: By, now: datetime
) -> list[AccessLine]:
    lock_accounts(account.pk)
    seen = applications_seen(authority_of(account, now=now), organization, as_desk=as_desk)
    _refuse_export(account, may_see=bool(seen), day=day, now=now)
    lines = access_lines(held_on(organization, day, applications=seen), day, now=now)
    people = len({line.grant.account_id for line in lines})
    Export.objects.create(account=account, organization=organization, day=day, made_at=now, people=people)
    _note(Deed.ACCESS_EXPORTED, organization, day, by=by, now=now, people=people)
    return lines


def _refuse_export(account: Account, *, may_see: bool, day: date, now: datetime) -> None:
    """Raise Refused unless one more list of that day may be taken along."""
    ruling = may_export(
        may_see=may_see,
        exports_this_hour=exports_within_the_hour(account, now=now),
        day=day,
        today=day_of(now, zone()),
        limits=settings.LIMITS,
    )
    if isinstance(ruling, No):
        ruling.raise_it()


def export_chain(*, grant: Grant, account: Account, by: By, now: datetime) -> Chain:
    """Why the role is held, to be taken along; counted with all lists, and on the ledger (Q-11, SR-38).

    Raises Refused with a code of `rules.exports`.
    """
    today = day_of(now, zone())
    with transaction.atomic():
        lock_accounts(account.pk)
        chain = chain_of(grant, account, now)
        if chain is None:
            raise Refused(Refusal.NOT_TO_EXPORT)
        _refuse_export(account, may_see=True, day=today, now=now)
        Export.objects.create(
            account=account, organization=grant.organization, day=today, made_at=now, people=1
        )
        append(
            Deed.CHAIN_EXPORTED,
            by=by,
            now=now,
            subject=str(grant.account_id),
            organization=grant.submitter_id,
            application=grant.application,
            about={"grant": str(grant.pk)},
        )
    return chain


def _note(
    deed: Deed,
    organization: Organization,
    day: date,
    *,
    by: By,
    now: datetime,
    why: str = "",
    outcome: str = "done",
    **about: int,
) -> None:
    append(
        deed,
        by=by,
        now=now,
        organization=organization.submitter_id,
        why=why,
        outcome=outcome,
        about={"day": day.isoformat(), **about},
    )
