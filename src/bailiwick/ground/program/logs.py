"""Structured logs: one JSON line an event, UTC, request number, and never a personal value."""

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL_KEYS = frozenset(
    {
        "ssn",
        "tin",
        "birth_date",
        "password",
        "answer",
        "code",
        "secret",
        "token",
        "cookie",
        "authorization",
        "first_name",
        "last_name",
        "middle_name",
        "name",
        "email",
        "phone",
        "address",
        "home_address",
        "zip",
        "user_id",
        "body",
        "query",
        "params",
        "data",
    }
)
NINE_DIGITS = re.compile(r"(?<!\d)\d{3}-?\d{2}-?\d{4}(?!\d)")
# A random secret of 240 bits or more, as links carry it in their path.
LONG_SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def drop_personal(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank personal keys, mask nine-digit numbers and secrets of links; control characters cannot start a second line."""
    for key, value in list(event.items()):
        if key in PERSONAL_KEYS:
            event[key] = "[withheld]"
        elif isinstance(value, str) and key != "exception":
            masked = LONG_SECRET.sub("[long secret]", NINE_DIGITS.sub("[nine digits]", value))
            event[key] = CONTROL.sub("·", masked)
    return event


def drop_traceback_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep where an exception happened and its type; its message can carry what a person typed."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        import traceback

        frames = traceback.extract_tb(info[2])
        event["exception"] = info[1].__class__.__name__
        event["frames"] = [
            f"{frame.filename.rpartition('bailiwick/')[2]}:{frame.lineno} {frame.name}"
            for frame in frames[-12:]
        ]
    return event


SHARED_PROCESSORS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    drop_traceback_values,
    drop_personal,
]


def logging_settings(level: str) -> dict[str, Any]:
    """A logging.config dictionary that sends every logger through the same processors to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "httpx": {"level": "WARNING"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the standard library and structlog write the same lines."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
