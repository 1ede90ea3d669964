"""SPOT's back office: registry, reports, exports, times (B-2, B-3, B-4)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions as enrollment
from bailiwick.spot.enrollment.models import RecordVersion
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.models import Case, Move
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.services import Pair, Service
from bailiwick.spot.services import actions as services
from bailiwick.spot.signin.models import FirstEntry, Person, Session
from tests.spot.build_desk import DINA, approving, by_of, desk, seated, submitted_case, taken_case
from tests.spot.build_enrollment import BY, deliver_until_quiet, enrolled
from tests.spot.build_signin import signed_in
from tests.spot.provider import Provider

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PATHS = (
    "registry/", "registry/NOBODY1/", "times/", "reports/", "reports/access/", "reports/access/export/", "comparison/",
)  # fmt: skip


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/desk/{path}")
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def lines_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.content.decode()
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(body)))


def told_holder(**changes):
    return {
        "id": "1",
        "user_id": "ada.example",
        "name": "Ada Example",
        "role": "FCSO - SPOT End User",
        "submitter_id": "HARBOR1",
        "legal_name": "Harborview",
        "state": "inactive",
        "granted_at": "2026-03-02T12:00:00+00:00",
        "last_sign_in_at": None,
        "sign_in_by": "2026-04-01",
        "certify_by": "2027-03-02",
        **changes,
    }


def told_standing(submitter_id: str):
    finding = {
        "code": "only_one_approver",
        "sentence": "Only one person can approve for this organization.",
        "next_step": "Name a backup approver.",
        "people": ["Ada Example"],
    }
    return {
        "submitter_id": submitter_id,
        "claimed_at": "2026-03-02T12:00:00+00:00",
        "approved_since": "2026-03-02T13:00:00+00:00",
        "able": ["Ada Example"],
        "findings": [finding],
        "people": 3,
        "waiting": 2,
    }


@pytest.mark.parametrize("path", PATHS)
def test_the_back_office_is_closed_to_others(provider, path):
    """An approver finds no registry, no report, no time, and that they tried is on the ledger. [B-2, B-4, H-2, AX18]"""
    client, _ = signed_in(provider)
    assert client.get(f"/desk/{path}").status_code == 403
    assert Client().get(f"/desk/{path}")["Location"].startswith("/sign-in/")
    assert Entry.objects.filter(deed=Deed.DESK_REFUSED).exists()


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("", True),
        ("harb pract", True),
        ("PRACTICE, Harborview", True),
        ("ben exa", True),
        ("tampa", True),
        ("arborview", False),
        ("ha", False),
        ("harbor clinic", False),
        ("\x00", False),
    ],
)
def test_the_registry_is_searched_by_the_beginnings_of_words(provider, text, is_found):
    """Name, place and people, in any order; too few letters find nothing. [B-2]"""
    record = enrolled(backup={"name": "Ben Example", "email": "ben@harborview.example", "phone": ""})
    client, _ = seated(provider)
    found = client.get("/desk/registry/", {"text": text}).content.decode()
    assert (f"/desk/registry/{record.submitter_id}/" in found) is is_found or text == "\x00"


def test_the_registry_finds_by_number_who_serves_a_provider(provider):
    """By submitter ID; by PTAN or NPI the provider, who serves it, and where its remittance goes. [B-2, E-2]"""
    record, now = enrolled(), clock.now()
    row = services.affiliate(
        record=record, pair=Pair("PC2041", "1900410006", "B"), name="Dr. Palmer", state="FL",
        services=frozenset({Service.CLAIMS}), is_own=True, on=timezone.localdate(now), by=BY, now=now,
    )  # fmt: skip
    services.route_era(
        provider=row.provider, receiver=record, on=timezone.localdate(now), seen=None, by=BY, now=now
    )
    client, _ = seated(provider)
    assert record.legal_name in page(client, f"registry/?text={record.submitter_id.lower()}")
    for number in ("pc2041", "1900410006"):
        text = page(client, f"registry/?text={number}")
        assert text.count(f"Harborview Family Practice ({record.submitter_id})") == 2


def test_a_record_shows_history_people_services_and_health(provider):
    """Each version with what changed, the approver of record, what IDM says, never a whole TIN; the look is on the ledger. [B-2, G-7, A-3, L-2]"""
    record, now = enrolled(), clock.now()
    successor = {"name": "Nora Next", "email": "nora@harborview.example", "phone": ""}
    enrollment.change(record=record, changes={"approver": successor, "tin": "000123499"}, by=BY, now=now)
    provider.standings = [told_standing(record.submitter_id)]
    client, _ = seated(provider)
    text = page(client, f"registry/{record.submitter_id}/")
    for shown in ("Nora Next", "Ada Example", "Version 2", "Version 1", "3499", "Only one person can approve",
                  "Name a backup approver.", "On its way", "Nobody has entered yet"):  # fmt: skip
        assert shown in text, shown
    assert "000123499" not in text
    assert Entry.objects.filter(deed=Deed.RECORD_LOOKED.value, organization=record.submitter_id).count() == 1
    page(client, "registry/NOBODY1/", 404)


def test_a_record_is_read_while_idm_is_away(provider):
    """What SPOT knows is shown; of health it says that IDM does not answer. [B-2, O-5]"""
    record = enrolled()
    client, _ = seated(provider)
    provider.answers["/api/"] = lambda _form: (503, {})
    text = page(client, f"registry/{record.submitter_id}/")
    assert "IDM does not answer just now" in text
    assert "Harborview" in text
    provider.answers["/api/"] = lambda _form: (200, {"organizations": [{"submitter_id": 1}]})
    assert "IDM does not answer just now" in page(client, f"registry/{record.submitter_id}/")


def test_differences_are_a_page_of_the_desk(provider):
    """What the night found is shown, and at the record itself. [O-4, B-2]"""
    from bailiwick.spot.enrollment.jobs import report_differences

    record = enrolled()
    client, _ = seated(provider)
    assert "No whole comparison" in page(client, "comparison/")
    report_differences(clock.now())
    assert "IDM does not have this record" in page(client, "comparison/")
    assert "IDM holds this record differently" in page(client, f"registry/{record.submitter_id}/")
    deliver_until_quiet()
    report_differences(clock.now())
    assert "are the same on both sides" in page(client, "comparison/")


@pytest.mark.parametrize("code", ["access", "inactive", "uncertified"])
def test_reports_of_idm_are_asked_of_idm(provider, code):
    """Who has access, whose role rests, whose is not certified: as IDM tells it now; the look is on the ledger. [B-4, L-2]"""
    provider.holders = [told_holder(name="=HYPERLINK(1)")]
    client, _ = seated(provider)
    text = page(client, f"reports/{code}/?submitter_id=harbor1")
    assert "ada.example" in text
    assert "2026-04-01" in text
    assert Entry.objects.filter(deed=Deed.REPORT_LOOKED.value, organization="HARBOR1").count() == 1
    titles, line = lines_of(client.post(f"/desk/reports/{code}/export/", {"submitter_id": ""}))
    assert len(titles) == len(line) == 10
    assert line[0] == "'=HYPERLINK(1)"
    entry = Entry.objects.get(deed=Deed.REPORT_EXPORTED.value)
    assert entry.about["lines"] == 1
    page(client, "reports/nonsense/", 404)
    for odd in ("%00", "'", "%D9%A3"):
        assert "ada.example" not in page(client, f"reports/{code}/?submitter_id={odd}")


def test_a_report_is_whole_or_none(provider):
    """Where IDM stops answering, no file is sent that looks whole, and the page says why. [B-4, O-5]"""
    client, _ = seated(provider)
    provider.answers["/api/"] = lambda _form: (503, {})
    answer = client.post("/desk/reports/access/export/")
    assert answer.status_code == 503
    assert "IDM does not answer" in answer.content.decode()
    assert "IDM does not answer" in page(client, "reports/access/", 503)
    assert not Entry.objects.filter(deed=Deed.REPORT_EXPORTED.value).exists()


def test_routes_and_organizations_are_reports_too(provider):
    """Where each remittance goes today, one receiver's where asked for; and everybody who is enrolled. [B-4, E-2]"""
    one, other, now = enrolled(), enrolled(legal_name="-Bayside Billing"), clock.now()
    for number, receiver in (("1", one), ("2", other)):
        row = services.affiliate(
            record=one, pair=Pair(f"PC{number}", f"190041000{number}", "B"), name=f"+Dr. {number}", state="FL",
            services=frozenset(), is_own=True, on=timezone.localdate(now), by=BY, now=now,
        )  # fmt: skip
        services.route_era(
            provider=row.provider, receiver=receiver, on=timezone.localdate(now), seen=None, by=BY, now=now
        )
    client, _ = seated(provider)
    routes = lines_of(client.post("/desk/reports/era/export/", {"submitter_id": other.submitter_id}))
    assert [line[:2] for line in routes[1:]] == [["'+Dr. 2", "PC2"]]
    everybody = lines_of(client.post("/desk/reports/organizations/export/"))
    assert {line[1] for line in everybody[1:]} == {"Harborview Family Practice", "'-Bayside Billing"}


