"""Makes `digests.bin` anew: `python -m bailiwick.idm.signin.leaked.make LIST …`.

Each LIST is a text file with one password a line, or a JSON array of strings; `SOURCES.md` says which were used.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bailiwick.idm.signin.leaked import FILE, digest

SHORTEST = 4


def passwords(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield from json.loads(text) if path.suffix == ".json" else text.split()


def main() -> None:
    listed = {digest(one) for name in sys.argv[1:] for one in passwords(Path(name)) if len(one) >= SHORTEST}
    FILE.write_bytes(b"".join(sorted(listed)))
    sys.stdout.write(f"{len(listed)} passwords in {FILE}\n")


if __name__ == "__main__":
    main()
