"""The sentences for what the organizations room refuses."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.catalogue import OrganizationKind
from bailiwick.idm.rules.organizations import Refusal

WORDS = {
    Refusal.ENROLLMENT_NOT_MATCHED: _(
        "These details do not match an enrolled organization. Copy the submitter ID and the legal business name from "
        "the approval letter, and the tax ID from the enrollment form, then try again."
    ),
    Refusal.ORGANIZATION_EXISTS: _(
        "%(legal_name)s (%(submitter_id)s) exists already. You do not need to create it: associate to it instead."
    ),
    Refusal.RECORD_OF_ANOTHER_APPLICATION: _("This submitter ID was issued by another application."),
    Refusal.RECORD_VERSION_CONFLICT: _(
        "Version %(version)s of this record is already here with other content."
    ),
    Refusal.SEARCH_TOO_SHORT: _("Type at least 3 letters of the name or the city, or a 5-digit ZIP code."),
    Refusal.TOO_MANY_SEARCHES: _("You have searched as often as the rules allow. Try again after %(until)s."),
}

KIND_WORDS = {
    OrganizationKind.PROVIDER_OFFICE: _("Provider office"),
    OrganizationKind.BILLING_SERVICE: _("Billing service or clearinghouse"),
}