def test_an_export_needs_a_second_step_of_the_last_minutes(provider):
    """Looking does not; the page leads to the step and back. [B-4, S-6, SR-38]"""
    client, session = seated(provider)
    Session.objects.filter(pk=session.pk).update(auth_time=clock.now() - timedelta(minutes=6))
    assert page(client, "reports/organizations/")
    answer = client.post("/desk/reports/organizations/export/")
    assert answer.status_code == 403
    assert "again=1" in answer.content.decode()
    assert client.get("/desk/reports/organizations/export/").status_code == 302


def test_exports_are_counted(provider, settings):
    """Ten an hour; what is beyond is refused, and on the ledger as that. [B-4, SR-38]"""
    client, _ = seated(provider)
    codes = [client.post("/desk/reports/organizations/export/").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    outcomes = Entry.objects.filter(deed=Deed.REPORT_EXPORTED.value).values_list("outcome", flat=True)
    assert sorted(outcomes) == ["done"] * 10 + ["refused"]


def enrolled_case(now):
    """A case from its submission to the first entry, an hour a step; returns it with its record."""
    person = desk()
    case = taken_case(person)
    record = approving(case, person)
    steps = {"submitted": now - 6 * HOUR, "in_review": now - 5 * HOUR, "approved": now - 4 * HOUR}
    for state, at in steps.items():
        Move.objects.filter(case=case, to_state=state).update(at=at)
    Case.objects.filter(pk=case.pk).update(submitted_at=steps["submitted"], decided_at=steps["approved"])
    RecordVersion.objects.filter(record=record).update(confirmed_at=now - 3 * HOUR)
    FirstEntry.objects.create(
        submitter_id=record.submitter_id, granted_at=now - 2 * HOUR, entered_at=now - HOUR
    )
    return case, record


def test_times_are_told_for_every_step(provider):
    """From submitted to the first entry: each step with its figures, in words and as a chart. [B-3]"""
    case, _record = enrolled_case(clock.now())
    client, _ = seated(provider)
    text = page(client, "times/")
    for step in (
        "Waiting for the desk",
        "In review",
        "On its way to IDM",
        "Role in IDM",
        "First entry",
        "The whole way",
    ):
        assert step in text, step
    assert "5 hours" in text
    assert "60 minutes" in text
    assert text.count("bars__row") == 5
    assert "Nothing waits" in text
    assert "No form was approved" in page(client, "times/?days=30&kind=new-billing-service")
    FirstEntry.objects.all().delete()
    text = page(client, "times/?days=365")
    assert case.tracking in text.partition("How long each step takes")[0]
    assert "Role in IDM" in text.partition("How long each step takes")[0]


def test_the_oldest_waiting_is_on_top(provider):
    """Whatever was submitted first, wherever it waits: taken, returned or untouched. [B-3, F-7]"""
    person = desk()
    first = taken_case(person)
    Move.objects.filter(case=first, to_state="submitted").update(at=clock.now() - 9 * HOUR)
    Case.objects.filter(pk=first.pk).update(submitted_at=clock.now() - 9 * HOUR)
    second = submitted_case(
        group_ptan="104217", line_of_business="A", group_npi="1900410071", tin="900450102",
        group_name="Mangrove Point Surgery Center",
    )  # fmt: skip
    actions.return_case(
        case=first, desk=person, remarks={}, note="Which suite?", seen_revision=first.revision,
        by=by_of(person), now=clock.now(),
    )  # fmt: skip
    client, _ = seated(provider)
    text = page(client, "times/")
    assert text.index(first.tracking) < text.index(second.tracking)
    assert "With the organization" in text
    assert "9 hours" in text


def test_the_first_entry_is_written_once(provider: Provider):
    """Who enters first for an organization marks when it had access; nobody after changes it. [B-3]"""
    signed_in(provider)
    [first] = FirstEntry.objects.values_list("submitter_id", "entered_at")
    signed_in(provider)
    assert list(FirstEntry.objects.values_list("submitter_id", "entered_at")) == [first]


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("text=pelican", True),
        ("text=pel+derm", True),
        ("text=mangrove", False),
        ("hands=me", False),
        ("hands=nobody", True),
    ],
)
def test_the_inbox_is_searched(provider, query, is_shown):
    """By beginnings of words, and by whose hands it is in. [B-1]"""
    case = submitted_case()
    client, _ = seated(provider)
    assert (case.tracking in client.get(f"/desk/?{query}").content.decode()) is is_shown
    assert case.tracking in client.get("/desk/", {"text": case.tracking.lower()}).content.decode()


