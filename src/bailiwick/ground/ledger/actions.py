"""The one way onto the ledger. Call it inside the transaction of the change it records."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connections, router
from django.db.models import CharField, DateTimeField, Expression, Func, QuerySet, Value
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import By
from bailiwick.ground.statements import Insert

LONGEST_WHY = 2000

_write = Insert(Entry)


def append(
    deed: StrEnum,
    *,
    by: By,
    now: datetime,
    subject: object = "",
    organization: str = "",
    application: str = "",
    why: str = "",
    outcome: str = "done",
    about: dict[str, Any] | None = None,
) -> None:
    """Write one entry (L-1).

    `subject` is an account's id; `organization` a submitter ID; `about` a small dict of ids, codes and numbers.
    """
    _write(
        at=now,
        deed=deed.value,
        actor=by.actor,
        subject=str(subject),
        organization=organization,
        application=application,
        source=by.source,
        why=why[:LONGEST_WHY],
        outcome=outcome,
        about={**(about or {}), **({"working_as": by.capacity} if by.capacity else {})},
    )


class AsText(Func):
    """A column of ids as Python writes them: with dashes, also where the database keeps them without."""

    output_field = CharField()
    template = "CAST(%(expressions)s AS varchar)"
    arity = 1

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        pieces = [f"substr(%(expressions)s, {at}, {length})" for at, length in cuts]
        return self.as_sql(compiler, connection, template=" || '-' || ".join(pieces), **context)


def append_each(
    deed: StrEnum,
    rows: QuerySet,
    *,
    by: By,
    now: datetime,
    subject: Expression,
    organization: Expression,
    application: Expression,
    outcome: str = "done",
    about: dict[str, Expression],
) -> None:
    """Write one entry for each of some rows, in one statement; the expressions are over their columns.

    For what a round records of thousands at once. Everything else is as `append` has it.
    """
    words = {"deed": deed.value, "actor": by.actor, "source": by.source, "why": "", "outcome": outcome}
    entry: dict[str, Any] = {
        "at": Value(now, output_field=DateTimeField()),
        **{name: Value(text, output_field=CharField()) for name, text in words.items()},
        "subject": subject,
        "organization": organization,
        "application": application,
        "about": JSONObject(**about),
    }
    marked = {f"entry_{name}": value for name, value in entry.items()}
    chosen = rows.order_by().annotate(**marked).values_list(*marked)
    using = router.db_for_write(Entry)
    sql, parameters = chosen.query.get_compiler(using).as_sql()
    with connections[using].cursor() as cursor:
        cursor.execute(f"INSERT INTO {Entry._meta.db_table} ({', '.join(entry)}) {sql}", parameters)
