"""Telling those whom a change concerns and those who must act, in the transaction of the change (N-1, Q-4, Q-6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant, Invitation, RoleRequest
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.requests import deciders_of, desk_grants, last_day_of, who_decides
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK


def tell_submitted(request: RoleRequest, *, now: datetime) -> None:
    """The requester hears who decides and by when; each decider that one waits (Q-4)."""
    _to_requester("request-submitted", request, now, **_deciding(request, now))
    _to_deciders("request-waiting", request, now)


def tell_reminder(request: RoleRequest, *, count: int, now: datetime) -> None:
    _to_deciders("request-reminder", request, now, event=f"reminder-{count}")


def tell_moved(request: RoleRequest, *, now: datetime) -> None:
    """The last approver went: the desk decides now, and the requester is told so (G-7)."""
    event = f"moved-{now.isoformat()}"
    _to_requester("request-moved", request, now, event=event, **_deciding(request, now))
    _to_deciders("request-waiting", request, now, event=event)


def tell_moved_back(request: RoleRequest, *, now: datetime) -> None:
    """Somebody of the organization can decide again, and hears what waits for it (Q-4)."""
    _to_deciders("request-waiting", request, now, event=f"moved-back-{now.isoformat()}")


def tell_approved(request: RoleRequest, *, now: datetime, replaced: Iterable[str] = ()) -> None:
    _to_requester("request-approved", request, now, replaced=list(replaced))


def tell_denied(request: RoleRequest, *, now: datetime) -> None:
    _to_requester("request-denied", request, now)


def tell_cancelled(request: RoleRequest, *, now: datetime) -> None:
    _to_requester("request-cancelled", request, now)


def tell_expired(request: RoleRequest, *, now: datetime) -> None:
    _to_requester("request-expired", request, now)
    _to_deciders("request-expired-undecided", request, now)


def tell_started(grant: Grant, *, now: datetime) -> None:
    _to_holder("role-started", grant, now)


def tell_ended(grant: Grant, *, now: datetime) -> None:
    _to_holder("role-ended", grant, now)


def tell_end_set(grant: Grant, *, comment: str, now: datetime) -> None:
    """The holder hears of the role's last day, or that it has none any more (Q-10)."""
    context = of_grant(grant) | {"comment": comment, "ends_on": grant.ends_on}
    key = f"grant:{grant.pk}:end-set:{now.isoformat()}:{grant.account_id}"
    send("role-end-date", grant.account, key=key, now=now, context=context)


@beyond()
def tell_replaced(grant: Grant, *, now: datetime) -> None:
    """The holder hears that the enrollment record names somebody else, and when the role ends (G-8)."""
    _to_holder("role-replaced", grant, now, event=f"replaced-{now.isoformat()}")


def tell_no_approver(organization: Organization, *, application: str, now: datetime) -> None:
    """The application's desk hears that nobody is left to decide (Q-9, G-7)."""
    name = "organization-without-approver"
    grants = desk_grants(application, tier=TIER_OF_APPLICATION_DESK, now=now)
    for desk in Account.objects.select_related("person").filter(pk__in=grants.values("account")):
        send(
            name,
            desk,
            key=f"organization:{organization.pk}:no-approver:{now.isoformat()}:{desk.pk}",
            now=now,
            context=application_words(application)
            | organization_words(organization.legal_name, organization.submitter_id),
        )


def tell_invited(invitation: Invitation, *, token: str, now: datetime) -> None:
    """The mailbox hears who invites to what. The link is a secret: the body is wiped once it is delivered."""
    facts = _of_invitation(invitation)
    notice(
        "invitation",
        to=invitation.email,
        key=f"invitation:{invitation.pk}:sent:{invitation.resends}",
        now=now,
        context={**facts, "path": f"/invitations/{token}/"},
        secret=True,
        language=invitation.inviter.language,
    )


def tell_revoked(invitation: Invitation, *, now: datetime) -> None:
    notice(
        "invitation-revoked",
        to=invitation.email,
        key=f"invitation:{invitation.pk}:revoked",
        now=now,
        context=_of_invitation(invitation),
        language=invitation.inviter.language,
    )


def tell_inviter_of_expiry(invitation: Invitation, *, now: datetime) -> None:
    key = f"invitation:{invitation.pk}:expired"
    context = {**_of_invitation(invitation), "email": invitation.email}
    send("invitation-expired", invitation.inviter, key=key, now=now, context=context)


def _of_invitation(invitation: Invitation) -> dict[str, Any]:
    application = application_words(invitation.application, invitation.role)
    return {
        "inviter": full_name(invitation.inviter),
        "last_day": day_of(invitation.expires_at, zone()) - timedelta(days=1),
        "help_contact": application["application_help"],
        **application,
        **organization_words(invitation.legal_name, invitation.submitter_id),
    }


def _to_requester(name: str, request: RoleRequest, now: datetime, *, event: str = "", **facts: Any) -> None:
    key = f"request:{request.pk}:{event or name}:{request.account_id}"
    send(name, request.account, key=key, now=now, context=_of_request(request) | facts)


def _to_deciders(name: str, request: RoleRequest, now: datetime, *, event: str = "") -> None:
    context = _of_request(request)
    for decider in deciders_of(request, now=now):
        key = f"request:{request.pk}:{event or name}:{decider.pk}"
        send(name, decider, key=key, now=now, context=context)


def _to_holder(name: str, grant: Grant, now: datetime, *, event: str = "") -> None:
    context = of_grant(grant)
    reason = {"end_reason": grant.end_reason, "comment": grant.end_comment, "ends_on": grant.ends_on}
    send(
        name,
        grant.account,
        key=f"grant:{grant.pk}:{event or name}:{grant.account_id}",
        now=now,
        context=context | reason,
    )


def of_grant(grant: Grant) -> dict[str, Any]:
    """What every notice says of a role."""
    return application_words(grant.application, grant.role) | organization_words(
        grant.legal_name, grant.submitter_id
    )


def _deciding(request: RoleRequest, now: datetime) -> dict[str, Any]:
    who = who_decides(request, now=now)
    return {"decider": who.decider.value, "is_fallback": who.is_fallback}


def _of_request(request: RoleRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "path": f"/requests/{request.number}/",
        "requester": full_name(request.account),
        "requester_user_id": request.account.user_id,
        "last_day": last_day_of(request),
        "comment": request.decision_reason,
        **application_words(request.application, request.role),
        **organization_words(request.legal_name, request.submitter_id),
    }


def application_words(code: str, role: str = "") -> dict[str, Any]:
    application, described = role_of(code, role)
    return {
        "application_name": application.name if application else code,
        "application_url": application.home_url if application else "",
        "application_help": application.help if application else None,
        "role_name": described.name if described else role,
    }


def organization_words(legal_name: str, submitter_id: str) -> dict[str, str]:
    return {"legal_name": legal_name, "submitter_id": submitter_id}


def send(name: str, to: Account, *, key: str, now: datetime, context: dict[str, Any]) -> None:
    """To a person's mailbox and inbox, in their language."""
    notice(
        name,
        to=to.email,
        key=key,
        now=now,
        context={"name": full_name(to), "help_contact": context.get("application_help"), **context},
        language=to.language,
        inbox=str(to.pk),
    )
