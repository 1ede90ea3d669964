"""The words of the public pages that are lists: the roles, and what people ask (M-5). Only what is true today."""

from django.utils.translation import gettext_lazy as _

ROLE_COLUMNS = (_("Role"), _("Who"), _("What they can do"), _("Who decides the request"))
ROLES = (
    (
        _("FCSO - Provider Office Approver, FCSO - Business Office Approver"),
        _("The person whom the organization's signed form names as approver. One for each organization."),
        _(
            "Create the organization in IDM; decide who may use SPOT for it; remove roles of its end users; use all of SPOT."
        ),
        _("SPOT Help Desk"),
    ),
    (
        _("FCSO - Provider Office Backup Approver, FCSO - Business Office Backup Approver"),
        _("The person whom the signed form names as backup. Recommended, not required."),
        _("All that the approver may, but not create the organization, and not remove the approver."),
        _("SPOT Help Desk"),
    ),
    (
        _("FCSO - SPOT End User"),
        _("Everybody else who works in SPOT for the organization."),
        _("Use SPOT for the organization."),
        _("The organization's approver or backup approver"),
    ),
)
QUESTIONS = (
    (
        _("Do I have to print or fax anything?"),
        _("No. The form is filled in, signed, checked and decided online."),
    ),
    (
        _("Who may sign the form?"),
        _(
            "The authorized or delegated official of the organization, as the payer has them on file. "
            "A billing service or clearinghouse cannot sign the form of a provider."
        ),
    ),
    (
        _("I found a mistake after the form was signed. What now?"),
        _(
            "While the help desk has not taken it up, open it with Track a form, change it, and ask for the signature again. "
            "Once it is in review, call: the help desk can give it back to you for correction. "
            "A form that is changed has to be signed again; a signature never counts for anything but what was read."
        ),
    ),
    (
        _("The form says that PTAN, NPI and TIN do not match. Which one is wrong?"),
        _(
            "We do not say, so that nobody can find out another practice's numbers by trying. "
            "Compare all three with a letter or remittance of the payer. "
            "The NPI has to be the group's, not that of a member."
        ),
    ),
    (
        _("I lost the tracking number. How do I get back to my form?"),
        _(
            "It is in the first mail that we sent when you started the form. "
            "If that mail is gone, call the help desk; nothing that you filled in is lost by that."
        ),
    ),
    (
        _("The mail with the code does not come."),
        _(
            "Wait a minute and look into the folder for junk mail. Then ask for a new code on the same page. "
            "Only the newest code works."
        ),
    ),
    (
        _("I have an account from an earlier employer. Do I need a new one?"),
        _("No. One person has one IDM account, for life. Ask for a role at the new organization with it."),
    ),
    (
        _("May two of us share one account?"),
        _(
            "No. Everybody has their own, and it costs nothing. An account that is shared gives nobody any protection."
        ),
    ),
    (
        _("I have an account, but cannot enter SPOT. Why?"),
        _(
            "An account gives no access by itself. Sign in, and IDM says where your role request stands, "
            "and who can act on it."
        ),
    ),
)
