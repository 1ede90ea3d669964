"""What an official reads when signing is refused, and whether they may sign, in words."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules import objecting
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.signing import Refusal

AUTHORITY_WORDS = {
    Authority.MATCHED: _("In the payer file with this name and mailbox."),
    Authority.CALLBACK_NEEDED: _("Not in the payer file with this name and mailbox: call back."),
    Authority.CALLED_BACK: _("Called back on the number on file."),
}
# What the official read before signing; the page beside the English text is a translation.
READ_IN = {"en": _("English"), "es": _("Spanish, with the English text that is signed beside it")}

WORDS = {
    Refusal.LINK_UNKNOWN: _("This link leads to no form. Open the link exactly as it stands in your e-mail."),
    Refusal.LINK_USED: _("This form was signed with this link already. You do not need to do anything."),
    Refusal.LINK_VOID: _(
        "This link is no longer good: the form was changed or withdrawn, or a newer link was sent. "
        "Look for a newer e-mail, or ask the contact person of the form."
    ),
    Refusal.LINK_EXPIRED: _(
        "This link has expired. Ask the contact person of the form to ask for your signature again."
    ),
    Refusal.FORM_CHANGED: _(
        "The form is not the one you were shown, so nothing was signed. Read it again as it is now."
    ),
    Refusal.THIRD_PARTY: _(
        "This e-mail address belongs to somebody at a billing service or clearinghouse. They cannot sign for a provider. "
        "Ask the contact person to name an official of the provider, or call the help desk if this is wrong."
    ),
    Refusal.NAME_DIFFERS: _(
        "Type your name as the form has it: %(name)s. If that is not your name, do not sign; "
        "ask the contact person to correct the form."
    ),
    Refusal.TITLE_NOT_ATTESTED: _("Confirm your name and title to sign."),
    Refusal.STANDING_DIFFERS: _(
        "The form names you as the other kind of official. Choose what the form says; "
        "if the form is wrong, ask the contact person to correct it."
    ),
    Refusal.PAYER_UNAVAILABLE: _(
        "We cannot reach the payer's file right now, so nothing was signed. Your link stays good. "
        "We mail you as soon as the file answers again."
    ),
    Refusal.CODE_WRONG: _(
        "That code is not the one we sent, or it is no longer good. Nothing was signed. "
        "A code is good for 30 minutes and three tries; ask for a new one if you need it."
    ),
    objecting.Refusal.LINK_UNKNOWN: _(
        "This link leads to no signature. Open the link exactly as it stands in your e-mail, or call the help desk."
    ),
    objecting.Refusal.SIGNATURE_GONE: _(
        "This signature no longer counts: the form was changed or withdrawn. There is nothing to object to. "
        "If it is signed again, you are told again."
    ),
    objecting.Refusal.DECIDED: _(
        "This form is decided already, so nothing waits for your objection. If it is not right, call the help desk now."
    ),
    objecting.Refusal.REASON_NEEDED: _(
        "Say what is not right, so that the help desk knows what to find out."
    ),
}
