"""Why a role is gone, for the person who held it; and the sentences for refused tokens, which only logs would show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.oidc import Refusal

REMOVED_BECAUSE: dict[str, Promise] = {
    EndReason.GIVEN_UP: _("You gave the role up."),
    EndReason.REMOVED_BY_APPROVER: _("An approver of the organization removed it."),
    EndReason.REMOVED_BY_DESK: _("The help desk removed it."),
    EndReason.SUPERSEDED: _("Another role took its place."),
    EndReason.SUCCEEDED: _("The enrollment form of the organization now names somebody else."),
    EndReason.END_DATE: _("Its end date has passed."),
    EndReason.CERTIFICATION_MISSED: _("Nobody certified it by its yearly date."),
    EndReason.INACTIVITY: _("You had not signed in to the application for a long time."),
}
WORDS = {
    Refusal.CODE_USED: _("This sign-in was used already. Start again from the application."),
    Refusal.CODE_TOO_OLD: _("This sign-in took too long. Start again from the application."),
    Refusal.TOKEN_REUSED: _("This sign-in was renewed already. Start again from the application."),
    Refusal.NO_GRANT: _("You hold no active role in this application."),
    Refusal.SESSION_OVER: _("Your session has ended. Sign in again to go on."),
}


def reason_of(text: str) -> str | Promise:
    """The words of a known reason; what a person wrote stays as it is."""
    return REMOVED_BECAUSE.get(text, text)