def test_the_inbox_costs_the_same_however_full(provider, django_assert_max_num_queries):
    """A page of the inbox opens no case: session, count, cases, signatures, groups, TINs. [B-1]"""
    for number in range(2):
        submitted_case(
            group_ptan=("104217", "PC2041")[number], line_of_business="AB"[number],
            group_npi=("1900410071", "1900410006")[number], tin=("900450102", "900450101")[number],
            group_name=("Mangrove Point Surgery Center", "Pelican Cove Dermatology")[number],
        )  # fmt: skip
    client, _ = seated(provider)
    client.get("/desk/")
    with django_assert_max_num_queries(7):
        client.get("/desk/")


def test_a_form_is_given_to_a_colleague(provider):
    """From one's own hands into theirs, never to whom the form names, never out of a colleague's; the ledger has it. [B-1, Q-5]"""
    case, others = submitted_case(), submitted_case(
        group_ptan="104217", line_of_business="A", group_npi="1900410071", tin="900450102",
        group_name="Mangrove Point Surgery Center",
    )  # fmt: skip
    named, dina = desk(user_id="named.one", name=case.contact_name), desk(**DINA)
    actions.take(case=others, desk=dina, by=by_of(dina), now=clock.now())
    client, _ = seated(provider)
    client.post(f"/desk/{case.tracking}/take/", {"instead_of": ""})
    case.refresh_from_db()
    Case.objects.filter(pk=others.pk).update(assigned_to=dina.key)
    assert "Dina Cole" in page(client, f"{case.tracking}/give/")

    def given(one: Case, to: str) -> int:
        return client.post(f"/desk/{one.tracking}/give/", {"colleague": to}).status_code

    assert given(case, "9999") == 200
    assert given(others, dina.key) == 409
    assert given(case, dina.key) == 302
    assert given(case, dina.key) == 409
    case.refresh_from_db()
    assert str(case.assigned_to_id) == dina.key
    Case.objects.filter(pk=others.pk).update(assigned_to=named.key)
    with pytest.raises(Refused) as refused:
        colleague = Person.objects.get(pk=named.key)
        actions.give(case=case, desk=dina, colleague=colleague, by=by_of(dina), now=clock.now())
    assert refused.value.code == Refusal.COLLEAGUE_IS_NAMED
    assert Entry.objects.filter(deed=Deed.FORM_HANDED_OVER.value).count() == 1
