"""The shape of an application file: which keys there are, and what each may hold. Pure.

A reader takes a raw value and returns it fit for the catalogue, or raises ValueError with a sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bailiwick.idm.rules.catalogue import Decider, OrganizationKind, Standing
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT

Reader = Callable[[Any], Any]
REQUIRED = object()
CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FACTORS = {"limited": ACR_LIMITED, "mfa": ACR_MFA, "phishing-resistant": ACR_PHISHING_RESISTANT}
SCOPES = ("openid", "profile", "email", "offline_access", "provisioning")
LONGEST = 2_000


@dataclass(frozen=True)
class Entry:
    """One key: how it is read, and its value where it is left out (REQUIRED: it may not be)."""

    read: Reader
    default: Any = REQUIRED


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise ValueError(f"is text of 1 to {LONGEST} characters")
    return value


def code(value: Any) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ValueError("is 2 to 40 lower-case letters, digits and hyphens, starting with a letter")
    return value


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is true or false")  # noqa: TRY004 - a mistake in a file, not in a program
    return value


def whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3:  # noqa: PLR2004
        raise ValueError("is a whole number from 0 to 3")
    return value


def days(value: Any) -> timedelta:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 3_660:  # noqa: PLR2004
        raise ValueError("is a whole number of days from 1 to 3660")
    return timedelta(days=value)


def several(read: Reader) -> Reader:
    """A list with at least one entry, each read by `read`, none twice."""

    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError("is a list with at least one entry")
        entries = tuple(read(entry) for entry in value)
        if len(set(entries)) != len(entries):
            raise ValueError("names an entry twice")
        return entries

    return read_all


def one_of(words: type[StrEnum]) -> Reader:
    def read(value: Any) -> StrEnum:
        try:
            return words(value)
        except ValueError:
            raise ValueError(f"is one of {', '.join(words)}") from None

    return read


def chosen(table: dict[str, str]) -> Reader:
    """A word that stands for a longer name."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in table:
            raise ValueError(f"is one of {', '.join(table)}")
        return table[value]

    return read


def uri(value: Any) -> str:
    """An absolute address that can be compared character by character: no wildcard, fragment, user or blank."""
    text(value)
    parts = urlsplit(value)
    host = parts.hostname or ""
    is_loopback = host in LOOPBACK or host.endswith(".localhost")
    if not value.isascii() or any(mark in value for mark in "*#@\\ ") or not host or ".." in parts.path:
        raise ValueError("is an absolute address without wildcard, fragment, user name or blank")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback):
        raise ValueError("starts with https:// (http:// only for this machine itself)")
    return value


CLIENT = {
    "client_id": Entry(code),
    "redirect_uris": Entry(several(uri)),
    "post_logout_redirect_uris": Entry(several(uri), ()),
    "backchannel_logout_uri": Entry(uri),
    "events_uri": Entry(uri, ""),
    "keys_file": Entry(text),
    "factor": Entry(chosen(FACTORS), ACR_LIMITED),
    "signing_algorithm": Entry(chosen({"ES256": "ES256", "RS256": "RS256"}), "ES256"),
    "scopes": Entry(several(chosen({scope: scope for scope in SCOPES})), ("openid", "profile", "email")),
    "may_refresh": Entry(yes_or_no, default=False),
}
ROLE = {
    "code": Entry(code),
    "name": Entry(text),
    "description": Entry(text),
    "standing": Entry(one_of(Standing)),
    "decided_by": Entry(one_of(Decider)),
    "needs_organization": Entry(yes_or_no, default=True),
    "organization_kind": Entry(one_of(OrganizationKind), None),
    "needs_proofing": Entry(yes_or_no, default=True),
    "tier": Entry(whole_number, 0),
    "factor": Entry(chosen(FACTORS), ACR_LIMITED),
}
ATTRIBUTE = {
    "code": Entry(code),
    "label": Entry(text),
    "roles": Entry(several(code)),
    "help": Entry(text, ""),
    "choices": Entry(several(text), ()),
}
LIMITS = {
    "inactive_after_days": Entry(days, None),
    "removed_after_days": Entry(days, None),
    "reactivation_window_days": Entry(days, None),
    "certification_every_days": Entry(days, None),
    "request_expires_after_days": Entry(days, None),
}
HELP = {"name": Entry(text), "phone": Entry(text), "email": Entry(text), "hours": Entry(text)}
APPLICATION = {
    "code": Entry(code),
    "name": Entry(text),
    "short_name": Entry(text),
    "search_words": Entry(several(text)),
    "home_url": Entry(uri),
}
TABLES = {"help": HELP, "limits": LIMITS, "client": CLIENT}
