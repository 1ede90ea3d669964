"""SPOT Help Desk: the inbox and the page of a case (B-1)."""

import html
import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.spot.enrollment import actions as enrollment
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.models import Case
from bailiwick.spot.helpdesk import beside
from bailiwick.spot.payers.port import NoMatch
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import State
from bailiwick.spot.signin.models import Session
from bailiwick.wire.claims import ACR_LIMITED
from tests.spot.build_desk import DINA, desk, seated, submitted_case, taken_case
from tests.spot.build_enrollment import enrolled
from tests.spot.build_forms import filled_case
from tests.spot.build_signin import let_pass_without_idm, signed_in
from tests.spot.build_signing import mails, minutes
from tests.spot.provider import callback_path, grant

pytestmark = pytest.mark.django_db

PAGES = ("", "take/", "callback/", "approve/", "deny/", "return/")
STRANGER = {"official_name": "Vera Wold", "official_email": "vera.wold@elsewhere.example"}


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def path_of(case: Case, act: str = "") -> str:
    return f"/desk/{case.tracking}/{act}"


def seen(case: Case, **typed: str) -> dict[str, str]:
    """What a form on the case's page sends, and what somebody typed."""
    return {"revision": str(case.revision), "digest": queries.version_of(case).digest, **typed}


def taken_by_browser(client: Client, case: Case) -> None:
    answer = client.post(path_of(case, "take/"), {"instead_of": ""})
    assert answer.status_code == 302, answer.content.decode()
    case.refresh_from_db()


def test_the_inbox_has_the_longest_waiting_on_top(provider):
    """What was submitted first comes first; drafts are nobody's business here. [B-1]"""
    first = submitted_case()
    second = submitted_case(
        group_ptan="104217",
        line_of_business="A",
        group_npi="1900410071",
        tin="900450102",
        group_name="Mangrove Point Surgery Center",
    )
    filled_case(group_ptan="ZZ77")
    client, _ = seated(provider)
    text = read(client, "/desk/")
    assert "<h1>SPOT Help Desk</h1>" in text
    assert text.index(first.tracking) < text.index(second.tracking)
    assert text.count("/desk/F-") == 2
    assert "Pelican Cove Dermatology" in text


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("state=submitted", True),
        ("state=in_review", False),
        ("age=2", False),
        ("kind=new-provider-office", True),
        ("state=nonsense", True),
    ],
)
def test_the_inbox_is_filtered(provider, query, is_shown):
    """By state, age and kind. [B-1]"""
    case = submitted_case()
    client, _ = seated(provider)
    assert (case.tracking in read(client, f"/desk/?{query}")) is is_shown


@pytest.mark.parametrize("page", PAGES)
def test_the_desk_is_closed_to_others(provider, page):
    """Approvers, visitors and a desk person with e-mail as only factor: no page, and it is on the ledger. [B-1, S-2, L-2]"""
    case = submitted_case()
    approver, _ = signed_in(provider)
    weak, _ = seated(provider, acr=ACR_LIMITED)
    impostor, _ = seated(provider, grants=[grant(role="help-desk", standing="approver")])
    for client in (approver, weak, impostor):
        for answer in (
            client.get(path_of(case, page)),
            client.post(path_of(case, page), seen(case, reason="x")),
        ):
            assert answer.status_code in (403, 405)
            assert "Pelican" not in answer.content.decode()
    assert Client().get(path_of(case, page))["Location"].startswith("/sign-in/")
    assert Entry.objects.filter(deed=Deed.DESK_REFUSED).count() >= 3
    case.refresh_from_db()
    assert case.state == State.SUBMITTED


def test_home_leads_the_desk_to_its_inbox(provider):
    """The tile is for the desk; others do not see it. [B-1, M-4]"""
    todd, _ = seated(provider)
    approver, _ = signed_in_again(provider)
    assert 'href="/desk/"' in read(todd, "/home/")
    assert 'href="/desk/"' not in read(approver, "/home/")


def signed_in_again(provider):
    """Somebody who signs in as an approver, after the desk did."""
    provider.told = provider.told | {"sub": "another", "bailiwick_grants": [grant()]}
    provider.claims = {}
    return signed_in(provider)


def test_drafts_and_invented_numbers_are_no_pages(provider):
    """What nobody signed yet is not the desk's to read. [F-9]"""
    client, _ = seated(provider)
    for tracking in (filled_case().tracking, "F-0000-0000-0000", "x"):
        read(client, f"/desk/{tracking}/", 404)


