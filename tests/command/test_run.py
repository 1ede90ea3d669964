"""`bailiwick run`, as far as it goes without starting anything."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bailiwick.command.ports import Unusable, free_port
from bailiwick.command.world import MARKER, World

PORTS = {"idm": 18000, "spot": 18001, "bureau": 18002}


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bailiwick.command", *words],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_named_with_the_way_out(tmp_path):
    """The message names the port, the program and the variable that chooses another."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        done = command(
            "run", "--demo", "--directory", str(tmp_path / "world"),
            IDM_PORT=port, SPOT_PORT=str(free_port()), BUREAU_PORT=str(free_port()),
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} for IDM is taken" in done.stderr
    assert "IDM_PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "world").exists()


def test_two_programs_cannot_share_a_port(tmp_path):
    """A mistake of the person at the keyboard gets a sentence."""
    port = str(free_port())
    done = command("run", "--demo", "--directory", str(tmp_path), IDM_PORT=port, SPOT_PORT=port)
    assert done.returncode == 1
    assert "a port of its own" in done.stderr


def test_starting_over_removes_its_own_directory_only(tmp_path):
    """A directory that this command did not make stays."""
    strange = tmp_path / "precious"
    strange.mkdir()
    (strange / "thesis.txt").write_text("three years")
    with pytest.raises(Unusable, match="stays"):
        World(strange, PORTS, {}).start_over()
    assert (strange / "thesis.txt").exists()


def test_starting_over_removes_a_world(tmp_path):
    """FRESH=1: keys, databases and logs go."""
    world = World(tmp_path / "world", PORTS, {})
    world.lay_out()
    assert (world.directory / MARKER).exists()
    world.start_over()
    assert not world.directory.exists()


def test_starting_over_touches_no_database_server(tmp_path):
    """A database that a setting names may hold more than a fictitious world."""
    world = World(tmp_path / "world", PORTS, {"IDM_DATABASE_URL": "postgresql://db.example/idm"})
    world.lay_out()
    with pytest.raises(Unusable, match="IDM_DATABASE_URL"):
        world.start_over()
    assert (world.directory / MARKER).exists()


def test_what_the_caller_says_of_a_program_wins(tmp_path):
    """PostgreSQL by one setting; the other program does not see it; the port is no setting."""
    given = {"IDM_DATABASE_URL": "postgresql://db.example/idm", "IDM_PORT": "18000", "PATH": "/bin"}
    world = World(tmp_path / "world", PORTS, given)
    world.lay_out()
    idm, spot = world.environment("idm"), world.environment("spot")
    assert idm["IDM_DATABASE_URL"] == "postgresql://db.example/idm"
    assert "IDM_PORT" not in idm
    assert not [name for name in spot if name.startswith("IDM_")]
    assert spot["PATH"] == "/bin"


def test_keys_stay_the_same_at_the_second_start(tmp_path):
    """A second start keeps the data, and can read it."""
    world = World(tmp_path / "world", PORTS, {})
    world.lay_out()
    before = {path.name: path.read_text() for path in secrets_of(world)}
    world.lay_out()
    assert {path.name: path.read_text() for path in secrets_of(world)} == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in secrets_of(world))


def secrets_of(world: World) -> list[Path]:
    return [world.directory / "bureau.key", world.directory / "spot-client.json"]


def test_no_arguments_name_the_commands():
    """`bailiwick` alone helps instead of failing."""
    done = command()
    assert done.returncode == 2
    assert "usage: bailiwick" in done.stderr


def test_application_files_of_the_repository_are_in_order():
    """`bailiwick apps check` says so in one line. [O-6]"""
    done = command("apps", "check")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout


def test_a_mistake_in_an_application_file_is_named_by_line(tmp_path):
    """File, line and sentence; the exit code tells a script. [O-6]"""
    (tmp_path / "spot.toml").write_text('code = "spot"\ncolour = "red"\n')
    done = command("apps", "check", str(tmp_path))
    assert done.returncode == 1
    assert "spot.toml, line 2" in done.stdout
