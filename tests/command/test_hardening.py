"""Keys lie in the memory of every program: no core dump is left of it, and no neighbor of the same user looks into it."""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bailiwick.command.children import Child
from bailiwick.command.ports import free_port
from bailiwick.command.supervising import is_healthy
from tests.settings import surroundings

LIBRARY = ctypes.CDLL(None)
PR_CAPBSET_DROP = 24
# What an intruder with the program's own user would do: attach as a debugger does, then read memory and environment.
INTRUDER = """
import ctypes, sys
process = int(sys.argv[1])
library = ctypes.CDLL(None, use_errno=True)
library.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
print("attach", library.ptrace(16, process, None, None))
for name in ("mem", "environ", "maps"):
    try:
        open(f"/proc/{process}/{name}", "rb").close()
        print(name, 0)
    except OSError:
        print(name, -1)
"""
BYSTANDER = "import time; print(1, flush=True); time.sleep(60)"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's promise is Linux's"),
]


def without_capabilities():
    """Root of the machine is no test: what is started here is the user and nothing more."""
    if os.geteuid() == 0:
        for capability in range(64):
            LIBRARY.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def intrude(process_id: int) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", INTRUDER, str(process_id)],
        preexec_fn=without_capabilities,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split() for line in done.stdout.splitlines())


def family(process_id: int) -> list[int]:
    """A process and all below it."""
    below = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [process_id, *(one for child in below for one in family(int(child)))]


def core_limits(process_id: int) -> list[str]:
    lines = Path(f"/proc/{process_id}/limits").read_text().splitlines()
    return next(line for line in lines if line.startswith("Max core file size")).split()[4:6]


@pytest.fixture(params=[("idm", "serve"), ("idm", "work"), ("spot", "serve"), ("spot", "work")], ids=" ".join)
def program(request, tmp_path):
    """The processes of a real program: the first, and the workers that a server starts."""
    name, word = request.param
    port = free_port()
    words = ["--port", str(port)] if word == "serve" else []
    command = [sys.executable, "-m", "bailiwick.command", name]
    strangers = ("IDM_", "SPOT_", "BUREAU_", "DJANGO_SETTINGS_MODULE")
    plain = {key: value for key, value in os.environ.items() if not key.startswith(strangers)}
    environment = plain | surroundings(name)
    subprocess.run(
        [*command, "migrate", "--verbosity", "0"], env=environment, check=True, capture_output=True
    )
    child = Child(name, [*command, word, *words], environment, tmp_path / "log")
    child.start()
    try:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and not _is_up(child, port, word):
            time.sleep(0.1)
        assert child.is_running, child.last_lines()
        yield family(child.process_id)
    finally:
        child.kill()


def _is_up(child, port, word) -> bool:
    return is_healthy(f"127.0.0.1:{port}") if word == "serve" else core_limits(child.process_id) == ["0", "0"]


def test_no_process_of_a_program_dumps_or_shows_its_memory(program):
    """Core dumps are off, and ptrace, mem, environ and maps are refused to a process of the same user. [L-4]"""
    time.sleep(0.5)
    for process_id in program:
        assert core_limits(process_id) == ["0", "0"], process_id
        assert intrude(process_id) == dict.fromkeys(("attach", "mem", "environ", "maps"), "-1"), process_id


def test_the_intruder_of_these_tests_gets_into_a_process_that_is_not_hardened():
    """Else the test above would show nothing."""
    bystander = subprocess.Popen(
        [sys.executable, "-c", BYSTANDER],
        stdout=subprocess.PIPE,
        preexec_fn=without_capabilities,  # noqa: PLW1509 - one thread here
    )
    try:
        bystander.stdout.readline()
        assert intrude(bystander.pid)["maps"] == "0"
    finally:
        bystander.kill()
        bystander.wait()
