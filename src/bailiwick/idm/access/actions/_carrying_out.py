"""Writing down what verdicts say, inside the transaction that found them. Not an action: nobody is asked here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions._closing import cancel_what_is_given, close_request, close_requests
from bailiwick.idm.access.actions._granting import first_certification, note_started, start_grant
from bailiwick.idm.access.actions._verdicts import Verdict
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices import tell_approved, tell_denied
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.actions import claim
from bailiwick.idm.rules.requests import Event


def carry_out(verdicts: list[Verdict], *, decider: Account, by: By, now: datetime) -> dict[UUID, Refused]:
    """Close every request and tell its owner; start what was approved. The refusals that only writing found, by request."""
    refused: dict[UUID, Refused] = {}
    plain = [one for one in verdicts if one.event is Event.DENY or one.is_alone]
    for event, reason in dict.fromkeys((one.event, one.reason) for one in plain):
        alike = [one for one in plain if (one.event, one.reason) == (event, reason)]
        close_requests([one.request for one in alike], event, decider=decider, reason=reason, by=by, now=now)
        if event is Event.APPROVE:
            _start_grants(alike, by=by, now=now)
        for one in alike:
            tell = tell_approved if event is Event.APPROVE else tell_denied
            tell(one.request, now=now)
    for one in verdicts:
        if one.event is Event.APPROVE and not one.is_alone:
            try:
                with transaction.atomic():
                    _approve(one, decider, by=by, now=now)
            except Refused as refusal:
                refused[one.request.pk] = refusal
    return refused


def _start_grants(verdicts: Iterable[Verdict], *, by: By, now: datetime) -> None:
    """For people who hold nothing there and ask for nothing else there: there is nothing to replace or to cancel."""
    rows = [
        Grant(
            account=one.request.account,
            application=one.request.application,
            role=one.request.role,
            organization=one.request.organization,
            request=one.request,
            started_at=now,
            ends_on=one.ends_on,
            certify_by=first_certification(one.request.application, now=now),
        )
        for one in verdicts
    ]
    for grant in Grant.objects.bulk_create(rows):
        note_started(grant, by=by, now=now)


def _approve(verdict: Verdict, decider: Account, *, by: By, now: datetime) -> None:
    """One that changes more than itself: it creates the organization, replaces roles, or makes other requests void."""
    request, role = verdict.request, verdict.role
    close_request(request, Event.APPROVE, decider=decider, reason=verdict.reason, by=by, now=now)
    if request.record is not None:
        # Whoever is second to create finds the organization there, and joins it (G-3).
        request.organization = claim(record=request.record, by=by, now=now)
        request.save(update_fields=["organization"])
    _, replaced = start_grant(
        account=request.account,
        application=request.application,
        role=role,
        organization=request.organization,
        request=request,
        ends_on=verdict.ends_on,
        by=by,
        now=now,
    )
    cancel_what_is_given(
        role,
        account_id=request.account_id,
        application=request.application,
        record_id=request.record_id,
        by=by,
        now=now,
    )
    tell_approved(request, replaced=replaced, now=now)
