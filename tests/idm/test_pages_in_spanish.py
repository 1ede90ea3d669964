"""Every page of IDM in Spanish, whole; and whose language a page is in."""

import re

import pytest
from django.conf import settings
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from tests.ground.build_spanish import english_of
from tests.idm import build_doors
from tests.idm import build_pages as build
from tests.idm.authorization import matrix, routes

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]

MATRIX = matrix()
# Names of states, what somebody typed, and a notice's own subject in the title of its page.
AS_IT_IS = re.compile(
    r"Your identity is verified|District of Columbia|Federated States of Micronesia|I was married in May"
)


@pytest.mark.slow
def test_every_page_is_wholly_spanish():
    """Each address, as the first whom it opens to: no sentence, label or title of it is left in English. [N-2]"""
    world, left = build_doors.world(), []
    for client in world.clients.values():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    for route in routes():
        door = MATRIX.by_route[route.name]
        answers = {who: door.answer_to(who) for who in world.clients} if door.method == "GET" else {}
        for who in [who for who, answer in answers.items() if answer == "open"][:1]:
            response = world.clients[who].get(route.path(world.known))
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                found = english_of(response.content.decode(), "idm", but=AS_IT_IS)
                left += [f"{route.name}, as {who}: {text}" for text in found]
    assert not left, "\n".join(left)


def language_of(response) -> str:
    return re.search(r'<html lang="(\w+)"', response.content.decode())[1]


def test_a_page_is_in_the_language_chosen_else_the_accounts_else_the_browsers():
    """The switch, then the account of whoever is signed in, then what the browser asks for. [N-2]"""
    account = build.person("Robin", "Quill")
    browser = build.browser(account).client
    spanish = {"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9"}
    assert language_of(Client().get("/", **spanish)) == "es"
    assert language_of(Client().get("/", HTTP_ACCEPT_LANGUAGE="fr")) == "en"
    assert language_of(browser.get("/home/", **spanish)) == "en"
    Account.objects.filter(pk=account.pk).update(language="es")
    assert language_of(browser.get("/home/")) == "es"
    assert browser.post("/language/", {"language": "en", "next": "/home/"}).status_code == 302
    assert language_of(browser.get("/home/", **spanish)) == "en"


def test_an_applications_choice_of_language_counts_where_none_was_made_here():
    """`ui_locales` of the request that somebody came with (OpenID Connect Core, 3.1.2.1). [N-2, O-1]"""
    name = settings.LANGUAGE_COOKIE_NAME
    asked = (
        "/oidc/authorize?client_id=spot&response_type=code&redirect_uri=http://localhost:8001/oidc/callback"
    )
    asked += "&scope=openid&state=1&nonce=2&code_challenge_method=S256&code_challenge=" + "a" * 43
    client = Client()
    client.get(asked + "&ui_locales=fr-CA%20es-US%20en")
    assert client.cookies[name].value == "es"
    assert language_of(client.get("/")) == "es"
    client.get(asked + "&ui_locales=en")
    assert client.cookies[name].value == "es"


def test_whoever_reads_the_terms_in_spanish_has_the_english_text_beside(settings):
    """The English text binds; the ledger keeps that a translation was read. [R-6]"""
    account = build.person("Ana", "Quill")
    Account.objects.filter(pk=account.pk).update(terms_version="1999-01", language="es")
    browser = build.browser(account).client
    page = browser.get("/terms/accept/").content.decode()
    assert "Su cuenta es solo suya" in page
    assert '<div lang="en"><h3>Your account is yours alone' in page
    browser.post("/terms/accept/", {"version": "2026-11", "terms": "on"})
    entry = Entry.objects.filter(deed=Deed.TERMS_ACCEPTED, subject=str(account.pk)).last()
    assert entry.about == {"version": "2026-11", "language": "es"}
