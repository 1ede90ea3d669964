"""The only writers of sessions and of what grows from them."""

from bailiwick.idm.sessions.actions.devices import disown, forget_devices, meet
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
    enter,
    reverify,
    touch,
    weaken,
)

__all__ = [
    "Tokens",
    "begin",
    "complete",
    "disown",
    "end",
    "end_all",
    "end_application_sessions",
    "end_family",
    "end_presence",
    "enter",
    "forget_devices",
    "meet",
    "open_application_session",
    "open_family",
    "reverify",
    "rotate",
    "touch",
    "weaken",
]
