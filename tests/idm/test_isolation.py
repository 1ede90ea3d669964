"""One organization's people never see or touch another's, by any path or body (AX17, H-1, INV-14)."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.models import Grant, RoleRequest
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db

SECRETS = ("Alder Clinic", "Noor", "Ashgrove", "Ada", "Firstwood", "I work in billing")


@pytest.fixture
def world():
    """Organization A with an approver, an end user and a waiting request; an approver of B looks at it."""
    a, b = build.organization("Alder Clinic"), build.organization("Birch Clinic")
    approver = build.approver(a, first="Ada", last="Firstwood")
    end_user = build.end_user(a, first="Noor", last="Ashgrove")
    asked = build.asks(build.person("Noor", "Ashgrove"), a)
    return {
        "a": a,
        "asked": asked,
        "approver_grant": Grant.objects.get(account=approver),
        "end_user_grant": Grant.objects.get(account=end_user),
        "end_user": end_user,
        "browser": build.browser(build.approver(b, first="Eve", last="Otherside")),
    }


def leaks_nothing(response, *more):
    html = response.content.decode()
    return not [word for word in (*SECRETS, *more) if word in html]


@pytest.mark.parametrize(
    "path",
    [
        "/requests/{asked.number}/",
        "/requests/{asked.number}/verify/",
        "/requests/{asked.number}/approve/",
        "/requests/{asked.number}/deny/",
        "/requests/{asked.number}/cancel/",
        "/role-request/submitted/{asked.number}/",
        "/organizations/{a.submitter_id}/",
        "/manage-users/roles/{end_user_grant.pk}/remove/",
        "/manage-users/roles/{end_user_grant.pk}/removed/",
        "/manage-users/roles/{approver_grant.pk}/remove/",
        "/roles/{end_user_grant.pk}/",
        "/roles/{end_user_grant.pk}/remove/",
        "/roles/{end_user_grant.pk}/why/",
        "/roles/{end_user_grant.pk}/modify/",
        "/roles/{end_user_grant.pk}/end-date/",
        "/manage-users/roles/{end_user_grant.pk}/why/",
        "/manage-users/roles/{end_user_grant.pk}/end-date/",
        "/organizations/{a.submitter_id}/access/",
        "/organizations/{a.submitter_id}/access/2026-01-01/export/",
        "/organizations/{a.submitter_id}/remove-roles/",
        "/certifications/{end_user_grant.pk}/",
        "/certifications/{end_user_grant.pk}/verify/",
        "/certifications/{end_user_grant.pk}/decide/",
    ],
)
def test_reading_another_organization_finds_nothing(world, path):
    """404, and not a byte of it. [AX17]"""
    response = world["browser"].open(path.format(**world), status=404)
    assert leaks_nothing(response)


@pytest.mark.parametrize(
    "path",
    [
        "/requests/{asked.number}/approve/",
        "/requests/{asked.number}/deny/",
        "/requests/{asked.number}/cancel/",
        "/manage-users/roles/{end_user_grant.pk}/remove/",
        "/manage-users/roles/{approver_grant.pk}/remove/",
        "/roles/{end_user_grant.pk}/remove/",
    ],
)
def test_acting_on_another_organization_changes_nothing(world, path):
    """404, with every field that could help, and nothing is changed. [AX17]"""
    everything = {
        "digest": world["asked"].snapshot_digest,
        "reason": "x",
        "comment": "x",
        "none_left": "on",
        "organization": str(world["a"].pk),
        "submitter_id": world["a"].submitter_id,
        "grant_id": str(world["end_user_grant"].pk),
    }
    response = world["browser"].send(path.format(**world), everything, status=404)
    assert leaks_nothing(response)
    assert RoleRequest.objects.get(pk=world["asked"].pk).state == "pending"
    assert not Grant.objects.filter(ended_at__isnull=False).exists()


def test_searching_finds_nobody_of_another_organization(world):
    """By name, user ID, e-mail, confirmation number, organization, submitter ID: nobody. [H-1, AX17]"""
    person = world["end_user"]
    # What the searcher typed comes back in its own field; nothing else may.
    for text in (
        person.user_id,
        person.email,
        world["asked"].number,
        world["a"].submitter_id,
        "noor",
        "alder clin",
    ):
        response = world["browser"].send("/manage-users/", {"text": text})
        assert "Nobody was found" in build.text_of(response)
        assert leaks_nothing(response)


def test_home_and_queues_show_nothing_of_another_organization(world):
    """What waits for A waits for A. [H-1]"""
    for path in ("/home/", "/manage-users/", "/roles/", "/role-request/"):
        assert leaks_nothing(world["browser"].open(path), world["asked"].number)


def test_an_unknown_number_and_another_s_answer_alike(world):
    """Whether a request exists cannot be told from outside. [AX17]"""
    known = world["browser"].open(f"/requests/{world['asked'].number}/", status=404)
    unknown = world["browser"].open("/requests/R-2222-2222/", status=404)
    assert build.text_of(known) == build.text_of(unknown)


def test_an_end_user_sees_no_colleague(world):
    """A role does not open other people's requests or roles. [H-1]"""
    browser = build.browser(world["end_user"])
    browser.open(f"/requests/{world['asked'].number}/", status=404)
    browser.open(f"/organizations/{world['a'].submitter_id}/", status=404)
    browser.open("/manage-users/", status=403)


def test_an_approver_whose_role_was_removed_has_no_authority_any_more(world):
    """Authority is read at the instant of the act. [AX19]"""
    grant = world["approver_grant"]
    browser = build.browser(grant.account)
    page = browser.open(f"/requests/{world['asked'].number}/")
    digest = build.hidden(page, "digest")
    browser.send(f"/roles/{grant.pk}/remove/", {"reason": "", "none_left": "on"})
    browser.send(f"/requests/{world['asked'].number}/approve/", {"digest": digest}, status=404)
    assert RoleRequest.objects.get(pk=world["asked"].pk).state == "pending"


def test_a_person_with_roles_in_two_organizations_gains_nothing_in_the_other(world):
    """Approver of B and end user of A: A's requests stay closed. [AX17, G-6]"""
    eve = build.approver(build.organization("Cedar Clinic"))
    build.grant(eve, "end-user", world["a"])
    browser = build.browser(eve)
    browser.open(f"/requests/{world['asked'].number}/", status=404)
    page = build.text_of(browser.open("/manage-users/"))
    assert "Ashgrove" not in page


def test_reaching_for_another_organization_is_on_the_ledger(world):
    """Refusals of authority are recorded, with who reached for what. [L-2, AX17]"""
    world["browser"].open(f"/requests/{world['asked'].number}/", status=404)
    world["browser"].send(f"/requests/{world['asked'].number}/approve/", {"digest": "x"}, status=404)
    grant = world["end_user_grant"]
    world["browser"].send(f"/manage-users/roles/{grant.pk}/remove/", {"reason": "x"}, status=404)
    assert (
        Entry.objects.filter(deed="authority:act:refused", organization=world["a"].submitter_id).count() == 3
    )
