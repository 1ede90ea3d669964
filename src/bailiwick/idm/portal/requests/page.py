"""What a request's page shows, to its owner and to a decider (Q-6): state, since when, who decides, by when, what else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings.masking import masked_email
from bailiwick.idm.access import queries
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries import Look
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.organizations.queries import masked_tin
from bailiwick.idm.organizations.words import KIND_WORDS
from bailiwick.idm.portal.lines import request_line
from bailiwick.idm.portal.requests.forms import ApproveForm, CancelForm, DenyForm
from bailiwick.idm.portal.rolerequest.summary import WAY_WORDS
from bailiwick.idm.rules.asking import Way
from bailiwick.idm.rules.catalogue import Decider, OrganizationKind, Standing
from bailiwick.idm.rules.requests import Refusal, State

RECORD_COLUMNS = (
    gettext_lazy("What"),
    gettext_lazy("This person"),
    gettext_lazy("Enrollment record"),
    gettext_lazy("Match"),
)
DIFFERENCE_WORDS = {
    "name": gettext_lazy("Name"),
    "user_id": gettext_lazy("User ID"),
    "assurance_level": gettext_lazy("Identity verification"),
    "organization.legal_name": gettext_lazy("Legal Business Name"),
    "organization.status": gettext_lazy("State of the enrollment record"),
    "organization.record_version": gettext_lazy("Version of the enrollment record"),
}


@dataclass(frozen=True)
class Comparison:
    """A person of record beside the requester; `matches` in words."""

    title: str | Promise
    rows: list[tuple[str, str, str, bool]]
    is_same: bool
    is_asked: bool  # of the role that is asked for, not of the other one


def page_of(
    look: Look, *, is_fresh: bool, now: datetime, refusal: str = "", **sent: Form | None
) -> dict[str, Any]:
    """The template's context. `is_fresh`: whether the viewer passed a factor lately enough to decide (S-6).

    `sent`: the form that was refused, as `approving`, `denying` or `canceling`.
    """
    asked, is_owner = look.request, look.is_owner
    line, ruling = request_line(asked, now), look.may_decide
    is_decider = not is_owner and (bool(ruling) or ruling.because is Refusal.STRONGER_FACTOR_NEEDED)
    picture = None if is_owner else queries.review(asked)
    is_open = line.state is State.PENDING
    return {
        "asked": asked,
        "line": line,
        "is_owner": is_owner,
        "is_open": is_open,
        "is_decider": is_decider,
        "objection": "" if ruling or not is_decider else sentence_for(ruling.because, **ruling.facts),
        "is_fresh": is_fresh,
        "may_cancel": is_open and bool(look.may_cancel),
        "deciding": look.who,
        "application": catalogue().remembered(asked.application),
        "decided_by": decider_for(look.viewer, asked),
        "items": snapshot_items(asked.snapshot),
        "differences": difference_lines(picture),
        "refusal": refusal,
        "help": queries.who_can_help(look.viewer, asked.application, asked.organization, now=now),
        **(_record(asked, picture) if is_decider and look.is_desks else {}),
        **_forms(picture, **sent),
    }


def _record(asked: RoleRequest, look: queries.Review | None) -> dict[str, Any]:
    compared = comparisons(asked, look)
    return {
        "record": record_items(asked.record),
        "duplicates": look.duplicates if look else [],
        "comparisons": compared,
        "needs_update_form": any(each.is_asked and not each.is_same for each in compared),
        "record_columns": RECORD_COLUMNS,
        "width": "wide",
    }


def _forms(
    look: queries.Review | None,
    *,
    approving: Form | None = None,
    denying: Form | None = None,
    canceling: Form | None = None,
) -> dict[str, Form]:
    start = {"digest": look.digest} if look else {}
    return {
        "approve_form": approving or ApproveForm(initial=start, auto_id="approve_%s"),
        "deny_form": denying or DenyForm(initial=start, auto_id="deny_%s"),
        "cancel_form": canceling or CancelForm(auto_id="cancel_%s"),
    }


def decider_for(viewer: Account, asked: RoleRequest) -> str:
    """Who decided: a person by name; to the requester, a desk's people are the desk."""
    if asked.decided_by is None:
        return ""
    application, role = catalogue().remembered(asked.application), asked.role
    is_desks = all(one.decided_by is not Decider.APPROVERS for one in application.roles if one.code == role)
    return (
        application.help.name if is_desks and viewer.pk == asked.account_id else full_name(asked.decided_by)
    )


def snapshot_items(snapshot: dict[str, Any]) -> list[tuple[str, str]]:
    """What was asked, as it was asked, for ever."""
    organization = snapshot["organization"] or {}
    items = [
        (_("Person"), f"{snapshot['name']} ({snapshot['user_id']})"),
        (_("Application"), snapshot["application_name"]),
        (_("Role"), snapshot["role_name"]),
    ]
    if organization:
        items += [
            (_("Organization"), organization["legal_name"]),
            (_("Kind"), str(KIND_WORDS[OrganizationKind(organization["kind"])])),
            (_("How"), str(WAY_WORDS[Way(snapshot["way"])])),
        ]
    verified = snapshot["assurance_level"] > 1
    items.append((_("Identity"), _("Verified") if verified else _("Not verified")))
    return [*items, (_("Reason for request"), snapshot["reason"])]


def record_items(record: EnrollmentRecord | None) -> list[tuple[str, str]]:
    """The enrollment record that a request or a role is about, for the desk that decides (G-2)."""
    if record is None:
        return []
    return [
        (_("Submitter ID"), record.submitter_id),
        (_("Legal Business Name"), record.legal_name),
        (_("Kind"), str(KIND_WORDS[OrganizationKind(record.kind)])),
        (_("TIN"), masked_tin(record)),
        (_("Address"), f"{record.address}, {record.city}, {record.state} {record.zip}"),
        (_("Company phone"), record.phone),
        (_("State of the record"), _("Closed") if record.is_closed else _("Active")),
    ]


def comparisons(asked: RoleRequest, look: queries.Review | None) -> list[Comparison]:
    """The requester beside the one of record for the role asked; beside the other only where that is this person."""
    found = look.of_record if look else None
    if not found or asked.record is None:
        return []
    wanted = catalogue().role(asked.application, asked.role).standing
    return beside_record(asked.account, asked.record, found, wanted)


def beside_record(
    person: Account,
    record: EnrollmentRecord,
    found: Mapping[str, Mapping[str, bool] | None],
    wanted: Standing,
) -> list[Comparison]:
    """A person beside those whom the record names; `found` as `queries.review` compares them, `wanted` their role's side."""
    sides = (
        ("approver", gettext_lazy("Approver of record"), record.approver_name, record.approver_email),
        ("backup", gettext_lazy("Backup approver of record"), record.backup_name, record.backup_email),
    )
    return [
        Comparison(
            title=title,
            rows=[
                (_("Name"), full_name(person), name, matches["name"]),
                (
                    _("E-mail"),
                    email if matches["email"] else masked_email(person.email),
                    email,
                    matches["email"],
                ),
            ],
            is_same=matches["same"],
            is_asked=side == wanted,
        )
        for side, title, name, email in sides
        if (matches := found[side]) is not None and (side == wanted or matches["same"])
    ]


def difference_lines(picture: queries.Review | None) -> list[tuple[str | Promise, Any, Any]]:
    """What is not as it was when it was asked: its name, then, now."""
    found = picture.differences if picture else []
    return [(DIFFERENCE_WORDS.get(each.name, each.name), each.then, each.now) for each in found]
