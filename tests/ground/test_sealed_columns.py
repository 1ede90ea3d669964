"""Every registered column of the program under test: a value opens in its own row and column and nowhere else. [A-2]"""

import uuid
from itertools import count

import pytest
from django.apps import apps
from django.db import models

from bailiwick.ground.vault import SealBrokenError
from bailiwick.ground.vault.counting import VAULTED
from bailiwick.ground.vault.sealed import Sealed, columns

_numbers = count(1)


def registered() -> list[Sealed]:
    assert apps.ready
    return [column for column in columns() if isinstance(column, Sealed)]


def some(model: type[models.Model]) -> models.Model:
    """An object of that model with a key, references, numbers and texts that no other has."""
    values = {}
    for field in model._meta.local_fields:
        target = field.target_field if field.is_relation else field
        number = next(_numbers)
        if isinstance(target, models.UUIDField):
            values[field.attname] = uuid.uuid4()
        elif isinstance(target, models.IntegerField):
            values[field.attname] = number
        elif isinstance(target, models.CharField | models.TextField):
            values[field.attname] = f"text {number}"
    return model(**values)


def pytest_generate_tests(metafunc):
    if "column" in metafunc.fixturenames:
        found = registered()
        metafunc.parametrize("column", found, ids=[column.label for column in found])


def test_a_value_opens_in_its_own_row_alone(column):
    """Two encrypted values that were exchanged are detected, in every registered column. [A-2]"""
    form = column.form or VAULTED
    own, other = some(column.model), some(column.model)
    blob = form.closed(b"900123456", column.place, column.row(own))
    assert form.opened(blob, column.place, column.row(own)) == b"900123456"
    assert blob.startswith(form.head("1"))
    with pytest.raises(SealBrokenError):
        form.opened(blob, column.place, column.row(other))


def test_a_value_opens_in_no_other_column(column):
    """Nor does a value open in another column, of the same row or any. [A-2]"""
    form = column.form or VAULTED
    own = some(column.model)
    blob = form.closed(b"900123456", column.place, column.row(own))
    for other in registered():
        if other == column:
            continue
        row = other.row(own if other.model is column.model else some(other.model))
        with pytest.raises(Exception) as refused:
            (other.form or VAULTED).opened(blob, other.place, row)
        assert type(refused.value).__name__ in {
            "SealBrokenError",
            "KeyMissingError",
            "UnicodeDecodeError",
            "ValueError",
        }
