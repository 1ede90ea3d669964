"""Invitations (R-7): an approver sends, resends and revokes them; the invited person takes one up by a button."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bailiwick.ground.pages.fields import once_of
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import actions as access_actions
from bailiwick.idm.access import queries
from bailiwick.idm.access.models import Invitation
from bailiwick.idm.access.state_words import INVITATION_STATE_WORDS
from bailiwick.idm.portal import actions
from bailiwick.idm.portal.invitations.forms import InviteForm
from bailiwick.idm.portal.strength import strength_of
from bailiwick.idm.rules.invitations import State
from bailiwick.idm.sessions import doors
from bailiwick.idm.sessions.doors import signed_in

COLUMNS = (
    gettext_lazy("E-mail address"),
    gettext_lazy("Role"),
    gettext_lazy("State"),
    gettext_lazy("Sent"),
    gettext_lazy("What you can do"),
)
NO_SUCH_INVITATION = gettext_lazy("There is no such invitation.")


def inviters_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view `view(request, now, …)` for active approvers and backups; closed to everybody else (H-1, I-4)."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, **named: object) -> HttpResponse:
        now = clock.now()
        if not queries.is_approver_anywhere(request.signed_in.account, now=now):
            raise PermissionDenied
        return view(request, now, **named)

    return opened


@require_GET
@inviters_page
def invitations(request: HttpRequest, now: datetime) -> HttpResponse:
    """Every invitation of the approver's organizations, whoever of them sent it."""
    lines = queries.invitations_managed_by(request.signed_in.account, now=now)
    context = {
        "lines": [(line, *INVITATION_STATE_WORDS[line.state]) for line in lines],
        "open_state": State.OPEN,
        "columns": COLUMNS,
        "width": "wide",
    }
    return render(request, "portal/invitations/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inviters_page
def new(request: HttpRequest, now: datetime) -> HttpResponse:
    """Mailbox, organization, role. Whether the mailbox has an account is not asked and not told."""
    account = request.signed_in.account
    typed = request.POST if request.method == "POST" else None
    form = InviteForm(typed, offered=queries.invitable(account, now=now))
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["chosen"]
        try:
            access_actions.invite(
                inviter=account,
                application=chosen.application.code,
                role=chosen.role.code,
                organization=chosen.organization,
                email=form.cleaned_data["email"],
                once=once_of(request.POST),
                strength=strength_of(request),
                by=by(request),
                now=now,
            )
            return redirect("invitations")
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    places = {one.organization.pk: one.organization for one in form.offered}
    return render(request, "portal/invitations/new.html", {"form": form, "places": list(places.values())})


@require_http_methods(["GET", "HEAD", "POST"])
@inviters_page
def resend(request: HttpRequest, now: datetime, invitation_id: UUID) -> HttpResponse:
    """Are you sure? A new link goes out, and the one before leads nowhere."""
    return _ask_and_act(request, invitation_id, "resend", now)


@require_http_methods(["GET", "HEAD", "POST"])
@inviters_page
def revoke(request: HttpRequest, now: datetime, invitation_id: UUID) -> HttpResponse:
    """Are you sure? The link leads nowhere from then on, and the mailbox hears of it."""
    return _ask_and_act(request, invitation_id, "revoke", now)


def _ask_and_act(request: HttpRequest, key: UUID, act: str, now: datetime) -> HttpResponse:
    """Another organization's invitation is none here: 404, and that somebody reached for it is on the ledger (L-2)."""
    account, refusal = request.signed_in.account, ""
    found, ruling = queries.managed_invitation(account, key, now=now)
    if found is None or not ruling:
        if found is not None:
            access_actions.note_refused_invitation(
                about=found, because=ruling.because, by=by(request), now=now
            )
        raise Http404(NO_SUCH_INVITATION)
    if request.method == "POST":
        try:
            _act(request, found, act, now)
            return redirect("invitations")
        except Refused as refused:
            refusal = sentence_for(refused.code, **refused.facts)
    line = queries.line_of_invitation(found, now=now)
    context = {"line": line, "refusal": refusal, "is_resending": act == "resend"}
    return render(request, "portal/invitations/sure.html", context)


def _act(request: HttpRequest, found: Invitation, act: str, now: datetime) -> None:
    who = {"strength": strength_of(request), "by": by(request), "now": now}
    if act == "resend":
        access_actions.resend_invitation(invitation=found, inviter=request.signed_in.account, **who)
    else:
        access_actions.revoke_invitation(invitation=found, revoker=request.signed_in.account, **who)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a mailed link: who invites to what. Only its buttons do anything (N-2).

    A link that is unknown, used, revoked or over shows one page for all four.
    """
    now = clock.now()
    line = queries.invitation_of_link(token, now=now)
    account = request.signed_in.account if request.signed_in else None
    if request.method == "POST" and account and (line or queries.taken_with_link(account, token)):
        return _take(request, line, now)
    if line is None:
        page = render(request, "portal/invitations/unusable.html", {"may_go_on": _took(account, token)})
        page.status_code = 404
        return page
    if request.method == "POST":
        return _on_the_way(request)
    return render(request, "portal/invitations/invitation.html", {"line": line, "account": account})


def _took(account: object, token: str) -> bool:
    return account is not None and queries.taken_with_link(account, token)


def _on_the_way(request: HttpRequest) -> HttpResponse:
    """To sign in or to register, and after the sign-in back to this page."""
    if request.POST.get("way") == "register":
        return doors.come_back_here(request, redirect("registration"))
    return doors.send_to_sign_in(request)


@require_POST
@signed_in
def take_mine(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """From the home page: an invitation to the person's own proven mailbox."""
    now = clock.now()
    waiting = queries.invitations_waiting_for(request.signed_in.account, now=now)
    line = next((each for each in waiting if each.invitation.pk == invitation_id), None)
    if line is None:
        raise Http404(NO_SUCH_INVITATION)
    return _take(request, line, now)


def _take(request: HttpRequest, line: queries.InvitationLine | None, now: datetime) -> HttpResponse:
    """Prefill the role request. `line` None: it was taken up before by this person, who is led on."""
    if line is not None:
        try:
            actions.take_up(
                invitation=line.invitation, account=request.signed_in.account, by=by(request), now=now
            )
        except Refused as refused:
            raise Http404(_("The invitation cannot be used any more.")) from refused
    return redirect("role-request")
