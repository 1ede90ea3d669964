"""SPOT in Spanish: what people read follows the page, what is signed, hashed and stored does not (F-1, F-8; M-5)."""

import re

import pytest
from django.test import Client
from django.utils import translation

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.kind_words import LIST_WORDS, in_every_language, worded, worded_list
from bailiwick.spot.forms.kinds import all_kinds
from bailiwick.spot.helpdesk.page import page_of
from bailiwick.spot.papers.queries import evidence_rows, form_to_sign, signed_form_pdf
from bailiwick.spot.payers.port import NoMatch
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.listreading import read
from bailiwick.spot.rules.lists import AFFILIATED, LISTS, Problem
from tests.ground.build_spanish import english_of
from tests.spot.build_desk import desk, seated, submitted_case, taken_case
from tests.spot.build_form_pages import filled
from tests.spot.build_forms import awaiting_case, mailed
from tests.spot.build_lists import LINE
from tests.spot.build_signing import code_for, newest_token
from tests.spot.test_signing_pages import typed

ES = {"HTTP_ACCEPT_LANGUAGE": "es"}
# Names: of the program, of roles, of a state.
AS_IT_IS = re.compile(r"Secure Provider Online Tool|FCSO - [\w /]+|SPOT Help Desk|District of Columbia")


def test_every_text_of_a_list_is_named_for_the_catalog():
    """Rules know no catalog: what they say of lists is collected from a table beside it. [F-4]"""
    said = {kind.title for kind in LISTS.values()}
    for column in (column for kind in LISTS.values() for column in kind.columns):
        said |= {column.label, column.help, *(choice.label for choice in column.choices)}
    assert said - {""} == set(LIST_WORDS)


def test_a_kind_keeps_its_codes_in_every_language():
    """Only words change: codes, versions, conditions and checks are the same. [F-1]"""
    for kind in all_kinds():
        with translation.override("es"):
            spanish = worded(kind)
        assert spanish.name != kind.name
        assert spanish.agreement.text != kind.agreement.text
        assert spanish.agreement.version == kind.agreement.version
        for ours, theirs in zip(kind.fields, spanish.fields, strict=True):
            assert (ours.code, ours.type, ours.shown_when, ours.checks) == (
                theirs.code,
                theirs.type,
                theirs.shown_when,
                theirs.checks,
            )
            assert [one.value for one in ours.choices] == [one.value for one in theirs.choices]
    assert worded(kind) is kind


@pytest.mark.parametrize("page", ["en", "es"])
@pytest.mark.parametrize("template", ["en", "es"])
def test_a_list_is_read_in_the_language_of_its_template(page, template):
    """On either page, with accents or without; what is wrong is told in the page's words. [F-4]"""
    kind, also = LISTS[AFFILIATED], in_every_language(LISTS[AFFILIATED])
    with translation.override(template):
        titles = [column.label for column in worded_list(kind).columns]
    plain = [title.replace("í", "i") for title in titles]
    words = {
        "en": ["Part B", "Assign to this submitter ID"],
        "es": ["Parte B", "asignar"],
    }
    line, era = words[template]
    good = [*LINE[:4], line, LINE[5], LINE[6], era]
    bad = ["", "ZZ00001", *LINE[2:6], "fax", "keep"]
    with translation.override(page):
        shown = worded_list(kind)
        said = read(shown, [(1, plain), (2, good), (3, bad), (4, [*LINE[:6], "fax", ""])], most=9, also=also)
    [(_line, row)] = said.good
    assert (row["line_of_business"], row["services"], row["era"]) == ("B", "837, ERA", "assign")
    assert [(one.code, one.column) for bad in said.bad for one in bad.faults] == [
        (Finding.MISSING, shown.label("name")),
        (Problem.SERVICE_UNKNOWN, shown.label("services")),
    ]


@pytest.mark.django_db
def test_what_is_signed_has_no_language():
    """Canonical text, digest and the document to sign are the same bytes whatever the page. [F-8]"""
    case, _token = awaiting_case()
    case.language = "es"
    case.save(update_fields=["language"])
    english = queries.canonical_of(case), form_to_sign(case, case.revision)
    with translation.override("es"):
        assert (queries.canonical_of(case), form_to_sign(case, case.revision)) == english


