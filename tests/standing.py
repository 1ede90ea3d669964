"""Rows that stand for all tests of one file: built once, and each test's own changes to them are rolled back as ever.

Not for files that commit (`transaction=True`): these rows never are.

    @pytest.fixture(scope="module")
    def standing(django_db_setup, django_db_blocker):
        with rows_that_stand(django_db_blocker, build) as built:
            yield built
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Built = TypeVar("Built")


@contextmanager
def rows_that_stand(blocker: Any, build: Callable[[], Built]) -> Iterator[Built]:
    """What `build` gave, inside a transaction that goes with the block. Tests change copies of it (copy.deepcopy)."""
    from django.db import transaction

    around = transaction.atomic()
    # As Django's own tests do it: what insists on being outermost is told that this one does not count.
    around._from_testcase = True
    with blocker.unblock():
        around.__enter__()
        built = build()
    try:
        yield built
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
