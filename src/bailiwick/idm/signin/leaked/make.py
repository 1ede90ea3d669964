"""Makes `digests.bin` anew: `python -m bailiwick.idm.signin.leaked.make LIST …`.

Each LIST is a text file with one password a line, or a JSON array of strings, or the present `digests.bin` (to add to
it); `SOURCES.md` says which were used.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bailiwick.idm.signin.leaked import FILE, WIDTH, digest

SHORTEST = 4


def passwords(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8", errors="ignore")
    yield from json.loads(text) if path.suffix == ".json" else text.splitlines()


def digests(path: Path) -> Iterator[bytes]:
    """Of every password in the list that is long enough to be one."""
    if path.suffix == ".bin":
        table = path.read_bytes()
        yield from (table[at : at + WIDTH] for at in range(0, len(table), WIDTH))
        return
    yield from (digest(one) for one in passwords(path) if len(one) >= SHORTEST)


def main() -> None:
    listed = {one for name in sys.argv[1:] for one in digests(Path(name))}
    FILE.write_bytes(b"".join(sorted(listed)))
    sys.stdout.write(f"{len(listed)} passwords in {FILE}\n")


if __name__ == "__main__":
    main()