def test_what_neither_side_has_is_not_compared():
    """A billing service has no PTAN, and none is on file. [B-1]"""
    compared = [line.what for line in beside.lines({"official_name": "Vera Wold"}, NoMatch())]
    assert compared == ["Official, name"]


def test_a_case_stands_beside_the_payer_file(provider):
    """What the form says, what is on file, whether that is the same; evidence of the signature; TIN by its last four. [B-1, A-3]"""
    case = submitted_case(city="Elsewhere")
    client, _ = seated(provider)
    text = read(client, path_of(case))
    for shown in (
        "Elsewhere",
        "Sarasota",
        "Different",
        "Same",
        "nora.castellan@pelicancove.example",
        "•••••0101",
    ):
        assert shown in text, shown
    signature = queries.live_signature(case)
    for shown in (signature.digest, signature.source, signature.zone, signature.typed_name):
        assert shown in text, shown
    assert "900450101" not in text
    assert Entry.objects.filter(deed=Deed.FORM_LOOKED).count() == 1


def test_take_then_approve(provider):
    """Take, approve: the page shows the submitter ID, on its way until IDM has it. [B-1, F-11]"""
    case = submitted_case()
    client, _ = seated(provider)
    assert ">Approve<" not in read(client, path_of(case))
    taken_by_browser(client, case)
    assert ">Approve<" in read(client, path_of(case))
    assert client.post(path_of(case, "approve/"), seen(case)).status_code == 302
    record = EnrollmentRecord.objects.get()
    text = read(client, path_of(case))
    assert record.submitter_id in text
    assert "On its way" in text
    assert ">Approve<" not in text
    enrollment.note_confirmed(submitter_id=record.submitter_id, version=1, by=by(), now=record.enrolled_at)
    assert "IDM has it" in read(client, path_of(case))


def by():
    from bailiwick.ground.ledger import By

    return By("command")


def test_take_then_deny(provider):
    """A reason is asked for at the field, then mailed. [B-1]"""
    case = submitted_case()
    client, _ = seated(provider)
    taken_by_browser(client, case)
    answer = client.post(path_of(case, "deny/"), seen(case, reason=" "))
    assert answer.status_code == 422
    assert client.post(path_of(case, "deny/"), seen(case, reason="Not on file.")).status_code == 302
    assert "Not on file." in read(client, path_of(case))
    assert len(mails(kind="form-denied")) == 1


def test_take_then_return_with_a_remark_on_a_field(provider):
    """Each field has room for a remark beside its answer. [B-1]"""
    case = submitted_case()
    client, _ = seated(provider)
    taken_by_browser(client, case)
    text = read(client, path_of(case, "return/"))
    assert "Remark on “City”" in text
    assert "900450101" not in text
    answer = client.post(path_of(case, "return/"), seen(case, remark_city=" ", note=""))
    assert answer.status_code == 409
    assert "Enter a remark" in answer.content.decode()
    assert client.post(path_of(case, "return/"), seen(case, remark_city="Not Sarasota.")).status_code == 302
    case.refresh_from_db()
    assert case.state == State.RETURNED
    assert "Not Sarasota." in read(client, path_of(case))


def test_a_call_back_is_noted_on_the_page(provider):
    """The number on file is shown; ticking and a note are asked for; then it can be approved. [F-8]"""
    case = submitted_case(**STRANGER)
    client, _ = seated(provider)
    taken_by_browser(client, case)
    text = read(client, path_of(case))
    assert "2025550171" in text
    assert ">Approve<" not in text
    assert client.post(path_of(case, "callback/"), seen(case, note="Spoke with her.")).status_code == 422
    assert (
        client.post(path_of(case, "callback/"), seen(case, called="on", note="Spoke with her.")).status_code
        == 302
    )
    text = read(client, path_of(case))
    assert "2025550171: Spoke with her." in text
    assert ">Approve<" in text


def test_a_caution_asks_for_a_reason(provider):
    """The same TIN is enrolled already: the page says so, and wants to know why it is approved all the same. [F-6, G-1]"""
    enrolled(tin="900450101", legal_name="Pelican Cove Laser Center")
    case = submitted_case()
    client, _ = seated(provider)
    taken_by_browser(client, case)
    assert "Pelican Cove Laser Center" in read(client, path_of(case))
    assert client.post(path_of(case, "approve/"), seen(case)).status_code == 422
    assert client.post(path_of(case, "approve/"), seen(case, reason="A second location.")).status_code == 302
    case.refresh_from_db()
    assert case.tin_passed_reason == "A second location."


