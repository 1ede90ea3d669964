"""Who asks: the signature over method, path, time and body, by a named key. Pure. (docs/proofing-vendor.md)"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LARGEST_SKEW = timedelta(minutes=5)
# Eleven digits stay within the years that Python can count.
TIMESTAMP = re.compile(r"[0-9]{1,11}", re.ASCII)
SIGNATURE = re.compile(r"v1=[0-9a-f]{64}", re.ASCII)
# What an unknown key is compared with, so that it takes as long as a known one.
NOBODY = "0" * 64


@dataclass(frozen=True)
class Signed:
    """A request as it came, with its three headers ("" where missing)."""

    method: str
    path: str
    body: bytes
    key_id: str
    timestamp: str
    signature: str


def is_genuine(signed: Signed, *, secrets: Mapping[str, str], now: datetime) -> bool:
    """Whether a known key signed exactly this, at most five minutes from `now`."""
    expected = _signature(signed, secrets.get(signed.key_id, NOBODY))
    stated = signed.signature if SIGNATURE.fullmatch(signed.signature) else f"v1={NOBODY}"
    matches = hmac.compare_digest(expected, stated)
    return matches and signed.key_id in secrets and _is_recent(signed.timestamp, now)


def _signature(signed: Signed, secret: str) -> str:
    body = hashlib.sha256(signed.body).hexdigest()
    text = f"v1\n{signed.key_id}\n{signed.method}\n{signed.path}\n{signed.timestamp}\n{body}"
    return "v1=" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not TIMESTAMP.fullmatch(timestamp):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= LARGEST_SKEW
