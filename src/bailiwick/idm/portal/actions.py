"""Keeps role requests that are not yet submitted (Q-1), and records a desk's looks at submitted ones.

A draft gives nobody anything, so nothing of it goes to the ledger; submitting does, in `access.actions`.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import submit_request
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.rules.asking import StepName, step
from bailiwick.idm.rules.deeds import Deed

NO_ORGANIZATION: dict[str, Any] = {
    "way": "",
    "record": None,
    "organization": None,
    "differing": [],
    "turned": False,
}
EMPTY: dict[str, Any] = {"role": "", **NO_ORGANIZATION}


def open_draft(*, account: Account, by: By, now: datetime) -> RoleRequestDraft:  # noqa: ARG001 - the shape of every action
    """The account's draft, begun if there is none or if the last one was submitted."""
    try:
        with transaction.atomic():
            RoleRequestDraft.objects.filter(account=account, request__isnull=False).delete()
            draft, _ = RoleRequestDraft.objects.get_or_create(account=account, defaults={"changed_at": now})
    except IntegrityError:
        # Two tabs began at once: the other's draft is this person's draft.
        return RoleRequestDraft.objects.get(account=account)
    return draft


def start_over(*, account: Account, application: str = "", by: By, now: datetime) -> RoleRequestDraft:
    """Forget every answer; with `application`, begin at its roles ("Add a role", Q-7)."""
    with transaction.atomic():
        RoleRequestDraft.objects.filter(account=account).delete()
        draft = open_draft(account=account, by=by, now=now)
        if application:
            answer(draft=draft, at=StepName.APPLICATION, by=by, now=now, application=application)
    return draft


def answer(*, draft: RoleRequestDraft, at: StepName, by: By, now: datetime, **answers: Any) -> None:  # noqa: ARG001
    """Keep the answers of one step, and forget those of later steps that they make void."""
    with transaction.atomic():
        kept = RoleRequestDraft.objects.select_for_update().get(pk=draft.pk)
        changed = any(getattr(kept, name) != value for name, value in answers.items())
        forgotten = {name: EMPTY[name] for name in step(at).forgets} if changed else {}
        for name, value in {**forgotten, **answers, "changed_at": now}.items():
            setattr(kept, name, value)
            setattr(draft, name, value)
        kept.save()


def submit_draft(*, draft: RoleRequestDraft, reason: str, by: By, now: datetime) -> RoleRequest:
    """Make the draft a request, once, however often it is sent or killed half-way (Q-5). Raises what `submit_request` raises."""
    with transaction.atomic():
        made = submit_request(
            account=draft.account,
            application=draft.application,
            role=draft.role,
            way=draft.way or "none",
            organization=draft.organization,
            record=draft.record,
            reason=reason,
            once=draft.once,  # the draft's own number, so that two tabs and two presses make one request
            by=by,
            now=now,
        )
        RoleRequestDraft.objects.filter(pk=draft.pk).update(request=made, changed_at=now)
    return made


def note_look(*, request: RoleRequest, by: By, now: datetime) -> None:
    """A desk opened somebody's request: a look at a person (L-2)."""
    append(
        Deed.DESK_LOOKED,
        by=by,
        now=now,
        subject=request.account_id,
        organization=request.submitter_id,
        application=request.application,
        about={"request": request.number},
    )
