"""The machine's door: who may ask, what a question is, and one answer to each."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from bailiwick.bureau.models import Review, Verification
from bailiwick.ground.program import clock
from tests.bureau.build_bureau import KEY_ID, PATH, PERSON, STRANGER, headers, question, sent

pytestmark = pytest.mark.django_db


def without(holder, name):
    return {key: value for key, value in holder.items() if key != name}


def test_a_person_of_the_file_is_found(client, settings):
    """Signed, well-formed, known: verified. [V-6]"""
    asked = question()
    response = sent(client, settings, asked)
    assert response.status_code == 200
    assert response.json() == {"request_id": asked["request_id"], "outcome": "verified"}


def test_letter_case_does_not_matter(client, settings):
    """People do not remember how they wrote themselves. [V-6]"""
    shouted = {**PERSON, "first_name": "AVERY", "last_name": "quillFEATHER "}
    assert sent(client, settings, question(shouted)).json()["outcome"] == "verified"


@pytest.mark.parametrize("key_id", ["idm-1", "idm-2"])
def test_two_keys_hold_at_once(client, settings, key_id):
    """A client changes its key without a pause. [V-6]"""
    assert sent(client, settings, question(), key_id=key_id).status_code == 200


@pytest.mark.parametrize(
    "signing",
    [
        {"secret": "x" * 40},
        {"key_id": "idm-9", "secret": "x" * 40},
        {"key_id": "idm-9", "secret": "0" * 64},
        {"key_id": "", "secret": "x" * 40},
        {"method": "GET"},
        {"path": "/v1/other"},
        {"at": clock.now() - timedelta(minutes=6)},
        {"at": clock.now() + timedelta(minutes=6)},
        {"timestamp": "99999999999"},
        {"timestamp": "999999999999"},
        {"timestamp": "1e9"},
        {"timestamp": "٣"},
    ],
)
def test_a_signature_that_does_not_hold_is_refused(client, settings, signing):
    """Another secret, key, method, path or time: one answer for all, nothing stored. [V-6]"""
    response = sent(client, settings, question(), **signing)
    assert (response.status_code, response.json()) == (401, {"error": "The signature does not hold."})
    assert not Verification.objects.exists()


def test_a_small_skew_of_clocks_is_allowed(client, settings):
    """Four minutes apart still talk to each other. [V-6]"""
    assert sent(client, settings, question(), at=clock.now() - timedelta(minutes=4)).status_code == 200


def test_a_changed_body_is_refused(client, settings):
    """The signature covers every byte. [V-6]"""
    body = json.dumps(question()).encode()
    signed = headers(body, settings)
    response = client.post(
        PATH, body.replace(b"Avery", b"Averi"), content_type="application/json", headers=signed
    )
    assert response.status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"Bureau-Key": "idm-1\u00e9"},
        {"Bureau-Timestamp": "now"},
        {"Bureau-Timestamp": "9" * 400},
        {"Bureau-Timestamp": "999999999999"},
        {"Bureau-Timestamp": "-1"},
        {"Bureau-Signature": "v1=" + "é" * 64},
        {"Bureau-Signature": ""},
        {"Bureau-Signature": "v2=" + "0" * 64},
    ],
)
def test_a_malformed_header_is_refused(client, settings, change):
    """Whatever stands in the headers, the answer is the same 401. [V-6]"""
    body = json.dumps(question()).encode()
    signed = {**headers(body, settings), **change}
    assert client.post(PATH, body, content_type="application/json", headers=signed).status_code == 401


def test_a_query_is_not_part_of_the_protocol(client, settings):
    """What was not signed is not taken. [V-6]"""
    body = json.dumps(question()).encode()
    response = client.post(
        f"{PATH}?a=b", body, content_type="application/json", headers=headers(body, settings)
    )
    assert response.status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_only_post_asks(client, method):
    """Every other method is refused. [V-6]"""
    assert getattr(client, method)(PATH).status_code == 405


def test_another_content_type_is_refused(client, settings):
    """A form of a foreign page can not ask. [V-6]"""
    body = json.dumps(question()).encode()
    assert (
        client.post(PATH, body, content_type="text/plain", headers=headers(body, settings)).status_code == 415
    )


def test_a_large_body_is_refused(client, settings):
    """Before it is read any further. [V-6]"""
    assert sent(client, settings, b" " * 20_000).status_code == 413


BAD = [
    b"null",
    b"[]",
    b"{",
    b"\xff",
    b"[" * 10_000,
    b'{"a": NaN}',
    without(question(), "reference"),
    {**question(), "more": 1},
    question(without(PERSON, "phone")),
    question({**PERSON, "address": None}),
    question({**PERSON, "address": without(PERSON["address"], "line2")}),
    question({**PERSON, "first_name": ""}),
    question({**PERSON, "first_name": "  "}),
    question({**PERSON, "first_name": "A" * 21}),
    question({**PERSON, "first_name": "A\x00b"}),
    question({**PERSON, "first_name": "A\u202eb"}),
    question({**PERSON, "first_name": ["Avery"]}),
    question({**PERSON, "ssn": "90010000"}),
    question({**PERSON, "ssn": "٩٠٠١٠٠٠٠١"}),
    question({**PERSON, "birth_date": "1979-02-30"}),
    question({**PERSON, "birth_date": "19790314"}),
    question({**PERSON, "birth_date": "1979-W11-3"}),
    question(request_id="not-a-uuid"),
    question(request_id="8C8C1C5C-1D6E-4C0A-B7D3-0B8A2F1F0A11"),
    question(reference="<script>"),
    question(reference=None),
]


@pytest.mark.parametrize("asked", BAD)
def test_a_malformed_question_gets_a_sentence(client, settings, asked):
    """422, one sentence without a value in it, and nothing stored. [V-6]"""
    response = sent(client, settings, asked)
    assert response.status_code == 422
    assert response.json()["error"].endswith(".")
    assert "Quillfeather" not in response.text
    assert not Verification.objects.exists()


@pytest.mark.parametrize("ssn", ["123456789", "899999999", "001010001", "665999999", "667000000"])
def test_an_ssn_that_could_be_somebodys_is_refused(client, settings, ssn):
    """Only never-issued areas: 000, 666, 900 to 999. [V-6]"""
    response = sent(client, settings, question({**PERSON, "ssn": ssn}))
    assert response.status_code == 422
    assert "never-issued" in response.json()["error"]
    assert ssn not in response.text


@pytest.mark.parametrize("ssn", ["000123456", "666123456", "900123456", "999999999"])
def test_a_never_issued_ssn_of_a_stranger_gets_a_call(client, settings, ssn):
    """Whoever is not in the file is told to call, with a reference for thirty days. [V-6]"""
    told = sent(client, settings, question({**STRANGER, "ssn": ssn})).json()
    assert told["outcome"] == "call"
    review = Review.objects.get(reference=told["reference"])
    assert review.expires_at - review.issued_at == timedelta(days=30)


def test_the_same_id_gets_the_stored_answer(client, settings):
    """Sent again, the question is answered as before, and counted once. [V-6]"""
    asked = question(STRANGER)
    first = sent(client, settings, asked).json()
    assert sent(client, settings, asked).json() == first
    assert Review.objects.count() == 1
    assert Verification.objects.get().sendings == 2


def test_the_same_id_with_another_question_is_a_conflict(client, settings):
    """An id never gets somebody else's answer. [V-6]"""
    asked = question()
    sent(client, settings, asked)
    response = sent(client, settings, {**asked, "person": STRANGER})
    assert response.status_code == 409
    assert "outcome" not in response.json()


