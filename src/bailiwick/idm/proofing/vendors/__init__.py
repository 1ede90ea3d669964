"""The room's only network calls. Which vendor is asked is a setting; who asks does not know."""

from django.conf import settings

from bailiwick.ground.program.asking import demand_safe, key_in
from bailiwick.idm.proofing.vendors.absent import AbsentVendor
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.proofing.vendors.port import Vendor

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
    key_id, secret = key_in("BUREAU_KEY", key, lonely_id=LONELY_KEY_ID)
    demand_safe("BUREAU_URL", url, development=development)
    return HttpVendor(url=url, key_id=key_id, secret=secret)
