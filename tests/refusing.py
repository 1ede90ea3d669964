"""Acts that must be refused, for every room's tests."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from bailiwick.ground.rulings import Refused


def refusal(act: Callable[..., Any], *arguments: Any, **named: Any) -> StrEnum:
    """The code with which the act is refused; the test fails where it is not."""
    with pytest.raises(Refused) as refused:
        act(*arguments, **named)
    return refused.value.code
