"""The one place that reads the clock; only views, jobs and commands call it, once each."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
