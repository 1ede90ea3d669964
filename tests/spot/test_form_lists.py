"""Lists that are attached to a form: kept good line by good line, signed with the form, borne out by the payer's file (F-4)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case, RowList
from bailiwick.spot.papers.queries import paper_of, signed_form_pdf
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Refusal as FormRefusal
from bailiwick.spot.rules.forms import State
from bailiwick.spot.rules.services import Pair
from bailiwick.spot.services import actions as serving
from bailiwick.spot.services.models import Affiliation, EraRoute
from bailiwick.spot.services.queries import provider_of, route_on
from tests.spot import build_lists as build
from tests.spot.build_desk import desk, seated, submitted_case
from tests.spot.build_enrollment import BY, enrolled
from tests.spot.build_form_pages import Browser, opened, texts
from tests.spot.build_forms import ANSWERS, CONTACT, VISITOR, filled_case, mailed, token_mailed
from tests.spot.build_kinds import LISTED, MIGRATED, TIDEWATER, approve, filled, taken
from tests.spot.build_signing import sign_now

pytestmark = pytest.mark.django_db
PROVIDER_FORM = {**ANSWERS, "has_list": "yes"}
LINE = build.LINE


def today():
    return timezone.localdate(clock.now())


def numbered(number: int) -> dict[str, str]:
    return {**LISTED, "ptan": f"ZZ{number:05}", "name": f"Provider {number}"}


def rows(case) -> list[dict[str, str]]:
    listed = queries.listed_of(case, queries.answers_of(case))
    return listed[1] if listed else []


def at_the_list(case: Case | None = None) -> Browser:
    """A browser whose form asks for a list, and shows it."""
    case = case or filled_case(has_list="yes", now=clock.now() - timedelta(hours=1))
    browser = Browser()
    browser.tracking = case.tracking
    browser.post(browser.at("code/send/"))
    return opened(browser)


def send(browser: Browser, act: str, **fields):
    return browser.post(browser.at("list/list/"), {"act": act, "revision": browser.case.revision, **fields})


def upload(browser: Browser, data: bytes, name: str = "list.csv", **fields):
    return send(browser, "file", file=SimpleUploadedFile(name, data), **fields)


# --- Kept, changed, signed ------------------------------------------------------------------------


def test_the_signature_is_on_the_list_as_it_was():
    """The form's canonical text names the list by its digest: another list is another form. [F-4, F-8]"""
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED])
    before = queries.version_of(case).digest
    case = actions.save_rows(
        case=case,
        block="list",
        added=[numbered(1)],
        expected_revision=case.revision,
        by=VISITOR,
        now=clock.now(),
    )
    assert queries.version_of(case).digest != before
    assert [row["ptan"] for row in rows(case)] == ["PC2042", "ZZ00001"]
    assert queries.answers_of(case, case.revision - 1)["provider_list"].startswith("1:")
    # Nobody was asked to sign the first one: it is not kept.
    assert RowList.objects.count() == 1
    assert LISTED["tin"].encode() not in bytes(RowList.objects.first().rows_sealed)


def test_a_list_changed_elsewhere_is_not_overwritten():
    """The page's revision counts for lists as for answers; the same lines again change nothing. [F-7]"""
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED])
    kept = {"case": case, "block": "list", "by": VISITOR, "now": clock.now()}
    again = actions.save_rows(added=[LISTED], expected_revision=1, **kept)
    assert again.revision == case.revision
    with pytest.raises(Refused) as refused:
        actions.save_rows(added=[numbered(1)], expected_revision=case.revision - 1, **kept)
    assert refused.value.code is FormRefusal.CHANGED_ELSEWHERE


def test_a_signed_list_that_changes_is_signed_no_more():
    """Back to a draft, signature void. [F-8]"""
    case = submitted_case(has_list="no")
    case = actions.save_answers(
        case=case,
        block="providers",
        answers={"has_list": "yes"},
        expected_revision=case.revision,
        by=VISITOR,
        now=clock.now(),
    )
    assert case.state == State.DRAFT
    assert "provider_list" in {problem.field for problem in queries.missing(case)}


def test_what_was_never_signed_is_forgotten():
    """A withdrawn draft keeps no lines. [F-7, A-2]"""
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED])
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    assert not RowList.objects.exists()


# --- Approved -------------------------------------------------------------------------------------


def test_an_approval_serves_every_line_that_the_payer_bears_out():
    """The others are left out, and the letter says which and why. [F-4, F-11, E-1]"""
    one = desk()
    case = taken(one, "new-provider-office", PROVIDER_FORM, rows=[LISTED, numbered(1)])
    with pytest.raises(Refused) as refused:
        approve(case, one, rows_on_file=None)
    assert refused.value.code is Refusal.LIST_UNCHECKED
    record = approve(case, one)
    served = Affiliation.objects.filter(record=record).select_related("provider")
    assert {(row.provider.ptan, row.is_own, row.tracking) for row in served} == {
        ("PC2041", True, case.tracking),
        ("PC2042", True, case.tracking),
    }
    letter = mailed(CONTACT, "form-approved")[-1]["text"]
    assert "Providers of the list that are set up: 1" in letter
    assert "Provider 1, ZZ00001, 1900410774: not on file with the payer" in letter


