"""Application files: what is read from them, and how every mistake is named by its line. (O-6, Q-2)"""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bailiwick.idm.applications.loader import CatalogueError, check, load
from bailiwick.idm.rules.catalogue import Decider, OrganizationKind, Standing

SHIPPED = Path(__file__).resolve().parents[2] / "applications"


@pytest.fixture
def files(tmp_path):
    """A copy of the shipped files to spoil."""
    for path in SHIPPED.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text())
    return tmp_path


def spoil(files, old, new, name="spot.toml"):
    """Replace the first `old` in a file; the mistakes that follow as text."""
    path = files / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return [str(mistake) for mistake in check(files)]


def line_of(files, words, name="spot.toml"):
    lines = (files / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_the_shipped_files_hold_no_mistake():
    """What the product ships, it starts with. [O-6]"""
    assert check(SHIPPED) == []


def test_the_sample_application_has_the_fields_own_words():
    """The roles of the sample application. [Q-1, Q-2]"""
    spot = load(SHIPPED).application("spot")
    assert spot.name == "SPOT – Secure Provider Online Tool (FCSO)"
    assert {"SPOT", "FCSO"} <= set(spot.search_words)
    assert [role.name for role in spot.roles if role.standing is not Standing.DESK] == [
        "FCSO - Provider Office Approver",
        "FCSO - Business Office Approver",
        "FCSO - Provider Office Backup Approver",
        "FCSO - Business Office Backup Approver",
        "FCSO - SPOT End User",
    ]


def test_roles_know_their_kind_and_their_deciders():
    """Approvers by the help desk, end users by their approver; end user fits both kinds. [Q-3, Q-4]"""
    spot = load(SHIPPED).application("spot")
    approver, end_user, desk = (
        spot.role(code) for code in ("provider-office-approver", "end-user", "help-desk")
    )
    assert (approver.decided_by, approver.organization_kind) == (
        Decider.APPLICATION_DESK,
        OrganizationKind.PROVIDER_OFFICE,
    )
    assert (end_user.decided_by, end_user.organization_kind) == (Decider.APPROVERS, None)
    assert (desk.decided_by, desk.tier, desk.needs_organization) == (Decider.IDENTITY_DESK, 2, False)


def test_a_second_application_needs_no_code():
    """SPOT is the first of many. [O-6]"""
    harbor = load(SHIPPED).application("harbor")
    assert harbor.client.minimum_acr == "urn:bailiwick:acr:mfa"
    assert harbor.client.may_refresh
    assert harbor.limits.inactive_after == timedelta(days=20)
    assert harbor.limits.certification_every == timedelta(days=365)


def test_a_deployment_fills_in_its_own_addresses():
    """Files are the same everywhere; addresses are not. [O-6]"""
    spot = load(SHIPPED, values={"spot_url": "https://spot.example.org", "unused": "x"}).application("spot")
    assert spot.client.redirect_uris == ("https://spot.example.org/oidc/callback",)
    assert spot.home_url == "https://spot.example.org/"


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('code = "spot"', 'code = "Spot!"', 'code = "Spot!"', "lower-case letters"),
        ('name = "SPOT – Secure', 'nam = "SPOT – Secure', 'nam = "', "“nam” is not known"),
        ('standing = "backup"', 'standing = "boss"', 'standing = "boss"', "one of approver, backup"),
        ('decided_by = "approvers"', 'decided_by = "nobody"', 'decided_by = "nobody"', "one of approvers"),
        ("tier = 2", "tier = 9", "tier = 9", "from 0 to 3"),
        ("tier = 2", "tier = true", "tier = true", "whole number"),
        ("needs_proofing = false", 'needs_proofing = "no"', 'needs_proofing = "no"', "true or false"),
        ('factor = "limited"', 'factor = "none"', 'factor = "none"', "limited, mfa"),
        ('["${spot_url}/oidc/callback"]', '["${spot_url}/*"]', "spot_url}/*", "without wildcard"),
        ('["${spot_url}/oidc/callback"]', '["${other}/x"]', "${other}", "does not name"),
        ('["${spot_url}/oidc/callback"]', '["http://spot.example/x"]', "spot.example/x", "https://"),
        ('["${spot_url}/oidc/callback"]', '["https://a@b.example/x"]', "a@b.example", "user name"),
        ('["${spot_url}/oidc/callback"]', "[]", "redirect_uris = []", "at least one"),
        (
            '["${spot_url}/oidc/callback"]',
            '["https://a.example/x", "https://a.example/x"]',
            "a.example",
            "twice",
        ),
        (
            "inactive_after_days = 30",
            "inactive_after_days = 31",
            "inactive_after_days",
            "can only be stricter",
        ),
        ("inactive_after_days = 30", "inactive_after_days = 0", "inactive_after_days", "number of days"),
        ('code = "business-office-approver"', 'code = "end-user"', 'code = "end-user"', "already the code"),
        ('"provisioning"]', '"offline_access"]', "scopes =", "belong together"),
        ('"provisioning"]', '"everything"]', "scopes =", "one of openid"),
        (
            'roles = ["provider',
            'roles = ["provider-of-air", "provider',
            "provider-of-air",
            "There is no role",
        ),
        ('label = "Where you work"', "label = 7", "label = 7", "is text of"),
    ],
)
def test_each_mistake_names_its_line(files, old, new, at, says):
    """`apps check` explains every mistake by line. [O-6]"""
    mistakes = spoil(files, old, new)
    named = [mistake for mistake in mistakes if says in mistake]
    assert named, mistakes
    if at != 'code = "end-user"':
        assert any(f"spot.toml, line {line_of(files, at)}:" in mistake for mistake in named), named


