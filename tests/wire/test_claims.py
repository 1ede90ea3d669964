"""Levels of sign-in compare as documented; grants survive the wire."""

import pytest

from bailiwick.wire.claims import (
    ACR_LIMITED,
    ACR_MFA,
    ACR_ORDER,
    ACR_PHISHING_RESISTANT,
    GrantClaim,
    OrganizationClaim,
    WaitingClaim,
    grant_from_json,
    satisfies,
    waiting_from_json,
)


@pytest.mark.parametrize("acr", ACR_ORDER)
def test_a_level_satisfies_itself_and_what_is_below(acr):
    """The order is limited, mfa, phishing-resistant. [O-1]"""
    met = [wanted for wanted in ACR_ORDER if satisfies(acr, wanted)]
    assert met == list(ACR_ORDER[: ACR_ORDER.index(acr) + 1])


@pytest.mark.parametrize(
    ("acr", "wanted"), [("", ACR_LIMITED), ("urn:other", ACR_LIMITED), (ACR_PHISHING_RESISTANT, "")]
)
def test_an_unknown_level_satisfies_nothing(acr, wanted):
    """Unknown words never open a door. [O-1]"""
    assert not satisfies(acr, wanted)


def test_a_stronger_level_is_not_met_by_a_weaker():
    """A sign-in by e-mail code is not a second factor. [S-2]"""
    assert not satisfies(ACR_LIMITED, ACR_MFA)


@pytest.mark.parametrize(
    "organization", [None, OrganizationClaim("i", "Sandpiper", "provider_office", "FL7K2")]
)
def test_a_grant_survives_the_wire(organization):
    """With and without an organization. [O-3]"""
    grant = GrantClaim(
        "g", "end-user", "FCSO - SPOT End User", "end_user", "2026-01-01T00:00:00+00:00", organization
    )
    assert grant_from_json(grant.to_json()) == grant


def test_what_waits_survives_the_wire_and_nonsense_is_nothing():
    """Two counts, or none: what tells nothing keeps nobody out. [M-4]"""
    waiting = WaitingClaim(3, 0)
    assert waiting_from_json(waiting.to_json()) == waiting
    for nonsense in (None, [], {}, {"requests": 1}, {"requests": -1, "certifications": 0},
                     {"requests": True, "certifications": 0}, {"requests": 10**9, "certifications": 1}):  # fmt: skip
        assert waiting_from_json(nonsense) is None, nonsense
