"""What people read when a change of services is refused."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.services import Refusal

WORDS = {
    Refusal.RECEIVER_CLOSED: _(
        "The receiver is not enrolled any more. Choose another one, or paper remittance."
    ),
    Refusal.DAY_PASSED: _("Remittance can be sent elsewhere from today on, not for days that have passed."),
    Refusal.RECEIVER_ALREADY: _("The remittance goes there already. Nothing was changed."),
    Refusal.PAIR_UNKNOWN: _("SPOT knows no such provider. Check the PTAN, the NPI and the line of business."),
    Refusal.NOT_YOURS: _("Only the provider can end this. Its approver or backup approver does it here."),
    Refusal.ENDED_ALREADY: _("This has ended already. Nothing was changed."),
    Refusal.CHANGED_SINCE_SEEN: _(
        "The remittance was sent elsewhere since you opened this page. Look at it as it is now."
    ),
}
