"""A process that ends with its parent, however the parent ends: nothing outlives a killed supervisor."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
LIBRARY = ctypes.CDLL(None)  # opened here: between fork and exec it is too late to load anything


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process once its parent is gone (Linux; elsewhere the call does nothing).

    `parent` is the process id that the caller believes to be its parent: where it has gone, end now.
    The kernel means the *thread* that made this process: start children from a thread that lasts.
    """
    if not sys.platform.startswith("linux"):
        return
    LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
