"""The words for the states of grants and requests that pages show, each with the look of its tag."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import invitations
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.requests import State

# State: (words, how the tag looks).
GRANT_STATE_WORDS = {
    GrantState.ACTIVE: (_("Active"), "good"),
    GrantState.INACTIVE: (_("Inactive"), "warn"),
    GrantState.CLOSED: (_("Organization closed"), "bad"),
    GrantState.ENDED: (_("Ended"), "plain"),
}
REQUEST_STATE_WORDS = {
    State.PENDING: (_("Waiting for a decision"), "warn"),
    State.APPROVED: (_("Approved"), "good"),
    State.DENIED: (_("Denied"), "bad"),
    State.CANCELLED: (_("Canceled"), "plain"),
    State.EXPIRED: (_("Expired"), "plain"),
}
INVITATION_STATE_WORDS = {
    invitations.State.OPEN: (_("Waiting for the person"), "warn"),
    invitations.State.TAKEN: (_("Taken up"), "good"),
    invitations.State.REVOKED: (_("Revoked"), "plain"),
    invitations.State.EXPIRED: (_("Expired"), "plain"),
}
