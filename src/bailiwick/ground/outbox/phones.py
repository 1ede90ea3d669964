"""Texts and calls by a provider's REST API, as many providers offer it: a form by POST, basic authentication (N-3).

docs/phone-provider.md has the contract. A repetition carries the same `Idempotency-Key`, so that a provider which knows
that header sends once.
"""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import escape

import httpx

from bailiwick.ground.outbox.delivery import Channel, Parcel, TryLaterError, UndeliverableError

COUNTRY = "+1"
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
# Wrong for the deployment or for now, not for this message: correcting the setting delivers what waits.
NOT_THE_MESSAGES_FAULT = frozenset({401, 403, 404, 405, 407, 408, 409, 425, 429})
LONGEST_WAIT = timedelta(minutes=10)
PAUSES_BEFORE_EXTENSION = 4  # half a second each, for the switchboard to answer
LONGEST_REASON = 80


def texts(environment: Any) -> Channel:
    """The channel "sms": one text to one number."""

    def send(parcel: Parcel) -> None:
        number, _extension = parts_of(parcel.to)
        form = {"To": number, "From": environment.phone_from, "Body": parcel.body["text"].strip()}
        _post(environment.sms_url, form, parcel)

    return send


def calls(environment: Any) -> Channel:
    """The channel "voice": one call that says the text twice, behind an extension where there is one."""

    def send(parcel: Parcel) -> None:
        number, extension = parts_of(parcel.to)
        form = {
            "To": number,
            "From": environment.phone_from,
            "Twiml": spoken(parcel.body["text"].strip()),
        }
        if extension:
            form["SendDigits"] = "w" * PAUSES_BEFORE_EXTENSION + extension
        _post(environment.voice_url, form, parcel)

    return send


def parts_of(address: str) -> tuple[str, str]:
    """Number and extension of "3015550123;ext=12". Raises UndeliverableError for what is no number."""
    number, _, extension = address.partition(";ext=")
    if not number.isdecimal() or not number.isascii() or (extension and not extension.isdecimal()):
        raise UndeliverableError("this is not a phone number")
    return f"{COUNTRY}{number}", extension


def spoken(text: str) -> str:
    """What the call says, in the markup for calls: twice, with a pause between."""
    said = f"<Say>{escape(' '.join(text.split()))}</Say>"
    return f'<Response><Pause length="1"/>{said}<Pause length="2"/>{said}</Response>'


def _post(url: str, form: dict[str, str], parcel: Parcel) -> None:
    """Raises UndeliverableError where the provider will not ever take this message, else what makes it be tried again."""
    address, user, password = credentials_of(url)
    answer = httpx.post(
        address,
        data=form,
        auth=httpx.BasicAuth(user, password),
        headers={
            "Idempotency-Key": hashlib.sha256(parcel.key.encode()).hexdigest()[:40],
            "Accept": "application/json",
        },
        timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )
    if answer.is_success:
        return
    if answer.is_client_error and answer.status_code not in NOT_THE_MESSAGES_FAULT:
        raise UndeliverableError(f"refused by the provider: {answer.status_code} {code_of(answer)}".strip())
    raise TryLaterError(f"the provider answered {answer.status_code}", after=wait_of(answer))


def credentials_of(url: str) -> tuple[str, str, str]:
    """`https://name:word@host/path` as address, name and word."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host)), parts.username or "", parts.password or ""


def code_of(answer: httpx.Response) -> str:
    """The provider's own number of the error; never its words, which may hold the phone number."""
    try:
        code = answer.json().get("code", "")
    except (ValueError, AttributeError):
        return ""
    return str(code)[:LONGEST_REASON] if isinstance(code, int) else ""


def wait_of(answer: httpx.Response) -> timedelta | None:
    """How long the provider asks to wait, in seconds (Retry-After); at most ten minutes."""
    told = answer.headers.get("Retry-After", "")
    if not told.isdecimal() or not told.isascii():
        return None
    return min(timedelta(seconds=int(told[:6])), LONGEST_WAIT)
