"""Ports: read from text, tried before anything starts, found at random for tests."""

import errno
import socket

HIGHEST_PORT = 65_535


class Unusable(Exception):
    """Something in the surroundings prevents the start; the message says what and what to do."""


def port_from_text(text: str) -> int:
    """The port as a number. Raises Unusable, with a sentence, for anything else."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= HIGHEST_PORT):
        raise Unusable(f"A port is a number from 1 to {HIGHEST_PORT}, not {text!r}.")
    return int(text)


def why_unusable(port: int, host: str = "127.0.0.1") -> str:
    """Why nothing could listen at that port, or an empty string where it is free."""
    with socket.socket() as probe:
        # As the server binds: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "is taken by another program"
            return f"cannot be used ({error.strerror})"
    return ""


def free_port() -> int:
    """A port that nothing listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
