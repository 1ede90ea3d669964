"""The payer away, and IDM away: cases wait, nothing is lost, pages say so, and it catches up by itself (F-6, F-11)."""

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.checks import ask_for_those_who_wait, check_payer
from bailiwick.spot.forms.models import Case, FileCheck, Signature
from bailiwick.spot.forms.waits import PayerWait
from bailiwick.spot.payers.vendors.http import HttpPayer
from bailiwick.spot.rules.filechecks import Outcome
from tests.spot.build_forms import VISITOR, awaiting_case, filled_case
from tests.spot.build_payers import embedded, on_file
from tests.spot.build_signing import code_for, mails, refusal_of, sign_now, text_of
from tests.spot.payer_server import KEY_ID, SECRET, PayerServer, from_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(settings, tmp_path):
    """A switch: while it exists the payer is away."""
    switch = tmp_path / "payer-is-down"
    settings.PAYER = embedded(down_while=switch)
    switch.touch()
    return switch


def asked_again():
    return ask_for_those_who_wait(by=VISITOR, now=clock.now())


def test_an_official_who_cannot_sign_is_mailed_when_the_payer_answers(away):
    """No code is sent that would run out; nothing is signed; one mail when it is back; then the same link signs. [F-6, F-8]"""
    case, token = awaiting_case()
    for _again in range(2):
        answer = Client().post(f"/sign/{token}/", {"send": "email"})
        assert answer.status_code == 422
        assert "We mail you as soon as the file answers again" in answer.content.decode()
    assert not mails(kind="form-signing-code")
    assert asked_again() == 0
    away.unlink()
    # The contact's question, which could not be asked when the form was filled in; and the official.
    assert asked_again() == 2
    assert asked_again() == 0
    (mail,) = mails(kind="form-payer-answers")
    assert mail.to == "nora.castellan@pelicancove.example"
    assert "Pelican Cove Dermatology" in text_of(mail)
    assert sign_now(token, case).state == "live"


def test_a_signature_that_the_outage_interrupted_is_asked_for_again(away):
    """The code was typed, the payer went away: nothing is signed, the code is not used up, the official waits. [F-6, F-8]"""
    away.unlink()
    case, token = awaiting_case()
    code = code_for(token)
    away.touch()
    typed = {"digest": queries.version_of(case).digest, "title": "on", "standing": "authorized"}
    typed |= {"full_name": "Nora Castellan", "code": code}
    assert Client().post(f"/sign/{token}/", typed).status_code == 422
    assert not Signature.objects.exists()
    away.unlink()
    assert asked_again() == 1
    assert sign_now(token, case, code=code).state == "live"


def test_a_form_filled_in_meanwhile_is_asked_about_afterwards(away):
    """The contact goes on; a match is not worth a mail, and uses up one try. [F-6]"""
    case = filled_case(is_checked=False)
    assert check_payer(case=case, by=VISITOR, now=clock.now()) is Outcome.UNAVAILABLE
    away.unlink()
    assert asked_again() == 1
    assert queries.payer_outcome(case, queries.answers_of(case)) is Outcome.MATCH
    assert not mails(kind="form-payer-no-match")
    assert FileCheck.objects.filter(outcome=Outcome.MATCH.value).count() == 1


def test_numbers_that_turn_out_not_to_match_are_told_to_the_contact(away):
    """They must be corrected before anybody signs; which one differs, nobody says. [F-6]"""
    case = filled_case(is_checked=False, group_ptan="PC2042")
    assert check_payer(case=case, by=VISITOR, now=clock.now()) is Outcome.UNAVAILABLE
    away.unlink()
    assert asked_again() == 1
    (mail,) = mails(kind="form-payer-no-match")
    assert (mail.to, "PC2042" in text_of(mail)) == (case.contact_email, False)


def test_nobody_is_told_what_is_no_news_any_more(away):
    """A form withdrawn, or signed, while the payer was away. [F-6, I-2]"""
    case, token = awaiting_case()
    Client().post(f"/sign/{token}/", {"send": "email"})
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    away.unlink()
    assert asked_again() == 2
    assert not mails(kind="form-payer-answers")
    assert PayerWait.objects.filter(ended_at=None).count() == 0


def test_a_question_that_is_answered_out_of_protocol_holds_up_nobody_else(away, settings):
    """It waits on; whoever waited behind it is served. [F-6]"""
    stuck = filled_case()
    other = on_file("Frangipani Family Health")
    numbers = {"group_ptan": other.ptan, "group_npi": other.npi, "tin": other.tin}
    filled_case(**numbers, group_name=other.legal_name, contact_email="second@frangipani.example")

    def answer(questions):
        is_stuck = questions[0]["ptan"] == "PC2041"
        return 200, {}, b"{}" if is_stuck else from_file(questions)

    with PayerServer(answer) as server:
        settings.PAYER = HttpPayer(url=server.url, key_id=KEY_ID, secret=SECRET, pauses=())
        assert asked_again() == 1
    assert [wait.case for wait in PayerWait.objects.filter(ended_at=None)] == [stuck]


def test_a_payer_over_http_that_is_away_keeps_the_same_promises(settings):
    """After five questions without an answer nobody waits for it, and the page knows before it asks. [F-6]"""
    settings.PAYER = HttpPayer(url="http://127.0.0.1:9", key_id=KEY_ID, secret=SECRET, pauses=())
    case, token = awaiting_case()
    for _times in range(4):
        assert check_payer(case=case, by=VISITOR, now=clock.now()) is Outcome.UNAVAILABLE
    assert settings.PAYER.is_away
    assert refusal_of(sign_now, token, case, code="123456") == "signing_payer_unavailable"
    assert Client().post(f"/sign/{token}/", {"send": "email"}).status_code == 422
    assert Case.objects.get(pk=case.pk).state == "awaiting_signature"
