"""An application of another shape, from its file alone: no organizations, decided by its own help desk (O-6)."""

import pytest
from django.conf import settings as configured

from bailiwick.ground.outbox.models import Message
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.rules.sessions import Factor
from bailiwick.wire.claims import ACR_LIMITED
from tests.idm import build_pages as build
from tests.idm.build_oidc import Application, answer_of, forget_catalogue, post, unsigned_claims, use_keys

pytestmark = pytest.mark.django_db

APPLICATION = "/role-request/application/"
ROLE = "/role-request/role/"
REVIEW = "/role-request/review/"


@pytest.fixture
def almanac(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    application = Application("almanac")
    use_keys(tmp_path, application)
    yield application
    forget_catalogue()


def desk_of(application="almanac"):
    account = build.person("Hanna", "Deskwood", is_proofed=False)
    build.grant(account, "help-desk", application=application)
    return account


def asked_for(account, role):
    """Through the wizard's pages: application, role, review, submit."""
    browser = build.browser(account)
    browser.send(APPLICATION, {"application": "almanac"})
    page = browser.send(ROLE, {"role": role})
    assert page.redirect_chain[-1][0] == REVIEW, page.redirect_chain
    typed = {
        "reason": "Fees of 2027.",
        "draft": build.hidden(page, "draft"),
        "seen": build.hidden(page, "seen"),
    }
    return browser, browser.send(REVIEW, typed), RoleRequest.objects.get(account=account)


def decide(browser, asked, how, **typed):
    digest = build.hidden(browser.open(f"/requests/{asked.number}/"), "digest")
    return browser.send(f"/requests/{asked.number}/{how}/", {"digest": digest, **typed})


def test_from_the_file_to_the_application_without_an_organization(almanac):
    """Asked without proofing or organization, mailed to and decided by that desk, entered with the role as a claim. [O-6, Q-1, Q-4]"""
    desk, account = desk_of(), build.person(is_proofed=False)
    browser, page, asked = asked_for(account, "reader")
    words = build.text_of(page)
    assert asked.number in words
    assert "ALMANAC Help Desk" in words
    assert Message.objects.filter(to=desk.email, channel="email").exists()
    assert asked.number in build.text_of(build.browser(desk).open("/manage-users/"))
    assert "Approved" in build.text_of(decide(build.browser(desk), asked, "approve", comment=""))
    grant = Grant.objects.get(account=account)
    assert (grant.role, grant.organization) == ("reader", None)
    for path in ("/home/", "/roles/", f"/roles/{grant.pk}/"):
        assert "ALMANAC" in build.text_of(browser.open(path))
    sent = browser.client.get("/oidc/authorize", almanac.parameters())
    tokens = post("/oidc/token", almanac.exchange(answer_of(sent)["code"])).json()
    told = post("/oidc/introspect", almanac.signed(token=tokens["access_token"])).json()
    assert [(one["role"], one["organization"]) for one in told["bailiwick_grants"]] == [("reader", None)]
    assert unsigned_claims(tokens["id_token"])["sub"] == str(account.pk)


def test_a_role_of_the_same_file_may_want_more(almanac):
    """The researcher is proofed first, and an e-mail code does not let them in. [O-6, V-1, S-2]"""
    browser = build.browser(build.person(is_proofed=False))
    browser.send(APPLICATION, {"application": "almanac"})
    page = browser.send(ROLE, {"role": "researcher"})
    assert page.redirect_chain[-1][0].startswith("/role-request/identity/")
    known = build.person()
    build.grant(known, "researcher", application="almanac")
    weak = build.browser(known, Factor.EMAIL)
    response = weak.client.get("/oidc/authorize", almanac.parameters(acr_values=ACR_LIMITED), follow=True)
    assert "code=" not in response.request["QUERY_STRING"]
    assert "stronger" in build.text_of(response)


def test_another_applications_desk_neither_sees_nor_decides():
    """A desk is one application's; so is a request. [Q-4, INV-14]"""
    _, _, asked = asked_for(build.person(is_proofed=False), "reader")
    stranger = build.browser(build.tier_2())
    assert asked.number not in build.text_of(stranger.open("/manage-users/"))
    stranger.open(f"/requests/{asked.number}/", status=404)
    stranger.send(f"/requests/{asked.number}/approve/", {"digest": asked.snapshot_digest}, status=404)
    assert RoleRequest.objects.get().state == "pending"


def test_denied_the_page_before_the_application_says_why_and_who(almanac):
    """No entry without a role; the reason and the application's own desk are named. [O-2]"""
    account = build.person(is_proofed=False)
    browser, _, asked = asked_for(account, "reader")
    decide(build.browser(desk_of()), asked, "deny", reason="Not this year.")
    page = browser.client.get("/oidc/authorize", almanac.parameters(), follow=True)
    words = build.text_of(page)
    assert "Not this year." in words
    assert "(555) 010-0188" in words


def test_its_desk_removes_the_role_and_the_holder_gives_it_up():
    """The same removal pages serve a role without an organization. [Q-8]"""
    desk, account, other = desk_of(), build.person(is_proofed=False), build.person(is_proofed=False)
    taken = build.grant(account, "reader", application="almanac")
    given = build.grant(other, "reader", application="almanac")
    build.browser(desk).send(f"/manage-users/roles/{taken.pk}/remove/", {"reason": "No longer needed."})
    build.browser(other).send(f"/roles/{given.pk}/remove/", {"reason": ""})
    assert set(Grant.objects.exclude(ended_at=None)) == {taken, given}


def test_what_left_the_catalogue_is_still_told_of(settings, tmp_path, monkeypatch):
    """Pages of people whose application's file is gone keep working, and give nothing. [O-6, I-2]"""
    account = build.person(is_proofed=False)
    grant = build.grant(account, "reader", application="almanac")
    _, _, asked = asked_for(build.person(is_proofed=False), "reader")
    for path in configured.ENVIRONMENT.applications_directory.glob("*.toml"):
        if path.name != "almanac.toml":
            (tmp_path / path.name).write_text(path.read_text())
    monkeypatch.setattr(settings.ENVIRONMENT, "applications_directory", tmp_path)
    forget_catalogue()
    try:
        browser, owner = build.browser(account), build.browser(asked.account)
        for path in ("/home/", "/roles/", f"/roles/{grant.pk}/", "/role-request/"):
            browser.open(path)
        owner.open(f"/requests/{asked.number}/")
        owner.open(f"/role-request/submitted/{asked.number}/")
        build.browser(build.tier_1()).send(
            "/manage-users/", {"text": account.user_id, "reason": "They call."}
        )
    finally:
        forget_catalogue()
