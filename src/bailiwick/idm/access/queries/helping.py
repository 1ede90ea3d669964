"""Who can help a person with their access to an application, and how to reach them (Q-6, O-2)."""

from dataclasses import dataclass
from datetime import datetime

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries.authority import able_approvers
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.accounts import spoken_phone
from bailiwick.idm.rules.catalogue import Decider

MOST_APPROVERS = 5


@dataclass(frozen=True)
class Helper:
    """An approver of the organization, or a desk (`kind`), with those ways to reach them that are known."""

    kind: Decider
    name: str
    phone: str = ""
    extension: str = ""
    email: str = ""
    hours: str = ""


def who_can_help(
    account: Account, application: str, organization: Organization | None = None, *, now: datetime
) -> tuple[Helper, ...]:
    """The nearest first.

    Of approvers it tells the name and the business contact that they gave for this (R-8), and only to people who hold,
    held or asked for a role at their organization.
    """
    described = catalogue().remembered(application)
    desk = Helper(
        kind=Decider.APPLICATION_DESK,
        name=described.help.name,
        phone=described.help.phone,
        email=described.help.email,
        hours=described.help.hours,
    )
    if organization is None or not _is_concerned(account, application, organization):
        return (desk,)
    return (*_approvers(account, application, organization, now), desk)


def _is_concerned(account: Account, application: str, organization: Organization) -> bool:
    here = {"account": account, "application": application, "organization": organization}
    return RoleRequest.objects.filter(**here).exists() or Grant.objects.filter(**here).exists()


@beyond()
def _approvers(account: Account, application: str, organization: Organization, now: datetime) -> list[Helper]:
    grants = able_approvers(catalogue().remembered(application), now=now).filter(organization=organization)
    people = Account.objects.select_related("person").filter(
        pk__in=grants.exclude(account=account).values("account")
    )
    return [
        Helper(
            kind=Decider.APPROVERS,
            name=full_name(person),
            phone=spoken_phone(person.business_phone),
            extension=person.business_extension,
            email=person.business_email,
        )
        for person in people.order_by("person__last_name", "user_id_key")[:MOST_APPROVERS]
    ]
