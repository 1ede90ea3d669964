"""The words of refusals about a person's facts."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import mailboxes
from bailiwick.idm.rules.accounts import Refusal

WORDS = {
    mailboxes.Refusal.EMAIL_IS_THE_SAME: _("This is your e-mail address already."),
    mailboxes.Refusal.EMAIL_NOT_TYPED_TWICE: _("Type the same e-mail address twice."),
    mailboxes.Refusal.EMAIL_NOT_PLAIN: _(
        "Use an address of the letters A to Z, digits and signs: letters of other alphabets can look alike."
    ),
    mailboxes.Refusal.EMAIL_CHANGES_TOO_MANY: _(
        "You asked for this %(times)s times within an hour. Wait an hour, then ask again."
    ),
    mailboxes.Refusal.EMAIL_LINK_UNKNOWN: _(
        "We do not know this link. Copy it from the mail as a whole, and sign in with the account it is for."
    ),
    mailboxes.Refusal.EMAIL_LINK_OVER: _(
        "This link is no longer good: it is too old, was used, or another change came after it."
    ),
    mailboxes.Refusal.EMAIL_CHANGE_TAKEN_BACK: _("This change was taken back."),
    Refusal.NAME_NOT_LETTERS: _("Use letters, with spaces, hyphens or apostrophes between them."),
    Refusal.TOO_YOUNG: _("You must be at least %(years)s years old to have an account."),
    Refusal.BIRTH_DATE_IMPOSSIBLE: _("Check the year: this cannot be a birth date."),
    Refusal.SSN_NOT_NINE_DIGITS: _("Enter the 9 digits of your Social Security number."),
    Refusal.SSN_NEVER_ISSUED: _("No Social Security number starts or ends like this. Check what you typed."),
    Refusal.SSN_TAKEN: _(
        "Your identity could not be confirmed. Call the help desk; have your user ID ready."
    ),
    Refusal.USER_ID_TAKEN: _("This user ID is taken. Choose another."),
    Refusal.FACTS_ARE_PROVEN: _(
        "Your identity was verified with these facts. The help desk can correct them."
    ),
    Refusal.FACTS_CORRECTED_TOO_OFTEN: _(
        "Your facts were corrected %(times)s times. The help desk can correct them again."
    ),
    Refusal.ACCOUNT_NOT_ACTIVE: _("This account is not active. Call the help desk."),
    Refusal.STATE_NOT_FITTING: _(
        "Somebody else changed the state of this account meanwhile. Look at the person's page again."
    ),
}
