"""Why somebody has a role (Q-11): signed form, submitter ID, approver, request and decision, certification, sign-ins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant, RoleRequest, SignedForm
from bailiwick.idm.access.queries.authority import authority_of
from bailiwick.idm.access.queries.certifying import certifications_of
from bailiwick.idm.access.queries.grants import GrantLine, ended_at, has_ended, line_of, role_of, why_it_ended
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import APPROVING

MOST_SIGN_INS = 5
CHANGES = (
    Deed.GRANT_END_SET,
    Deed.GRANT_REPLACED_ON_RECORD,
    Deed.GRANT_MODIFIED,
    Deed.GRANT_MOVED,
    Deed.GRANT_RESTORED,
)


class LinkKind(StrEnum):
    """The links in the order of the chain."""

    FORM = "form"
    RECORD = "record"
    CREATED = "created"
    DECIDER = "decider"
    REQUEST = "request"
    DECISION = "decision"
    BY_OPERATOR = "by_operator"
    CHANGE = "change"
    CERTIFICATION = "certification"
    SIGN_IN = "sign_in"
    ENDED = "ended"


@dataclass(frozen=True)
class Link:
    """One thing that the role rests on. `what`: a role, a deed or a reason's code, by kind; `why`: what somebody wrote.

    `day`: the new last day of a change of it, or the day by which a certification was or is due; of that, `what` is
    its outcome, "late" where it was made up for.
    """

    kind: LinkKind
    at: datetime | None = None
    who: str = ""
    number: str = ""
    what: str = ""
    why: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Chain:
    line: GrantLine
    holder: str
    user_id: str
    links: list[Link]


def may_see_grant(viewer: Account, grant: Grant, *, now: datetime) -> bool:
    """Its holder, the approvers there, the application's desk, and IDM's desk (H-1, INV-14)."""
    if grant.account_id == viewer.pk:
        return True
    authority = authority_of(viewer, now=now)
    return (
        authority.identity_tier >= 1
        or authority.is_application_desk(grant.application)
        or authority.approves(grant.application, grant.organization)
    )


def chain_of(grant: Grant, viewer: Account, now: datetime) -> Chain | None:
    """Everything the role rests on, the first first; None for whoever may not know of it."""
    if not may_see_grant(viewer, grant, now=now):
        return None
    # What a role rests on was done by others, whose own roles and requests are theirs.
    with beyond():
        links = [*_organization(grant), *_decision(grant), *_since(grant, now)]
    return Chain(line_of(grant, now=now), full_name(grant.account), grant.account.user_id, links)


def _organization(grant: Grant) -> Iterator[Link]:
    """The form and who signed it, the submitter ID, and who created the organization."""
    if grant.organization is None:
        return
    form = _form_behind(grant)
    if form is not None:
        yield Link(LinkKind.FORM, form.signed_at, who=form.signed_by, number=form.number)
    about = Entry.objects.filter(organization=grant.submitter_id)
    received = about.filter(deed=Deed.RECORD_RECEIVED).order_by("id").first()
    yield Link(LinkKind.RECORD, received and received.at, who=grant.legal_name, number=grant.submitter_id)
    yield Link(LinkKind.CREATED, grant.organization.created_at, who=_creator(grant))


def _form_behind(grant: Grant) -> SignedForm | None:
    """The newest that was signed when the role began; else the first that is known."""
    known = SignedForm.objects.filter(record=grant.organization.record)
    before = known.filter(signed_at__lte=grant.started_at).order_by("-version").first()
    return before or known.order_by("version").first()


def _creator(grant: Grant) -> str:
    """Whose request made the record an organization (G-2); "" where the operator did."""
    made = RoleRequest.objects.filter(
        organization=grant.organization, way="create", decided_at=grant.organization.created_at
    )
    first = made.select_related("account__person").first()
    return full_name(first.account) if first else ""


def _decision(grant: Grant) -> Iterator[Link]:
    """Who asked and why, who decided, as what, and how they came to that."""
    asked = grant.request
    if asked is None:
        yield Link(LinkKind.BY_OPERATOR, grant.started_at)
        return
    decider = asked.decided_by
    held = _held_when_deciding(asked) if decider else None
    if held is not None:
        _, role = role_of(held.application, held.role)
        of_decider = held.request
        yield Link(
            LinkKind.DECIDER,
            held.started_at,
            who=full_name(decider),
            what=role.name if role else held.role,
            number=of_decider.number if of_decider else "",
            why=full_name(of_decider.decided_by) if of_decider and of_decider.decided_by else "",
        )
    yield Link(LinkKind.REQUEST, asked.submitted_at, number=asked.number, why=asked.reason)
    who = full_name(decider) if decider else ""
    yield Link(LinkKind.DECISION, asked.decided_at, who=who, number=asked.number, why=asked.decision_reason)


def _held_when_deciding(asked: RoleRequest) -> Grant | None:
    """The role that the decider decided by: an approver's there, else a desk's."""
    rows = Grant.objects.filter(account=asked.decided_by, started_at__lte=asked.decided_at)
    then = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=asked.decided_at))
    held = then.select_related("request__decided_by__person").order_by("started_at")
    there = [
        one for one in held if one.organization_id == asked.organization_id and _standing(one) in APPROVING
    ]
    desk = [one for one in held if _standing(one) is Standing.DESK]
    return next(iter([*there, *desk]), None)


def _standing(grant: Grant) -> Standing | None:
    _, role = role_of(grant.application, grant.role)
    return role.standing if role else None


def _since(grant: Grant, now: datetime) -> Iterator[Link]:
    """What happened to it since it began, and how it was used."""
    entries = Entry.objects.filter(subject=str(grant.account_id), at__gte=grant.started_at)
    for change in entries.filter(deed__in=CHANGES).order_by("id"):
        if change.about.get("grant") == str(grant.pk):
            ends_on = change.about.get("ends_on") or change.about.get("last_day")
            day = date.fromisoformat(ends_on) if ends_on else None
            yield Link(LinkKind.CHANGE, change.at, what=change.deed, why=change.why, day=day)
    for row in certifications_of(grant):
        who = full_name(row.decided_by) if row.decided_by else ""
        what = "late" if row.is_late else row.outcome
        yield Link(
            LinkKind.CERTIFICATION, row.decided_at, who=who, what=what, why=row.comment, day=row.due_on
        )
    if not has_ended(grant, now=now):
        yield Link(LinkKind.CERTIFICATION, what=Outcome.OPEN, day=grant.certify_by)
    entered = entries.filter(deed=Deed.APPLICATION_SIGN_IN, application=grant.application)
    used = entered.filter(at__lte=grant.ended_at) if grant.ended_at else entered
    for entry in used.order_by("-id")[:MOST_SIGN_INS]:
        yield Link(LinkKind.SIGN_IN, entry.at)
    if has_ended(grant, now=now):
        who = full_name(grant.ended_by) if grant.ended_by else ""
        yield Link(
            LinkKind.ENDED,
            ended_at(grant),
            who=who,
            what=why_it_ended(grant),
            why=grant.end_comment,
        )
