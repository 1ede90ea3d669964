"""Statements whose SQL is made once: on the busiest paths Django takes longer to build SQL than a database to answer it.

A queryset is written as always, with a parameter where a value of the moment goes. Law: what is sent, and what comes
back, is what the queryset itself would send and give; only the making of its SQL is remembered, by each thread.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import router, transaction
from django.db.models import AutoField, Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import ROW_COUNT

__all__ = ["Insert", "InsertOnce", "Read", "Update"]


class Parameter(Expression):
    """Stands for a value that is known only when the statement runs."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: SQLCompiler, _connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class _Made(threading.local):
    """One thread's SQL: its connection belongs to it, and so does what was built for it."""

    compiler: SQLCompiler | None = None
    queryset: QuerySet | None = None
    sql: str = ""
    made_with: Sequence[Any] = ()


class _Statement:
    """`fields`: the parameters by name, each with the field that brings its values to the database."""

    def __init__(self, **fields: Field) -> None:
        self._fields = fields
        self._made = _Made()

    def _parameters(self) -> dict[str, Parameter]:
        return {name: Parameter(name, field) for name, field in self._fields.items()}

    def _bound(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """What goes to the database in the order of the SQL."""
        made = self._made
        connection = made.compiler.connection
        ready = {
            name: field.get_db_prep_value(values[name], connection) for name, field in self._fields.items()
        }
        return tuple(ready[one.name] if isinstance(one, Parameter) else one for one in made.made_with)


class Read(_Statement):
    """`Read(lambda key: Thing.objects.filter(key=key), key=BinaryField())(key=…)`: a list of what the queryset gives.

    A value is never None: SQL compares nothing with NULL.
    """

    def __init__(self, build: Callable[..., QuerySet], **fields: Field) -> None:
        super().__init__(**fields)
        self._build = build

    def __call__(self, **values: Any) -> list[Any]:
        made = self._made
        if made.compiler is None:
            self._make()
        bound = self._bound(values)
        made.compiler.as_sql = lambda *_, **__: (made.sql, bound)
        # Django's own iterable: model instances, related ones and tuples are made as ever.
        return list(made.queryset._iterable_class(made.queryset))  # noqa: SLF001 - all() would build it anew

    def first(self, **values: Any) -> Any:
        """The first row, else None. No LIMIT: for what is unique anyway."""
        rows = self(**values)
        return rows[0] if rows else None

    def _make(self) -> None:
        queryset = self._build(**self._parameters())
        compiler = queryset.query.get_compiler(using=queryset.db)
        self._made.sql, self._made.made_with = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _: converters
        queryset.query.get_compiler = lambda *_, **__: compiler
        self._made.queryset, self._made.compiler = queryset, compiler


class Update(_Statement):
    """`Update(lambda key, at: (Thing.objects.filter(key=key), {"seen_at": at}), …)(key=…, at=…)`: how many rows changed."""

    def __init__(self, build: Callable[..., tuple[QuerySet, dict[str, Any]]], **fields: Field) -> None:
        super().__init__(**fields)
        self._build = build

    def __call__(self, **values: Any) -> int:
        made = self._made
        if made.compiler is None:
            self._make()
        bound = self._bound(values)
        made.compiler.as_sql = lambda *_, **__: (made.sql, bound)
        with transaction.mark_for_rollback_on_error(using=made.compiler.using):
            return int(made.compiler.execute_sql(ROW_COUNT))

    def _make(self) -> None:
        queryset, columns = self._build(**self._parameters())
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(columns)
        compiler = query.get_compiler(using=router.db_for_write(queryset.model))
        self._made.sql, self._made.made_with = compiler.as_sql()
        self._made.compiler = compiler


class Insert(_Statement):
    """`Insert(Thing)(key=…, at=…)`: write a row, every column given but one that the database numbers itself.

    Raises IntegrityError where a constraint forbids it; a number that the database gave is not brought back.
    """

    on_conflict: OnConflict | None = None

    def __init__(self, model: type[Model]) -> None:
        columns = model._meta.concrete_fields
        super().__init__(**{one.attname: one for one in columns if not isinstance(one, AutoField)})
        self._model = model

    def row(self, row: Model) -> bool:
        """Write a new instance. From now on it is one that was read."""
        written = self(**{name: getattr(row, name) for name in self._fields})
        row._state.adding, row._state.db = False, self._made.compiler.using
        return written

    def rows(self, rows: Iterable[Model]) -> None:
        """Write many new instances, by the one statement."""
        with self._cursor() as cursor:
            values = ({name: getattr(row, name) for name in self._fields} for row in rows)
            cursor.executemany(self._made.sql, [self._bound(one) for one in values])

    def __call__(self, **values: Any) -> bool:
        with self._cursor() as cursor:
            cursor.execute(self._made.sql, self._bound(values))
            return bool(cursor.rowcount)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        if self._made.compiler is None:
            self._make()
        compiler = self._made.compiler
        with (
            transaction.mark_for_rollback_on_error(using=compiler.using),
            compiler.connection.cursor() as cursor,
        ):
            yield cursor

    def _make(self) -> None:
        row = self._model()
        for name, parameter in self._parameters().items():
            row.__dict__[name] = parameter
        query = InsertQuery(self._model, on_conflict=self.on_conflict)
        query.insert_values(list(self._fields.values()), [row])
        compiler = query.get_compiler(using=router.db_for_write(self._model))
        ((self._made.sql, self._made.made_with),) = compiler.as_sql()
        self._made.compiler = compiler


class InsertOnce(Insert):
    """An Insert that says False where a unique constraint has the row already, and leaves the transaction whole."""

    on_conflict = OnConflict.IGNORE
