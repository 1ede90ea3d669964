"""The words of the desk's refusals, and of what its pages list: masked values, paths, factors and the ledger's deeds."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bailiwick.idm.rules import closing, notices, sharing
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Masked, Refusal
from bailiwick.idm.rules.signin import PathState

WORDS = {
    Refusal.NOT_AT_DESK: _("This is not yours to do."),
    Refusal.OWN_ACCOUNT: _(
        "This is your own account. Nobody acts on themselves at a desk: use My Profile, or ask a colleague."
    ),
    Refusal.STRONGER_FACTOR_NEEDED: _(
        "The help desk needs a stronger factor than the one you signed in with: a passkey or security key. Open Help Desk "
        "again; it says how."
    ),
    Refusal.NOT_FRESH: _(
        "Your last check that it is you was more than five minutes ago. Verify again, and repeat this."
    ),
    Refusal.PERSON_NOT_ACTIVE: _(
        "This account is suspended or archived. Only the security desk (tier 3) can change that; until then this act has "
        "no use."
    ),
    Refusal.STATE_NOT_FITTING: _(
        "The account is in another state by now, so this has no use. Look at the person's page again."
    ),
    closing.Refusal.CLOSING_WAITS: _(
        "Something waits for a second person already. It is on the person's page: agree to it, or send it back."
    ),
    closing.Refusal.CLOSING_SETTLED: _("%(who)s settled this already. Look at the person's page again."),
    closing.Refusal.SAME_PERSON: _("You proposed this. Another member of the security desk agrees to it."),
    closing.Refusal.PROPOSER_GONE: _(
        "Who proposed this is no longer of the security desk. Send it back, and propose it anew if it is right."
    ),
    sharing.Refusal.SHARING_SETTLED: _("%(who)s settled this case already."),
    notices.Refusal.ANNOUNCEMENT_NOT_YOURS: _(
        "You announce for your own desk's application. Choose another place, or ask the desk of that application."
    ),
    notices.Refusal.ANNOUNCEMENT_OVER: _("This would be over already. Choose a later end."),
    notices.Refusal.ANNOUNCEMENT_BACKWARDS: _("The end is not after the beginning. Choose a later end."),
    notices.Refusal.ANNOUNCEMENT_TOO_LONG: _("An announcement is shown for at most %(most)s days."),
    notices.Refusal.ANNOUNCEMENT_GONE: _(
        "This announcement is over or withdrawn already. Nothing was changed."
    ),
    notices.Refusal.NOTHING_TO_TRY: _(
        "This cannot be sent again: it was a code or a link, it is too old, or somebody has sent it meanwhile."
    ),
    notices.Refusal.UNDELIVERED_NOT_YOURS: _("This is for IDM's help desk."),
    Refusal.CALLER_NOT_CHECKED: _(
        "First check the caller: send the code and type what they read to you. A passed check holds for ten minutes."
    ),
    Refusal.CALLER_CODE_WRONG: _(
        "This is not the code. Ask the caller to read it once more. Tries left: %(left)s."
    ),
    Refusal.CALLER_CODE_NOT_SENT: _(
        "No code waits for an answer: none was sent, it is too old, or it was replaced. Send one and try again."
    ),
    Refusal.CALLER_CHECKS_TOO_MANY: _(
        "Wrong codes were given for this person three times. Nobody can check this caller again before %(until)s. "
        "The holder was told by e-mail."
    ),
    Refusal.REVEALS_TOO_MANY: _("You revealed %(most)s values within the hour. Wait before you reveal more."),
    Refusal.MAILS_TOO_MANY: _(
        "This was mailed to the person %(most)s times within the hour. Wait before you send more."
    ),
    Refusal.NOTHING_TO_REVEAL: _("There is nothing to reveal: the person gave no such value."),
    Refusal.REASON_TOO_SHORT: _("Give a reason of %(least)s characters or more. It stays on the ledger."),
}

MASKED_WORDS = {
    Masked.SSN: _("Social Security number"),
    Masked.BIRTH_DATE: _("Birth date"),
    Masked.EMAIL: _("E-mail"),
    Masked.PHONE: _("Phone"),
    Masked.NEW_SSN: _("Social Security number asked for"),
    Masked.NEW_BIRTH_DATE: _("Birth date asked for"),
    Masked.ADDRESS: _("Home address"),
}

# State: (words, how the tag looks).
PATH_WORDS = {
    PathState.OPEN: (pgettext_lazy("signing in", "Open"), "good"),
    PathState.FULL: (pgettext_lazy("signing in", "Open"), "good"),
    PathState.LOCKED: (_("Locked for a while"), "warn"),
    PathState.SUSPENDED: (_("Locked until somebody opens it"), "bad"),
}

CLOSING_WORDS = {
    closing.Kind.ARCHIVE: _("Archive the account"),
    closing.Kind.UNARCHIVE: _("Open the archived account again"),
}
GROUND_WORDS = {
    sharing.Ground.REPORTED: _("Somebody reported it"),
    sharing.Ground.FAR_APART: _("Used far apart at the same time"),
    sharing.Ground.MANY_PLACES: _("Used from many networks at the same time"),
    sharing.Ground.SAME_PHONE: _("One phone on many accounts"),
    sharing.Ground.SAME_MAILBOX: _("One mailbox on many accounts"),
    sharing.Ground.MANY_DEVICES: _("Many devices on one account"),
}
# State: (words, how the tag looks).
SHARING_WORDS = {
    sharing.State.OPEN: (_("Waits for a decision"), "warn"),
    sharing.State.NOTHING_FOUND: (_("No sharing found"), "good"),
    sharing.State.STOPPED: (_("Account stopped"), "bad"),
}

# What a person's slice of the ledger says beside a deed; what was simply done needs no word.
OUTCOME_WORDS = {"failed": _("Failed"), "refused": _("Refused")}

# By the kind of a ledger entry's actor.
ACTOR_WORDS = {
    "self": _("The person"),
    "other": _("Somebody else"),
    "visitor": _("Somebody not signed in"),
    "system": _("A program"),
    "client": _("An application"),
    "command": _("The operator"),
}

DEED_WORDS = {
    Deed.ACCOUNT_OPENED: _("Account opened"),
    Deed.ACCOUNT_REGISTRATION_STOPPED: _("A second registration was stopped"),
    Deed.ACCOUNT_PROFILE_CHANGED: _("Profile changed"),
    Deed.ACCOUNT_FACTS_CORRECTED: _("Personal facts corrected"),
    Deed.ACCOUNT_SSN_VERIFIED: _("Social Security number verified"),
    Deed.ACCOUNT_SSN_VOIDED: _("Claim to a Social Security number voided"),
    Deed.ACCOUNT_DISCARDED: _("Unused account discarded"),
    Deed.TERMS_ACCEPTED: _("Terms accepted"),
    Deed.MAILBOX_FAILED: _("Mail to the address came back"),
    Deed.MAILBOX_WORKS: _("Holder says that the address works"),
    Deed.NOTICES_CHOSEN: _("Chosen which optional notices are mailed"),
    Deed.DUPLICATE_OPENED: _("May be the same person as another account"),
    Deed.DUPLICATE_DIFFERENT: _("Found to be two different people"),
    Deed.MERGE_PROPOSED: _("Merge with another account proposed"),
    Deed.MERGE_REJECTED: _("Merge with another account sent back"),
    Deed.MERGED: _("Merged with another account"),
    Deed.MERGE_UNDONE: _("Merge with another account undone"),
    Deed.MERGED_DECISION_CHECKED: _("Decision between two merged accounts looked at"),
    Deed.GRANT_MOVED: _("Role went over with a merge"),
    Deed.GRANT_RESTORED: _("Role came back with an undone merge"),
    Deed.REQUEST_MOVED: _("Request went over with a merge"),
    Deed.CORRECTION_ASKED: _("Correction asked for"),
    Deed.CORRECTION_AGREED: _("Correction approved by the first of two"),
    Deed.CORRECTION_APPROVED: _("Correction approved"),
    Deed.CORRECTION_DENIED: _("Correction not approved"),
    Deed.CORRECTION_DOCUMENT_SEEN: _("Document of a correction opened"),
    Deed.CORRECTION_CANCELED: _("Correction canceled"),
    Deed.ACCOUNT_FACTS_REPLACED: _("Personal facts corrected by the desk"),
    Deed.SIGN_IN_PASSWORD_PASSED: _("Password given"),
    Deed.SIGN_IN_PASSWORD_FAILED: _("Password wrong or not looked at"),
    Deed.SIGN_IN_PATH_LOCKED: _("Signing in with the password locked"),
    Deed.SIGN_IN_PATH_SUSPENDED: _("Signing in with the password locked until somebody opens it"),
    Deed.SIGN_IN_PATH_OPENED: _("Signing in unlocked by the help desk"),
    Deed.SIGN_IN_CODE_SENT: _("Sign-in code sent"),
    Deed.SIGN_IN_FACTOR_FAILED: _("Second step wrong or not looked at"),
    Deed.SIGN_IN_COMPLETED: _("Signed in"),
    Deed.SESSION_ENDED: _("Session ended"),
    Deed.FACTOR_ADDED: _("Device added"),
    Deed.FACTOR_REMOVED: _("Device removed"),
    Deed.FACTOR_RENAMED: _("Device renamed"),
    Deed.FACTOR_CHANGED: _("Phone of a device changed"),
    Deed.FACTOR_SPOILED: _("Device of a disowned sign-in made useless"),
    Deed.RECOVERY_CODE_USED: _("Recovery code used"),
    Deed.STEP_UP_PASSED: _("Verified again"),
    Deed.PASSWORD_CHANGED: _("Password changed"),
    Deed.PASSWORD_RESET: _("Password reset"),
    Deed.RESET_LINK_SENT: _("Reset link sent"),
    Deed.RESET_LINK_REFUSED: _("Reset link refused"),
    Deed.SECURITY_ANSWER_FAILED: _("Security answer wrong"),
    Deed.SIGN_IN_STATE_REFUSED: _("Password right, but the account does not open"),
    Deed.RECOVERY_BEGUN: _("Forgot Password or Unlock begun"),
    Deed.RECOVERY_CODE_SENT: _("Code to get back in sent"),
    Deed.RECOVERY_CODE_FAILED: _("Code to get back in wrong"),
    Deed.RECOVERY_CODE_PASSED: _("Code to get back in right"),
    Deed.RECOVERY_REFUSED: _("A step to get back in refused"),
    Deed.RECOVERY_LOCKED: _("Getting back in closed for some hours"),
    Deed.USER_ID_ASKED: _("User ID asked for by its holder's facts"),
    Deed.FACTOR_RESET_ASKED: _("Factor reset or e-mail change asked for"),
    Deed.FACTOR_RESET_CANCELED: _("Factor reset or e-mail change stopped"),
    Deed.FACTOR_RESET_DONE: _("Factor reset or e-mail change done"),
    Deed.APPLICATION_SIGN_IN: _("Entered an application"),
    Deed.APPLICATION_SIGN_IN_REFUSED: _("Entry to an application refused"),
    Deed.APPLICATION_SESSIONS_ENDED: _("Signed out of an application"),
    Deed.TOKEN_FAMILY_REVOKED: _("An application's tokens revoked"),
    Deed.CLIENT_REFUSED: _("An application was refused"),
    Deed.CATALOGUE_APPLIED: _("Applications changed"),
    Deed.PROOFING_CONSENTED: _("Agreed to identity verification"),
    Deed.PROOFING_ATTEMPTED: _("Identity verification begun"),
    Deed.PROOFING_OUTCOME: _("Identity verification answered"),
    Deed.MANUAL_OPENED: _("Document check opened"),
    Deed.MANUAL_EVIDENCE_ADDED: _("Document added"),
    Deed.MANUAL_EVIDENCE_REMOVED: _("Document taken back"),
    Deed.MANUAL_EVIDENCE_SEEN: _("A desk opened a document"),
    Deed.MANUAL_HANDED_IN: _("Documents handed in"),
    Deed.MANUAL_PROPOSED: _("Decision on documents proposed"),
    Deed.MANUAL_SENT_BACK: _("Proposed decision sent back"),
    Deed.MANUAL_MORE_ASKED: _("More documents asked for"),
    Deed.MANUAL_DECIDED: _("Documents decided on"),
    Deed.MANUAL_CLOSED: _("Document check closed"),
    Deed.RECORD_RECEIVED: _("Enrollment record received"),
    Deed.ORGANIZATION_CLAIMED: _("Organization created"),
    Deed.ORGANIZATION_UNATTENDED: _("Organization without an approver noticed"),
    Deed.ORGANIZATION_ATTENDED: _("Organization no longer without an approver"),
    Deed.GRANT_REPLACED_ON_RECORD: _("Enrollment record names somebody else"),
    Deed.ORGANIZATION_MATCH_REFUSED: _("No enrollment matched"),
    Deed.ORGANIZATION_LOOK_UPS_REFUSED: _("Too many searches"),
    Deed.REQUEST_SUBMITTED: _("Role requested"),
    Deed.REQUEST_APPROVED: _("Request approved"),
    Deed.REQUEST_DENIED: _("Request denied"),
    Deed.REQUEST_CANCELLED: _("Request canceled"),
    Deed.REQUEST_EXPIRED: _("Request expired"),
    Deed.REQUEST_REMINDED: _("Deciders reminded"),
    Deed.GRANT_STARTED: _("Role started"),
    Deed.GRANT_ENDED: _("Role ended"),
    Deed.GRANT_NEARS_REST: _("Role not used for some time"),
    Deed.GRANT_RESTS: _("Role became inactive"),
    Deed.GRANT_WOKEN: _("Role active again"),
    Deed.GRANT_CERTIFIED: _("Role certified"),
    Deed.GRANT_CERTIFIED_LATE: _("Role restored by a late certification"),
    Deed.CERTIFICATION_CARRIED: _("Certification of the only one of tier 3 put off"),
    Deed.CERTIFICATION_HANDED: _("Certification handed to somebody else"),
    Deed.CERTIFICATIONS_OPENED: _("Certifications opened"),
    Deed.CERTIFICATIONS_SPREAD: _("Certifications spread over earlier days"),
    Deed.GRANTS_TOLD: _("Roles read by their application"),
    Deed.RECORD_FORM_NAMED: _("Form behind an enrollment record named"),
    Deed.GRANT_END_SET: _("End date of a role set"),
    Deed.GRANT_MODIFIED: _("Role modified"),
    Deed.ACCESS_EXPORTED: _("List of who had access exported"),
    Deed.CHAIN_EXPORTED: _("Exported why a role is held"),
    Deed.AUTHORITY_REFUSED: _("Somebody reached for what is not theirs"),
    Deed.DESK_LOOKED: _("A desk looked"),
    Deed.DESK_REVEALED: _("A desk revealed a value"),
    Deed.DESK_USER_ID_SENT: _("User ID mailed by the help desk"),
    Deed.NOTICE_TRIED_AGAIN: _("Notice sent again"),
    Deed.ANNOUNCEMENT_PUBLISHED: _("Announcement published"),
    Deed.ANNOUNCEMENT_WITHDRAWN: _("Announcement withdrawn"),
    Deed.CALLER_CODE_SENT: _("Code for a caller sent"),
    Deed.CALLER_CHECK_PASSED: _("Caller check passed"),
    Deed.CALLER_CHECK_FAILED: _("Caller check failed"),
    Deed.ACCOUNT_FROZEN: _("Account frozen by its holder"),
    Deed.ACCOUNT_UNFROZEN: _("Account no longer frozen"),
    Deed.ACCOUNT_SUSPENDED: _("Account suspended"),
    Deed.ACCOUNT_UNSUSPENDED: _("Suspension lifted"),
    Deed.ACCOUNT_ARCHIVED: _("Account archived"),
    Deed.ACCOUNT_UNARCHIVED: _("Archived account opened again"),
    Deed.CLOSING_PROPOSED: _("Archiving, or its undoing, proposed"),
    Deed.CLOSING_AGREED: _("Archiving, or its undoing, agreed to"),
    Deed.CLOSING_REJECTED: _("Archiving, or its undoing, sent back"),
    Deed.SHARING_REPORTED: _("Sharing of the account reported"),
    Deed.SHARING_SUSPECTED: _("Sign of sharing found by the radar"),
    Deed.SHARING_SETTLED: _("Case of sharing settled"),
    Deed.EMAIL_CHANGE_ASKED: _("Change of the e-mail address asked for"),
    Deed.EMAIL_CHANGED: _("E-mail address changed"),
    Deed.EMAIL_CHANGE_TAKEN_BACK: _("Change of the e-mail address taken back"),
    Deed.EMAIL_LINK_REFUSED: _("A link about the e-mail address refused"),
    Deed.SESSIONS_WEAKENED: _("Sessions lowered after a device was removed"),
    Deed.DEVICE_MET: _("Signed in from a device not seen before"),
    Deed.SIGN_IN_DISOWNED: _("The holder said: this was not me"),
    Deed.SECURITY_QUESTION_CHANGED: _("Security question changed"),
    Deed.INVITATION_SENT: _("Somebody invited"),
    Deed.INVITATION_RESENT: _("Invitation sent again"),
    Deed.INVITATION_TAKEN: _("Invitation taken up"),
    Deed.INVITATION_REVOKED: _("Invitation revoked"),
    Deed.INVITATION_EXPIRED: _("Invitation expired"),
    Deed.KEY_ADDED: _("Key added to the ring"),
    Deed.KEY_SWITCHED: _("Key switched"),
    Deed.KEY_REMADE: _("Values sealed anew"),
    Deed.KEY_RETIRED: _("Key retired"),
}
