"""The left menu of My Profile; it lists only what works here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bailiwick.ground.outbox import inbox

# Pages that belong to an entry whose name theirs does not begin with.
UNDER = {
    "profile": {"profile_edit", "profile_email", "profile_email_asked", "profile_email_confirm"},
    "profile_inbox": {"profile_letter"},
}


def menu(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the current page) for the menu element."""
    waiting = inbox.unread(str(request.signed_in.account_id))
    labels = {
        "profile": _("Personal Contact Information"),
        "profile_business": _("Business Contact Information"),
        "profile_password": _("Change Password"),
        "profile_question": _("Change Security Question"),
        "profile_mfa": _("Manage MFA and Recovery Devices"),
        "profile_corrections": _("Ask for a Correction"),
        "profile_sessions": _("Sessions"),
        "profile_notices": _("Notices"),
        "profile_inbox": _("Inbox (%(count)s new)") % {"count": waiting} if waiting else _("Inbox"),
    }
    if not settings.PROFILE.security_question:
        del labels["profile_question"]
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [(label, reverse(name), _is_current(name, here)) for name, label in labels.items()]


def _is_current(name: str, here: str) -> bool:
    is_own = here == name or (name != "profile" and here.startswith(f"{name}_"))
    return is_own or here in UNDER.get(name, ())


def page(request: HttpRequest, **context: Any) -> dict[str, Any]:
    """The context of a page of My Profile."""
    return {"menu": menu(request), "width": "wide", **context}
