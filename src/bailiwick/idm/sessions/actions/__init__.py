"""The only writers of sessions and of what grows from them."""

from bailiwick.idm.sessions.actions.presence import (
    Tokens,
    end_family,
    open_application_session,
    open_family,
    rotate,
)
from bailiwick.idm.sessions.actions.sessions import (
    begin,
    complete,
    end,
    end_all,
    end_application_sessions,
    end_presence,
    reverify,
    touch,
)

__all__ = [
    "Tokens",
    "begin",
    "complete",
    "end",
    "end_all",
    "end_application_sessions",
    "end_family",
    "end_presence",
    "open_application_session",
    "open_family",
    "reverify",
    "rotate",
    "touch",
]
