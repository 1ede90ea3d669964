"""The public guides: who are you, and what do you do, one step after the other (M-5)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Guide:
    """One page of steps; `who` is how the person it is for says it, `text` what the page gives them."""

    code: str
    who: Promise
    title: Promise
    text: Promise

    @property
    def template(self) -> str:
        return f"spot_portal/guides/{self.code}.html"


GUIDES = {
    guide.code: guide
    for guide in (
        Guide(
            "new-organization",
            _("My organization is new to SPOT"),
            _("Enroll your organization"),
            _("Fill in the form, have your official sign it online, get your submitter ID by e-mail."),
        ),
        Guide(
            "official",
            _("I sign for my organization"),
            _("Sign as the official"),
            _("What you are asked to sign, what you need for it, and what it binds you to."),
        ),
        Guide(
            "approver",
            _("I am to be the approver"),
            _("Become the approver"),
            _("From the submitter ID to your first entry into SPOT."),
        ),
        Guide(
            "backup-approver",
            _("I am to be the backup approver"),
            _("Become the backup approver"),
            _("What has to be there before you ask, and how you ask."),
        ),
        Guide(
            "end-user",
            _("I work for an organization that uses SPOT"),
            _("Become an end user"),
            _("Get your own access; your approver decides."),
        ),
        Guide(
            "everyday",
            _("I have a role already"),
            _("Work with your access"),
            _("Decide requests, remove somebody's role, change your devices, move to another organization."),
        ),
    )
}
