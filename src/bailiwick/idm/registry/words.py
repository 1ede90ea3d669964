"""The words of the registry's refusals."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import corrections
from bailiwick.idm.rules.duplicates import Refusal

WORDS = {
    Refusal.NOT_SECURITY_DESK: _("This is not yours to decide."),
    Refusal.OWN_CASE: _("This is about your own account. A colleague decides it."),
    Refusal.STRONGER_FACTOR_NEEDED: _(
        "The help desk needs a stronger factor than the one you signed in with: a passkey or security key. Open Help Desk "
        "again; it says how."
    ),
    Refusal.NOT_FRESH: _(
        "Your last check that it is you was more than five minutes ago. Verify again, and repeat this."
    ),
    Refusal.SAME_DECIDER: _(
        "You were the first of the two who decide this. A colleague has to be the second."
    ),
    Refusal.ALREADY_DECIDED: _("This was decided meanwhile by %(who)s. Open the case again to see how."),
    Refusal.REASON_TOO_SHORT: _("Give a reason of %(least)s characters or more. It stays on the ledger."),
    Refusal.SURVIVOR_NOT_OF_CASE: _("Choose which of the two accounts goes on."),
    Refusal.SURVIVOR_UNPROVEN: _(
        "The other account's identity was verified and this one's was not. Let the verified account go on."
    ),
    Refusal.OTHER_NOT_ACTIVE: _(
        "The account that would end is suspended, archived or frozen. Let it go on instead, or settle that first."
    ),
    Refusal.ACCOUNT_GONE: _(
        "One of the two accounts was merged or discarded meanwhile. Open the case again."
    ),
    Refusal.UNDO_TOO_LATE: _("A merge can be undone for %(days)s days. They are over."),
    Refusal.UNDO_LATER_FIRST: _(
        "The account that went on was itself merged into another since. Undo that merge first."
    ),
    Refusal.UNDO_SURVIVOR_CLOSED: _(
        "The account that goes on is suspended, archived or frozen. Settle that first: undoing would open a way around it."
    ),
    corrections.Refusal.CORRECTION_WAITS: _(
        "You asked for this already, and the help desk has not decided yet. You can cancel that request."
    ),
    corrections.Refusal.NOTHING_TO_CORRECT: _(
        "This is what your account says already. Nothing would change."
    ),
    corrections.Refusal.DOCUMENT_MISSING: _("Add the document that shows the correct value."),
    corrections.Refusal.REASON_MISSING: _("Say in a few words why it has to be corrected."),
    corrections.Refusal.CORRECT_IN_PLACE: _(
        "Your identity was not verified yet, so you can correct this yourself: ask for a role, and the page with your "
        "personal data lets you."
    ),
    corrections.Refusal.SSN_NOT_FREE: _(
        "This number is or was another account's, so it cannot become this one's. Look whether both are one person's."
    ),
    corrections.Refusal.ACCOUNT_NOT_ACTIVE: _("This account is not active. Call the help desk."),
    corrections.Refusal.CORRECTION_DECIDED: _("This was decided meanwhile by %(who)s."),
    corrections.Refusal.CORRECTION_OVERTAKEN: _(
        "The account says already what was asked for. Deny the request, and say so."
    ),
    corrections.Refusal.NOT_YOURS: _("There is no such request."),
}
