"""The sentences for what this room refuses, and for what an organization's health lacks (G-7)."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import exports, grants, invitations, modifying, requests
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.organizations import HealthFlag

WORDS = {
    requests.Refusal.ROLE_UNKNOWN: _("This role cannot be requested. Choose one from the list."),
    requests.Refusal.WAY_NOT_FITTING: _(
        "This role names its organization in another way. Go back to the organization and choose again."
    ),
    requests.Refusal.KIND_NOT_FITTING: _(
        "%(role_name)s does not fit the kind of this organization. Choose the role for its kind."
    ),
    requests.Refusal.ORGANIZATION_NEEDED: _("Name the organization that this role is for."),
    requests.Refusal.ORGANIZATION_NOT_FOUND: _(
        "No approver has created this organization yet. Ask its approver to create it first."
    ),
    requests.Refusal.ORGANIZATION_CLOSED: _(
        "This organization is closed. Call the help desk if that is wrong."
    ),
    requests.Refusal.ROLE_HELD: _("You hold %(role_name)s there already. You do not need to ask for it."),
    requests.Refusal.ROLE_CONTAINED: _(
        "The role that you hold there already includes %(role_name)s. You do not need to ask for it."
    ),
    requests.Refusal.REQUEST_OPEN: _(
        "You have asked for this already: request %(number)s is waiting. Wait for the decision, or cancel it first."
    ),
    requests.Refusal.REASON_NEEDED: _("Type a reason for the request."),
    requests.Refusal.REASON_TOO_LONG: _("Shorten the text to %(longest)s characters."),
    requests.Refusal.PROOFING_NEEDED: _(
        "This role needs a verified identity. Verify it in Role Request, then go on."
    ),
    requests.Refusal.ACCOUNT_NOT_ACTIVE: _("This account cannot be given a role now. Call the help desk."),
    requests.Refusal.NOT_A_DECIDER: _("You cannot decide this request."),
    requests.Refusal.OWN_REQUEST: _("You cannot decide your own request. Somebody else has to."),
    requests.Refusal.STRONGER_FACTOR_NEEDED: _(
        "Deciding needs a stronger sign-in than a code by e-mail, and at a help desk a passkey. Add what is missing in "
        "My Profile, or verify with yours."
    ),
    requests.Refusal.ALREADY_DECIDED: _(
        "%(who)s has decided this request already, on %(when)s. Nothing was changed."
    ),
    requests.Refusal.CHANGED_SINCE_SEEN: _(
        "Something in this request has changed since you opened it. Look at it again, then decide."
    ),
    requests.Refusal.DENIAL_REASON_NEEDED: _("Type why you deny the request. The person will read it."),
    requests.Refusal.DUPLICATE_REASON_NEEDED: _(
        "An organization with the same tax ID and kind exists already (%(duplicates)s). If this is another one all the "
        "same, type why as the comment."
    ),
    requests.Refusal.REQUEST_EXPIRED: _(
        "This request expired before anybody decided it. The person can ask again."
    ),
    requests.Refusal.REQUEST_CLOSED: _("This request is closed already. Nothing was changed."),
    requests.Refusal.NOT_YOURS: _("You cannot cancel this request."),
    grants.Refusal.NOT_A_REMOVER: _("You cannot remove this role."),
    grants.Refusal.STRONGER_FACTOR_NEEDED: _(
        "Removing a role needs a stronger sign-in than a code by e-mail, and at a help desk a passkey. Add what is "
        "missing in My Profile, or verify with yours."
    ),
    grants.Refusal.GRANT_ENDED: _("This role has ended already. Nothing was changed."),
    grants.Refusal.NONE_LEFT_UNCONFIRMED: _(
        "You are the last approver of %(legal_name)s. Name a successor with an update form first, or confirm that the "
        "organization will have no approver."
    ),
    grants.Refusal.REMOVAL_REASON_NEEDED: _("Type why you remove the role. The person will read it."),
    grants.Refusal.LAST_TIER_3: _("This is the last member of the security desk. Appoint another one first."),
    grants.Refusal.END_DATE_PAST: _("The end date has passed already. Choose today or a later day."),
    grants.Refusal.NOT_TO_POSTPONE: _(
        "You can end this role earlier, not later. Ask whoever decides on such roles, or make a new request."
    ),
    modifying.Refusal.NOT_THE_HOLDER: _("Only the person who holds a role can modify it."),
    modifying.Refusal.ROLE_OVER: _("This role has ended already. Nothing was changed."),
    modifying.Refusal.ATTRIBUTE_NOT_FREE: _("This cannot be modified. Make a new role request instead."),
    modifying.Refusal.ATTRIBUTE_INVALID: _("Choose or shorten what you entered for “%(label)s”."),
    exports.Refusal.TOO_MANY_EXPORTS: _(
        "You have downloaded %(most)s lists within an hour. Try again later."
    ),
    exports.Refusal.NOT_TO_EXPORT: _("You cannot download this list."),
    exports.Refusal.DAY_AHEAD: _("This day has not come yet. Choose today or an earlier day."),
    invitations.Refusal.NOT_AN_INVITER: _("Only an active approver of the organization can do this."),
    invitations.Refusal.STRONGER_FACTOR_NEEDED: _(
        "Inviting needs a stronger sign-in than a code by e-mail. Add an authenticator app in My Profile, or sign in "
        "again with yours."
    ),
    invitations.Refusal.ROLE_NOT_INVITABLE: _("You cannot invite anybody to %(role_name)s."),
    invitations.Refusal.INVITED_ALREADY: _(
        "There is an open invitation to this address for this role. Send that one again, or revoke it first."
    ),
    invitations.Refusal.TOO_MANY_INVITATIONS: _(
        "Your organization has sent %(most)s invitations within a day. Send the next one tomorrow."
    ),
    invitations.Refusal.TOO_MANY_RESENDS: _(
        "This invitation was sent again %(times)s times. Revoke it, check the address, and invite anew."
    ),
    invitations.Refusal.OVER: _("This invitation is over already. Nothing was changed."),
    invitations.Refusal.NOT_USABLE: _(
        "The invitation was used or taken back, or its time is over. Ask the person who invited you for a new one."
    ),
}

END_WORDS = {
    EndReason.GIVEN_UP: _("given up by its holder"),
    EndReason.REMOVED_BY_APPROVER: _("removed by an approver of the organization"),
    EndReason.REMOVED_BY_DESK: _("removed by the help desk"),
    EndReason.SUPERSEDED: _("replaced by a role that includes it"),
    EndReason.SUCCEEDED: _("ended because the enrollment form names somebody else"),
    EndReason.END_DATE: _("ended on its end date"),
    EndReason.CERTIFICATION_MISSED: _("ended because nobody certified it in time"),
    EndReason.INACTIVITY: _("removed because it was not used for a long time"),
    EndReason.MERGED: _("became one with the same role of another account of the same person"),
}

HEALTH_WORDS = {
    HealthFlag.NO_ABLE_APPROVER: (
        _("Nobody can approve for this organization."),
        _("File an update form that names an approver. Until then the help desk decides requests."),
    ),
    HealthFlag.ONLY_ONE_APPROVER: (
        _("Only one person can approve for this organization."),
        _("Name a backup approver with an update form, and let that person ask for the role."),
    ),
    HealthFlag.APPROVER_UNREACHABLE: (
        _("Mail to an approver comes back: they do not hear what waits for them."),
        _("Call that person, and ask for another e-mail address under My Profile."),
    ),
    HealthFlag.APPROVER_NEAR_INACTIVITY: (
        _("An approver has not signed in to the application for a while."),
        _("Ask that person to sign in to the application before the role becomes inactive."),
    ),
    HealthFlag.CERTIFICATION_DUE: (
        _("An approver's yearly certification is due soon."),
        _("The help desk certifies it; check that the names on file are right."),
    ),
    HealthFlag.ONLY_EMAIL_FACTOR: (
        _("An approver has no way to sign in but a code by e-mail, and so cannot decide."),
        _("Ask that person to add an authenticator app in My Profile."),
    ),
    HealthFlag.DIFFERS_FROM_RECORD: (
        _("An approver here is not the one named on the enrollment form."),
        _("File an update form, or let the help desk remove the role."),
    ),
}
"""What is so, and the next step."""


def why_ended(reason: str) -> str:
    """How an ended role came to its end, from the code that `queries.why_it_ended` gives."""
    return str(END_WORDS[EndReason(reason)])
