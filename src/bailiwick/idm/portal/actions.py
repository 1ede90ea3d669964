"""Keeps role requests that are not yet submitted (Q-1), and records a desk's looks at submitted ones and at roles.

A draft gives nobody anything, so nothing of it goes to the ledger; submitting does, in `access.actions`.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import submit_request, take_invitation
from bailiwick.idm.access.models import Grant, Invitation, RoleRequest
from bailiwick.idm.access.queries import ways_for
from bailiwick.idm.access.queries.authority import IDENTITY
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.proofing.actions import hand_in
from bailiwick.idm.proofing.models import Manual
from bailiwick.idm.rules.asking import StepName, Way, step
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import TIER_OF_SECURITY_DESK

NO_ORGANIZATION: dict[str, Any] = {
    "way": "",
    "record": None,
    "organization": None,
    "differing": [],
    "turned": False,
}
EMPTY: dict[str, Any] = {"role": "", **NO_ORGANIZATION}


def hand_in_documents(*, account: Account, by: By, now: datetime) -> None:
    """Give the person's case by hand to tier 3, and tell those that it waits (V-5, N-1). Refuses what `hand_in` refuses."""
    with transaction.atomic():
        manual = hand_in(account=account, by=by, now=now)
        grants = desk_grants(IDENTITY, tier=TIER_OF_SECURITY_DESK, now=now).exclude(account=account)
        for desk in Account.objects.select_related("person").filter(pk__in=grants.values("account")):
            _tell_desk(desk, manual, now=now)


def _tell_desk(desk: Account, manual: Manual, *, now: datetime) -> None:
    """Once for each time that the case was handed in; whose it is stands on the case alone (H-3)."""
    notice(
        "documents_waiting",
        to=desk.email,
        key=f"manual-waiting:{manual.pk}:{manual.handed_in_at.isoformat()}:{desk.pk}",
        now=now,
        context={"name": full_name(desk), "number": manual.number},
        language=desk.language,
        inbox=str(desk.pk),
    )


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


def take_up(*, invitation: Invitation, account: Account, by: By, now: datetime) -> RoleRequestDraft:
    """Begin a role request with what the invitation names; answers given before are forgotten (R-7).

    Every page that is still due is shown, and every check made. Refuses NOT_USABLE.
    """
    with transaction.atomic():
        taken = take_invitation(invitation=invitation, account=account, by=by, now=now)
        ways = ways_for(catalogue().role(taken.application, taken.role))
        draft = start_over(account=account, application=taken.application, by=by, now=now)
        answer(draft=draft, at=StepName.ROLE, by=by, now=now, role=taken.role)
        chosen: dict[str, Any] = {
            **NO_ORGANIZATION,
            "way": Way.PICK if Way.PICK in ways else Way.ASSOCIATE,
            "record": taken.organization.record,
            "organization": taken.organization,
        }
        answer(draft=draft, at=StepName.ORGANIZATION, by=by, now=now, **chosen)
    return draft


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


def note_look(*, about: RoleRequest | Grant, by: By, now: datetime) -> None:
    """A desk opened somebody's request, or a role that it certifies: a look at a person (L-2)."""
    named = {"request": about.number} if isinstance(about, RoleRequest) else {"grant": str(about.pk)}
    append(
        Deed.DESK_LOOKED,
        by=by,
        now=now,
        subject=about.account_id,
        organization=about.submitter_id,
        application=about.application,
        about=named,
    )
