"""How much of what is long one run takes: `make soak` sets BAILIWICK_FAULTS=thorough and takes it whole."""

import os

IS_THOROUGH = os.environ.get("BAILIWICK_FAULTS", "") == "thorough"


def whole(number: int, *, part: int) -> int:
    """`number` in a soak, `part` in a usual run."""
    return number if IS_THOROUGH else part
