"""Reads the schema files of `kinds/` into form kinds, naming every mistake by file and line (F-1).

All files are read once; a mistake in one stops the program at its start. A case keeps the version it was started with,
so a published file is never edited: a change is a new file with the next version.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any

from bailiwick.ground.program.toml_files import Mistake, MistakesError, Place, TomlFile
from bailiwick.spot.rules.answers import CHECKS
from bailiwick.spot.rules.lists import LISTS
from bailiwick.spot.rules.schema import OF_RECORD, Agreement, Aim, Block, Choice, Field, FieldType, FormKind

DIRECTORY = Path(__file__).with_name("kinds")
CODE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
WITH_CHOICES = {FieldType.CHOICE, FieldType.SELECT}
ORGANIZATION_KINDS = {"provider_office", "billing_service", OF_RECORD}
# What the engine itself reads: whom to write to, and who is asked to sign.
NEEDED = {
    "contact_name",
    "contact_email",
    "official_name",
    "official_title",
    "official_email",
    "official_standing",
}


class KindError(MistakesError):
    """The schema files hold mistakes; `mistakes` lists them all."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("form kinds", mistakes)


@cache
def all_kinds() -> tuple[FormKind, ...]:
    """Every version of every kind that comes with SPOT."""
    return load(DIRECTORY)


def load(directory: Path) -> tuple[FormKind, ...]:
    """The kinds of a directory's files, by code and version. Raises KindError with all mistakes."""
    files = [_File(path) for path in sorted(directory.glob("*.toml"))]
    read = [(file, _kind(file)) for file in files]
    seen: set[tuple[str, int]] = set()
    for file, kind in read:
        if kind and (kind.code, kind.version) in seen:
            file.wrong(("version",), f"Version {kind.version} of “{kind.code}” is in another file already.")
        seen |= {(kind.code, kind.version)} if kind else set()
    mistakes = [mistake for file in files for mistake in file.mistakes]
    if mistakes:
        raise KindError(sorted(mistakes))
    return tuple(sorted((kind for _, kind in read if kind), key=lambda kind: (kind.code, kind.version)))


class _File(TomlFile):
    """A schema file: its tables become the frozen classes of `rules/schema.py`."""

    def made(self, made: type, data: Any, place: Place, **given: Any) -> Any:
        """An object of the frozen class `made` from a table, or None where it has mistakes. `given` is not the file's."""
        if not isinstance(data, dict):
            self.wrong(place, "This is a table.")
            return None
        before = len(self.mistakes)
        known = {one.name: one for one in fields(made) if one.name not in given}
        for key in data:
            if key not in known:
                self.wrong((*place, key), f"“{key}” is not known here; known are: {', '.join(known)}.")
        for name, one in known.items():
            if name not in data and one.default is MISSING and one.default_factory is MISSING:
                self.wrong(place, f"“{name}” is missing.")
        values = {
            key: self._value(value, known[key].type, (*place, key))
            for key, value in data.items()
            if key in known
        }
        return made(**values, **given) if len(self.mistakes) == before else None

    def _value(self, value: Any, wanted: Any, place: Place) -> Any:
        is_right, sentence = KINDS_OF_VALUE[wanted]
        if not is_right(value):
            self.wrong(place, f"“{place[-1]}” {sentence}.")
            return None
        if isinstance(value, list):
            return tuple(value)
        if isinstance(value, dict):
            return {key: tuple(answers) for key, answers in value.items()}
        return value.strip() if isinstance(value, str) else value


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


KINDS_OF_VALUE = {
    str: (lambda value: isinstance(value, str) and bool(value.strip()), "is text"),
    int: (lambda value: type(value) is int and value > 0, "is a whole number above zero"),
    bool: (lambda value: isinstance(value, bool), "is true or false"),
    tuple[str, ...]: (_is_texts, "is a list of texts"),
    FieldType: (
        lambda value: value in {word.value for word in FieldType},
        f"is one of {', '.join(FieldType)}",
    ),
    Mapping[str, tuple[str, ...]]: (
        lambda value: isinstance(value, dict) and bool(value) and all(map(_is_texts, value.values())),
        "is a table of field codes and lists of answers",
    ),
}


