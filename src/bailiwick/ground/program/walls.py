"""The second wall around somebody's rows: PostgreSQL itself shows a walled page no others, whatever it asks for.

    with within(account=…, organizations=…):
        …every statement runs as the program's tenant role, under the policies on its tables

The role and the values are set for a transaction at a time, before its first statement: a pooler between program and
database may then hand the connection on. A statement outside a transaction gets one of its own. SQLite has no roles:
there `within` does nothing, and the queries' own scopes are the only wall (docs/operations.md).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from bailiwick.ground.program.database_roles import roles_of

_standing: ContextVar["Wall | None"] = ContextVar("wall", default=None)


class Wall:
    """A wrapper around every statement of this thread's connection; `values` are what the policies compare with."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.is_open = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if self.is_open:
            return execute(sql, params, many, context)
        if not connection.in_atomic_block:
            with transaction.atomic():
                self.close()
                return execute(sql, params, many, context)
        if _status() is TransactionStatus.IDLE:
            self.close()
        return execute(sql, params, many, context)

    def close(self) -> None:
        """Become the tenant until this transaction ends."""
        names = {"role": roles_of(settings.PROGRAM).tenant} | {
            f"bailiwick.{name}": value for name, value in self.values.items()
        }
        calls = ", ".join(["set_config(%s, %s, true)"] * len(names))
        given = [part for pair in names.items() for part in pair]
        connection.connection.execute(f"SELECT {calls}", given)


def _open() -> None:
    connection.connection.execute("RESET ROLE")


def _status() -> TransactionStatus:
    found: TransactionStatus = connection.connection.info.transaction_status
    return found


def _has_begun() -> bool:
    return connection.connection is not None and _status() is TransactionStatus.INTRANS


@contextmanager
def within(**values: str) -> Iterator[None]:
    """Everything inside sees and writes what the policies let `values` see and write; walls do not stand in walls."""
    if connection.vendor != "postgresql" or _standing.get() is not None:
        yield
        return
    wall = Wall(values)
    if _has_begun():
        wall.close()
    token = _standing.set(wall)
    try:
        with connection.execute_wrapper(wall):
            yield
    finally:
        _standing.reset(token)
        if _has_begun():
            _open()


@contextmanager
def beyond() -> Iterator[None]:
    """Inside, the program asks for itself what no page shows as it is: whether an organization has an able approver."""
    wall = _standing.get()
    if wall is None or wall.is_open:
        yield
        return
    wall.is_open = True
    if _has_begun():
        _open()
    try:
        yield
    finally:
        wall.is_open = False
        # After an error the rollback brings the role back by itself.
        if _has_begun():
            wall.close()
