"""The words of tier 3's pages about the person registry."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.registry.queries import Alike
from bailiwick.idm.rules.corrections import Kind, State
from bailiwick.idm.rules.duplicates import CaseState
from bailiwick.idm.rules.matching import Resemblance

GROUND_WORDS = {
    Resemblance.SAME_CLAIM: _("Both gave the same Social Security number"),
    Resemblance.SWAPPED_DIGITS: _("Same birth date, and two neighboring digits of the number swapped"),
    Resemblance.SIMILAR_PERSON: _("Same birth date, similar name and similar address"),
}
# State: (words, how the tag looks).
CASE_WORDS = {
    CaseState.OPEN: (_("Waits for a decision"), "warn"),
    CaseState.PROPOSED: (_("Waits for the second of two"), "warn"),
    CaseState.DIFFERENT: (_("Two different people"), "good"),
    CaseState.SAME: (_("One person, merged"), "good"),
}
ALIKE_WORDS = {
    Alike.SAME: (_("The same"), "good"),
    Alike.SIMILAR: (_("Similar"), "warn"),
    Alike.DIFFERENT: (_("Different"), "bad"),
    Alike.MISSING: (_("Not given by both"), "plain"),
}
KIND_WORDS = {
    Kind.NAME: _("Legal name"),
    Kind.BIRTH_DATE: _("Birth date"),
    Kind.SSN: _("Social Security number"),
}
CORRECTION_WORDS = {
    State.PENDING: (_("Waits for a decision"), "warn"),
    State.AGREED: (_("Waits for the second of two"), "warn"),
    State.APPROVED: (_("Approved"), "good"),
    State.DENIED: (_("Not approved"), "bad"),
    State.CANCELED: (_("Canceled"), "plain"),
}
