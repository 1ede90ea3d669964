"""The room's only network calls, and which payer the environment names."""

from pathlib import Path

from bailiwick.ground.program.asking import demand_safe, key_in
from bailiwick.spot.payers.absent import AbsentPayer
from bailiwick.spot.payers.embedded import SAMPLE, EmbeddedPayer, providers_in, third_parties_in
from bailiwick.spot.payers.port import Payer
from bailiwick.spot.payers.vendors.http import HttpPayer

LONELY_KEY_ID = "spot"


def payer_from(
    path: Path | None,
    *,
    url: str = "",
    key: str = "",
    development: bool,
    down_while: Path | None = None,
) -> Payer:
    """The payer for what the environment says: the one at `url`, or the file at `path`.

    Without either the sample in development, else none. `key` is `<key id>:<secret>`, or the secret alone for the key
    id `spot`. Raises PayerFileError, and ValueError with a sentence for what cannot work or is not safe.
    """
    if url and path:
        raise ValueError("PAYER_URL and PAYER_FILE are two payers: set one of them.")
    if url:
        key_id, secret = key_in("PAYER_KEY", key, lonely_id=LONELY_KEY_ID)
        demand_safe("PAYER_URL", url, development=development)
        return HttpPayer(url=url, key_id=key_id, secret=secret)
    if path is None and not development:
        return AbsentPayer()
    known = (*providers_in(path or SAMPLE), *third_parties_in(path or SAMPLE))
    return EmbeddedPayer(known, down_while=down_while if development else None)
