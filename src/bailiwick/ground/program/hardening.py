"""A process whose memory holds keys: it leaves no core dump, and no other process of its user can look into it.

For every server, worker and command of a program. Root can still look: whoever is root has the keys anyway.
"""

import ctypes
import resource
import sys

PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4


class NotHardenedError(RuntimeError):
    """The kernel refused; the program does not start, for its memory could be read."""


def harden() -> None:
    """No core dumps; on Linux no debugger, no /proc/<id>/mem and no environment for others of the same user either."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) or library.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0):
        raise NotHardenedError(
            "The kernel does not keep this process's memory from others (PR_SET_DUMPABLE)."
        )
