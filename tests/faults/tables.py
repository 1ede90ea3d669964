"""Both programs' databases as they lie there, read past the programs: rows as dictionaries, the same on both engines."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]
JSON_COLUMNS = {"about", "grants", "snapshot", "answered", "amr", "differing"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
PLAIN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
PUBLIC_TABLES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"


class Database:
    """One program's database by its URL. Every call opens a connection of its own: engines may be killed in between."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite:")

    def rows(self, table: str) -> list[Row]:
        """All rows of one table: ids as hex strings, instants aware, JSON opened, bytes as bytes."""
        return self.select(f'SELECT * FROM "{table}"')

    def select(self, sql: str) -> list[Row]:
        if self.is_sqlite:
            address = f"file:{self.url.removeprefix('sqlite://')}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=20)) as connection:
                connection.row_factory = sqlite3.Row
                return [_opened(dict(row)) for row in connection.execute(sql)]
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            return [_opened(row) for row in connection.execute(sql)]

    def change(self, sql: str) -> int:
        """How many rows a change of ours touched: time travel, never a repair."""
        if self.is_sqlite:
            path = self.url.removeprefix("sqlite://")
            with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
                return connection.execute(sql).rowcount
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql).rowcount

    def tables(self) -> list[str]:
        return sorted(row["name"] for row in self.select(PLAIN_TABLES if self.is_sqlite else PUBLIC_TABLES))

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            table: self.select(f'SELECT count(*) AS many FROM "{table}"')[0]["many"]
            for table in self.tables()
        }

    def dump(self) -> Iterator[tuple[str, bytes]]:
        """(table, everything in one row as bytes), row by row, as whoever steals the database would see it."""
        for table in self.tables():
            for row in self.rows(table):
                yield table, b"\x1f".join(map(_raw, row.values()))


def _opened(row: Row) -> Row:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, memoryview):
        return bytes(value)
    if name in JSON_COLUMNS and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def _raw(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return json.dumps(value, default=str, ensure_ascii=False).encode()