def test_a_migration_list_moves_only_who_is_served_already():
    """The payer knows the third party to serve them under that ID; others file a form of their own. [F-4, E-2]"""
    one = desk()
    other = {**MIGRATED, "present_id": "TW9999", "ptan": "PC2042", "npi": LISTED["npi"], "tin": LISTED["tin"]}
    case = taken(one, "new-billing-service", {**TIDEWATER, "has_list": "yes"}, rows=[MIGRATED, other])
    record = approve(case, one)
    (row,) = Affiliation.objects.all()
    assert (row.provider.ptan, row.is_own, row.sends_claims) == ("SG3107", False, True)
    assert route_on(row.provider, today()).receiver == record


def test_a_list_takes_no_remittance_from_a_receiver_that_the_provider_chose():
    """In SPOT already: only the provider's own form moves it. [E-2, F-8]"""
    one, receiver = desk(), enrolled()
    pair = Pair("SG3107", "1900410840", "B")
    serving.affiliate(
        record=receiver,
        pair=pair,
        name="Sawgrass",
        state="FL",
        services=frozenset(),
        is_own=False,
        on=today(),
        by=BY,
        now=clock.now(),
    )
    serving.route_era(
        provider=provider_of(pair), receiver=receiver, on=today(), seen=None, by=BY, now=clock.now()
    )
    approve(taken(one, "new-billing-service", {**TIDEWATER, "has_list": "yes"}, rows=[MIGRATED]), one)
    assert route_on(provider_of(pair), today()).receiver == receiver
    assert EraRoute.objects.count() == 1


def test_a_list_that_moves_remittance_waits_for_objection():
    """As a single change of the receiver does. [F-8]"""
    one = desk()
    moving = {**LISTED, "era": "assign", "services": "837, ERA"}
    case = taken(one, "new-provider-office", PROVIDER_FORM, rows=[moving], days_ago=0.5)
    with pytest.raises(Refused) as refused:
        approve(case, one)
    assert refused.value.code is Refusal.OBJECTION_TIME
    assert refused.value.facts["until"] > clock.now() + timedelta(hours=11)


# --- On the pages ---------------------------------------------------------------------------------


def test_a_file_of_many_lines_is_kept_and_its_bad_lines_come_back():
    """Good ones on the list, bad ones with line and reason, ready to be corrected in the field for pasting. [F-4]"""
    browser = at_the_list()
    bad = ["Wrong", "PC1", *LINE[2:]]
    answer = upload(browser, build.workbook([*(build.line(n) for n in range(300)), bad]), "list.xlsx")
    assert answer.status_code == 422
    assert len(rows(browser.case)) == 300
    page = texts(answer)
    assert "1 line is not on the list yet" in page
    assert "302 PTAN:" in page
    pasted = re.search(
        r'<textarea[^>]*name="lines"[^>]*>(.*?)</textarea>', answer.content.decode(), re.DOTALL
    )[1]
    corrected = pasted.strip("\r\n").replace("PC1", "PC2042")
    assert send(browser, "paste", lines=corrected).status_code == 302
    assert len(rows(browser.case)) == 301
    page = browser.get(browser.at("list/list/?page=7"))
    assert "PC2042" in texts(page)
    assert ANSWERS["tin"] not in page.content.decode()


def test_lines_are_typed_replaced_and_taken_off():
    """One at a time; a provider who is on the list gets the newer line. [F-4]"""
    browser = at_the_list()
    typed = {f"row-{code}": value for code, value in {**LISTED, "tin": ""}.items()}
    assert send(browser, "row", **typed).status_code == 302
    assert send(browser, "row", **{**typed, "row-services": "837 276"}).status_code == 302
    assert [row["services"] for row in rows(browser.case)] == ["837, 276/277"]
    answer = send(browser, "row", **{**typed, "row-npi": "1900410775", "row-name": ""})
    assert answer.status_code == 422
    assert "its last digit does not fit" in texts(answer)
    assert send(browser, "remove", pair="PC2042/1900410774/B").status_code == 302
    assert rows(browser.case) == []


