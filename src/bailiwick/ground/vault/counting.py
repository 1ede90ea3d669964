"""How many rows each key still holds together: told from how a value begins, by the database itself."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from bailiwick.ground.vault import head, mark, seal_bytes, unseal_bytes
from bailiwick.ground.vault.keyring import FIRST
from bailiwick.ground.vault.sealed import Column, Form, Keyed, Peppered, Sealed, Twinned, columns

VAULTED = Form(
    head=head,
    opened=lambda blob, place, row: unseal_bytes(blob, place=place, row=row),
    closed=lambda data, place, row: seal_bytes(data, place=place, row=row),
)


def rows_of(column: Column) -> QuerySet[Any]:
    """The rows that hold a value at all."""
    held = column.model._default_manager.exclude(**{column.field: "" if _is_text(column) else b""})
    if isinstance(column, Keyed) and column.only is not None:
        held = held.filter(column.only)
    return held.exclude(**{column.field: None})


def rows_under(column: Column, identifier: str) -> QuerySet[Any]:
    """The rows whose value was made with that key."""
    return rows_of(column).filter(_begins(column, identifier))


def rows_not_under(column: Column, identifier: str) -> QuerySet[Any]:
    """The rows whose value was made with any other key."""
    return rows_of(column).exclude(_begins(column, identifier))


def digests_under(rows: QuerySet[Any], field: str, *, key: str, identifier: str) -> QuerySet[Any]:
    """Those of the rows whose digest was made with that key."""
    return rows.filter(_digest_begins(field, key, identifier))


def digests_not_under(rows: QuerySet[Any], field: str, *, key: str) -> QuerySet[Any]:
    """Those of the rows whose digest was made with another key than the current one."""
    return rows.exclude(_digest_begins(field, key, settings.KEY_RING.current(key)[0]))


def counts(key: str) -> dict[str, dict[str, int]]:
    """By column, how many rows each key of the ring holds; "?" for rows of keys that are not in the ring."""
    return {column.label: _counts(column) for column in columns(key)}


def needed(key: str, identifier: str) -> dict[str, int]:
    """By column, the rows that would be lost with that key; columns without any are left out."""
    found = {column.label: _needing(column, identifier) for column in columns(key)}
    return {label: rows for label, rows in found.items() if rows}


def left(column: Column, current: str) -> int:
    """How many rows still wait for the current key."""
    if isinstance(column, Twinned):
        return column.lacking(current).count()
    return rows_not_under(column, current).count()


def _needing(column: Column, identifier: str) -> int:
    if isinstance(column, Twinned):
        return column.lacking(settings.KEY_RING.current(column.key)[0]).count()
    return rows_under(column, identifier).count()


def _counts(column: Column) -> dict[str, int]:
    by_key = {
        identifier: rows_under(column, identifier).count() for identifier in settings.KEY_RING.all(column.key)
    }
    lost = rows_of(column).count() - sum(by_key.values())
    return by_key | ({"?": lost} if lost > 0 else {})


def _begins(column: Column, identifier: str) -> Q:
    if isinstance(column, Peppered):
        return Q(**{f"{column.field}__startswith": f"{identifier}$"})
    if isinstance(column, Sealed):
        return _between(column.field, (column.form or VAULTED).head(identifier))
    return _digest_begins(column.field, column.key, identifier)


def _digest_begins(field: str, key: str, identifier: str) -> Q:
    begins = mark(key, identifier)
    if begins:
        return _between(field, begins)
    # The first key's digests have no mark: they are those that have none of the others'.
    others = [mark(key, one) for one in settings.KEY_RING.all(key) if one != FIRST]
    marked = Q(pk__in=[])
    for other in others:
        marked |= _between(field, other)
    return ~marked


def _between(field: str, begins: bytes) -> Q:
    after = (int.from_bytes(begins, "big") + 1).to_bytes(len(begins), "big")
    return Q(**{f"{field}__gte": begins, f"{field}__lt": after})


def _is_text(column: Column) -> bool:
    return not isinstance(column, Sealed | Keyed | Twinned)
