"""What an application is to IDM: its roles, who decides them, and what they demand. Read from `applications/*.toml` (O-6)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from bailiwick.wire.claims import ACR_ORDER

IDENTITY = "idm"
"""The code under which IDM itself stands in the catalogue."""


class Standing(StrEnum):
    """What a role makes of its holder (the word `tier` belongs to desks)."""

    APPROVER = "approver"
    BACKUP = "backup"
    END_USER = "end_user"
    DESK = "desk"


class OrganizationKind(StrEnum):
    PROVIDER_OFFICE = "provider_office"
    BILLING_SERVICE = "billing_service"


class Decider(StrEnum):
    """Who decides requests for a role (Q-4, H-7)."""

    APPROVERS = "approvers"
    APPLICATION_DESK = "application_desk"
    IDENTITY_DESK = "identity_desk"


class Refusal(StrEnum):
    ROLE_IN_USE = "role_in_use"
    NOT_APPLIED = "catalogue_not_applied"


@dataclass(frozen=True)
class Role:
    """One role of an application. `organization_kind` None fits every kind (Q-3)."""

    code: str
    name: str
    description: str
    standing: Standing
    decided_by: Decider
    needs_organization: bool = True
    organization_kind: OrganizationKind | None = None
    needs_proofing: bool = True
    tier: int = 0
    minimum_acr: str = "urn:bailiwick:acr:limited"

    @property
    def may_create_organization(self) -> bool:
        """Only the approver creates it (G-2, G-4)."""
        return self.standing is Standing.APPROVER


@dataclass(frozen=True)
class FreeAttribute:
    """Something about a role that its holder may change without a new request (Q-7). `choices` () takes any text."""

    code: str
    label: str
    roles: tuple[str, ...]
    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class HelpContact:
    name: str
    phone: str
    email: str
    hours: str


NOBODY = HelpContact(name="", phone="", email="", hours="")


@dataclass(frozen=True)
class Client:
    """An application's OpenID Connect client (O-1). `keys_file` holds its public JWK set and is read again when it changes.

    Every URI is compared exactly, character by character. `may_refresh` allows the scope `offline_access`. `events_uri`:
    where the application hears of events about its people (docs/registry.md); "" where it does not want to.
    """

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str
    events_uri: str = ""
    keys_file: str = ""
    minimum_acr: str = "urn:bailiwick:acr:limited"
    signing_algorithm: str = "ES256"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    may_refresh: bool = False


@dataclass(frozen=True)
class ApplicationLimits:
    """The numbers an application may set, stricter than the deployment's only (spec: marked *app*)."""

    inactive_after: timedelta = timedelta(days=30)
    removed_after: timedelta = timedelta(days=90)
    reactivation_window: timedelta = timedelta(days=7)
    certification_every: timedelta = timedelta(days=365)
    request_expires_after: timedelta = timedelta(days=60)


@dataclass(frozen=True)
class Application:
    code: str
    name: str
    short_name: str
    search_words: tuple[str, ...]
    home_url: str
    help: HelpContact
    roles: tuple[Role, ...]
    limits: ApplicationLimits = ApplicationLimits()
    client: Client | None = None
    attributes: tuple[FreeAttribute, ...] = ()

    def free_attributes(self, role: str) -> tuple[FreeAttribute, ...]:
        """What a holder of that role may change about it (Q-7)."""
        return tuple(attribute for attribute in self.attributes if role in attribute.roles)

    def role(self, code: str) -> Role:
        """The role of that code. Raises KeyError where the application has none."""
        for role in self.roles:
            if role.code == code:
                return role
        raise KeyError(code)


@dataclass(frozen=True)
class Catalogue:
    applications: tuple[Application, ...]

    def application(self, code: str) -> Application:
        """The application of that code. Raises KeyError where there is none."""
        for application in self.applications:
            if application.code == code:
                return application
        raise KeyError(code)

    def remembered(self, code: str) -> Application:
        """For pages about the past: where the application left the catalogue, its code as a name, no roles, and IDM's help."""
        found = next((one for one in self.applications if one.code == code), None)
        contact = next((one.help for one in self.applications if one.code == IDENTITY), NOBODY)
        return found or Application(code, code, code, (), home_url="", help=contact, roles=())

    def role(self, application: str, role: str) -> Role:
        return self.application(application).role(role)

    def by_client(self, client_id: str) -> Application | None:
        return next((a for a in self.applications if a.client and a.client.client_id == client_id), None)

    def with_desk_level(self, level: str) -> "Catalogue":
        """The same, with no desk role that asks for less than the deployment's desks sign in with (S-2)."""
        return Catalogue(tuple(_with_desk_level(application, level) for application in self.applications))


def _with_desk_level(application: Application, level: str) -> Application:
    roles = tuple(
        replace(role, minimum_acr=max(role.minimum_acr, level, key=ACR_ORDER.index))
        if role.standing is Standing.DESK
        else role
        for role in application.roles
    )
    return replace(application, roles=roles)
