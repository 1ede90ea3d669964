"""What the deployment knows about its applications, as rules see it. (Q-1, Q-3, I-8, S-2)"""

from dataclasses import replace
from datetime import timedelta

import pytest

from bailiwick.idm.rules.catalogue import (
    Application,
    ApplicationLimits,
    Catalogue,
    Client,
    Decider,
    HelpContact,
    Role,
    Standing,
)
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT


def role(code: str, standing: Standing, **more) -> Role:
    return Role(code, code.title(), "Does it.", standing, Decider.APPROVERS, **more)


APPROVER = role("approver", Standing.APPROVER)
END_USER = role("end-user", Standing.END_USER)
DESK = role("desk", Standing.DESK)
STRONG_DESK = role("strong-desk", Standing.DESK, minimum_acr=ACR_PHISHING_RESISTANT)
CLIENT = Client("one-client", ("https://one.example/callback",), (), "")
ONE = Application(
    code="one",
    name="One Portal",
    short_name="One",
    search_words=(),
    home_url="https://one.example/",
    help=HelpContact("Desk", "8005550100", "desk@one.example", "always"),
    roles=(APPROVER, END_USER, DESK, STRONG_DESK),
    client=CLIENT,
)
TWO = replace(ONE, code="two", client=None)
KNOWN = Catalogue((TWO, ONE))


def test_an_application_is_found_by_its_code():
    """And nothing by a code that nobody has. [Q-1]"""
    assert KNOWN.application("one") is ONE
    assert KNOWN.application("two") is TWO
    with pytest.raises(KeyError):
        KNOWN.application("three")


def test_a_role_is_found_by_its_code_and_its_applications():
    """Each application has roles of its own. [Q-1]"""
    assert ONE.role("end-user") is END_USER
    assert KNOWN.role("one", "desk") is DESK
    with pytest.raises(KeyError):
        ONE.role("nobody")


def test_an_application_is_found_by_its_client():
    """Applications without one are passed over. [O-1]"""
    assert KNOWN.by_client("one-client") is ONE
    assert KNOWN.by_client("another") is None


def test_what_left_is_remembered_by_its_code():
    """With IDM's help contact, or with nobody's where IDM has no file; what is there is itself. [O-6]"""
    identity = replace(
        ONE, code="idm", client=None, help=HelpContact("IDM Help", "1", "idm@x.example", "always")
    )
    known = Catalogue((identity, ONE))
    assert known.remembered("one") is ONE
    gone = known.remembered("gone")
    assert (gone.code, gone.name, gone.roles, gone.help.name) == ("gone", "gone", (), "IDM Help")
    assert KNOWN.remembered("gone").help.name == ""


def test_only_the_approver_creates_the_organization():
    """Backup, end user and desk do not. [G-2, G-4]"""
    assert APPROVER.may_create_organization
    assert not any(each.may_create_organization for each in (END_USER, DESK))


def test_no_desk_role_asks_for_less_than_the_deployments_desks():
    """Weaker ones are raised, stronger ones stay, and whoever is no desk stays as it is. [S-2, H-1]"""
    raised = KNOWN.with_desk_level(ACR_MFA).application("one")
    levels = {each.code: each.minimum_acr for each in raised.roles}
    assert levels == {
        "approver": ACR_LIMITED,
        "end-user": ACR_LIMITED,
        "desk": ACR_MFA,
        "strong-desk": ACR_PHISHING_RESISTANT,
    }


def test_what_an_application_has_if_it_sets_nothing():
    """The deployment's numbers; no desk tier, no refresh. [I-1, I-3, O-2, numbers]"""
    limits = ApplicationLimits()
    assert limits.inactive_after == timedelta(days=30)
    assert limits.removed_after == timedelta(days=90)
    assert limits.reactivation_window == timedelta(days=7)
    assert limits.certification_every == timedelta(days=365)
    assert limits.request_expires_after == timedelta(days=60)
    assert END_USER.tier == 0
    assert END_USER.needs_organization
    assert END_USER.needs_proofing
    assert not CLIENT.may_refresh
