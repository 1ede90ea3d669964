"""Notices that did not arrive: what follows from a mail that came back, and trying one again (N-2, AR18)."""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox import undelivered
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.noticing import note_mail_failed
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.queries.undelivered import alone_for, holders_of
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK
from bailiwick.idm.rules.notices import Refusal, may_see_undelivered

AT_A_TIME = 100


def note_returns(*, by: By, now: datetime) -> int:
    """Mark the addresses that mail came back from, and tell tier 2 of an only approver whom none reaches; how many came."""
    done = 0
    for message in undelivered.come_back(AT_A_TIME):
        with transaction.atomic():
            if undelivered.note(message, now=now):
                done += 1
                _note(message, by=by, now=now)
    return done


def _note(message: Message, *, by: By, now: datetime) -> None:
    if not undelivered.is_mailbox_gone(message):
        return
    for account in holders_of(message.to):
        if note_mail_failed(account=account, status=message.last_error, by=by, now=now):
            for application, organization in alone_for(account, now=now):
                _tell_desk(account, application, organization, now=now)


def _tell_desk(
    approver: Account, application: Application, organization: Organization, *, now: datetime
) -> None:
    """Nobody else can decide there, and this one no longer hears that something waits (AR18)."""
    grants = desk_grants(application.code, tier=TIER_OF_APPLICATION_DESK, now=now).exclude(account=approver)
    for desk in Account.objects.select_related("person").filter(pk__in=grants.values("account")):
        notice(
            "approver_unreachable",
            to=desk.email,
            key=f"unreachable:{organization.pk}:{approver.pk}:{now.isoformat()}:{desk.pk}",
            now=now,
            context={
                "name": full_name(desk),
                "approver": full_name(approver),
                "approver_user_id": approver.user_id,
                "application_name": application.name,
                "legal_name": organization.legal_name,
                "submitter_id": organization.submitter_id,
                "help_contact": application.help,
            },
            language=desk.language,
            inbox=str(desk.pk),
        )


def try_again(*, number: int, identity_tier: int, by: By, now: datetime) -> None:
    """Put a notice back among what is sent. Refuses NOTHING_TO_TRY: a code, one that is too old, or tried already."""
    ruling = may_see_undelivered(identity_tier)
    if not ruling:
        ruling.raise_it()
    with transaction.atomic():
        message = undelivered.try_again(number, now=now)
        if message is None:
            raise Refused(Refusal.NOTHING_TO_TRY)
        about = {"message": number, "kind": message.kind}
        append(Deed.NOTICE_TRIED_AGAIN, by=by, now=now, about=about)
