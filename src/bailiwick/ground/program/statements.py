"""Statements whose SQL is made once: on the busiest paths Django takes longer to build SQL than a database to answer it.

A queryset is written as always, with a parameter where a value of the moment goes. Law: what is sent, and what comes
back, is what the queryset itself would send and give; only the making of its SQL is remembered, by each thread.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import router, transaction
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import ROW_COUNT


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
    """`fields`: the parameters by name, each with the field that brings its values to the database; never None."""

    def __init__(self, build: Callable[..., Any], **fields: Field) -> None:
        self._build = build
        self._fields = fields
        self._made = _Made()

    def _parameters(self) -> dict[str, Parameter]:
        return {name: Parameter(name, field) for name, field in self._fields.items()}

    def _freeze(self, compiler: SQLCompiler) -> SQLCompiler:
        """Let the compiler give the SQL it makes now, whenever it is asked again, with the values of that moment."""
        sql, made_with = compiler.as_sql()
        compiler.as_sql = lambda *_, **__: (sql, _bound(made_with, compiler.bound))
        return compiler

    def _bind(self, compiler: SQLCompiler, values: dict[str, Any]) -> None:
        connection = compiler.connection
        compiler.bound = {
            name: field.get_db_prep_value(values[name], connection) for name, field in self._fields.items()
        }


def _bound(made_with: Sequence[Any], values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[one.name] if isinstance(one, Parameter) else one for one in made_with)


class Read(_Statement):
    """`Read(lambda key: Thing.objects.filter(key=key), key=BinaryField())(key=…)`: a list of what the queryset gives."""

    def __call__(self, **values: Any) -> list[Any]:
        made = self._made
        if made.compiler is None:
            made.queryset = self._build(**self._parameters())
            made.compiler = self._freeze(made.queryset.query.get_compiler(using=made.queryset.db))
            columns = [column for column, *_ in made.compiler.select[: made.compiler.col_count]]
            converters = made.compiler.get_converters(columns)
            made.compiler.get_converters = lambda _: converters
            made.queryset.query.get_compiler = lambda *_, **__: made.compiler
        self._bind(made.compiler, values)
        # Django's own iterable: model instances, related ones and tuples are made as ever.
        return list(made.queryset._iterable_class(made.queryset))  # noqa: SLF001 - all() would build it anew

    def first(self, **values: Any) -> Any:
        """The first row, else None. No LIMIT: for what is unique anyway."""
        rows = self(**values)
        return rows[0] if rows else None


class Update(_Statement):
    """`Update(lambda key, at: (Thing.objects.filter(key=key), {"seen_at": at}), …)(key=…, at=…)`: how many rows changed."""

    def __call__(self, **values: Any) -> int:
        made = self._made
        if made.compiler is None:
            made.queryset, columns = self._build(**self._parameters())
            query = made.queryset.query.chain(UpdateQuery)
            query.add_update_values(columns)
            made.compiler = self._freeze(query.get_compiler(using=made.queryset.db))
        self._bind(made.compiler, values)
        with transaction.mark_for_rollback_on_error(using=made.compiler.using):
            return int(made.compiler.execute_sql(ROW_COUNT))


class InsertOnce(_Statement):
    """`InsertOnce(Thing, "key", "at")(key=…, at=…)`: whether the row was written; False where a unique constraint has it.

    One statement that needs no transaction of its own to survive the conflict. The columns left out are the database's.
    """

    def __init__(self, model: type[Model], *columns: str) -> None:
        super().__init__(model, **{name: model._meta.get_field(name) for name in columns})  # noqa: SLF001 - Django's own

    def __call__(self, **values: Any) -> bool:
        made = self._made
        if made.compiler is None:
            row = self._build(**self._parameters())
            query = InsertQuery(self._build, on_conflict=OnConflict.IGNORE)
            query.insert_values(list(self._fields.values()), [row])
            made.compiler = query.get_compiler(using=router.db_for_write(self._build))
            ((made.sql, made.made_with),) = made.compiler.as_sql()
        self._bind(made.compiler, values)
        with made.compiler.connection.cursor() as cursor:
            cursor.execute(made.sql, _bound(made.made_with, made.compiler.bound))
            return bool(cursor.rowcount)
