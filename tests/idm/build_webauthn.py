"""A passkey in software: real keys, real attestations and assertions, as a browser and its authenticator make them."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN = "http://localhost:8000"
SITE = "localhost"
PRESENT, VERIFIED, NEW_CREDENTIAL = 0x01, 0x04, 0x40
ES256 = -7


@dataclass
class SoftwareKey:
    """One authenticator with one credential. `verifies`: it asks for a PIN; `counts`: it keeps a counter."""

    verifies: bool = True
    counts: bool = True
    site: str = SITE
    origin: str = ORIGIN
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    owner: bytes = b""

    def create(self, options: str) -> str:
        """What navigator.credentials.create() answers, as the page's script writes it."""
        asked = json.loads(options)
        self.owner = base64url_to_bytes(asked["user"]["id"])
        parts = (bytes(16), len(self.credential_id).to_bytes(2, "big"), self.credential_id, self._cose())
        data = self._data(NEW_CREDENTIAL) + b"".join(parts)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        told = self._told("webauthn.create", asked["challenge"])
        response = {"clientDataJSON": told, "attestationObject": attestation}
        return self._written(response, {"transports": ["internal", "telepathy"]})

    def get(self, options: str, **changes: object) -> str:
        """What navigator.credentials.get() answers. `changes`: of the response, to lie with."""
        asked = json.loads(options)
        data, told = self._data(), self._told("webauthn.get", asked["challenge"])
        signature = self.private.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": told, "authenticatorData": data, "signature": signature}
        handle = {"userHandle": bytes_to_base64url(self.owner)} if not asked.get("allowCredentials") else {}
        return self._written(response, {**handle, **changes})

    def _data(self, more: int = 0) -> bytes:
        self.count += 1 if self.counts else 0
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: ES256, -1: 1, -2: x, -3: y})

    def _told(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _written(self, response: dict[str, bytes], more: dict[str, object]) -> str:
        name = bytes_to_base64url(self.credential_id)
        written = {key: bytes_to_base64url(value) for key, value in response.items()} | more
        whole = {"id": name, "rawId": name, "type": "public-key", "response": written}
        return json.dumps(whole | {"clientExtensionResults": {}})


def asked_to_add(client: Client) -> str:
    answer = client.post("/profile/mfa/passkey/options/")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def add(client: Client, key: SoftwareKey, name: str = "My laptop"):
    """Add the key in a browser that is signed in and freshly verified."""
    answer = key.create(asked_to_add(client))
    return client.post("/profile/mfa/add/passkey/", {"name": name, "assertion": answer})


def asked_to_verify(client: Client) -> str:
    return client.post("/sign-in/verify/passkey/").content.decode()


def verify(client: Client, key: SoftwareKey):
    """The second step."""
    return send_verification(client, key.get(asked_to_verify(client)))


def send_verification(client: Client, answer: str):
    return client.post("/sign-in/verify/", {"factor": "passkey", "assertion": answer})


def asked_to_sign_in(client: Client) -> str:
    return client.post("/sign-in/passkey/options/").content.decode()


def sign_in(client: Client, key: SoftwareKey):
    """Both steps at once."""
    return send_sign_in(client, key.get(asked_to_sign_in(client)))


def send_sign_in(client: Client, answer: str):
    return client.post("/sign-in/passkey/", {"terms": "on", "assertion": answer})
