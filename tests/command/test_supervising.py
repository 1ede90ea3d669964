"""The supervisor: what crashes comes back, what is asked to stop stops."""

import os
import sys
import time
from pathlib import Path

import pytest

from bailiwick.command.children import Child
from bailiwick.command.ports import free_port
from bailiwick.command.supervising import Stopped, Supervisor

COUNTS_AND_CRASHES = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "place = Path(sys.argv[1])\n"
    "place.write_text(place.read_text() + 'x' if place.exists() else 'x')\n"
    "print('the reason', flush=True)\n"
    "if len(place.read_text()) < 2: raise SystemExit(1)\n"
    "time.sleep(60)\n"
)
SERVES_HEALTH = (
    "import http.server, sys\n"
    "class Door(http.server.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(200 if self.path == '/healthz' else 404)\n"
    "        self.end_headers()\n"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Door).serve_forever()\n"
)


@pytest.fixture
def supervised(tmp_path):
    lines, made = [], []

    def make(script: str, *arguments: str) -> tuple[Supervisor, list[str]]:
        command = [sys.executable, "-c", script, *arguments]
        child = Child("trial", command, dict(os.environ), tmp_path / "trial.log")
        made.append(Supervisor(say=lines.append))
        made[-1].start([child])
        return made[-1], lines

    yield make
    for supervisor in made:
        supervisor.stop()


def test_a_crashed_child_comes_back_and_a_line_says_why(supervised, tmp_path: Path):
    """The line names the child, the pause and the end of its log."""
    counter = tmp_path / "counter"
    supervisor, lines = supervised(COUNTS_AND_CRASHES, str(counter))
    waited = supervisor.wait_until_ready({"nobody": f"127.0.0.1:{free_port()}"}, seconds=4)
    assert waited == ["nobody"]
    assert counter.read_text() == "xx"
    assert lines[0].startswith("trial ended unasked; it starts again in 1 s.")
    assert lines[1].strip() == "the reason"
    assert "trial is started again" in lines


def test_the_pause_between_crashes_doubles(supervised):
    """A program that cannot start does not eat the machine."""
    supervisor, lines = supervised("raise SystemExit(1)")
    supervisor.wait_until_ready({"nobody": f"127.0.0.1:{free_port()}"}, seconds=4.5)
    pauses = [line for line in lines if "starts again in" in line]
    assert [pause.partition("again in ")[2][:3] for pause in pauses[:2]] == ["1 s", "2 s"]


def test_ready_means_that_the_health_page_answers(supervised):
    """A port that is merely open is not enough."""
    port = free_port()
    supervisor, lines = supervised(SERVES_HEALTH, str(port))
    assert supervisor.wait_until_ready({"trial": f"127.0.0.1:{port}"}, seconds=20) == []
    assert lines == ["trial answers"]


def test_a_signal_ends_the_waiting(supervised):
    """Ctrl-C during a slow start is heard at once."""
    supervisor, _ = supervised("import time; time.sleep(60)")
    supervisor.ask_to_stop()
    started = time.monotonic()
    with pytest.raises(Stopped):
        supervisor.wait_until_ready({"nobody": f"127.0.0.1:{free_port()}"}, seconds=30)
    assert time.monotonic() - started < 10
