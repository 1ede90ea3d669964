"""The left menu of My Profile; it lists only what works."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

ENTRIES = ("profile", "profile_business", "profile_password", "profile_mfa")


def menu(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the current page) for the menu element."""
    labels = {
        "profile": _("Personal Contact Information"),
        "profile_business": _("Business Contact Information"),
        "profile_password": _("Change Password"),
        "profile_mfa": _("Manage MFA and Recovery Devices"),
    }
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [(labels[name], reverse(name), here.removesuffix("_edit") == name) for name in ENTRIES]


def page(request: HttpRequest, **context: Any) -> dict[str, Any]:
    """The context of a page of My Profile."""
    return {"menu": menu(request), "width": "wide", **context}
