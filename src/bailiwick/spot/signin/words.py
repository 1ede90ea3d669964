"""What a person reads when a sign-in does not come about: what happened, and what to do (M-3)."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.signin import Refusal

HEADINGS = {
    Refusal.STATE_MISSING: _("This page is a step in signing in"),
    Refusal.STATE_UNKNOWN: _("This sign-in is not known any more"),
    Refusal.OTHER_WINDOW: _("You started signing in in another window"),
    Refusal.ATTEMPT_TOO_OLD: _("This sign-in took too long"),
    Refusal.ATTEMPT_USED: _("This sign-in was already finished"),
    Refusal.MALFORMED: _("We could not read the answer"),
    Refusal.OTHER_ISSUER: _("The answer came from the wrong place"),
    Refusal.ACCESS_DENIED: _("You were not signed in"),
    Refusal.LOGIN_REQUIRED: _("You need to sign in at IDM first"),
    Refusal.BUSY: _("IDM is busy right now"),
    Refusal.UNANSWERED: _("We cannot reach IDM right now"),
    Refusal.NOT_SET_UP: _("Signing in is not set up correctly"),
    Refusal.CODE_REFUSED: _("This sign-in cannot be used any more"),
    Refusal.TOKEN_INVALID: _("We could not check the answer"),
    Refusal.TOO_WEAK: _("SPOT needs a stronger sign-in"),
    Refusal.ACCESS_ENDED: _("Your access to SPOT has ended"),
    Refusal.LOGOUT_TOKEN_INVALID: _("We could not check the answer"),
}

WORDS = {
    Refusal.STATE_MISSING: _(
        "This address is where IDM sends you back to SPOT. It cannot be opened by itself or from a bookmark. "
        "Start at the sign-in page."
    ),
    Refusal.STATE_UNKNOWN: _(
        "It may be from yesterday, or from a link that somebody sent you. Start again from SPOT."
    ),
    Refusal.OTHER_WINDOW: _(
        "This answer belongs to a sign-in that was started in a different browser, a private window, or on another "
        "device. If somebody sent you this link, do not use it. Go back to the window where you started, or start "
        "again here."
    ),
    Refusal.ATTEMPT_TOO_OLD: _("More than an hour passed between starting and finishing. Start again."),
    Refusal.ATTEMPT_USED: _(
        "Each sign-in works once. This happens with the back button, or when a page is loaded again. Start again."
    ),
    Refusal.MALFORMED: _("Something was missing from the answer, or was not as it should be. Start again."),
    Refusal.OTHER_ISSUER: _(
        "The answer did not name the identity system that SPOT trusts, so we did not use it. Start again from SPOT."
    ),
    Refusal.ACCESS_DENIED: _(
        "IDM told us that the sign-in was canceled, or that you have no role for SPOT right now. "
        "Sign in again to see the reason, or look at Manage My Roles in IDM."
    ),
    Refusal.LOGIN_REQUIRED: _(
        "Your sign-in at IDM has ended. Sign in again; IDM will ask for your password and a code."
    ),
    Refusal.BUSY: _(
        "IDM could not finish the sign-in. Nothing is wrong with your account. Try again in a few minutes."
    ),
    Refusal.UNANSWERED: _(
        "SPOT signs people in through IDM, and IDM does not answer. Nothing is wrong with your account. "
        "Try again in a few minutes."
    ),
    Refusal.NOT_SET_UP: _(
        "SPOT and IDM do not agree about how to sign you in. Trying again will not help. Please tell the help desk."
    ),
    Refusal.CODE_REFUSED: _("It was used already, or too much time passed. Start again."),
    Refusal.TOKEN_INVALID: _(
        "IDM's answer did not pass SPOT's checks, so we did not use it. Start again. If you see this page twice, "
        "tell the help desk."
    ),
    Refusal.TOO_WEAK: _(
        "You signed in with a code by e-mail. Add another device in IDM under Manage MFA and Recovery Devices, "
        "then sign in with it."
    ),
    Refusal.ACCESS_ENDED: _(
        "IDM says that you have no role for SPOT at this moment. Sign in again to read why and what you can do, "
        "or look at Manage My Roles in IDM."
    ),
    Refusal.LOGOUT_TOKEN_INVALID: _("This message was not from IDM."),
}