@pytest.mark.django_db
def test_a_spanish_reader_sees_what_binds_and_the_evidence_says_so():
    """The English agreement stands beside its translation; the signature notes in which language it was read. [F-8]"""
    case, token = awaiting_case()
    page = Client().get(f"/sign/{token}/", **ES).content.decode()
    assert '<html lang="es"' in page
    agreement = queries.kind_of(case).agreement.text.split("\n")[0]
    assert agreement in page[page.index('<div lang="en">') :]
    assert page.count(agreement) == 1
    answer = Client().post(f"/sign/{token}/", typed(case, code_for(token), read_in="es"), **ES)
    assert answer.status_code == 302
    signature = queries.live_signature(case)
    assert signature.read_in == "es"
    assert (
        "Language it was read in",
        "Spanish, with the English text that is signed beside it",
    ) in evidence_rows(signature)


@pytest.mark.django_db
def test_what_was_signed_before_keeps_its_bytes():
    """A signature that notes no language has no line about it, so that its paper stays byte for byte. [F-10]"""
    signature = queries.live_signature(submitted_case())
    noted = signed_form_pdf(signature, shows_tin=False)
    signature.read_in = ""
    assert not [row for row in evidence_rows(signature) if row[0] == "Language it was read in"]
    assert signed_form_pdf(signature, shows_tin=False) != noted


@pytest.mark.django_db
def test_a_notice_names_the_form_in_its_readers_language():
    """Whoever acts on a Spanish page, an English contact reads the English name; and the other way round. [N-2, F-7]"""
    with translation.override("es"):
        awaiting_case()
    assert "New organization: provider office" in mailed(to="nora.castellan@pelicancove.example")[-1]["text"]


@pytest.mark.django_db
def test_the_desks_case_is_in_words_of_the_page():
    """Questions, columns and what is to be settled; answers stay as they were typed. [B-1]"""
    one = desk()
    case = taken_case(one)
    with translation.override("es"):
        context = page_of(case, desk=one, on_file=NoMatch(), since=None, now=case.changed_at)
        assert str(context["beside_columns"][1]) == "En el formulario"
        assert context["blocks"][1][0] == "Proveedor"
        assert ("PTAN del grupo", queries.answers_of(case)["group_ptan"]) in context["blocks"][1][1]


@pytest.mark.django_db
@pytest.mark.only_on("sqlite")
@pytest.mark.slow
def test_main_pages_are_wholly_spanish(provider):
    """Public pages, a form from start to signature, and the desk: nothing is left in English. [M-5, F-1, F-8, B-1]"""
    contact = filled()
    contact.ask_for_signature()
    steps = [contact.at(f"step/{block.code}/") for block in queries.kind_of(contact.case).blocks]
    signing = f"/sign/{newest_token()}/"
    case, (todd, _) = submitted_case(), seated(provider)
    public = [
        "/",
        "/guides/",
        "/guides/everyday/",
        "/forms/",
        "/forms/start/update/",
        contact.at("code/"),
        signing,
    ]
    of_form = [contact.at(), contact.at("review/"), contact.at("withdraw/"), *steps]
    of_desk = [
        "",
        f"{case.tracking}/",
        f"{case.tracking}/return/",
        "registry/",
        "times/",
        "reports/",
        "comparison/",
    ]
    seen, left = 0, []
    for client, paths in (
        (Client(), public),
        (contact, of_form),
        (todd, ["/home/", "/account/", "/working-as/", *(f"/desk/{path}" for path in of_desk)]),
    ):
        for path in paths:
            answer = client.get(path, **ES)
            if answer.status_code == 200:
                seen += 1
                found = english_of(answer.content.decode(), "spot", but=AS_IT_IS)
                left += [f"{path}: {text}" for text in found if not AS_IT_IS.fullmatch(text)]
    assert seen > len(public) + len(of_desk)
    assert not left, "\n".join(left)
