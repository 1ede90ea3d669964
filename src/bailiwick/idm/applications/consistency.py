"""What must fit together within an application file, and between the files. Pure.

Each check yields `(file, path, sentence)`: the path leads to the line that an operator has to change.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields

from bailiwick.idm.rules.catalogue import Application, ApplicationLimits, Decider, Standing

Problem = tuple[str, tuple[str | int, ...], str]
Files = dict[str, Application]
IDENTITY = "idm"
TIER_SECURITY = 3


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
    has_security_desk = any(
        role.tier == TIER_SECURITY
        for application in files.values()
        if application.code == IDENTITY
        for role in application.roles
    )
    for file, application in files.items():
        standings = {role.standing for role in application.roles}
        has = {
            Decider.APPROVERS: Standing.APPROVER in standings,
            Decider.APPLICATION_DESK: Standing.DESK in standings,
            Decider.IDENTITY_DESK: has_security_desk,
        }
        for index, role in enumerate(application.roles):
            if not has[role.decided_by]:
                yield (
                    file,
                    ("roles", index, "decided_by"),
                    f"Nobody could decide “{role.code}”: no such desk or role.",
                )


def desks_have_tiers(files: Files) -> Iterator[Problem]:
    """A desk has a tier and no organization; everything else has no tier and an organization (H-2)."""
    for file, application in files.items():
        for index, role in enumerate(application.roles):
            is_desk = role.standing is Standing.DESK
            if is_desk == role.needs_organization:
                sentence = "A desk role has needs_organization = false, every other role true."
                yield file, ("roles", index, "needs_organization"), sentence
            if not is_desk and role.tier:
                yield file, ("roles", index, "tier"), "Only a desk role has a tier."


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


CHECKS: tuple[Callable[[Files], Iterator[Problem]], ...] = (
    codes_once,
    role_codes_once,
    deciders_exist,
    desks_have_tiers,
    limits_only_stricter,
    refresh_is_asked_for,
)


def problems(files: Files) -> Iterator[Problem]:
    for check in CHECKS:
        yield from check(files)
