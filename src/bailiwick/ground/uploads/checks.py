"""The door for a file: how large, of which kind, and looked into before anything of it is kept. (quality, "uploads")"""

import subprocess
import sys
from threading import BoundedSemaphore
from typing import Protocol

import structlog

from bailiwick.ground.rulings import Busy, Refused
from bailiwick.ground.uploads.inspecting import FINE
from bailiwick.ground.uploads.rules import Content, Kind, Refusal, kind_of

logger = structlog.get_logger(__name__)

LONGEST_SECONDS = 20
# Looking into a file takes memory and a processor: more at a time wait, and longer than this they are told so.
AT_A_TIME = BoundedSemaphore(2)
LONGEST_WAIT_SECONDS = 20.0


class File(Protocol):
    """As Django hands over what a browser sent."""

    size: int | None

    def read(self, amount: int = ..., /) -> bytes: ...


def content(file: File, *, most_bytes: int) -> Content:
    """What `file` holds, typed by its content; its name and what the browser said of it count for nothing.

    Call it outside any transaction: it can take some seconds. Raises Refused with a code of `rules`, and Busy where
    many files wait already.
    """
    if (file.size or 0) > most_bytes:
        raise Refused(Refusal.TOO_LARGE, most=most_bytes // 1024**2)
    data = file.read(most_bytes + 1)
    if not data:
        raise Refused(Refusal.EMPTY)
    if len(data) > most_bytes:
        raise Refused(Refusal.TOO_LARGE, most=most_bytes // 1024**2)
    kind = kind_of(data)
    if kind is None:
        raise Refused(Refusal.WRONG_KIND)
    said = _inspected(kind, data)
    if said != FINE:
        raise Refused(Refusal(said))
    return Content(kind, data)


def _inspected(kind: Kind, data: bytes) -> str:
    """The verdict of a process of its own; one that was ended, or said anything else, could not read the file."""
    answer = in_a_child("bailiwick.ground.uploads.inspecting", kind.value, data=data)
    said = answer.decode("ascii", "replace") if answer is not None else ""
    return said if said in {FINE, *Refusal} else Refusal.UNREADABLE.value


def in_a_child(module: str, *arguments: str, data: bytes) -> bytes | None:
    """What `python -m module` says of `data`, in a process that has no environment; None where it was ended or failed.

    The module limits itself first (`inspecting.limit_resources`). Raises Busy where many files wait already.
    """
    if not AT_A_TIME.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by the interpreter that runs us
            [sys.executable, "-I", "-m", module, *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("a file could not be looked into in time", module=module)
        return None
    finally:
        AT_A_TIME.release()
    if done.returncode != 0:
        logger.warning("a file could not be looked into", module=module, ended_with=done.returncode)
        return None
    return done.stdout
