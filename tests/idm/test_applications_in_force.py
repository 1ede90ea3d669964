"""`bailiwick apps diff` and `apply`: what the files would change, and putting them in force, recorded (O-6)."""

from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.applications.models import Applied
from bailiwick.idm.applications.queries import not_applied
from bailiwick.idm.site.starting import refuse_files_not_applied
from tests.idm import build_pages as build
from tests.idm.test_applications import SHIPPED

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path, settings, monkeypatch):
    """A copy of the shipped files that the commands read."""
    for path in SHIPPED.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text())
    monkeypatch.setattr(settings.ENVIRONMENT, "applications_directory", tmp_path)
    return tmp_path


def apps(*words):
    """(exit code, what was printed)."""
    told = StringIO()
    try:
        call_command("apps", *words, stdout=told)
    except SystemExit as ended:
        return ended.code, told.getvalue()
    return 0, told.getvalue()


def rewrite(files, old, new, name="almanac.toml"):
    text = (files / name).read_text()
    assert old in text
    (files / name).write_text(text.replace(old, new, 1))


def test_what_was_never_applied_differs_in_everything_and_afterwards_in_nothing(files):
    """Applying twice records once; each application has an entry on the ledger. [O-6, L-2]"""
    code, told = apps("diff")
    assert code == 1
    assert "+ almanac.roles.reader.decided_by = application_desk" in told
    apps("apply", "--reason", "The first files")
    assert apps("diff") == (0, "The application files are what is in force.\n")
    apps("apply")
    entries = Entry.objects.filter(deed="application:catalogue:applied")
    assert sorted(entry.application for entry in entries) == ["almanac", "harbor", "idm", "spot"]
    assert {entry.why for entry in entries} == {"The first files"}


def test_a_diff_names_what_changes_and_an_entry_which_paths(files):
    """Who decides is changed: shown before, recorded after, with no other application's row. [O-6, L-2]"""
    apps("apply")
    rewrite(files, 'decided_by = "application_desk"', 'decided_by = "identity_desk"')
    rewrite(files, "request_expires_after_days = 14", "request_expires_after_days = 10")
    code, told = apps("diff")
    assert code == 1
    assert told.splitlines() == [
        "~ almanac.limits.request_expires_after: 14 → 10",
        "~ almanac.roles.reader.decided_by: application_desk → identity_desk",
    ]
    apps("apply", "--reason", "Ticket 12")
    entry = Entry.objects.filter(deed="application:catalogue:applied").latest("pk")
    assert (entry.application, entry.why) == ("almanac", "Ticket 12")
    assert entry.about["paths"] == ["almanac.limits.request_expires_after", "almanac.roles.reader.decided_by"]
    assert Applied.objects.filter(code="spot").count() == 1


def test_an_address_that_the_deployment_fills_in_is_a_change_too(files, settings):
    """Where codes are sent is decided by settings as well as by files. [O-6, O-1]"""
    apps("apply")
    settings.APPLICATION_VALUES = settings.APPLICATION_VALUES | {"spot_url": "https://elsewhere.example"}
    assert "spot.client.redirect_uris" in apps("diff")[1]


def test_a_role_that_somebody_has_does_not_leave(files):
    """Nobody loses a role by a line left out of a file; without holders it may go. [O-6]"""
    apps("apply")
    build.grant(build.person(is_proofed=False), "reader", application="almanac")
    rewrite(files, 'code = "reader"', 'code = "viewer"')
    assert "! almanac.roles.reader cannot leave: held or asked for 1 times" in apps("diff")[1]
    with pytest.raises(CommandError, match="“reader” of “almanac” cannot leave"):
        apps("apply")
    assert not_applied()
    rewrite(files, 'code = "viewer"', 'code = "reader"')
    rewrite(files, 'code = "researcher"', 'code = "scholar"')
    apps("apply")
    assert not not_applied()


def test_outside_development_only_what_is_in_force_serves(files, settings):
    """An edited file changes nobody's rights before somebody applied it. [O-6]"""
    settings.DEVELOPMENT = False
    with pytest.raises(ImproperlyConfigured, match="bailiwick apps apply"):
        refuse_files_not_applied()
    apps("apply")
    refuse_files_not_applied()
    rewrite(files, 'decided_by = "application_desk"', 'decided_by = "identity_desk"')
    with pytest.raises(ImproperlyConfigured, match="differences: 1"):
        refuse_files_not_applied()
    settings.DEVELOPMENT = True
    refuse_files_not_applied()
