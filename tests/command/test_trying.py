"""`bailiwick simulate` and `bailiwick forecast`, each as a process of its own."""

import os
import subprocess
import sys
import time

import pytest

from bailiwick.command.main import main
from tests.house.source import ROOT

# The forecast looks ahead from the day it is asked on.
TODAY = time.strftime("%Y-%m-%d")


def process(*words, **environment):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("IDM_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "bailiwick.command", *words],
        cwd=ROOT, env=plain | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ran(*words, **environment):
    with process(*words, **environment) as running:
        output, errors = running.communicate()
        return subprocess.CompletedProcess(words, running.returncode, output, errors)


@pytest.mark.slow
def test_a_year_is_turned_on_a_scratch_database_and_forecast_on_a_live_one(tmp_path):
    """The report is whole and the scratch database goes; a forecast of the world that was kept counts its roles. [I-2]"""
    url, report = f"sqlite:///{tmp_path}/kept.sqlite3", tmp_path / "report"
    few = ("simulate", "--people", "12", "--organizations", "2", "--days", "2", "--from", TODAY)
    done = ran(*few, "--report", str(report), "--database", url, IDM_DATABASE_URL="sqlite:////nowhere/live")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in report.iterdir()) == [
        "days.csv", "ends.csv", "notices.csv", "report.html",
    ]  # fmt: skip
    assert "2 days of 12 people" in (report / "report.html").read_text()
    policy = tmp_path / "policy.toml"
    policy.write_text("[deployment]\ninactive_after_days = 20\n")
    live = {"IDM_DEVELOPMENT": "true", "IDM_STATE_DIRECTORY": str(tmp_path), "IDM_DATABASE_URL": url}
    told = ran("forecast", "--policy", str(policy), "--csv", str(tmp_path / "losses.csv"), **live)
    assert told.returncode == 0, told.stderr
    assert "a role becomes inactive after 20 days instead of 30" in told.stdout
    assert (tmp_path / "losses.csv").exists()
    again = ran(*few, "--database", url)
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    like = ran("simulate", "--like", url, "--from", TODAY, "--days", "1", "--report", str(report))
    assert like.returncode == 0, like.stderr
    assert "like that of a database" in (report / "report.html").read_text()


@pytest.mark.slow
def test_a_simulation_that_is_ended_leaves_nothing_behind(tmp_path):
    """Whoever stops the command stops it in order: no scratch directory, no report, and a word about it."""
    report, scratch = tmp_path / "report", tmp_path / "scratch"
    scratch.mkdir()
    words = ("simulate", "--people", "4", "--organizations", "2", "--report", str(report))
    with process(*words, TMPDIR=str(scratch)) as running:
        assert "preparing" in running.stderr.readline()
        assert list(scratch.iterdir())
        running.terminate()
        _, errors = running.communicate()
    assert (running.returncode, "Stopped" in errors) == (1, True)
    assert not [*scratch.iterdir(), *tmp_path.glob("report*")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--people", "3", "--organizations", "2"], "two people at least"),
        (["--database", "sqlite:////live"], "the live database"),
        (["--policy", "nowhere.toml"], "nowhere.toml"),
        (["--like", "sqlite:////nowhere/copy"], "no database sqlite:////nowhere/copy"),
        (["--like", "sqlite:////copy", "--people", "5"], "leave the numbers out"),
        (["--like", "sqlite:////copy", "--database", "sqlite:////copy"], "only read"),
    ],
)
def test_what_cannot_be_simulated_is_told_before_anything_is_made(words, sentence, monkeypatch, capsys):
    """The live database is refused by its URL."""
    monkeypatch.setenv("IDM_DATABASE_URL", "sqlite:////live")
    assert main(["simulate", *words]) == 1
    assert sentence in capsys.readouterr().err
