"""Devices a person signs in from: what they are called, where they are, and what "this was not me" does (S-7, S-9). Pure.

A frozen account is not a suspended one: only its holder's completed recovery lifts a freeze, and only staff lift a
suspension. An account can be both.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes

COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_IN_A_COOKIE = 6
PREFIX_OF = {4: 24, 6: 48}
LONGEST_AGENT = 512

# The first that is found counts: every browser claims to be its forerunners, too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class Refusal(StrEnum):
    ACCOUNT_FROZEN = "account_frozen"
    DISOWNING_LINK_UNKNOWN = "disowning_link_unknown"
    DISOWNING_LINK_USED = "disowning_link_used"
    DISOWNING_LINK_EXPIRED = "disowning_link_expired"


class FreezeState(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"


class FreezeEvent(StrEnum):
    DISOWN = "this_was_not_me"
    RECOVER = "recovery_completed"


FREEZE_STEPS: dict[FreezeState, dict[FreezeEvent, FreezeState]] = {
    FreezeState.OPEN: {FreezeEvent.DISOWN: FreezeState.FROZEN},
    FreezeState.FROZEN: {FreezeEvent.RECOVER: FreezeState.OPEN},
}


@dataclass(frozen=True)
class LinkFacts:
    """The link of one mail about a sign-in, as it stands when it is opened."""

    expires_at: datetime
    is_used: bool


def may_disown(link: LinkFacts | None, *, now: datetime) -> Yes | No:
    """Once, for ten days (S-9)."""
    if link is None:
        return No(Refusal.DISOWNING_LINK_UNKNOWN)
    if link.is_used:
        return No(Refusal.DISOWNING_LINK_USED)
    return Yes() if now < link.expires_at else No(Refusal.DISOWNING_LINK_EXPIRED)


def device_words(agent: str) -> str:
    """Browser and system as people call them, from what a browser says of itself; "" for what says nothing known (S-7)."""
    said = agent[:LONGEST_AGENT]
    found = (next((name for sign, name in table if sign in said), "") for table in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))


def secrets_in(cookie: str) -> list[str]:
    """The device secrets of a browser, one for each account used in it; anything else in the cookie is nothing (S-9)."""
    parts = cookie.split(".", MOST_IN_A_COOKIE)[:MOST_IN_A_COOKIE]
    return [part for part in parts if COOKIE.fullmatch(part)]


def cookie_with(secret: str, known: list[str]) -> str:
    """The cookie's value with a new secret, the oldest dropped where there are too many."""
    return ".".join([secret, *known][:MOST_IN_A_COOKIE])


def network_prefix(address: str) -> str:
    """The network an address belongs to, by its first 24 bits (IPv6: 48); "" for none (S-7)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network(f"{parsed}/{PREFIX_OF[parsed.version]}", strict=False))


def is_news(*, first_signed_in_at: datetime | None, begun_at: datetime) -> bool:
    """Whether a new device is mailed: not at the account's first sign-in, whose code went to that mailbox just now (S-9)."""
    return first_signed_in_at is not None and first_signed_in_at < begun_at
