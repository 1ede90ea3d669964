"""What a person is shown of their answers before they submit them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.organizations.words import KIND_WORDS
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.portal.rolerequest.journey import Journey
from bailiwick.idm.rules.asking import Way
from bailiwick.idm.rules.catalogue import OrganizationKind

Items = list[tuple[str, str]]

WAY_WORDS = {
    Way.CREATE: gettext_lazy("Create the organization"),
    Way.ASSOCIATE: gettext_lazy("Associate to an existing organization"),
    Way.PICK: gettext_lazy("Join an existing organization"),
}


def organization_summary(draft: RoleRequestDraft) -> Items:
    """The organization as its enrollment record describes it. Never the TIN; the submitter ID only to who typed it."""
    record = draft.record
    items = [
        (_("Legal Business Name"), record.legal_name),
        (_("Kind"), str(KIND_WORDS[OrganizationKind(record.kind)])),
        (_("Place"), f"{record.city}, {record.state} {record.zip[:5]}"),
    ]
    if draft.way == Way.CREATE or draft.turned:
        items.insert(1, (_("Submitter ID"), record.submitter_id))
    return items


def request_summary(journey: Journey) -> Items:
    draft = journey.draft
    items = [
        (_("Application"), journey.application.name),
        (_("Role"), journey.role.name),
        (_("For"), f"{full_name(journey.account)} ({journey.account.user_id})"),
    ]
    if journey.role.needs_proofing:
        items.append((_("Identity verification"), _("Verified")))
    if draft.way and draft.record:
        items += [(_("Organization"), str(WAY_WORDS[Way(draft.way)])), *organization_summary(draft)]
    return items
