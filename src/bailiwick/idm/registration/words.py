"""The words of registration's refusals."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.registration import Refusal

WORDS = {
    Refusal.USER_ID_LENGTH: _("Use %(least)s to %(most)s characters."),
    Refusal.USER_ID_SIGNS: _("Use letters from A to Z, digits, and - _ ' . only."),
    Refusal.USER_ID_NEEDS_LETTER: _("Use at least one letter."),
    Refusal.USER_ID_ENDS: _("Start and end with a letter or a digit."),
    Refusal.USER_ID_DOUBLE_SIGN: _("Put a letter or a digit between two special characters."),
    Refusal.USER_ID_NINE_DIGITS: _(
        "Do not use nine digits in a row: it must not look like a Social Security number."
    ),
    Refusal.USER_ID_FOREIGN_EMAIL: _("Use @ only if the whole user ID is your own e-mail address."),
    Refusal.EMAIL_NOT_THE_SAME: _("The two e-mail addresses are not the same."),
    Refusal.TOO_MANY_CHECKS: _(
        "You have tried %(times)s user IDs, which is as many as one registration can. Cancel, and start again."
    ),
    Refusal.TOO_MANY_SUBMITS: _(
        "This registration was submitted %(times)s times with user IDs that are taken. Cancel, and start again."
    ),
    Refusal.TOO_MANY_CHECKS_FROM_HERE: _(
        "There were too many tries of user IDs from your network. Try again in an hour, or call the help desk."
    ),
    Refusal.COUNTRY_IS_US: _("This address is in the US: answer Yes to the first question."),
    Refusal.TOO_MANY_REGISTRATIONS: _(
        "There were too many registrations. Try again tomorrow, or call the help desk."
    ),
    Refusal.REGISTRATION_OVER: _("This registration is over, or was open too long. Start again."),
}
