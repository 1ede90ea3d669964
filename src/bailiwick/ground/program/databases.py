"""Database settings from one URL: SQLite embedded, PostgreSQL in production."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at BEGIN, so that two writers queue instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}

POSTGRESQL_OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 3,
    # Its guess of many rows has PostgreSQL compile statements that answer sooner than they are compiled.
    "options": "-c jit=off",
}


def databases(url: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for `sqlite:///absolute/path` or `postgresql://user:password@host:port/name`.

    Raises ValueError, with a sentence, for any other URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"default": _sqlite(parts.path)}
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": None,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": POSTGRESQL_OPTIONS | dict(parse_qsl(parts.query)),
            }
        }
    raise ValueError(
        f"A database URL starts with sqlite:/// or postgresql://, not {parts.scheme or 'nothing'}."
    )


def _sqlite(path: str) -> dict[str, Any]:
    if not path.startswith("/"):
        raise ValueError(
            "A SQLite database URL names an absolute path: sqlite:////var/lib/bailiwick/idm.sqlite3."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": SQLITE_OPTIONS,
        # A file, so that tests with several threads see one database.
        "TEST": {"NAME": f"{path}.test"},
    }
