"""What a person at the desk reads when an act is refused, and the words for what the desk's pages show."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.forms.signing_words import AUTHORITY_WORDS
from bailiwick.spot.rules import notices
from bailiwick.spot.rules.deciding import Caution, Refusal
from bailiwick.spot.rules.forms import Authority, Event, State

WORDS = {
    Refusal.NOT_OF_THE_DESK: _(
        "This page is for the SPOT Help Desk. If you work there, ask for the role SPOT Help Desk in IDM."
    ),
    Refusal.STRONGER_FACTOR_NEEDED: _(
        "The help desk needs a stronger sign-in than the one you made: a passkey or security key. Open the help desk "
        "again; it says how."
    ),
    Refusal.IDM_UNANSWERED: _(
        "IDM does not answer, so SPOT cannot check that you still have your role. You can read; deciding has to wait."
    ),
    Refusal.VERIFIED_TOO_LONG_AGO: _(
        "An act of the desk needs your second step within the last minutes. Nothing was changed, and what you typed is still "
        "here."
    ),
    Refusal.OWN_CASE: _(
        "This form names you as contact, approver, backup or official. Somebody else of the desk has to decide it."
    ),
    Refusal.ALREADY_DECIDED: _(
        "%(who)s has decided this form already; this page shows how. Nothing was changed."
    ),
    Refusal.NOT_AT_THE_DESK: _(
        "This form is not with the desk just now: somebody else has to act first, or it is over. Nothing was changed."
    ),
    Refusal.NOT_TAKEN: _("Take the form first. Whoever takes it decides it."),
    Refusal.TAKEN_BY_ANOTHER: _("%(who)s has taken this form. Nothing was changed."),
    Refusal.CHANGED_SINCE_SEEN: _(
        "The form has changed since you opened this page. Nothing was decided. Look at it as it is now."
    ),
    Refusal.NOT_SIGNED: _(
        "There is no signature on the form as it stands. Return it, so that its official signs."
    ),
    Refusal.DOCUMENT_UNCONFIRMED: _(
        "The form was signed with a digital certificate. Compare document and certificate with the form, and confirm them."
    ),
    Refusal.NO_DOCUMENT_TO_CONFIRM: _(
        "There is no signed document that waits to be confirmed. Nothing was changed."
    ),
    Refusal.CONFIRMATION_NOTE_NEEDED: _("Say what you compared."),
    Refusal.CALLBACK_NEEDED: _(
        "The official is not in the payer file with this name and mailbox. Call back on the number on file, and note what "
        "was said."
    ),
    Refusal.CALLBACK_NOT_NEEDED: _("There is no signature that waits for a call back. Nothing was changed."),
    Refusal.CALLBACK_NOTE_NEEDED: _("Write down with whom you spoke and what was said."),
    Refusal.NO_NUMBER_ON_FILE: _(
        "The payer file gives no number for this provider, so nobody can be called back. Return or deny the form, or try "
        "again when the payer answers."
    ),
    Refusal.DUPLICATE_STOPS: _(
        "The same group is enrolled or in review already (%(where)s). Return or deny this form and say so."
    ),
    Refusal.RECORD_DIFFERS: _(
        "The enrollment record that this form names is closed, or has another TIN. Return or deny this form and say so."
    ),
    Refusal.OBJECTION_TIME: _(
        "This form changes who approves, or who gets the remittance. Those who were told of it may object for a day: "
        "approve it after %(until)s, when nobody has objected."
    ),
    Refusal.OBJECTED: _(
        "Somebody who was told of the signature objects (%(who)s). Call the number on file, find out, and write down what "
        "you found; or return or deny the form."
    ),
    Refusal.OBJECTION_NONE: _("No objection waits on this form as it stands. Nothing was changed."),
    Refusal.OBJECTION_NOTE_NEEDED: _("Write down with whom you spoke and what you found out."),
    Refusal.LIST_UNCHECKED: _(
        "The list of this form could not be compared with the payer's file just now. Nothing was changed; try again when "
        "the payer answers."
    ),
    Refusal.CAUTION_REASON_NEEDED: _(
        "Something needs your reason before you approve. See what is to be settled."
    ),
    Refusal.DENIAL_REASON_NEEDED: _("Enter the reason for the denial. It is mailed to the contact."),
    Refusal.REMARK_NEEDED: _("Enter a remark at one field at least, or a note on the whole form."),
    Refusal.REMARK_FIELD_UNKNOWN: _(
        "A remark names a field that this form does not have. Open the page again."
    ),
    Refusal.COLLEAGUE_IS_NAMED: _(
        "The form names this colleague as contact, approver, backup or official. Choose somebody else."
    ),
    notices.Refusal.NOTHING_TO_TRY: _(
        "This cannot be sent again: it was a code or a link, it is too old, or somebody has sent it meanwhile."
    ),
    Refusal.TEXT_TOO_LONG: _("A text is too long. Use at most %(longest)s characters."),
}

STATES = {
    State.DRAFT: (_("Draft"), "plain"),
    State.AWAITING_SIGNATURE: (_("Awaiting signature"), "plain"),
    State.SUBMITTED: (_("Submitted"), "warn"),
    State.IN_REVIEW: (_("In review"), "warn"),
    State.RETURNED: (_("Returned for correction"), "plain"),
    State.APPROVED: (_("Approved"), "good"),
    State.DENIED: (_("Denied"), "bad"),
    State.WITHDRAWN: (_("Withdrawn"), "plain"),
    State.EXPIRED: (_("Expired"), "plain"),
}
AUTHORITIES = {
    Authority.MATCHED: (AUTHORITY_WORDS[Authority.MATCHED], "good"),
    Authority.CALLBACK_NEEDED: (AUTHORITY_WORDS[Authority.CALLBACK_NEEDED], "warn"),
    Authority.CALLED_BACK: (AUTHORITY_WORDS[Authority.CALLED_BACK], "good"),
}
# How one thing stands that an approval rests on.
MARKS = {"good": _("Settled"), "warn": _("To settle"), "bad": _("Stops")}
CAUTIONS = {
    Caution.SAME_TIN: _("Another organization of this kind is enrolled, or asks to be, with the same TIN."),
    Caution.OTHER_TIN: _("The submitter ID that this adds to is enrolled with another TIN."),
    Caution.PAYER_NO_MATCH: _("The payer file does not know this PTAN, NPI and TIN together."),
    Caution.PAYER_UNAVAILABLE: _("The payer file could not be asked just now."),
}
EVENTS = {
    Event.SAVE: _("Changed"),
    Event.ASK: _("Signature asked for"),
    Event.SIGN: _("Signed and submitted"),
    Event.TAKE: _("Taken by the desk"),
    Event.HAND_OVER: _("Taken over by a colleague"),
    Event.RETURN: _("Returned for correction"),
    Event.APPROVE: _("Approved"),
    Event.DENY: _("Denied"),
    Event.WITHDRAW: _("Withdrawn"),
    Event.EXPIRE: _("Expired"),
}
