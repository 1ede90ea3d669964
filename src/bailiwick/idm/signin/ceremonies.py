"""What is said between this site and a passkey (WebAuthn), as JSON: the questions, and whether an answer is right (S-3).

The site's name and origin come from BASE_URL: an answer given to any other site is no answer here. Pure but for that.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.signin.models import Passkey

LONGEST_ANSWER = 16_384
LONGEST_CREDENTIAL_ID = 1023
LONGEST_PUBLIC_KEY = 2048
TRANSPORTS = frozenset(way.value for way in AuthenticatorTransport)


@dataclass(frozen=True)
class Registered:
    """A new passkey that signed the challenge."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str
    has_verified: bool
    is_backed_up: bool


@dataclass(frozen=True)
class Asserted:
    """A known passkey that signed the challenge, and the counter it showed."""

    sign_count: int
    is_backed_up: bool


def site() -> tuple[str, str]:
    """The relying party's id (a host name) and origin."""
    parts = urlsplit(settings.BASE_URL)
    return parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}"


def registration_question(account: Account, known: Iterable[Passkey], challenge: bytes) -> str:
    """Asks for a passkey that is not one of `known`; one that can start a sign-in is preferred (S-4)."""
    name, _ = site()
    options = generate_registration_options(
        rp_id=name,
        rp_name="Bailiwick IDM",
        user_id=account.pk.bytes,
        user_name=account.user_id,
        challenge=challenge,
        timeout=_milliseconds(),
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def verification_question(known: Iterable[Passkey], challenge: bytes) -> str:
    """Asks for one of `known`."""
    return _question(known, challenge, UserVerificationRequirement.PREFERRED)


def sign_in_question(challenge: bytes) -> str:
    """Asks for any passkey of this site; it says itself whose it is, and must verify its holder (S-4)."""
    return _question((), challenge, UserVerificationRequirement.REQUIRED)


def _question(known: Iterable[Passkey], challenge: bytes, verification: UserVerificationRequirement) -> str:
    name, _ = site()
    options = generate_authentication_options(
        rp_id=name,
        challenge=challenge,
        timeout=_milliseconds(),
        allow_credentials=_described(known),
        user_verification=verification,
    )
    return options_to_json(options)


def registered(answer: str, challenge: bytes) -> Registered | None:
    """The new passkey, if it signed `challenge` for this site; None for anything else, however malformed."""
    name, origin = site()
    try:
        found = verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=name,
            expected_origin=origin,
        )
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes make the parsers raise, it is no passkey
        return None
    if (
        len(found.credential_id) > LONGEST_CREDENTIAL_ID
        or len(found.credential_public_key) > LONGEST_PUBLIC_KEY
    ):
        return None
    return Registered(
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=_transports(answer),
        has_verified=found.user_verified,
        is_backed_up=found.credential_backed_up,
    )


def asserted(answer: str, challenge: bytes, key: Passkey, *, must_verify: bool) -> Asserted | None:
    """What `key` showed, if it signed `challenge` for this site; None for anything else, however malformed."""
    name, origin = site()
    try:
        credential = _read(answer)
        handle = credential["response"].get("userHandle") or ""
        if handle and base64url_to_bytes(handle) != key.account_id.bytes:
            return None
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=name,
            expected_origin=origin,
            credential_public_key=bytes(key.public_key),
            # The counter is a rule of ours: rules.factors.counter_moves_on.
            credential_current_sign_count=0,
            require_user_verification=must_verify,
        )
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes make the parsers raise, it is no proof
        return None
    return Asserted(found.new_sign_count, found.credential_backed_up)


def credential_named_in(answer: str) -> bytes:
    """The id of the passkey that an answer says it is of; b"" where it says none."""
    try:
        return base64url_to_bytes(_read(answer)["rawId"])[:LONGEST_CREDENTIAL_ID]
    except Exception:  # noqa: BLE001 - a stranger's bytes
        return b""


def _read(answer: str) -> dict[str, Any]:
    read = json.loads(answer[: LONGEST_ANSWER + 1])
    if not isinstance(read, dict) or not isinstance(read.get("response"), dict):
        raise TypeError("not a credential")
    return read


def _transports(answer: str) -> str:
    told = _read(answer)["response"].get("transports")
    words = [way for way in told if way in TRANSPORTS] if isinstance(told, list) else []
    return " ".join(dict.fromkeys(words))


def _described(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(key.credential_id),
            transports=[AuthenticatorTransport(way) for way in key.transports.split()] or None,
        )
        for key in known
    ]


def _milliseconds() -> int:
    return int(settings.LIMITS.passkey_challenge_life.total_seconds() * 1000)
