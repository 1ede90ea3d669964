"""What must fit together within an application file, and between the files. Pure.

Each check yields `(file, path, sentence)`: the path leads to the line that an operator has to change.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields

from bailiwick.idm.rules.catalogue import (
    IDENTITY,
    Application,
    ApplicationLimits,
    Decider,
    OrganizationKind,
    Role,
    Standing,
)
from bailiwick.idm.rules.grants import APPROVING, TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK

Problem = tuple[str, tuple[str | int, ...], str]
Files = dict[str, Application]


def codes_once(files: Files) -> Iterator[Problem]:
    """An application's code and client id are its names everywhere."""
    seen: dict[str, str] = {}
    for file, application in files.items():
        names = {"code": application.code}
        if application.client:
            names["client_id"] = application.client.client_id
        for key, name in names.items():
            if f"{key}:{name}" in seen:
                path = ("client", key) if key == "client_id" else (key,)
                yield file, path, f"“{name}” is already the {key} in {seen[f'{key}:{name}']}."
            seen.setdefault(f"{key}:{name}", file)


def role_codes_once(files: Files) -> Iterator[Problem]:
    for file, application in files.items():
        codes = [role.code for role in application.roles]
        for index, code in enumerate(codes):
            if code in codes[:index]:
                yield file, ("roles", index, "code"), f"“{code}” is already the code of another role."


def deciders_exist(files: Files) -> Iterator[Problem]:
    """Nobody may ask for a role that nobody can decide (Q-4, H-7)."""
    # Whether IDM's desk is there cannot be told while its own file is missing for a mistake in it.
    has_security_desk = IDENTITY not in _codes(files) or any(
        role.tier >= TIER_OF_SECURITY_DESK
        for application in files.values()
        if application.code == IDENTITY
        for role in application.roles
    )
    for file, application in files.items():
        has_desk = any(role.tier >= TIER_OF_APPLICATION_DESK for role in application.roles)
        for index, role in enumerate(application.roles):
            can_be_decided = {
                Decider.APPROVERS: _has_approver(application, role),
                Decider.APPLICATION_DESK: has_desk and application.code != IDENTITY,
                Decider.IDENTITY_DESK: has_security_desk,
            }
            if not can_be_decided[role.decided_by]:
                sentence = f"Nobody could decide “{role.code}”: {LACKS[role.decided_by]}."
                yield file, ("roles", index, "decided_by"), sentence


LACKS = {
    Decider.APPROVERS: "no approver role fits every organization that it fits",
    Decider.APPLICATION_DESK: "the application has no desk role of tier 2",
    Decider.IDENTITY_DESK: "IDM has no desk role of tier 3",
}


def identity_desk_exists(files: Files) -> Iterator[Problem]:
    """Desks are decided on by IDM's own (H-7): its file is there."""
    if IDENTITY not in _codes(files):
        file = next(iter(files))
        yield file, ("code",), f"No file describes “{IDENTITY}”, whose desk decides on all other desks."


def _codes(files: Files) -> set[str]:
    return {application.code for application in files.values()}


def _has_approver(application: Application, asked: Role) -> bool:
    """An approver for each kind of organization at which the role can be asked for."""
    kinds = {role.organization_kind for role in application.roles if role.standing is Standing.APPROVER}
    wanted = {asked.organization_kind} if asked.organization_kind else set(OrganizationKind)
    return asked.needs_organization and (None in kinds or wanted <= kinds)


def standings_fit(files: Files) -> Iterator[Problem]:
    """Approving happens at an organization, a desk is an application's; each is decided from above (Q-4, H-2, H-7)."""
    for file, application in files.items():
        for index, role in enumerate(application.roles):
            for key, sentence in _misfits(role):
                yield file, ("roles", index, key), sentence


def _misfits(role: Role) -> Iterator[tuple[str, str]]:
    is_desk, is_approving = role.standing is Standing.DESK, role.standing in APPROVING
    if is_desk and role.needs_organization:
        yield "needs_organization", "A desk role has needs_organization = false."
    if is_approving and not role.needs_organization:
        yield (
            "needs_organization",
            "Approvers and backup approvers are an organization's: needs_organization = true.",
        )
    if role.organization_kind and not role.needs_organization:
        yield "organization_kind", "A role without an organization fits no kind of them."
    if not is_desk and role.tier:
        yield "tier", "Only a desk role has a tier."
    if is_desk and role.decided_by is not Decider.IDENTITY_DESK:
        yield "decided_by", 'IDM\'s desk decides who belongs to a desk: decided_by = "identity_desk".'
    if is_approving and role.decided_by is Decider.APPROVERS:
        yield "decided_by", "No approver decides on an approver: a desk does."


def limits_only_stricter(files: Files) -> Iterator[Problem]:
    """An application may ask for more care than the deployment, never for less."""
    widest = ApplicationLimits()
    for file, application in files.items():
        for entry in fields(widest):
            if getattr(application.limits, entry.name) > getattr(widest, entry.name):
                most = getattr(widest, entry.name).days
                key = f"{entry.name}_days"
                yield (
                    file,
                    ("limits", key),
                    f"“{key}” is at most {most}: an application can only be stricter.",
                )


def refresh_is_asked_for(files: Files) -> Iterator[Problem]:
    for file, application in files.items():
        client = application.client
        if client and client.may_refresh != ("offline_access" in client.scopes):
            yield (
                file,
                ("client", "scopes"),
                "“may_refresh = true” and the scope offline_access belong together.",
            )


Check = Callable[[Files], Iterator[Problem]]


def attributes_belong(files: Files) -> Iterator[Problem]:
    """What a holder may change has a name of its own, and roles that have it (Q-7)."""
    for file, application in files.items():
        known = {role.code for role in application.roles}
        codes = [attribute.code for attribute in application.attributes]
        for index, attribute in enumerate(application.attributes):
            if attribute.code in codes[:index]:
                sentence = f"“{attribute.code}” is already the code of another attribute."
                yield file, ("attributes", index, "code"), sentence
            for role in attribute.roles:
                if role not in known:
                    yield file, ("attributes", index, "roles"), f"There is no role “{role}”."


CHECKS: tuple[Check, ...] = (
    codes_once,
    role_codes_once,
    deciders_exist,
    standings_fit,
    limits_only_stricter,
    refresh_is_asked_for,
    attributes_belong,
)


def problems(files: Files, *, are_all: bool = True) -> Iterator[Problem]:
    """`are_all` False: some files hold mistakes of another sort and are not among these."""
    for check in (*CHECKS, identity_desk_exists) if are_all and files else CHECKS:
        yield from check(files)