def test_all_mistakes_are_named_at_once(files):
    """A file is corrected once, not once a mistake. [O-6]"""
    spoil(files, "tier = 2", "tier = 9")
    spoil(files, 'code = "spot"', 'code = ""')
    assert len(spoil(files, "[help]", "[halp]")) >= 4


def test_what_is_not_toml_is_named_by_line(files):
    """Also a slip of the pen. [O-6]"""
    number = line_of(files, "[help]")
    (mistake,) = spoil(files, "[help]", "[help")
    assert f"spot.toml, line {number}:" in mistake
    assert "not TOML" in mistake


def test_a_role_that_nobody_could_decide_is_a_mistake(files):
    """No request may wait for a desk that does not exist. [Q-4]"""
    (mistake,) = [each for each in spoil(files, "tier = 2", "tier = 1") if "provider-office-approver" in each]
    assert "the application has no desk role of tier 2" in mistake
    mistakes = spoil(files, 'standing = "approver"', 'standing = "backup"', name="harbor.toml")
    assert any("Nobody could decide “reader”: no approver role fits" in each for each in mistakes)
    (files / "idm.toml").unlink()
    assert any("No file describes “idm”" in str(mistake) for mistake in check(files))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('decided_by = "identity_desk"', 'decided_by = "application_desk"', "IDM's desk decides who belongs"),
        ("needs_organization = false\n", "", "A desk role has needs_organization = false"),
        (
            'standing = "approver"\n',
            'standing = "approver"\nneeds_organization = false\n',
            "are an organization's",
        ),
        ('standing = "end_user"\n', 'standing = "end_user"\ntier = 1\n', "Only a desk role has a tier"),
        ('decided_by = "application_desk"', 'decided_by = "approvers"', "No approver decides on an approver"),
    ],
)
def test_a_role_stands_where_its_standing_belongs(files, old, new, says):
    """Who is above whom cannot be turned round by a file. [Q-4, H-2, H-7]"""
    assert any(says in mistake for mistake in spoil(files, old, new))


def test_mistakes_between_files_show_beside_those_within(files):
    """A slip in one file hides none in another. [O-6]"""
    spoil(files, 'name = "HARBOR Reader"', 'nom = "HARBOR Reader"', name="harbor.toml")
    mistakes = spoil(files, "inactive_after_days = 30", "inactive_after_days = 31")
    assert {mistake.partition(",")[0] for mistake in mistakes} == {"harbor.toml", "spot.toml"}


@pytest.mark.parametrize(
    "broken", ["", "= = =", "roles = 3", "[values]\n", "values = 1", "[client]\nfactor = [[]]"]
)
def test_no_file_is_too_broken_to_be_told_of(files, broken):
    """Whatever a file holds, the answer is a line and a sentence. [O-6]"""
    (files / "spot.toml").write_text(broken)
    assert any(str(mistake).startswith("spot.toml, line ") for mistake in check(files))


def test_every_line_can_be_lost_and_named(files):
    """Each line of a shipped file left out or cut short: mistakes with lines that exist, or none; never a crash. [O-6]"""
    path = files / "spot.toml"
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        for instead in ([], [line[: len(line) // 2]]):
            path.write_text("\n".join([*lines[:number], *instead, *lines[number + 1 :]]))
            assert all(1 <= mistake.line <= len(lines) for mistake in check(files))


def test_what_is_not_text_is_named_by_line(files):
    """A byte that is no letter, too. [O-6]"""
    path = files / "spot.toml"
    path.write_bytes(path.read_bytes().replace("–".encode(), b"\x96", 1))
    (mistake,) = [each for each in check(files) if each.file == "spot.toml"]
    assert mistake.line == line_of_bytes(path)
    assert "UTF-8" in mistake.sentence


def line_of_bytes(path):
    return path.read_bytes().partition(b"\x96")[0].count(b"\n") + 1


def test_two_applications_cannot_share_a_code_or_client(files):
    """A code is an application's name everywhere. [O-6]"""
    mistakes = spoil(files, 'code = "harbor"', 'code = "spot"', name="harbor.toml")
    assert any("already the code" in mistake for mistake in mistakes)
    mistakes = spoil(files, 'client_id = "harbor"', 'client_id = "spot"', name="harbor.toml")
    assert any("already the client_id" in mistake for mistake in mistakes)


def test_a_directory_without_files_is_a_mistake(tmp_path):
    """IDM without applications is a slip, not a wish. [O-6]"""
    with pytest.raises(CatalogueError, match="no application file"):
        load(tmp_path)


def test_the_help_contact_is_fictitious():
    """No real contractor's phone numbers or addresses. [O-6]"""
    for application in load(SHIPPED).applications:
        assert re.search(r"\b555\b\)? 01", application.help.phone)
        assert application.help.email.endswith(".example")
