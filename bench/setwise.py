"""Rows made by the database itself, a set at a time, on either engine: what crowd and realm are made with."""

from typing import Any

SQLITE = {
    "uuid": "lower(hex(randomblob(16)))",
    "bytes": "randomblob(32)",
    "series": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    "from": "n",
}
POSTGRESQL = {
    "uuid": "gen_random_uuid()",
    "bytes": "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
    "series": "",
    "from": "generate_series(1, {count}) AS n(i)",
}


class Sql(str):
    """An expression over the row at hand, not a value."""

    __slots__ = ()


def words() -> dict[str, str]:
    """How this engine says what the two say differently."""
    from django.db import connection

    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def lay_out(cursor: Any, table: str, count: int, *, start: int = 0) -> None:
    """A temporary table of `count` numbers `i`, each under two ids: `id` and `other`."""
    said = words()
    series, source = (said[part].format(count=count) for part in ("series", "from"))
    cursor.execute(
        f"CREATE TEMPORARY TABLE {table} AS {series} "
        f"SELECT i + {start} AS i, {said['uuid']} AS id, {said['uuid']} AS other FROM {source}"
    )
    cursor.execute(f"CREATE INDEX {table}_i ON {table} (i)")


def trust_references(cursor: Any) -> None:
    """Each row refers to one made a moment ago: that is not looked up again, eight million times, at the end."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")


def analyze(cursor: Any) -> None:
    from django.db import connection

    cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def insert(cursor: Any, model: Any, rows_of: str, **given: Any) -> None:
    """One row of the model for each of the source; columns that are not given get the model's own defaults."""
    from django.db import connection
    from django.db.models.fields import NOT_PROVIDED

    columns, expressions, values = [], [], []
    about = model._meta
    for field in about.local_concrete_fields:
        if field.column not in given and (field.db_default is not NOT_PROVIDED or field.primary_key):
            continue
        value = given.get(field.column, None if field.null else field.get_default())
        columns.append(connection.ops.quote_name(field.column))
        if isinstance(value, Sql):
            expressions.append(value.replace("%", "%%"))
        else:
            expressions.append("%s")
            values.append(field.get_db_prep_save(value, connection))
    table = connection.ops.quote_name(about.db_table)
    source = rows_of.replace("%", "%%")
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(expressions)} FROM {source}"
    cursor.execute(sql, values)
