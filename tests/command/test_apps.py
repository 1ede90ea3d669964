"""`bailiwick apps check` reads the files as IDM would, without a database. (O-6)"""

import json

from bailiwick.command.main import main
from tests.house.source import ROOT

SHIPPED = ROOT / "applications"


def test_the_shipped_files_are_in_order(monkeypatch, capsys):
    """Exit code 0 and one line. [O-6]"""
    monkeypatch.delenv("IDM_APPLICATION_VALUES", raising=False)
    assert main(["apps", "check", str(SHIPPED)]) == 0
    assert "are in order" in capsys.readouterr().out


def test_a_mistake_is_told_with_its_line(tmp_path, monkeypatch, capsys):
    """Exit code 1; file, line and a sentence. [O-6]"""
    monkeypatch.delenv("IDM_APPLICATION_VALUES", raising=False)
    for path in SHIPPED.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text().replace('code = "reader"', 'code = "READER"'))
    assert main(["apps", "check", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "almanac.toml, line " in told
    assert "lower-case letters" in told


def test_nothing_is_compared_or_applied_while_a_mistake_stands(tmp_path, monkeypatch, capsys):
    """The mistake is told, not a traceback. [O-6]"""
    (tmp_path / "spot.toml").write_text("code = 1")
    monkeypatch.setenv("IDM_APPLICATIONS_DIRECTORY", str(tmp_path))
    assert [main(["apps", verb]) for verb in ("diff", "apply")] == [1, 1]
    assert "spot.toml, line 1" in capsys.readouterr().out


def test_values_of_the_deployment_are_checked_too(monkeypatch, capsys):
    """An address that only the environment names can be wrong as well. [O-6]"""
    monkeypatch.setenv("IDM_APPLICATION_VALUES", json.dumps({"spot_url": "http://spot.example"}))
    assert main(["apps", "check", str(SHIPPED)]) == 1
    assert "spot.toml" in capsys.readouterr().out
    monkeypatch.setenv("IDM_APPLICATION_VALUES", "{not json")
    assert main(["apps", "check", str(SHIPPED)]) == 1
