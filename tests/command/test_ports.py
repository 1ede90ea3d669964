"""Ports are tried before anything starts."""

import socket

import pytest

from bailiwick.command.ports import Unusable, free_port, port_from_text, why_unusable


def test_a_taken_port_is_named_as_taken():
    """Somebody listens there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert why_unusable(listener.getsockname()[1]) == "is taken by another program"


def test_a_free_port_is_usable():
    """Nobody listens there."""
    assert why_unusable(free_port()) == ""


@pytest.mark.parametrize("text", ["", "0", "-1", "65536", "http", "80 80", "８０", "1e3"])
def test_what_is_no_port_is_refused_with_a_sentence(text):
    """A mistyped port is no traceback."""
    with pytest.raises(Unusable, match="from 1 to 65535"):
        port_from_text(text)
