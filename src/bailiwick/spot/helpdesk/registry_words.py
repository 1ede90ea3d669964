"""The words for what registry, reports and the comparison with IDM show, and why a report is not made."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.comparing import Matter
from bailiwick.spot.rules.enrollment import Delivery, Status
from bailiwick.spot.rules.reports import Refusal

KINDS = {"provider_office": _("Provider office"), "billing_service": _("Billing service or clearinghouse")}
STATUSES = {Status.ACTIVE.value: (_("Active"), "good"), Status.CLOSED.value: (_("Closed"), "bad")}
DELIVERIES = {
    Delivery.CONFIRMED: (_("IDM has it"), "good"),
    Delivery.ON_ITS_WAY: (_("On its way"), "warn"),
    Delivery.REFUSED: (_("Refused by IDM"), "bad"),
}
GRANT_STATES = {"active": _("Active"), "inactive": _("Inactive"), "closed": _("Organization closed")}
MATTERS = {
    Matter.LACKING.value: _("IDM does not have this record."),
    Matter.OLDER.value: _("IDM has an older version."),
    Matter.NEWER.value: _("IDM has a newer version than SPOT: was SPOT's database restored from a backup?"),
    Matter.CONTENT.value: _("The same version says something else at IDM."),
    Matter.STRANGER.value: _(
        "IDM has a record that SPOT does not know: was SPOT's database restored from a backup?"
    ),
}
FACTS = {
    "legal_name": _("Legal business name"),
    "kind": _("Kind"),
    "tin_tag": _("Kind of TIN"),
    "address": _("Address"),
    "city": _("City"),
    "state": _("State or territory"),
    "zip": _("ZIP code"),
    "phone": _("Phone"),
    "approver_name": _("Approver"),
    "approver_email": _("Approver, e-mail"),
    "approver_phone": _("Approver, phone"),
    "backup_name": _("Backup approver"),
    "backup_email": _("Backup approver, e-mail"),
    "backup_phone": _("Backup approver, phone"),
    "status": _("State"),
}
# Facts of a record that are codes.
VALUES = {
    "kind": KINDS,
    "status": {status: words for status, (words, _mood) in STATUSES.items()},
    "tin_tag": {"ein": _("Employer identification number (EIN)"), "ssn": _("Social Security number (SSN)")},
}
WORDS = {
    Refusal.TOO_MANY_EXPORTS: _("You have downloaded %(most)s lists within an hour. Try again later."),
    Refusal.IDM_UNANSWERED: _(
        "IDM does not answer just now, and this list is made of what it knows. Try again in a few minutes."
    ),
}
