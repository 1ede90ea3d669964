"""Values that must never be seen outside their place, in every writing in which they could slip out."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote_plus

from tests.faults.client import Person

TOKEN = re.compile(r"eyJ[\w-]+\.([\w-]+)\.")
Writings = dict[str, re.Pattern[bytes]]


def secrets_of(person: Person) -> Writings:
    """What no log, ledger, database, address, page or mail may show: name of the writing → what finds it."""
    facts = person.facts
    month, day, year = facts.birth
    found = _writings_of_number("SSN", facts.ssn)
    for name, value in {
        "birth date": f"{year}-{month}-{day}",
        "birth date as Americans write": f"{month}/{day}/{year}",
        "home address": facts.address,
        "password": person.password,
        "security answer": facts.answer,
        "authenticator secret": person.authenticator,
    }.items():
        found |= _writings(name, value)
    for name, value in person.also.items():
        found |= _writings_of_number(name, value) if value.isdigit() else _writings(name, value)
    if person.authenticator:
        found["authenticator secret, decoded"] = _literal(base64.b32decode(person.authenticator))
    return found


def keys_of(person: Person) -> Writings:
    """What only the browser holds: its cookies' values."""
    return {
        f"cookie {cookie.name}": _literal(cookie.value.encode())
        for cookie in person.http.cookies.jar
        if "session" in cookie.name
    }


def codes_of(person: Person) -> Writings:
    """The numbers that were mailed or shown by the authenticator; not a part of a longer number or an instant."""
    return {f"code {code}": re.compile(rb"(?<![\w.])" + code.encode() + rb"(?!\w)") for code in person.codes}


def personal_of(person: Person) -> Writings:
    """What databases and mails may hold, but logs, ledgers and addresses may not."""
    facts = person.facts
    return {
        name: re.compile(rb"(?i)\b" + re.escape(value.encode()) + rb"\b")
        for name, value in {
            "name": facts.last,
            "user ID": facts.user_id,
            "e-mail": facts.email,
            "e-mail in an address": quote(facts.email, safe=""),
            "phone": facts.phone,
        }.items()
    }


def sightings(place: str, things: Iterable[bytes | str], writings: Writings) -> Iterator[str]:
    """A sentence for each thing that shows any of the writings; the value itself is not repeated."""
    for thing in things:
        raw = thing.encode() if isinstance(thing, str) else thing
        for name, pattern in writings.items():
            if match := pattern.search(raw):
                before = raw[max(0, match.start() - 60) : match.start()]
                yield f"INV-9: {place} shows the {name} after {before!r}"


def opened(addresses: Iterable[str]) -> Iterator[str]:
    """Addresses as they are, unquoted, and with the claims of whatever tokens they carry."""
    for address in addresses:
        yield address
        yield unquote_plus(address)
        for claims in TOKEN.findall(address):
            try:
                text = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
                yield json.dumps(json.loads(text), ensure_ascii=False)
            except (binascii.Error, ValueError):
                continue


def _writings_of_number(name: str, number: str) -> Writings:
    """A social security number with and without separators, and its digests without a key."""
    dashed = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    found = _writings(name, number) | _writings(f"{name} with dashes", dashed)
    found |= _writings(f"{name} with spaces", dashed.replace("-", " "))
    for algorithm in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(algorithm, number.encode())
        found[f"{name}, bare {algorithm}"] = _literal(digest.hexdigest().encode(), digest.digest())
    return found


def _writings(name: str, value: str) -> Writings:
    raw = value.encode()
    # The last group of three bytes may be shared with what follows it.
    whole = base64.b64encode(raw[: len(raw) // 3 * 3])
    return {
        name: re.compile(rb"(?i)(?<!\d)" + re.escape(raw) + rb"(?!\d)"),
        f"{name} in base64": _literal(whole, whole.replace(b"+", b"-").replace(b"/", b"_")),
        f"{name} in hexadecimal": _literal(raw.hex().encode()),
    }


def _literal(*values: bytes) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(value) for value in values if value))
