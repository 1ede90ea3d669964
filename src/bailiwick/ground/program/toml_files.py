"""A TOML file that a person writes, read so that every mistake can be named by its line.

`tomllib` reads values but forgets lines: the headers and keys at the start of a line tell them, which is how such files
are written. Application files and form kinds are read through this; what their tables may hold is their rooms' business.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*([\w-]+)\s*=")
LINE_TOLD = re.compile(r"line (\d+)")
Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong, and where."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


class MistakesError(Exception):
    """Files of one kind hold mistakes; `mistakes` lists them all."""

    def __init__(self, what: str, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join([f"The {what} hold mistakes.", *map(str, mistakes)]))
        self.mistakes = mistakes


class TomlFile:
    """One file being read: its raw data, where its keys stand, and the mistakes found so far."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.mistakes: list[Mistake] = []
        text = self._text(path)
        self.lines = lines_of(text)
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.data = {}
            told = LINE_TOLD.search(str(error))
            line = int(told[1]) if told else max(1, len(text.splitlines()))
            self.mistakes.append(Mistake(self.name, line, f"This is not TOML: {error}."))

    def _text(self, path: Path) -> str:
        raw = path.read_bytes()
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            number = raw[: error.start].count(b"\n") + 1
            self.mistakes.append(Mistake(self.name, number, "This is not UTF-8 text."))
            return ""

    def wrong(self, place: Place, sentence: str) -> None:
        """A mistake at that key, or at the closest table around it that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        self.mistakes.append(Mistake(self.name, self.lines.get(place, 1), sentence))


def lines_of(text: str) -> dict[Place, int]:
    """Where each table and key first stands, counted from 1: `{("blocks", 0, "fields", 2, "label"): 41, …}`."""
    found: dict[Place, int] = {}
    table: Place = ()
    counts: dict[Place, int] = {}
    is_inside_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not is_inside_text:
            if header := HEADER.match(line):
                table = _table(header[1], is_list="[[" in line, counts=counts)
                found.setdefault(table, number)
            elif key := KEY.match(line):
                found.setdefault((*table, key[1]), number)
        if (line.count('"""') + line.count("'''")) % 2:
            is_inside_text = not is_inside_text
    return found


def _table(name: str, *, is_list: bool, counts: dict[Place, int]) -> Place:
    """`[[blocks.fields]]` belongs to the last `[[blocks]]` before it."""
    *parents, last = name.split(".")
    place: Place = ()
    for parent in parents:
        place = (*place, parent)
        place = (*place, counts[place]) if place in counts else place
    place = (*place, last)
    if not is_list:
        return place
    counts[place] = counts.get(place, -1) + 1
    return (*place, counts[place])
