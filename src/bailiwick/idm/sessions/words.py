"""What a person reads when a session does not suffice."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import devices
from bailiwick.idm.rules.sessions import Refusal

WORDS = {
    devices.Refusal.ACCOUNT_FROZEN: _(
        "This account is frozen, because somebody said that a sign-in was not theirs. "
        "Set a new password under Forgot Password: that opens it again."
    ),
    devices.Refusal.DISOWNING_LINK_UNKNOWN: _(
        "We do not know this link. Copy it from the mail as a whole, or call the help desk."
    ),
    devices.Refusal.DISOWNING_LINK_USED: _(
        "This was done already: the account was frozen and signed out everywhere. "
        "Set a new password under Forgot Password to open it again."
    ),
    devices.Refusal.DISOWNING_LINK_EXPIRED: _("This link is too old. Call the help desk at once."),
    Refusal.SESSION_LIMITED: _(
        "You signed in with a code by e-mail, although you have a stronger device. "
        "Sign out, sign in again with your authenticator app, phone or passkey, and come back here."
    ),
    Refusal.SESSION_OVER: _("Your session has ended. Sign in again to go on."),
}
