"""The sentences for what certifying refuses, suggests and ends with (C-2 to C-6)."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.certification import Ground, Outcome, Refusal, Suggestion

WORDS = {
    Refusal.NOT_A_CERTIFIER: _("You do not certify this role."),
    Refusal.OWN_ROLE: _("Nobody certifies their own role. Somebody else has to."),
    Refusal.STRONGER_FACTOR_NEEDED: _(
        "Certifying needs a stronger sign-in than a code by e-mail, and at a help desk a passkey. Add what is missing in "
        "My Profile, or verify with yours."
    ),
    Refusal.NOT_OPEN_YET: _("This role is not due for certification yet. Nothing was changed."),
    Refusal.ALREADY_CERTIFIED: _(
        "%(who)s has certified this role already, on %(when)s. Nothing was changed."
    ),
    Refusal.CHANGED_SINCE_SEEN: _(
        "Something about this role has changed since you opened it. Look at it again, then decide."
    ),
    Refusal.ROLE_OVER: _("This role has ended already. Nothing was changed."),
    Refusal.NOT_MISSED: _(
        "This role did not end for want of a certification, so it cannot be restored here."
    ),
    Refusal.RESTORE_OVER: _(
        "The time for restoring this role is over. The person can ask for it again in Role Request."
    ),
    Refusal.REPLACED_SINCE: _("The person holds this role, or one that includes it, again already."),
    Refusal.SUCCEEDED_SINCE: _(
        "The enrollment record names somebody else for this role by now, so it cannot be given back. "
        "An update form can name the person again."
    ),
    Refusal.HOLDER_NOT_ACTIVE: _(
        "The account or the organization is closed or suspended, so the role cannot be restored. Call the help desk."
    ),
    Refusal.NOBODY_TO_HAND_TO: _("Choose another approver of this organization who can decide now."),
    Refusal.SPREAD_TOO_SOON: _(
        "Choose a first day that lies further ahead: what is open for certification was announced with its day."
    ),
    Refusal.SPREAD_BACKWARDS: _("Choose a last day that is not before the first."),
}

# Suggestion: (words, how the tag looks).
SUGGESTION_WORDS = {
    Suggestion.CERTIFY: (_("Certify"), "good"),
    Suggestion.LOOK_CLOSER: (_("Look closer"), "warn"),
    Suggestion.REMOVE: (_("Remove"), "bad"),
}

GROUND_WORDS = {
    Ground.ORGANIZATION_CLOSED: _("the organization is closed"),
    Ground.NOT_OF_RECORD: _("the enrollment record names somebody else"),
    Ground.INACTIVE: _("the role is inactive for want of sign-ins"),
    Ground.ACCOUNT_STOPPED: _("the account is suspended or archived"),
    Ground.NEVER_USED: _("the person has never signed in to the application"),
    Ground.NOT_PROOFED: _("the identity is not verified"),
    Ground.RARELY_USED: _("the last sign-in was a while ago"),
    Ground.ENDS_ANYWAY: _("the role has an end date already"),
    Ground.HOLDS_UP_THE_ORGANIZATION: _("without this role nobody could approve for the organization"),
    Ground.USED_LATELY: _("used lately"),
    Ground.PROOFED: _("identity verified"),
    Ground.OF_RECORD: _("named on the enrollment record"),
}

OUTCOME_WORDS = {
    Outcome.OPEN: _("Open"),
    Outcome.CERTIFIED: _("Certified"),
    Outcome.REMOVED: _("Removed"),
    Outcome.MISSED: _("Nobody certified it in time"),
    Outcome.ENDED: _("Ended before"),
}
