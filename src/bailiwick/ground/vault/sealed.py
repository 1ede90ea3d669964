"""The register of columns that hold sealed values, keyed digests and peppered hashes: what a rotation walks.

Every room names its own in its app's `ready()`. A house test holds it complete: docs/vault.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

Row = Callable[[Any], str]
# Of a row, its new digest; None where the row does not hold what it was made of.
Redo = Callable[[Any], bytes | None]
# Write the new digest of a row, with all that depends on it, unless the row changed meanwhile: whether it was written.
Turn = Callable[[Any, bytes], bool]


@dataclass(frozen=True)
class Form:
    """A way of sealing. `head`: how a value begins by key id; `opened` and `closed`: (bytes, place, row) to bytes.

    `opened` raises SealBrokenError for what it does not open, KeyMissingError for a key that is not in the ring.
    """

    head: Callable[[str], bytes]
    opened: Callable[[bytes, str, str], bytes]
    closed: Callable[[bytes, str, str], bytes]


@dataclass(frozen=True)
class Sealed:
    """One column of sealed values. `key`: the ring's name of the key. `row`: what of an object its values are bound to.

    `form`: how they are sealed where it is not the vault's own way.
    """

    model: type[Model]
    field: str
    place: str
    row: Row
    key: str = "pii"
    form: Form | None = None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


@dataclass(frozen=True)
class Keyed:
    """One column of digests. Without `redo` its rows pass away by themselves (codes, counters): the old key waits for that."""

    model: type[Model]
    field: str
    key: str
    redo: Redo | None = None
    turn: Turn | None = None
    only: Q | None = None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


@dataclass(frozen=True)
class Peppered:
    """One column of `<key id>$…` hashes, renewed when the person shows the secret; nobody else can."""

    model: type[Model]
    field: str
    key: str = "pepper"

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


@dataclass(frozen=True)
class Twinned:
    """One table of digests that has a row under every key, for what must stay unique while the key is being changed.

    `lacking`: the owners without a digest under the key of that id. `add`: give an owner those it lacks; whether that was
    done. The rows of a key go when it is retired.
    """

    model: type[Model]
    field: str
    key: str
    lacking: Callable[[str], QuerySet[Any]]
    add: Callable[[Any], bool]

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


Column = Sealed | Keyed | Peppered | Twinned

_columns: dict[tuple[type[Model], str, str], Column] = {}


def register(
    model: type[Model],
    field: str,
    place: str,
    row: Row = lambda held: str(held.pk),
    *,
    key: str = "pii",
    form: Form | None = None,
) -> None:
    """Name a column of values that `vault.seal` or `vault.seal_bytes` made for that place and row.

    `key` and `form`: of values that a room seals in a way of its own.
    """
    _add(Sealed(model, field, place, row, key, form))


def register_digest(
    model: type[Model],
    field: str,
    *,
    key: str = "digest",
    redo: Redo | None = None,
    turn: Turn | None = None,
    only: Q | None = None,
) -> None:
    """Name a column of digests: `vault.digest` (key "digest") or `vault.stretched_digest` (key "ssn").

    `redo` makes a row's digest under the current key, from what the row holds. `turn` writes it where more than the one
    column depends on it. `only`: the rows that are of this key, where others of the column are of another.
    """
    _add(Keyed(model, field, key, redo, turn, only))


def register_peppered(model: type[Model], field: str) -> None:
    """Name a column of peppered hashes."""
    _add(Peppered(model, field))


def register_twins(
    model: type[Model],
    field: str,
    *,
    key: str,
    lacking: Callable[[str], QuerySet[Any]],
    add: Callable[[Any], bool],
) -> None:
    """Name a table of digests that has a row under every key of the ring."""
    _add(Twinned(model, field, key, lacking, add))


def columns(key: str | None = None) -> list[Column]:
    """Every registered column, or those of one key, in a settled order."""
    return sorted((one for one in _columns.values() if key in (None, one.key)), key=lambda one: one.label)


def _add(column: Column) -> None:
    _columns[column.model, column.field, column.key] = column