def _kind(file: _File) -> FormKind | None:
    if not file.data:
        return None
    data = dict(file.data)
    blocks = [
        _block(file, raw, index)
        for index, raw in enumerate(_tables(file, data.pop("blocks", None), ("blocks",)))
    ]
    agreement = file.made(Agreement, data.pop("agreement", None), ("agreement",))
    kind: FormKind | None = file.made(
        FormKind, data, (), agreement=agreement, blocks=tuple(block for block in blocks if block)
    )
    if file.mistakes or kind is None:
        return None
    _check(file, kind)
    return None if file.mistakes else kind


def _block(file: _File, raw: Any, index: int) -> Block | None:
    place: Place = ("blocks", index)
    data = dict(raw) if isinstance(raw, dict) else {}
    tables = _tables(file, data.pop("fields", None), (*place, "fields"))
    read = [_field(file, one, (*place, "fields", number)) for number, one in enumerate(tables)]
    block: Block | None = file.made(Block, data, place, fields=tuple(one for one in read if one))
    return block


def _field(file: _File, raw: Any, place: Place) -> Field | None:
    data = dict(raw) if isinstance(raw, dict) else {}
    listed = data.pop("choices", [])
    read = [file.made(Choice, one, (*place, "choices")) for one in listed] if isinstance(listed, list) else []
    one: Field | None = file.made(Field, data, place, choices=tuple(choice for choice in read if choice))
    if one is None:
        return None
    one = Field(**{**vars(one), "type": FieldType(one.type)})
    if (one.type in WITH_CHOICES) != bool(one.choices):
        file.wrong((*place, "choices"), "A choice or select has “choices”, and no other type has any.")
    if (one.type is FieldType.ROWS) != (one.rows in LISTS):
        file.wrong((*place, "rows"), f"Of type rows, and of no other, “rows” is one of {', '.join(LISTS)}.")
    if one.default and one.default not in _answers_to(one):
        file.wrong((*place, "default"), f"“{one.default}” is not among the answers.")
    return one


def _tables(file: _File, raw: Any, place: Place) -> list[Any]:
    if not isinstance(raw, list) or not raw:
        file.wrong(
            place, f"There is at least one [[{'.'.join(str(p) for p in place if isinstance(p, str))}]]."
        )
        return []
    return raw


def _check(file: _File, kind: FormKind) -> None:
    """What only the whole file shows: codes used once, conditions on earlier fields, checks that exist."""
    if kind.organization_kind not in ORGANIZATION_KINDS:
        file.wrong(
            ("organization_kind",), f"“organization_kind” is one of {', '.join(sorted(ORGANIZATION_KINDS))}."
        )
    if kind.aim not in set(Aim):
        file.wrong(("aim",), f"“aim” is one of {', '.join(Aim)}.")
    if lacking := NEEDED - {one.code for one in kind.fields}:
        file.wrong((), f"Every form asks for {', '.join(sorted(lacking))}.")
    blocks: set[str] = set()
    earlier: dict[str, Field] = {}
    for index, block in enumerate(kind.blocks):
        place: Place = ("blocks", index)
        if not CODE.fullmatch(block.code) or block.code in blocks:
            file.wrong((*place, "code"), f"“{block.code}” is not a code, or not a new one.")
        blocks.add(block.code)
        if block.list_field and len(block.fields) > 1:
            file.wrong(place, "A block with a field of type rows has no other field.")
        for number, one in enumerate(block.fields):
            _check_field(file, one, (*place, "fields", number), earlier, kind)
            earlier[one.code] = one


def _check_field(file: _File, one: Field, place: Place, earlier: Mapping[str, Field], kind: FormKind) -> None:
    if not CODE.fullmatch(one.code) or one.code in earlier:
        file.wrong((*place, "code"), f"“{one.code}” is not a code, or not a new one.")
    for code, wanted in one.shown_when.items():
        if code not in earlier:
            file.wrong((*place, "shown_when"), f"“{code}” is not an earlier field.")
        elif unknown := set(wanted) - _answers_to(earlier[code]):
            file.wrong((*place, "shown_when"), f"“{code}” is never answered {', '.join(sorted(unknown))}.")
    for check in one.checks:
        name, _, other = check.partition(":")
        if name not in CHECKS or (other and kind.field(other) is None):
            file.wrong(
                (*place, "checks"), f"“{check}” is not one of {', '.join(sorted(CHECKS))}, or names no field."
            )


def _answers_to(one: Field) -> set[str]:
    if one.type in {FieldType.YES_NO, FieldType.TICK}:
        return {"yes", "no"} if one.type is FieldType.YES_NO else {"yes"}
    return {choice.value for choice in one.choices}
