"""Children: one process group each, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bailiwick.command.children import Child

# A leader with a worker of its own that does not listen to SIGTERM, as a web server under load.
STUBBORN_WORKER = (
    "import os, signal, subprocess, sys, time\n"
    "code = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)'\n"
    "worker = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE)\n"
    "worker.stdout.readline()\n"
    "print(worker.pid, flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def child(tmp_path):
    made = []

    def make(script: str) -> Child:
        made.append(
            Child("trial", [sys.executable, "-c", script], dict(os.environ), tmp_path / "logs" / "trial.log")
        )
        return made[-1]

    yield make
    for one in made:
        one.kill()


def until(condition, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def lives(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_writes_into_its_own_log(child):
    """What it prints and what it complains of."""
    one = child("import sys; print('out'); print('err', file=sys.stderr)")
    one.start()
    assert one.wait(10)
    assert sorted(one.last_lines()) == ["err", "out"]


def test_a_child_that_ended_is_not_running_and_has_a_code(child):
    """Its exit code is known once it is reaped."""
    one = child("raise SystemExit(3)")
    one.start()
    assert one.wait(10)
    one.kill()
    assert one.exit_code == 3


def test_stopping_leaves_no_worker_behind(child):
    """The worker ignores SIGTERM and outlives its leader; the group is killed."""
    one = child(STUBBORN_WORKER)
    one.start()
    assert until(one.last_lines)
    worker = int(one.last_lines()[0])
    assert lives(worker)
    one.stop(0.5)
    assert until(lambda: not lives(worker))


def test_a_new_start_kills_what_a_dead_leader_left(child):
    """The leader was killed alone; its worker holds the port until the group is killed."""
    one = child(STUBBORN_WORKER)
    one.start()
    assert until(one.last_lines)
    worker = int(one.last_lines()[0])
    os.kill(one.process_id, signal.SIGKILL)
    assert one.wait(10)
    assert lives(worker)
    one.start()
    assert until(lambda: not lives(worker))
    assert one.is_running


def test_a_child_dies_with_its_parent(tmp_path):
    """Also where the parent gets no chance to say good-bye."""
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from bailiwick.command.children import Child\n"
        "one = Child('trial', [sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ), Path(sys.argv[1]))\n"
        "one.start()\n"
        "print(one.process_id, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        grandchild = int(parent.stdout.readline())
        assert lives(grandchild)
        parent.kill()
    assert until(lambda: not lives(grandchild))
