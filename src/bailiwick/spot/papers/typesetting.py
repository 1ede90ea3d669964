"""Documents become tagged PDFs in a process of their own (F-10).

The typesetter keeps what it has learned: 60 MiB a server would carry for ever, gone with a child that lives a tenth of a
second. The child gets the document on its standard input and nothing of our environment.
"""

import json
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from bailiwick.ground.rulings import Busy

TEMPLATES = Path(__file__).parent / "typst"
SIGNABLE = "signable"
AT_ONCE, WAIT_SECONDS, LONGEST_SECONDS = 2, 5, 20
# What the typesetter's own font can show: letters of Europe, and the signs of a page. Anything else stands as its number.
SHOWN = ((0x20, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E))

_places = threading.BoundedSemaphore(AT_ONCE)


def typeset(
    template: str, document: dict[str, Any], *, made_at: datetime, is_signable: bool = False
) -> bytes:
    """The document as PDF/UA-1; the same document and moment give the same bytes. Raises Busy where none is free in time.

    `is_signable`: for somebody who signs it with a digital certificate.
    """
    values = json.dumps(showable(document), sort_keys=True, ensure_ascii=False)
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell, and its input is data
            [
                sys.executable,
                "-I",
                "-m",
                "bailiwick.spot.papers.child",
                template,
                str(int(made_at.timestamp())),
                *([SIGNABLE] if is_signable else []),
            ],
            input=values.encode(),
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env={},
            check=True,
        )
    finally:
        _places.release()
    return done.stdout


def showable(value: Any) -> Any:
    """The same value with every character that has no glyph written as its number, which PDF/UA asks for."""
    if isinstance(value, str):
        return "".join(sign if _is_shown(sign) else f"[U+{ord(sign):04X}]" for sign in value)
    if isinstance(value, dict):
        return {key: showable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [showable(one) for one in value]
    return value


def _is_shown(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in SHOWN)
