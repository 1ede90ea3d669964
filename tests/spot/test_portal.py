"""SPOT's pages: start, Home, My IDM Account (M-1, M-4, M-5)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone

from bailiwick.spot.portal.guides import GUIDES
from tests.spot.build_enrollment import enrolled
from tests.spot.build_signin import sign_in, signed_in
from tests.spot.provider import grant

pytestmark = pytest.mark.django_db


def organization(submitter_id: str, name: str = "Harborview Family Practice", kind: str = "provider_office"):
    return {"id": f"id-{submitter_id}", "legal_name": name, "kind": kind, "submitter_id": submitter_id}


def test_start_page_is_public():
    """Anybody reads who does what and how access comes about. [M-5]"""
    page = Client().get("/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<h1>Secure Provider Online Tool</h1>" in text
    assert 'href="/sign-in/"' in text


def test_start_page_asks_who_you_are():
    """Whoever comes finds their own guide, the forms, the way back to a form, and Sign in. [M-5]"""
    text = Client().get("/").content.decode()
    for guide in GUIDES.values():
        assert f'href="/guides/{guide.code}/"' in text
        assert str(guide.who) in text
    for link in ("/forms/", "/forms/track/", "/guides/", "/sign-in/"):
        assert f'href="{link}"' in text


@pytest.mark.parametrize("code", GUIDES)
def test_each_guide_says_steps_and_who_can_help(code):
    """Every guide: its heading, what to do in order, whom to ask. [M-5]"""
    text = Client().get(f"/guides/{code}/").content.decode()
    assert f"<h1>{GUIDES[code].title}</h1>" in text
    assert "<ol>" in text
    assert "Who can help" in text


def test_roles_and_questions_are_public():
    """What each role may do and who decides it, and what people ask. [M-5]"""
    text = Client().get("/guides/").content.decode()
    for words in ("FCSO - Provider Office Approver", "FCSO - SPOT End User", "Who may sign the form?"):
        assert words in text
    assert Client().get("/guides/nothing/").status_code == 404


def test_every_link_of_ours_leads_somewhere(provider):
    """No dead links: each address of SPOT's on a page answers. [M-5]"""
    client, _ = signed_in(provider)
    guides = [f"/guides/{code}/" for code in GUIDES]
    forms = ["/forms/", "/forms/track/", "/forms/start/new-provider-office/", "/forms/F-HKMN-PQRT-WXY7/code/"]
    for path in ("/", "/guides/", *guides, *forms, "/home/", "/account/", "/signed-out/", "/oidc/callback"):
        text = client.get(path).content.decode()
        for link in set(re.findall(r'href="(/[^"]*)"', text)):
            if not link.startswith("/static/"):
                assert client.get(link).status_code in (200, 302), f"{link} on {path}"


def test_pages_behind_sign_in_lead_to_sign_in():
    """Home and account are for people who are signed in. [O-1]"""
    for path in ("/home/", "/account/"):
        assert Client().get(path)["Location"].startswith("/sign-in/?next=")


def test_account_shows_what_idm_and_spot_know(provider):
    """User ID, name, e-mail, role, organization, submitter ID, masked TIN, approver and backup of record. [M-1]"""
    record = enrolled(backup={"name": "Ben Example", "email": "ben@harborview.example", "phone": ""})
    provider.told["bailiwick_grants"] = [grant(organization=organization(record.submitter_id))]
    client, _ = signed_in(provider)
    text = client.get("/account/").content.decode()
    for shown in (
        "<h1>My IDM Account</h1>",
        "ada.example",
        "Ada Example",
        "ada@harborview.example",
        "FCSO - Provider Office Approver",
        "Harborview Family Practice",
        "Provider office",
        record.submitter_id,
        "3456",
        'href="mailto:ben@harborview.example"',
        "May 4, 2026",
        f'href="{provider.url}/roles/"',
    ):
        assert shown in text, shown


@pytest.mark.parametrize("tag", ["ein", "ssn"])
def test_account_masks_the_tin(provider, tag):
    """Of a TIN only the last four digits are on the page. [M-1, A-3]"""
    record = enrolled(tin="000987654", tin_tag=tag)
    provider.told["bailiwick_grants"] = [grant(organization=organization(record.submitter_id))]
    client, _ = signed_in(provider)
    text = client.get("/account/").content.decode()
    assert "7654" in text
    assert "000987654" not in text
    assert "98765" not in text


def test_account_without_a_record_shows_no_empty_lines(provider):
    """What SPOT does not know is not shown as empty. [M-1]"""
    client, _ = signed_in(provider)
    text = client.get("/account/").content.decode()
    assert "HARBOR1" in text
    assert "TIN" not in text
    assert "of record" not in text