def test_a_list_begins_anew_only_when_asked():
    """A second file adds; with the tick it replaces. [F-4]"""
    browser = at_the_list()
    upload(browser, build.text([build.line(1)]))
    upload(browser, build.text([build.line(2)]))
    assert len(rows(browser.case)) == 2
    upload(browser, build.text([build.line(3)]), anew="on")
    assert [row["ptan"] for row in rows(browser.case)] == ["ZZ00003"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is nothing in it"),
        (b"%PDF-1.7 nothing", "neither CSV nor XLSX"),
        (b"\xd0\xcf\x11\xe0", "protected by a password"),
        (b"PK\x03\x04 nothing", "damaged"),
    ],
)
def test_a_file_that_is_no_list_gets_its_sentence_at_the_field(data, sentence):
    """Nothing of the list changes. [F-4]"""
    browser = at_the_list()
    answer = upload(browser, data, "../../list.csv.exe")
    assert answer.status_code == 422
    assert sentence in texts(answer)
    assert rows(browser.case) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "nothing"},
        {"act": "paste", "lines": "a\x00b,c"},
        {"act": "paste", "lines": "\ud800".encode("utf-8", "surrogatepass")},
        {"act": "paste", "lines": "x" * 900_001},
        {"act": "file", "file": "no file"},
        {"act": "remove", "pair": "' OR 1=1 --"},
        {"act": "row", "row-npi": "\x00", "row-line_of_business": ["A", "B"]},
        {"act": "paste", "lines": ",".join(LINE), "revision": "99999999999999999999"},
        {"act": "paste", "lines": ",".join(LINE), "revision": "-1"},
    ],
)
def test_nothing_that_is_sent_to_a_list_breaks_it(sent):
    """An answer with words, never an error, and nothing kept. [quality: hostile input]"""
    browser = at_the_list()
    answer = send(browser, **sent)
    assert answer.status_code in (200, 302, 409, 422), answer.status_code
    assert rows(browser.case) == []
    assert browser.get(browser.at("list/list/?page=abc")).status_code == 200
    assert browser.get(browser.at("list/nothing/")).status_code == 404


@pytest.mark.parametrize("path", ["list/list/list.csv", "list/list/template.csv", "list/list/template.xlsx"])
def test_what_is_taken_along_can_be_sent_back(path):
    """The template and the list itself: read as they are, no line of them is bad. [F-4]"""
    browser = at_the_list()
    upload(browser, build.text([LINE]))
    document = browser.get(browser.at(path)).content
    assert ANSWERS["tin"].encode() not in document
    answer = upload(browser, document)
    assert answer.status_code == 302, texts(answer)
    assert len(rows(browser.case)) == 1


def test_a_list_is_seen_by_nobody_without_the_code():
    """Page and files of a case are opened by its tracking number and a code alone. [F-9]"""
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED])
    for path in ("", "list.csv", "template.csv"):
        answer = Client().get(f"/forms/{case.tracking}/list/list/{path}")
        assert answer.status_code == 302
        assert "/code/" in answer["Location"]


def test_the_official_sees_the_whole_list_before_signing():
    """On the page, and as a file; of each TIN the last four, for a link alone is anybody's. [F-8, A-3]"""
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED])
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=clock.now())
    token = token_mailed(ANSWERS["official_email"])
    answer = Client().get(f"/sign/{token}/")
    assert "Pelican Cove Laser Center" in texts(answer)
    assert f'href="/sign/{token}/list.csv"' in answer.content.decode()
    file = Client().get(f"/sign/{token}/list.csv").content.decode()
    assert LISTED["tin"] not in file
    assert f"ends in {LISTED['tin'][-4:]}" in file
    signature = sign_now(token, case)
    assert signature.digest == queries.version_of(case).digest
    (paper,) = paper_of(case, case.revision).lists
    assert queries.list_digest(case, queries.answers_of(case)) == paper.digest
    assert signed_form_pdf(signature, shows_tin=True).startswith(b"%PDF-1.7")
    assert Client().get("/sign/nothing/list.csv").status_code == 404


def test_a_tin_that_was_corrected_after_the_list_is_corrected_there_too():
    """Its lines would all be left out: the review says so before anybody signs. [F-4, F-6]"""
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED])
    answers = {"tin": "900450109"}
    saved = {"case": case, "block": "provider", "by": VISITOR, "now": clock.now()}
    case = actions.save_answers(answers=answers, expected_revision=case.revision, **saved)
    assert "provider_list" in {problem.field for problem in queries.problems(case) if problem.stops}
    saved |= {"block": "list", "expected_revision": case.revision, "starts_anew": True}
    case = actions.save_rows(added=[{**LISTED, **answers}], **saved)
    assert "provider_list" not in {problem.field for problem in queries.problems(case)}


def test_the_desk_sees_what_would_be_left_out(provider):
    """Before deciding, line by line; the list as a file, without TINs as every export, is a look that is on the ledger. [B-1, F-4, A-3, L-2]"""
    client, _session = seated(provider)
    case = filled("new-provider-office", PROVIDER_FORM, rows=[LISTED, numbered(1)])
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=clock.now())
    sign_now(token_mailed(ANSWERS["official_email"]), case)
    page = texts(client.get(f"/desk/{case.tracking}/"))
    assert "The payer's file bears out 1 of them" in page.replace("&#x27;", "'")
    assert "Provider 1" in page
    looks = Entry.objects.filter(deed=Deed.FORM_LOOKED.value)
    before = looks.count()
    file = client.get(f"/desk/{case.tracking}/list.csv").content.decode()
    assert ("Provider 1" in file, LISTED["tin"] in file, looks.count() - before) == (True, False, 1)
