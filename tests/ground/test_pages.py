"""Forms, words and error pages: whatever is typed, a person gets a sentence where they typed it."""

import uuid
from enum import StrEnum

import pytest
from django import forms
from django.template import engines
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.pages import fields
from bailiwick.ground.pages.words import GENERIC, register, sentence_for


class Asked(forms.Form):
    name = fields.TextField(label="Name", max_length=10)
    born = fields.MemorableDateField(label="Birth date")
    phone = fields.PhoneField(label="Phone", required=False)
    role = fields.ChoiceField(
        label="Role",
        choices=[fields.Option("a", "Approver"), fields.Option("b", "Backup", "", "You hold it.")],
    )
    agreed = fields.TickField(label="I agree")


GOOD = {"name": "Ana", "born_month": "4", "born_day": "28", "born_year": "1986", "role": "a", "agreed": "on"}


def drawn(template, request=None, **context):
    return engines["django"].from_string("{% load elements %}" + template).render(context, request)


def test_good_answers_pass():
    """The form of these tests can be filled in. [R-2]"""
    assert Asked(GOOD).is_valid()


@pytest.mark.parametrize(
    ("field", "sent", "code"),
    [
        ("name", {"name": ""}, "required"),
        ("name", {"name": "x" * 11}, "too_long"),
        ("name", {"name": "a\x00b"}, "control_characters"),
        ("name", {"name": "ab\u202ecd"}, "control_characters"),
        ("born", {"born_day": ""}, "incomplete"),
        ("born", {"born_day": "31", "born_month": "2"}, "invalid"),
        ("born", {"born_year": "nineteen"}, "invalid"),
        ("phone", {"phone": "123 456 7890"}, "invalid"),
        ("role", {"role": "b"}, "invalid_choice"),
        ("role", {"role": "c"}, "invalid_choice"),
        ("agreed", {"agreed": ""}, "required"),
    ],
)
def test_each_bad_answer_gets_a_sentence_at_its_field(field, sent, code):
    """Left out, too long, of the wrong kind, with control characters: named where it stands. [R-2]"""
    form = Asked(GOOD | sent)
    assert [(name, [error.code for error in errors]) for name, errors in form.errors.as_data().items()] == [
        (field, [code])
    ]
    page = drawn("{% form form submit='Next' %}", RequestFactory().post("/", GOOD | sent), form=form)
    (sentence,) = form.errors[field]
    assert page.count(str(sentence)) >= 2, "once at the top as a link, once at the field"
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="' in page


@given(st.dictionaries(st.sampled_from([*GOOD, "once"]), st.text(max_size=40)))
def test_no_text_makes_a_form_fail_in_another_way(sent):
    """Any text is an answer or a sentence. [R-2]"""
    form = Asked(GOOD | sent)
    form.is_valid()
    drawn("{% form form submit='Next' %}", RequestFactory().post("/", GOOD | sent), form=form)


def test_a_page_shown_again_keeps_its_once_token():
    """Sending a refused form again is the same act. [Q-5]"""
    token = str(uuid.uuid4())
    page = drawn("{% once %}", RequestFactory().post("/", {"once": token}))
    assert f'value="{token}"' in page


@pytest.mark.parametrize("sent", ["", "garbage", "x" * 500, "\x00"])
def test_a_broken_once_token_becomes_a_new_one(sent):
    """Nobody is stopped by a damaged hidden field, and nobody chooses what is not a token. [Q-5]"""
    page = drawn("{% once %}", RequestFactory().post("/", {"once": sent}))
    value = page.split('value="')[1].split('"')[0]
    assert str(uuid.UUID(value)) == value


def test_what_a_person_typed_is_escaped_everywhere():
    """Markup in a name is text. [R-2]"""
    form = Asked(GOOD | {"name": "<b>x"})
    page = drawn(
        "{% form form submit='Next' %}{% element 'alert' kind='info' text=text / %}",
        None,
        form=form,
        text="<i>y",
    )
    assert "<b>x" not in page
    assert "<i>y" not in page


class Refusal(StrEnum):
    KNOWN = "test_known_refusal"
    UNKNOWN = "test_refusal_without_words"


def test_a_refusal_is_read_as_its_sentence():
    """The words live with the room; facts fill them. [L-2]"""
    register({Refusal.KNOWN: "Try again after %(until)s."})
    assert sentence_for(Refusal.KNOWN, until="noon") == "Try again after noon."


@pytest.mark.parametrize(("code", "facts"), [(Refusal.UNKNOWN, {}), (Refusal.KNOWN, {})])
def test_a_refusal_without_words_or_facts_still_gets_a_sentence(code, facts):
    """A person never reads a code. [L-2]"""
    register({Refusal.KNOWN: "Try again after %(until)s."})
    assert sentence_for(code, **facts) == str(GENERIC)


def test_a_form_that_was_open_too_long_gets_a_kind_page():
    """No token, or somebody else's: 403, a sentence, nothing done. [S-7]"""
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    if answer.status_code == 404:
        answer = Client(enforce_csrf_checks=True).post("/sign-out/")
    assert answer.status_code == 403
    assert b"Traceback" not in answer.content


def test_every_answer_carries_the_security_headers():
    """Pages and errors alike: no framing, no sniffing, no storing, a strict content policy. [S-7]"""
    for path in ("/", "/nowhere/", "/healthz"):
        answer = Client().get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-store"
