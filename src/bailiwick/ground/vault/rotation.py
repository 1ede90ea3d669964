"""Making everything anew with the current key, row by row, while the programs go on (L-4).

Idempotent and resumable: what is left to do is asked of the rows themselves. A row that changed since it was read, or that
somebody holds locked, is left as it is and taken up again. Nobody is waited for while a lock is held.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Length

from bailiwick.ground import vault
from bailiwick.ground.vault.counting import VAULTED, left, rows_not_under
from bailiwick.ground.vault.keyring import KeyMissingError
from bailiwick.ground.vault.sealed import Column, Keyed, Sealed, Twinned, columns

ROWS = 400
# Of sealed values read at once; an upload may have megabytes.
BYTES = 8_000_000
ROUNDS = 20
TWINS = 20

Say = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """What became of one key's rows. `broken`: by column, values that no key of the ring opens: they stay as they are."""

    done: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


def remake(key: str, *, say: Say) -> Outcome:
    """Make every row of that key anew with its current key. `say` hears (column, rows done, rows there were)."""
    outcome = Outcome()
    for column in columns(key):
        if isinstance(column, Twinned):
            _add_twins(column, outcome, say)
        elif can_be_remade(column):
            _remake_column(column, outcome, say)
        waiting = left(column, settings.KEY_RING.current(key)[0])
        if waiting:
            outcome.left[column.label] = waiting
    return outcome


def can_be_remade(column: Column) -> bool:
    """Whether a command can do it: a peppered hash needs its person, a counter only time."""
    return isinstance(column, Sealed | Twinned) or (isinstance(column, Keyed) and column.redo is not None)


def _remake_column(column: Any, outcome: Outcome, say: Say) -> None:
    """In rounds: a round takes up every row once; the next takes those that were busy in the one before."""
    identifier = settings.KEY_RING.current(column.key)[0]
    there, done = rows_not_under(column, identifier).count(), 0
    for _ in range(ROUNDS):
        before = done
        broken = 0
        for rows in _batches(column, identifier):
            made, unmade = _remade(column, rows)
            done += _write(column, made)
            broken += unmade
            say(column.label, done, max(there, done))
        if broken:
            outcome.broken[column.label] = broken
        if done == before or not rows_not_under(column, identifier).exists():
            break
    outcome.done += done


def _add_twins(column: Twinned, outcome: Outcome, say: Say) -> None:
    """A digest under the current key for everything that has none; each is slow, so each is committed by itself."""
    lacking = column.lacking(settings.KEY_RING.current(column.key)[0])
    there, done, last = lacking.count(), 0, None
    while owners := list((lacking.filter(pk__gt=last) if last else lacking).order_by("pk")[:TWINS]):
        done += sum(column.add(owner) for owner in owners)
        last = owners[-1].pk
        say(column.label, done, max(there, done))
    outcome.done += done


def _batches(column: Any, identifier: str) -> Iterator[list[Any]]:
    """The rows still to do, in the order of their keys, a few at a time."""
    waiting = rows_not_under(column, identifier).order_by("pk")
    last: Any = None
    while True:
        ahead = waiting if last is None else waiting.filter(pk__gt=last)
        sizes = list(ahead.annotate(_size=Length(column.field)).values_list("pk", "_size")[:ROWS])
        if not sizes:
            return
        for keys in _portions(sizes):
            yield list(_objects(column).filter(pk__in=keys).order_by("pk"))
        last = sizes[-1][0]


def _portions(sizes: list[tuple[Any, int]]) -> Iterator[list[Any]]:
    held, portion = 0, 0
    numbered = []
    for key, size in sizes:
        if held and held + size > BYTES:
            held, portion = 0, portion + 1
        held += size
        numbered.append((portion, key))
    for _, group in groupby(numbered, key=lambda pair: pair[0]):
        yield [key for _, key in group]


def _objects(column: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = column.model._default_manager.all()
    if not isinstance(column, Sealed):
        return rows
    # What else a row holds is nobody's business here, and may be large; `row` reads the key at most and short columns.
    others = {one.field for one in columns() if isinstance(one, Sealed) and one.model is column.model} - {
        column.field
    }
    return rows.defer(*others)


def _remade(column: Any, rows: list[Any]) -> tuple[list[tuple[Any, bytes, bytes]], int]:
    """(row, value as read, value anew) of each that could be made, and how many could not."""
    made, unmade = [], 0
    for row in rows:
        old = bytes(getattr(row, column.field) or b"")
        new = _anew(column, row, old)
        if new is None:
            unmade += 1
        else:
            made.append((row, old, new))
    return made, unmade


def _anew(column: Any, row: Any, old: bytes) -> bytes | None:
    try:
        if isinstance(column, Keyed):
            return column.redo(row) if column.redo else None
        bound = column.row(row)
        form = column.form or VAULTED
        return form.closed(form.opened(old, column.place, bound), column.place, bound)
    except (vault.SealBrokenError, KeyMissingError):
        return None


def _write(column: Any, made: list[tuple[Any, bytes, bytes]]) -> int:
    if isinstance(column, Keyed) and column.turn is not None:
        return sum(column.turn(row, new) for row, _, new in made)
    if not made:
        return 0
    with transaction.atomic():
        free = _locked(column, [row.pk for row, _, _ in made])
        ready = [(new, row.pk, old) for row, old, new in made if row.pk in free]
        return _update(column, ready)


def _locked(column: Any, keys: list[Any]) -> set[Any]:
    """Those of the rows that nobody else holds. Waiting for one while holding others could end in a deadlock."""
    rows = column.model._default_manager.filter(pk__in=keys)
    locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return set(locked.values_list("pk", flat=True))


def _update(column: Any, ready: list[tuple[bytes, Any, bytes]]) -> int:
    """Each value anew where it still is the one that was read; how many that were."""
    if not ready:
        return 0
    options = column.model._meta
    kept = options.get_field(column.field)
    quote = connection.ops.quote_name
    statement = (
        f"UPDATE {quote(options.db_table)} SET {quote(kept.column)} = %s"  # noqa: S608 - names of our own models
        f" WHERE {quote(options.pk.column)} = %s AND {quote(kept.column)} = %s"
    )
    values = [
        (
            kept.get_db_prep_save(new, connection),
            options.pk.get_db_prep_value(key, connection),
            kept.get_db_prep_value(old, connection),
        )
        for new, key, old in ready
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
        return int(cursor.rowcount)
