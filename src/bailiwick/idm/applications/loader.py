"""Reads application files into the catalogue, naming every mistake by file and line (O-6). Knows no Django.

All mistakes are found in one pass: an operator corrects a file once, not once a mistake.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bailiwick.idm.applications import consistency, shapes
from bailiwick.idm.applications.lines import lines_of, nearest
from bailiwick.idm.rules.catalogue import Application, ApplicationLimits, Catalogue, Client, HelpContact, Role

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong, and where."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


class CatalogueError(Exception):
    """The application files hold mistakes; `mistakes` lists them all."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(["The application files hold mistakes.", *map(str, mistakes)]))
        self.mistakes = mistakes


class _File:
    """One file being read: its raw data, its lines, and the mistakes found so far."""

    def __init__(self, name: str, text: str, values: Mapping[str, str]) -> None:
        self.name = name
        self.mistakes: list[Mistake] = []
        self.lines = lines_of(text)
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.data = {}
            self.mistakes.append(Mistake(name, _line_in(str(error), text), f"This is not TOML: {error}."))
        own = self.data.pop("values", {})
        self.values = {**own, **{key: value for key, value in values.items() if key in own}}

    def wrong(self, path: Path_, sentence: str) -> None:
        self.mistakes.append(Mistake(self.name, nearest(self.lines, path), sentence))

    def table(self, raw: Any, shape: Mapping[str, shapes.Entry], path: Path_) -> dict[str, Any]:
        """The table's entries, each read by its shape. Whatever could not be read is a mistake and left out."""
        if not isinstance(raw, dict):
            self.wrong(path, f"“{path[-1]}” is a table.")
            return {}
        for key in raw:
            if key not in shape:
                self.wrong((*path, key), f"“{key}” is not known here; known are: {', '.join(shape)}.")
        read = {}
        for key, entry in shape.items():
            if key in raw:
                self._read(key, raw[key], entry, path, read)
            elif entry.default is shapes.REQUIRED:
                self.wrong(path, f"“{key}” is missing.")
            else:
                read[key] = entry.default
        return read

    def _read(self, key: str, value: Any, entry: shapes.Entry, path: Path_, read: dict[str, Any]) -> None:
        try:
            read[key] = entry.read(self._filled(value))
        except ValueError as problem:
            self.wrong((*path, key), f"“{key}” {problem}.")

    def _filled(self, value: Any) -> Any:
        """The value with its `${name}` marks replaced from [values] and the deployment's settings."""
        if isinstance(value, list):
            return [self._filled(entry) for entry in value]
        if not isinstance(value, str):
            return value
        for name in shapes.PLACEHOLDER.findall(value):
            if name not in self.values:
                raise ValueError(f"uses ${{{name}}}, which [values] does not name")
            value = value.replace(f"${{{name}}}", str(self.values[name]))
        return value


def load(directory: Path, *, values: Mapping[str, str] | None = None) -> Catalogue:
    """Every `*.toml` of the directory as a catalogue, in order of name. Raises CatalogueError with all mistakes."""
    files = [
        _File(path.name, path.read_text(encoding="utf-8"), values or {})
        for path in sorted(directory.glob("*.toml"))
    ]
    applications = {file.name: _application(file) for file in files}
    mistakes = [mistake for file in files for mistake in file.mistakes]
    if not files:
        mistakes.append(Mistake(str(directory), 1, "There is no application file here."))
    if not mistakes:
        whole = {name: application for name, application in applications.items() if application}
        lines = {file.name: file.lines for file in files}
        for name, path, sentence in consistency.problems(whole):
            mistakes.append(Mistake(name, nearest(lines[name], path), sentence))
    if mistakes:
        raise CatalogueError(sorted(mistakes))
    return Catalogue(applications=tuple(application for application in applications.values() if application))


def check(directory: Path, *, values: Mapping[str, str] | None = None) -> list[Mistake]:
    """Every mistake in the directory's files; none means that IDM would start with them."""
    try:
        load(directory, values=values)
    except CatalogueError as error:
        return error.mistakes
    return []


def _application(file: _File) -> Application | None:
    data = file.data
    if not data:
        return None
    parts = {name: data.pop(name, None) for name in (*shapes.TABLES, "roles")}
    fields = file.table(data, shapes.APPLICATION, ())
    help_ = file.table(parts["help"] or {}, shapes.HELP, ("help",))
    limits = file.table(parts["limits"] or {}, shapes.LIMITS, ("limits",))
    client = None if parts["client"] is None else file.table(parts["client"], shapes.CLIENT, ("client",))
    roles = _roles(file, parts["roles"])
    if file.mistakes:
        return None
    return Application(
        **fields,
        help=HelpContact(**help_),
        limits=_limits(limits),
        client=_client(client) if client else None,
        roles=roles,
    )


def _roles(file: _File, raw: Any) -> tuple[Role, ...]:
    if not isinstance(raw, list) or not raw:
        file.wrong(("roles",), "An application has at least one [[roles]] table.")
        return ()
    read = [file.table(entry, shapes.ROLE, ("roles", index)) for index, entry in enumerate(raw)]
    if file.mistakes:
        return ()
    return tuple(Role(minimum_acr=role.pop("factor"), **role) for role in read)


def _client(read: dict[str, Any]) -> Client:
    return Client(minimum_acr=read.pop("factor"), **read)


def _limits(read: dict[str, Any]) -> ApplicationLimits:
    given = {name.removesuffix("_days"): value for name, value in read.items() if value is not None}
    return replace(ApplicationLimits(), **given)


def _line_in(message: str, text: str) -> int:
    """The line that tomllib's message names; "end of document" is the last."""
    words = message.replace(",", " ").split()
    if "line" in words:
        number = words[words.index("line") + 1]
        return int(number) if number.isdigit() else 1
    return max(1, len(text.splitlines()))
