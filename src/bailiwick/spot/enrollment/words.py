"""What a person reads when an enrollment record cannot be written."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.enrollment import Refusal

WORDS = {
    Refusal.RECORD_MALFORMED: _(
        "The record is not complete. Correct the fields that are named and try again."
    ),
    Refusal.RECORD_UNKNOWN: _("There is no record with this submitter ID."),
    Refusal.RECORD_CLOSED: _("This record is closed and cannot be changed any more."),
    Refusal.RECORD_UNCHANGED: _("The record says this already. Nothing was changed."),
}