def test_account_shows_each_role_with_its_organization(provider):
    """Several organizations on one account: each role with its own. [G-6, M-1]"""
    one, two = enrolled(), enrolled(legal_name="Bayside Billing", kind="billing_service")
    provider.told["bailiwick_grants"] = [
        grant(id="1", organization=organization(one.submitter_id)),
        grant(
            id="2",
            role_name="FCSO - SPOT End User",
            standing="end_user",
            organization=organization(two.submitter_id, "Bayside Billing", "billing_service"),
        ),
    ]
    client, _ = signed_in(provider)
    text = client.get("/account/").content.decode()
    assert one.submitter_id in text
    assert two.submitter_id in text
    assert "Billing service or clearinghouse" in text


def test_role_without_an_organization_is_shown(provider):
    """Help desk roles belong to no organization. [H-2]"""
    provider.told["bailiwick_grants"] = [
        grant(role_name="FCSO - SPOT Help Desk", standing="desk", organization=None)
    ]
    client, _ = signed_in(provider)
    assert "FCSO - SPOT Help Desk" in client.get("/account/").content.decode()
    assert "not tied to an organization" in client.get("/home/").content.decode()


def test_what_people_typed_is_inert(provider):
    """Names are text, whatever is in them. [AX23]"""
    provider.told["name"] = "<script>alert(1)</script>"
    provider.told["bailiwick_grants"] = [grant(organization=organization("X1Y2Z3", "<img src=x onerror=1>"))]
    client, _ = signed_in(provider)
    for path in ("/home/", "/account/"):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_pages_cost_few_queries(provider, django_assert_max_num_queries):
    """A page of a signed-in person costs two statements at most: session, records. [M-1]"""
    client, _ = signed_in(provider)
    client.get("/account/")
    with django_assert_max_num_queries(2):
        client.get("/account/")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told(path):
    """Machines read whether SPOT lives and can serve. [SR-39]"""
    assert Client().get(path).status_code == 200


def test_public_keys_hold_no_secret(provider):
    """SPOT's key set shows the public half only. [O-1]"""
    [key] = Client().get("/oidc/jwks.json").json()["keys"]
    assert "d" not in key
    assert key["kid"]
    assert key["alg"] == "ES256"


def test_deployment_check_finds_a_missing_key(settings, monkeypatch, tmp_path):
    """An operator hears at start, not from the first person, that SPOT's key is missing or no key. [O-1]"""
    monkeypatch.setattr(settings.ENVIRONMENT, "client_key_file", tmp_path / "nowhere.json")
    assert [found.id for found in run_checks(include_deployment_checks=True) if found.id == "spot.E001"]
    (tmp_path / "broken.json").write_text("{}")
    monkeypatch.setattr(settings.ENVIRONMENT, "client_key_file", tmp_path / "broken.json")
    assert [found.id for found in run_checks(include_deployment_checks=True) if found.id == "spot.E001"]


def test_deployment_check_accepts_the_key(provider):
    """With a usable key there is nothing to say. [O-1]"""
    assert not [found for found in run_checks(include_deployment_checks=True) if found.id == "spot.E001"]


def test_sign_in_with_a_missing_key_is_explained(provider, settings, monkeypatch, tmp_path):
    """Without its key SPOT cannot finish a sign-in, and says so in words. [M-3]"""
    monkeypatch.setattr(settings.ENVIRONMENT, "client_key_file", tmp_path / "nowhere.json")
    response = sign_in(Client(), provider)
    assert response["X-Refusal"] == "sign_in_not_set_up"
    assert Client().get("/oidc/jwks.json").status_code == 503


def test_home_says_until_when_access_lasts_and_gives_the_day_along(provider):
    """By the role whose day comes first, as IDM tells it; the file names nobody. [I-3, M-4]"""
    today = timezone.localdate()
    days = [(today + timedelta(days=left)).isoformat() for left in (29, 12)]
    provider.told["bailiwick_grants"] = [grant(id=str(uuid4()), sign_in_by=day) for day in days]
    client, session = signed_in(provider)
    assert "12 days left" in " ".join(client.get("/home/").content.decode().split())
    file = client.get("/home/sign-in-by.ics")
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    text = file.content.decode()
    assert f"DTSTART;VALUE=DATE:{days[1].replace('-', '')}" in text
    assert session.person.sub not in text


def test_an_idm_that_tells_no_day_leaves_it_out(provider):
    """No date is made up, and there is no file. [I-3]"""
    provider.told["bailiwick_grants"] = [grant(sign_in_by="soon")]
    client, _ = signed_in(provider)
    assert "days left" not in client.get("/home/").content.decode()
    assert client.get("/home/sign-in-by.ics").status_code == 404
