"""What a person reads when a session does not suffice."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.sessions import Refusal

WORDS = {
    Refusal.SESSION_LIMITED: _(
        "You signed in with a code by e-mail, although you have a stronger device. "
        "Sign out, sign in again with your authenticator app, phone or passkey, and come back here."
    ),
    Refusal.SESSION_OVER: _("Your session has ended. Sign in again to go on."),
}