def test_a_form_that_changed_since_it_was_seen_is_not_decided(provider):
    """The page comes back as it is now, with what was typed. [F-11]"""
    case = submitted_case()
    client, _ = seated(provider)
    taken_by_browser(client, case)
    answer = client.post(path_of(case, "deny/"), {**seen(case), "revision": "1", "reason": "My words."})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "has changed since you opened this page" in text
    assert "My words." in text
    assert f'value="{case.revision}"' in text


def test_a_colleague_sees_who_has_it_and_may_take_it_over(provider):
    """A decision in a colleague's case is refused by name; taking over is an act of its own. [B-1]"""
    case = taken_case(desk())
    client, _ = seated(provider, **DINA)
    text = read(client, path_of(case))
    assert "Take over" in text
    assert ">Approve<" not in text
    answer = client.post(path_of(case, "approve/"), seen(case))
    assert answer.status_code == 409
    assert "Todd Twomey has taken this form" in answer.content.decode()
    assert client.post(path_of(case, "take/"), {"instead_of": str(case.assigned_to_id)}).status_code == 302
    assert ">Approve<" in read(client, path_of(case))


def test_somebody_whom_the_form_names_reads_that_a_colleague_decides(provider):
    """The approver named on the form works at the desk: no Take, no Approve. [B-1, Q-5]"""
    case = submitted_case()
    client, _ = seated(provider, user_id="ada", name="Ada Approver", email="ada@desk.example")
    text = read(client, path_of(case))
    assert "Somebody else of the desk has to decide it" in text
    assert ">Take<" not in text
    assert client.post(path_of(case, "take/"), {}).status_code == 409


def test_while_idm_is_silent_the_desk_reads_and_decides_nothing(provider):
    """Read-only: the case is shown, nothing can be pressed, and a press is answered with why. [O-5]"""
    case = submitted_case()
    client, session = seated(provider)
    taken_by_browser(client, case)
    provider.stop()
    let_pass_without_idm(session, minutes(6))
    text = read(client, path_of(case))
    assert "Read only for now" in text
    assert ">Approve<" not in text
    assert client.post(path_of(case, "approve/"), seen(case)).status_code == 503
    assert not EnrollmentRecord.objects.exists()


def test_earlier_versions_show_what_changed(provider):
    """Any earlier version can be compared with the form as it is. [B-1]"""
    case = submitted_case()
    client, _ = seated(provider)
    text = read(client, f"{path_of(case)}?since=2")
    assert "What changed since revision 2" in text
    assert "31 Pelican Cove Way" in text
    for nonsense in ("0", "-1", "999", "x", "9" * 5000):
        read(client, f"{path_of(case)}?since={nonsense}")


def test_every_link_at_the_desk_leads_somewhere(provider):
    """No dead links on inbox, case and return page. [M-5]"""
    case = submitted_case()
    client, _ = seated(provider)
    taken_by_browser(client, case)
    for path in ("/desk/", path_of(case), path_of(case, "return/")):
        text = read(client, path)
        for link in set(re.findall(r'href="(/[^"]*)"', text)):
            if not link.startswith("/static/"):
                assert client.get(link).status_code in (200, 302), f"{link} on {path}"


@pytest.mark.parametrize("act", ["take/", "approve/", "deny/", "return/"])
def test_an_act_needs_a_second_step_of_the_last_minutes(provider, act):
    """Six minutes after the second step nothing is done, what was typed stays; a new one in another window opens it. [S-6]"""
    case = submitted_case()
    client, session = seated(provider)
    if act != "take/":
        taken_by_browser(client, case)
    before = Case.objects.get(pk=case.pk)
    Session.objects.filter(pk=session.pk).update(auth_time=F("auth_time") - timedelta(minutes=6))
    typed = seen(case, reason="Typed with care.", note="Typed with care.")
    answer = client.post(path_of(case, act), typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert act in {"take/", "approve/"} or "Typed with care." in page
    assert Case.objects.get(pk=case.pk).state == before.state
    way = html.unescape(re.search(r'href="(/sign-in/\?again=1[^"]*)" target="_blank"', page)[1])
    at_idm = client.get(way)["Location"]
    assert "max_age=300" in at_idm
    assert client.get(callback_path(provider.authorize(at_idm)))["Location"] == f"/desk/{case.tracking}/"
    assert client.post(path_of(case, act), typed).status_code == 302