def test_a_person_has_one_review_at_a_time(client, settings):
    """Asking anew gives the reference that the person has written down already. [V-4]"""
    first = sent(client, settings, question(STRANGER)).json()
    moved = {**STRANGER, "phone": "2025550177", "address": {**STRANGER["address"], "zip": "33101"}}
    assert sent(client, settings, question(moved)).json()["reference"] == first["reference"]


def test_references_cannot_be_guessed_from_each_other(client, settings):
    """Random, without signs that sound alike. [V-6]"""
    told = [sent(client, settings, question({**STRANGER, "ssn": f"90099{n:04}"})).json() for n in range(20)]
    references = {one["reference"] for one in told}
    assert len(references) == 20
    assert not any(sign in reference for reference in references for sign in "0O1I5S2B")


def test_a_reference_that_ran_out_verifies_nobody(client, settings):
    """Thirty days, then a new question. [V-4]"""
    reference = sent(client, settings, question(STRANGER)).json()["reference"]
    Review.objects.update(state="cleared", expires_at=clock.now())
    told = sent(client, settings, question(STRANGER, reference=reference)).json()
    assert told["outcome"] == "not_verified"


def test_flapping_answers_after_its_failures(client, settings):
    """503 to the first sendings of a request, then its answer. [V-6]"""
    wavering = {
        **PERSON,
        "first_name": "Lorcan",
        "last_name": "Wavering",
        "ssn": "900800001",
        "birth_date": "1995-10-10",
        "address": {**PERSON["address"], "zip": "32301"},
    }
    asked = question(wavering)
    assert [sent(client, settings, asked).status_code for _ in range(4)] == [503, 503, 200, 200]


def test_nothing_personal_is_stored_or_logged(client, settings, caplog):
    """People are known by keyed digests; a log line names the request and the outcome. [V-6, A-3]"""
    caplog.set_level(logging.DEBUG)
    sent(client, settings, question(STRANGER))
    sent(client, settings, question({**STRANGER, "ssn": "123456789"}))
    stored = str(list(Verification.objects.values())) + str(list(Review.objects.values()))
    for secret in ("900999999", "123456789", "Known", "1979", "Larkspur", "2025550101"):
        assert secret not in stored
        assert secret not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_question_sent_many_times_at_once_is_one_question(settings):
    """Eight sendings of one request at the same moment: one row, one review, one answer. [V-6]"""
    asked = question(STRANGER, request_id=str(uuid4()))
    barrier = Barrier(8)

    def send(_):
        barrier.wait()
        try:
            return sent(Client(), settings, asked).json()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["outcome"] == "call"
    assert Review.objects.count() == 1
    assert Verification.objects.get().sendings == 8


def test_the_key_of_the_tests_is_known(settings):
    """The builders sign with a key that the settings hold. [V-6]"""
    assert KEY_ID in settings.CLIENT_KEYS


def test_who_is_answered_twice_gets_two_answers_that_contradict_each_other(client, settings):
    """So that IDM can show that it takes neither. [V-6]"""
    twice = {**PERSON, "first_name": "Nerys", "last_name": "Doublespeak", "ssn": "900900001"}
    twice |= {"birth_date": "1989-09-09", "address": {**PERSON["address"], "zip": "33755"}}
    lines = sent(client, settings, question(twice)).content.decode().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["verified", "not_verified"]
