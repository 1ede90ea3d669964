"""Looks into one file: a process of its own, with little memory and time, that ends with its verdict.

`python -I -m bailiwick.ground.uploads.inspecting <kind>` reads the file from its input and prints "ok" or the code
of a refusal. What a hostile file can do to a parser it does here, where nothing is to be had: no key, no database, no
environment, no file to write.
"""

import resource
import sys
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from bailiwick.ground.uploads.rules import Kind, Refusal

CPU_SECONDS = 10
MEMORY_BYTES = 1024**3
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
MOST_PAGES = 200
MOST_OBJECTS = 200_000
DEEPEST = 60
FINE = "ok"

# What makes a document act when it is opened, clicked or printed.
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    }
)
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
FILE_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/Collection"})
REMOTE = frozenset({"/GoToE", "/GoToR"})
# A page opened at a place of the document: harmless, and in many files.
OPENS_A_PAGE = "/GoTo"


class Objection(Exception):
    """What is wrong with the file."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def main() -> None:
    limit_resources()
    data = sys.stdin.buffer.read()
    sys.stdout.write(verdict(Kind(sys.argv[1]), data))


def limit_resources() -> None:
    """Little processor, little memory, no file to write: for this process, from here on."""
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def verdict(kind: Kind, data: bytes) -> str:
    """FINE, or the code of a refusal; whatever breaks a parser is UNREADABLE."""
    warnings.simplefilter("ignore")
    looks = {Kind.PDF: look_into_pdf, Kind.PNG: look_into_png, Kind.JPEG: look_into_jpeg}
    try:
        looks[kind](data)
    except Objection as objection:
        return objection.refusal.value
    except Exception:  # noqa: BLE001 - of what went wrong in a hostile file nothing is told
        return Refusal.UNREADABLE.value
    return FINE


def look_into_png(data: bytes) -> None:
    if _end_of_png(data) != len(data):
        raise Objection(Refusal.MORE_THAN_ONE)
    _look_at_picture(data, "PNG")


def look_into_jpeg(data: bytes) -> None:
    # Some cameras pad the end of a file with zeros.
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise Objection(Refusal.MORE_THAN_ONE if b"\xff\xd9" in data else Refusal.UNREADABLE)
    _look_at_picture(data, "JPEG")


def _end_of_png(data: bytes) -> int:
    """Where the chunk IEND ends. Raises where the chunks do not add up to a picture."""
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] == b"acTL":
            raise Objection(Refusal.MOVES)
        end = at + 12 + length
        if data[at + 4 : at + 8] == b"IEND":
            return end
        at = end
    raise Objection(Refusal.UNREADABLE)


def _look_at_picture(data: bytes, name: str) -> None:
    """The size before anything is unpacked; then its structure, then every pixel."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # counted here, with words of ours
    with Image.open(BytesIO(data), formats=[name]) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise Objection(Refusal.TOO_MANY_PIXELS)
        picture.verify()
    with Image.open(BytesIO(data), formats=[name]) as picture:
        picture.load()


def look_into_pdf(data: bytes) -> None:
    """Opens without a password, has pages, does nothing by itself and carries nothing along."""
    from pypdf import PdfReader

    tail = data[data.rfind(b"%%EOF") :] if b"%%EOF" in data else b""
    if tail[5:].strip(b"\r\n\t \0\x1a"):
        raise Objection(Refusal.MORE_THAN_ONE)
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Objection(Refusal.ENCRYPTED)
    for value in _objects_of(reader):
        _look_at_object(value)
    pages = len(reader.pages)
    if not 1 <= pages <= MOST_PAGES:
        raise Objection(Refusal.TOO_MANY_PAGES if pages else Refusal.UNREADABLE)


def _objects_of(reader: Any) -> Iterator[Any]:
    """Every object of the file and its trailer, also those that nothing refers to."""
    from pypdf.generic import IndirectObject

    yield reader.trailer
    known = {number for numbers in reader.xref.values() for number in numbers} | set(reader.xref_objStm)
    if len(known) > MOST_OBJECTS:
        raise Objection(Refusal.UNREADABLE)
    generations = {number: generation for generation, numbers in reader.xref.items() for number in numbers}
    for number in known:
        # None: a free place in the table.
        yield IndirectObject(number, generations.get(number, 0), reader).get_object()


def _look_at_object(value: Any, depth: int = 0) -> None:
    """A dictionary, and what stands in it; what it refers to is an object of its own and has its own turn."""
    if depth > DEEPEST:
        raise Objection(Refusal.UNREADABLE)
    if isinstance(value, dict):
        _look_at_dictionary(value)
        # raw: a reference stays one.
        inner = [value.raw_get(key) if hasattr(value, "raw_get") else value[key] for key in value]
    elif isinstance(value, list):
        inner = list(list.__iter__(value))
    else:
        return
    for each in inner:
        _look_at_object(each, depth + 1)


def _look_at_dictionary(value: Any) -> None:
    keys = set(value)
    if (
        keys & FILE_KEYS
        or value.get("/Type") == "/EmbeddedFile"
        or value.get("/Subtype") == "/FileAttachment"
    ):
        raise Objection(Refusal.CARRIES_FILES)
    action = value.get("/S")
    if keys & ACTIVE_KEYS or (isinstance(action, str) and action in ACTIONS | REMOTE):
        raise Objection(Refusal.ACTIVE)
    if value.get("/Subtype") in {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}:
        raise Objection(Refusal.ACTIVE)


if __name__ == "__main__":
    main()
