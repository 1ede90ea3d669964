"""What a person reads when proofing is refused. No sentence tells which fact did not match."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import manual
from bailiwick.idm.rules.manual import Check, Document, State
from bailiwick.idm.rules.proofing import Refusal

WORDS = {
    Refusal.NO_CONSENT: _("Read and accept the terms of identity verification first."),
    Refusal.ALREADY_VERIFIED: _("Your identity is verified already. You do not need to do this again."),
    Refusal.HELP_DESK_ONLY: _(
        "We cannot verify your identity online. Call the help desk; they can do it with you."
    ),
    Refusal.TRIES_EXHAUSTED: _(
        "You have used your online tries. You can try online again after %(until)s. Until then, call the number with "
        "your review reference number, or call the help desk."
    ),
    Refusal.FACTS_CHANGED: _("Your details were changed in the meantime. Check them and try again."),
    Refusal.SSN_MISSING: _("Type your Social Security number first. Without one, call the help desk."),
    Refusal.REFERENCE_MISSING: _(
        "There is no review reference number to ask about. Check your details and try again."
    ),
    Refusal.REFERENCE_EXPIRED: _(
        "Your review reference number has expired. Check your details and try again."
    ),
    Refusal.REFERENCE_CHECKS_EXHAUSTED: _(
        "You have asked about your review reference number often today. Ask again after %(until)s, or call the help desk."
    ),
    manual.Refusal.ALREADY_VERIFIED: _("Your identity is verified already. No documents are needed."),
    manual.Refusal.OTHER_WAY_FIRST: _(
        "Try online first, or call with your review reference number. Documents are for when that did not work."
    ),
    manual.Refusal.VENDOR_FILE_ONLY: _(
        "Your documents were looked at and did not settle it. Now only a corrected file at the identity verification "
        "service helps: ask them to correct it, then try online again."
    ),
    manual.Refusal.RESTING: _(
        "Your documents were looked at and did not settle it. You can hand in others after %(until)s."
    ),
    manual.Refusal.NO_CASE: _("No document check is open. Go to Role Request to see where you stand."),
    manual.Refusal.NOT_COLLECTING: _(
        "Your documents were handed in and are being looked at. We write to you when something is missing."
    ),
    manual.Refusal.PICTURE_ID_MISSING: _(
        "A picture ID is missing: passport, driver's license, state ID, military ID or permanent resident card."
    ),
    manual.Refusal.ADDRESS_PROOF_MISSING: _(
        "Proof of your home address is missing: a utility bill, a bank statement, a lease or a tax form."
    ),
    manual.Refusal.TOO_MANY_DOCUMENTS: _(
        "You have added %(most)s documents. Remove one that is not needed before you add another."
    ),
    manual.Refusal.NO_SUCH_DOCUMENT: _("This document is not there any more."),
    manual.Refusal.MOVED_ON: _("Somebody else went on with this case meanwhile. Read it again, then decide."),
    manual.Refusal.FACTS_CHANGED: _(
        "The person changed their details after they handed in the documents. Ask them to hand in again."
    ),
    manual.Refusal.CHECKS_MISSING: _(
        "To verify somebody, check that a document is genuine, and that name, birth date and address agree with it."
    ),
    manual.Refusal.NOT_SCANNED: _(
        "A document waits for the virus scan, or did not pass it. Wait, or ask the person for another one."
    ),
    manual.Refusal.WHY_TOO_SHORT: _("Say why in %(least)s characters or more."),
    manual.Refusal.SAME_PERSON: _(
        "You proposed this. Another member of the security desk confirms it or sends it back."
    ),
}

DOCUMENT_WORDS = {
    Document.PASSPORT: _("Passport"),
    Document.DRIVERS_LICENSE: _("Driver's license"),
    Document.STATE_ID: _("State ID card"),
    Document.MILITARY_ID: _("Military ID"),
    Document.RESIDENT_CARD: _("Permanent resident card"),
    Document.SSN_CARD: _("Social Security card"),
    Document.TAX_FORM: _("Tax form with your name and address (W-2, 1099, 1040)"),
    Document.UTILITY_BILL: _("Utility bill of the last three months"),
    Document.BANK_STATEMENT: _("Bank or credit card statement of the last three months"),
    Document.LEASE: _("Lease or mortgage statement"),
    Document.NAME_CHANGE: _("Marriage certificate, or court order of a name change"),
}
CHECK_WORDS = {
    Check.GENUINE: _("The picture ID is genuine as far as it shows, and has not expired"),
    Check.NAME: _("The legal name agrees with the documents"),
    Check.BIRTH_DATE: _("The birth date agrees with the documents"),
    Check.ADDRESS: _("The home address agrees with a recent document"),
    Check.SSN: _("The Social Security number agrees with a document"),
    Check.ISSUER: _("The issuer confirmed a document"),
    Check.SPOKE: _("I spoke with the person, on camera or face to face"),
}
STATE_WORDS = {
    State.COLLECTING: (_("The person collects documents"), "plain"),
    State.WAITING: (_("Waits for a first decision"), "warn"),
    State.VERIFY_PROPOSED: (_("Verifying is proposed"), "warn"),
    State.REFUSE_PROPOSED: (_("Refusing is proposed"), "warn"),
    State.VERIFIED: (_("Verified"), "good"),
    State.REFUSED: (_("Refused"), "bad"),
    State.VOID: (_("The SSN is another person's"), "bad"),
    State.CLOSED: (_("Verified another way"), "good"),
}
