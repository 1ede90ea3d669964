"""Reads application files into the catalogue, naming every mistake by file and line (O-6). Knows no Django.

All mistakes are found in one pass: an operator corrects a file once, not once a mistake.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bailiwick.ground.program.toml_files import Mistake, MistakesError, Place, TomlFile
from bailiwick.idm.applications import consistency, shapes
from bailiwick.idm.rules.catalogue import (
    Application,
    ApplicationLimits,
    Catalogue,
    Client,
    FreeAttribute,
    HelpContact,
    Role,
)


class CatalogueError(MistakesError):
    """The application files hold mistakes; `mistakes` lists them all."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("application files", mistakes)


class _File(TomlFile):
    """An application file: its tables are read by their shapes, with the deployment's values filled in."""

    def __init__(self, path: Path, values: Mapping[str, str]) -> None:
        super().__init__(path)
        own = self.data.pop("values", {})
        if not isinstance(own, dict):
            self.wrong(("values",), "“values” is a table.")
            own = {}
        self.values = {**own, **{key: value for key, value in values.items() if key in own}}

    def table(self, raw: Any, shape: Mapping[str, shapes.Entry], path: Place) -> dict[str, Any]:
        """The table's entries, each read by its shape. Whatever could not be read is a mistake and left out."""
        if not isinstance(raw, dict):
            self.wrong(path, f"“{path[-1]}” is a table.")
            return {}
        for key in raw:
            if key not in shape:
                self.wrong((*path, key), f"“{key}” is not known here; known are: {', '.join(shape)}.")
        read: dict[str, Any] = {}
        for key, entry in shape.items():
            if key in raw:
                self._read(key, raw[key], entry, path, read)
            elif entry.default is shapes.REQUIRED:
                self.wrong(path, f"“{key}” is missing.")
            else:
                read[key] = entry.default
        return read

    def _read(self, key: str, value: Any, entry: shapes.Entry, path: Place, read: dict[str, Any]) -> None:
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
    files = [_File(path, values or {}) for path in sorted(directory.glob("*.toml"))]
    read = {file.name: _application(file) for file in files}
    whole = {name: application for name, application in read.items() if application}
    named = {file.name: file for file in files}
    for name, path, sentence in consistency.problems(whole, are_all=len(whole) == len(files)):
        named[name].wrong(path, sentence)
    mistakes = [mistake for file in files for mistake in file.mistakes]
    if not files:
        mistakes.append(Mistake(str(directory), 1, "There is no application file here."))
    if mistakes:
        raise CatalogueError(sorted(mistakes))
    return Catalogue(applications=tuple(whole.values()))


def check(directory: Path, *, values: Mapping[str, str] | None = None) -> list[Mistake]:
    """Every mistake in the directory's files; none means that IDM would start with them."""
    try:
        load(directory, values=values)
    except CatalogueError as error:
        return error.mistakes
    return []


def _application(file: _File) -> Application | None:
    data = file.data
    if not data and not file.mistakes:
        file.wrong((), "The file describes no application.")
    if not data:
        return None
    parts = {name: data.pop(name, None) for name in (*shapes.TABLES, "roles", "attributes")}
    fields = file.table(data, shapes.APPLICATION, ())
    help_ = file.table(parts["help"] or {}, shapes.HELP, ("help",))
    limits = file.table(parts["limits"] or {}, shapes.LIMITS, ("limits",))
    client = None if parts["client"] is None else file.table(parts["client"], shapes.CLIENT, ("client",))
    roles = _roles(file, parts["roles"])
    attributes = _attributes(file, parts["attributes"])
    if file.mistakes:
        return None
    return Application(
        **fields,
        help=HelpContact(**help_),
        limits=_limits(limits),
        client=_client(client) if client else None,
        roles=roles,
        attributes=attributes,
    )


def _roles(file: _File, raw: Any) -> tuple[Role, ...]:
    if not isinstance(raw, list) or not raw:
        file.wrong(("roles",), "An application has at least one [[roles]] table.")
        return ()
    read = [file.table(entry, shapes.ROLE, ("roles", index)) for index, entry in enumerate(raw)]
    if file.mistakes:
        return ()
    return tuple(Role(minimum_acr=role.pop("factor"), **role) for role in read)


def _attributes(file: _File, raw: Any) -> tuple[FreeAttribute, ...]:
    if raw is not None and not isinstance(raw, list):
        file.wrong(("attributes",), "What holders may change is described in [[attributes]] tables.")
        return ()
    tables = enumerate(raw or [])
    read = [file.table(entry, shapes.ATTRIBUTE, ("attributes", index)) for index, entry in tables]
    return () if file.mistakes else tuple(FreeAttribute(**attribute) for attribute in read)


def _client(read: dict[str, Any]) -> Client:
    return Client(minimum_acr=read.pop("factor"), **read)


def _limits(read: dict[str, Any]) -> ApplicationLimits:
    given = {name.removesuffix("_days"): value for name, value in read.items() if value is not None}
    return replace(ApplicationLimits(), **given)
