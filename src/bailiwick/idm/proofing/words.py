"""What a person reads when proofing is refused. No sentence tells which fact did not match."""

from django.utils.translation import gettext_lazy as _

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
        "Your review reference number has run out. Check your details and try again."
    ),
    Refusal.REFERENCE_CHECKS_EXHAUSTED: _(
        "You have asked about your review reference number often today. Ask again after %(until)s, or call the help desk."
    ),
}
