"""The room's only network calls. Which vendor is asked is a setting; who asks does not know."""

from urllib.parse import urlsplit

from django.conf import settings

from bailiwick.idm.proofing.vendors.absent import AbsentVendor
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.proofing.vendors.port import Vendor

SHORTEST_SECRET = 32
LONELY_KEY_ID = "idm"


def vendor() -> Vendor:
    """The vendor of this deployment."""
    chosen: Vendor = settings.PROOFING_VENDOR
    return chosen


def vendor_at(*, url: str, key: str, development: bool) -> Vendor:
    """The adapter for what the environment says; an empty `url` means that there is no vendor.

    `key` is `<key id>:<secret>`, or the secret alone for the key id `idm`. Raises ValueError, with a sentence, for
    what cannot work or is not safe.
    """
    if not url:
        return AbsentVendor()
    key_id, _, secret = key.strip().rpartition(":")
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"BUREAU_KEY is <key id>:<secret>, with a secret of {SHORTEST_SECRET} characters or more."
        )
    parts = urlsplit(url)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise ValueError("BUREAU_URL is the vendor's address, like https://vendor.example.")
    if parts.scheme == "http" and not development:
        raise ValueError(
            "BUREAU_URL starts with https:// outside a development run: it carries personal facts."
        )
    return HttpVendor(url=url, key_id=key_id or LONELY_KEY_ID, secret=secret)
