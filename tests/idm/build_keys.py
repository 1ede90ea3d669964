"""A key ring of a test's own, and the operator's command over it."""

import io
from pathlib import Path

from bailiwick.ground.vault.keyring import LiveRing, create
from bailiwick.ground.vault.providers import KeyFile
from bailiwick.idm.site.management.commands.keys import Command


def own_ring(settings, directory: Path) -> LiveRing:
    """A fresh ring in a file, and the program set to it."""
    path = directory / "keys.json"
    create(path)
    settings.KEY_RING = LiveRing(KeyFile(path))
    return settings.KEY_RING


def keys(verb: str, *words: str, **options: object) -> str:
    """What `bailiwick idm keys <verb>` says. Raises CommandError where it refuses."""
    out = io.StringIO()
    command = Command(stdout=out, stderr=out)
    command.settle_seconds = 0
    names = ("name", "identifier")
    command.handle(verb=verb, **{"distribute": False} | dict(zip(names, words, strict=False)) | options)
    return out.getvalue()
