"""The signing page: what an official reads, and that opening it does nothing."""

import re

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import AccessCode, Case, Invitation, Signature
from tests.spot.build_forms import VISITOR, awaiting_case
from tests.spot.build_signing import code_for, code_in, mails, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def switch(settings):
    """The file that takes the payer away while it exists."""
    path = settings.ENVIRONMENT.state_directory / "payer-is-down"
    yield path
    path.unlink(missing_ok=True)


def page(token, **query):
    return Client().get(f"/sign/{token}/", query)


def send(token):
    return Client().post(f"/sign/{token}/", {"send": "email"})


def typed(case, sent, **changes):
    return {
        "digest": queries.version_of(case).digest,
        "title": "on",
        "standing": "authorized",
        "full_name": "Nora Castellan",
        "code": sent,
        **changes,
    }


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def everything():
    """How many rows there are of all that signing writes."""
    return [model.objects.count() for model in (AccessCode, Invitation, Signature, Message, Entry, Case)]


def test_the_page_shows_the_exact_form():
    """Every question that was asked, with its answer in words, and the agreement. [F-8]"""
    case, token = awaiting_case()
    response = page(token)
    text = text_of(response)
    assert response.status_code == 200
    assert "<h1>Sign the form</h1>" in response.content.decode()
    answers, kind = queries.answers_of(case), queries.kind_of(case)
    for code in (
        "group_name",
        "group_ptan",
        "group_npi",
        "approver_name",
        "approver_email",
        "official_title",
    ):
        assert answers[code] in text
    assert " ".join(kind.agreement.text.split())[:80] in text


def test_a_link_alone_shows_no_whole_tin():
    """It may be a person's SSN, and links are forwarded. [M-1, F-8]"""
    case, token = awaiting_case()
    tin = queries.answers_of(case)["tin"]
    html = page(token).content.decode()
    assert tin not in html
    assert tin[-4:] in html


def test_opening_a_link_does_nothing():
    """Mail programs open links before people do, and follow what they find. [F-8]"""
    _, token = awaiting_case()
    before = everything()
    for query in ({}, {"send": "email"}, {"code": "123456", "full_name": "Nora Castellan", "sign": "1"}):
        page(token, **query)
        Client().head(f"/sign/{token}/", query)
    for method in ("put", "delete", "options", "patch", "trace"):
        getattr(Client(), method)(f"/sign/{token}/")
    assert everything() == before
    assert Invitation.objects.get().state == "live"


def test_a_post_from_another_site_does_nothing():
    """Sending and signing want the page's own token. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    strict = Client(enforce_csrf_checks=True)
    before = everything()
    assert strict.post(f"/sign/{token}/", {"send": "email"}).status_code == 403
    assert strict.post(f"/sign/{token}/", typed(case, code)).status_code == 403
    assert everything() == before


def test_from_link_to_signature():
    """Send me a code, type it with the name, Sign; the same address then says that it is signed. [F-8]"""
    case, token = awaiting_case()
    assert "Send me a code" in text_of(page(token))
    assert send(token).status_code == 302
    code = code_in(mails(kind="form-signing-code")[-1])
    response = Client().post(f"/sign/{token}/", typed(case, code), REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 302
    signed = page(token)
    signature = Signature.objects.get()
    assert "The form is signed" in text_of(signed)
    assert signature.digest in text_of(signed)
    assert signature.source == "203.0.113.9"


def test_pressing_sign_twice_is_one_signature():
    """The second press leads to the page that says it is signed. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    answers = [Client().post(f"/sign/{token}/", typed(case, code)) for _ in range(2)]
    assert answers[0].status_code == 302
    assert "The form is signed" in text_of(answers[1])
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"full_name": "Ivo Marsh"}, "Type your name as the form has it"),
        ({"standing": "delegated"}, "the other kind of official"),
        ({"title": ""}, "Confirm your name and title"),
        ({"code": "12345"}, "The code has 6 digits"),
        ({"full_name": ""}, "Full name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes, words):
    """And what was typed stays. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    response = Client().post(f"/sign/{token}/", typed(case, code, **changes))
    assert response.status_code == 422
    assert words in text_of(response)
    assert Signature.objects.count() == 0


def test_after_three_wrong_codes_a_new_one_is_offered():
    """The page says why, and what to do. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(3):
        response = Client().post(f"/sign/{token}/", typed(case, wrong))
    assert "That code is not the one we sent" in text_of(response)
    assert "Send me a code" in text_of(response)


def test_a_payer_that_is_down_delays_the_signature(switch):
    """Nothing is signed, the code stays good, and the page says so. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    switch.touch()
    response = Client().post(f"/sign/{token}/", typed(case, code))
    assert "We cannot reach the payer" in text_of(response)
    switch.unlink()
    assert Client().post(f"/sign/{token}/", typed(case, code)).status_code == 302
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "%00", "a" * 4000, "..%2f..%2f"])
def test_a_link_that_never_was(token):
    """A page in words, whatever stands in the address. [F-8]"""
    response = page(token)
    assert response.status_code == 404


def test_a_void_link_says_so():
    """The form was withdrawn: there is nothing to sign. [F-8]"""
    case, token = awaiting_case()
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    for response in (page(token), send(token)):
        assert response.status_code == 410
        assert "This link is no longer good" in text_of(response)


def test_an_expired_link_says_so():
    """Whether a job ran or not. [F-8]"""
    _, token = awaiting_case()
    past = clock.now() - minutes(1)
    Invitation.objects.update(expires_at=past)
    response = page(token)
    assert response.status_code == 410
    assert "This link has expired" in text_of(response)


def test_the_signed_page_says_when_the_form_was_changed_since():
    """Nobody believes that a void signature counts. [F-8]"""
    case, token = awaiting_case()
    Client().post(f"/sign/{token}/", typed(case, code_for(token)))
    Signature.objects.update(state="void")
    assert "no longer counts" in text_of(page(token))


def test_codes_are_not_sent_too_often():
    """The page says how long to wait, and keeps the place to type the first code. [F-8]"""
    _, token = awaiting_case()
    send(token)
    response = send(token)
    assert response.status_code == 422
    assert "Wait" in text_of(response)
    assert AccessCode.objects.filter(purpose="signing").count() == 1


def test_pages_with_a_link_are_not_kept_or_passed_on():
    """No cache keeps the form, no other site learns the link. [F-8]"""
    _, token = awaiting_case()
    response = page(token)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_no_log_shows_a_link(capfd):
    """A page that refuses is logged by its address; the link's secret is not in it. [F-8, L-2]"""
    case, token = awaiting_case()
    Client().post(f"/sign/{token}/", typed(case, "12"))
    Client(enforce_csrf_checks=True).post(f"/sign/{token}/", {"send": "email"})
    Client().put(f"/sign/{token}/")
    logged = capfd.readouterr().err
    assert "/sign/" in logged
    assert token not in logged
