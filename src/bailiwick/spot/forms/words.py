"""What a person reads when something about a form is refused, or stands between it and its signature."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.forms import Refusal

WORDS = {
    Refusal.LIST_FULL: _("A list has at most %(most)s lines. File another form for the rest."),
    Refusal.KIND_UNKNOWN: _("There is no such form. Choose one from the list of forms."),
    Refusal.BLOCK_UNKNOWN: _("This form has no such step. Open the form again."),
    Refusal.ANSWERS_MALFORMED: _(
        "Some answers cannot be saved as they are. Correct the fields that are named."
    ),
    Refusal.CHANGED_ELSEWHERE: _(
        "This form was changed in another window or by somebody else while you were working on it. "
        "Nothing you typed was saved. Look at the answers as they are now, and enter your change again."
    ),
    Refusal.NOT_NOW: _(
        "This cannot be done with the form as it stands. Open the form to see what comes next."
    ),
    Refusal.CASE_EXPIRED: _("This form has expired. Start a new one."),
    Refusal.CASE_DECIDED: _("This form has been decided already."),
    Refusal.INCOMPLETE: _("The form is not complete. See what is missing, and ask for the signature then."),
    Refusal.MAILBOX_NOT_PROVEN: _(
        "The contact's e-mail address is not confirmed. Enter the code that was mailed to it, or ask for a new one."
    ),
    Refusal.STARTED_TOO_OFTEN: _(
        "Too many forms were started here within one hour. Wait an hour and try again."
    ),
    Refusal.CODE_WRONG: _(
        "The tracking number and the code do not fit, or the code is no longer good. "
        "A code is good for 30 minutes and three tries. Ask for a new one."
    ),
    Refusal.CODE_TOO_SOON: _("It was sent a moment ago. Wait %(seconds)s seconds before you send it again."),
    Refusal.CODES_TOO_MANY: _(
        "No more than %(times)s codes are sent in one hour. Wait, and try again later."
    ),
    Refusal.CODES_TOO_MANY_A_DAY: _(
        "No more than %(times)s codes are sent in one day. Try again tomorrow, or call the help desk."
    ),
    Refusal.RESENDS_USED_UP: _(
        "The invitation was sent again %(times)s times already. "
        "Check the official's e-mail address, or call the help desk."
    ),
    Refusal.PAYER_CHECKS_USED_UP: _(
        "The numbers were compared with the payer's file %(times)s times today. "
        "Try again tomorrow, or call the help desk."
    ),
    Refusal.PAIR_CHECKS_USED_UP: _(
        "Submitter ID and name were compared %(times)s times within an hour. Wait an hour, or call the help desk."
    ),
    Refusal.FACTS_MISSING: _("Fill in everything that is compared together first."),
    Refusal.GROUP_ENROLLED: _(
        "A group with this PTAN and NPI is enrolled already. Its approver can tell you the submitter ID, and people of "
        "the group ask for a role with it. If you do not know of it, call the help desk."
    ),
    Refusal.GROUP_IN_REVIEW: _(
        "A form for a group with this PTAN and NPI is in review already. Wait for its decision. "
        "If you do not know of it, call the help desk."
    ),
    Finding.FIELD_UNKNOWN: _("This form has no such field. Open the form again."),
    Finding.MISSING: _("Fill in “%(label)s”."),
    Finding.UNREADABLE: _("This contained a character that cannot be shown. Check it, or type it again."),
    Finding.TOO_LONG: _("Use at most %(most)s characters. You typed %(typed)s."),
    Finding.NOT_A_CHOICE: _("Choose one of the answers shown."),
    Finding.EMAIL_SHAPE: _("Enter an e-mail address like name@example.com."),
    Finding.PHONE_SHAPE: _(
        "Enter a phone number of 10 digits that does not start with 0 or 1, like 512 555 0142."
    ),
    Finding.EXTENSION_SHAPE: _("An extension is 1 to 8 digits."),
    Finding.ZIP_SHAPE: _("A ZIP code has 5 or 9 digits."),
    Finding.PTAN_SHAPE: _("A PTAN is 4 to 10 letters and digits, with at least one digit."),
    Finding.NPI_SHAPE: _("An NPI is 10 digits and starts with 1 or 2."),
    Finding.NPI_CHECK_DIGIT: _("This is not an NPI: its last digit does not fit. Check the digits."),
    Finding.TIN_SHAPE: _("A TIN is 9 digits. Enter all of them."),
    Finding.SUBMITTER_ID_SHAPE: _(
        "This is not a submitter ID: it has 10 letters and digits, and its last two do not fit. "
        "Copy it from the approval letter."
    ),
    Finding.DAY_SHAPE: _("Enter a day as month/day/year, like 12/31/2026."),
    Finding.DAY_OVER: _("This day is over. Enter today or a later day."),
    Finding.DAY_TOO_FAR: _("This day is too far off. Enter a day within the next %(days)s days."),
    Finding.WEBSITE_SHAPE: _("Enter the name of a web site, like www.example.com, without what follows it."),
    Finding.NOTHING_TO_CHANGE: _(
        "Everything is to stay as it is. Say what is to change, or withdraw the form."
    ),
    Finding.RECORD_OF_ANOTHER_KIND: _(
        "This submitter ID is a provider's own. Its changes are made by “Enrollment change by a provider” and the update form."
    ),
    Finding.RECEIVER_UNASKED: _("The receiver's submitter ID and name are not compared yet."),
    Finding.RECEIVER_NO_MATCH: _(
        "The receiver's submitter ID and name do not belong together. Ask the receiver for both, letter by letter."
    ),
    Finding.HAS_ADDRESS: _("Leave web addresses out here."),
    Finding.NAME_NOT_LETTERS: _("A name has letters, spaces, hyphens and apostrophes only."),
    Finding.NAME_NOT_FULL: _("Enter first and last name."),
    Finding.ZIP_NOT_IN_STATE: _("This ZIP code is not in %(state)s. Check the ZIP code and the state."),
    Finding.SAME_AS_ANOTHER: _("This is the same as “%(other)s”. Name another person."),
    Finding.MAILBOX_UNPROVEN: _(
        "The contact's e-mail address is not confirmed yet. Enter the code mailed to it."
    ),
    Finding.PAYER_UNASKED: _("PTAN, NPI and TIN are not compared with the payer's file yet."),
    Finding.PAYER_NO_MATCH: _(
        "PTAN, NPI and TIN do not belong together on the payer's file. Check all three; "
        "if they are right, call the help desk."
    ),
    Finding.PAYER_UNAVAILABLE: _(
        "The payer's file could not be asked. You can go on: we ask it again by ourselves, and mail you if the numbers do "
        "not belong together."
    ),
    Finding.PAIR_UNASKED: _("Submitter ID and name are not compared yet."),
    Finding.PAIR_NO_MATCH: _(
        "This submitter ID and this name do not belong together. Copy both from the approval letter."
    ),
    Finding.GROUP_ENROLLED: _(
        "A group with this PTAN and NPI is enrolled already. Its approver can tell you the submitter ID, and people of "
        "the group ask for a role with it. If you do not know of it, call the help desk."
    ),
    Finding.GROUP_IN_REVIEW: _(
        "A form for a group with this PTAN and NPI is in review already. Wait for its decision. "
        "If you do not know of it, call the help desk."
    ),
    Finding.TIN_SHARED: _(
        "An organization with this TIN is enrolled or in review already. "
        "You can go on; the help desk asks why it is enrolled again."
    ),
}
