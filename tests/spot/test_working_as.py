"""Working as: role, organization and provider, switched in one place, on every page and in every record (M-2)."""

import pytest
from django.utils import timezone

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.services import Pair, Service
from bailiwick.spot.services.actions import affiliate, route_era
from bailiwick.spot.signin.models import Session
from tests.spot.build_desk import DESK_GRANT, seated, submitted_case
from tests.spot.build_enrollment import BY, enrolled
from tests.spot.build_signin import signed_in
from tests.spot.provider import callback_path, grant

pytestmark = pytest.mark.django_db


def organization(record):
    return {
        "id": f"id-{record.submitter_id}",
        "legal_name": record.legal_name,
        "kind": record.kind,
        "submitter_id": record.submitter_id,
    }


def served(record, name="Dr. Palmer", number="1"):
    row = affiliate(
        record=record, pair=Pair(f"PC{number}", f"190041000{number}", "B"), name=name, state="FL",
        services=frozenset({Service.CLAIMS}), is_own=True, on=timezone.localdate(clock.now()), by=BY, now=clock.now(),
    )  # fmt: skip
    return row.provider


@pytest.fixture
def both(provider):
    """(browser, record of the first role, record of the second)."""
    one, two = enrolled(), enrolled(legal_name="Bayside Billing", kind="billing_service")
    provider.told["bailiwick_grants"] = [
        grant(id="g1", organization=organization(one)),
        grant(id="g2", role_name="FCSO - SPOT End User", standing="end_user", organization=organization(two)),
    ]
    client, _ = signed_in(provider)
    return client, one, two


def test_every_page_says_as_what_one_works_and_leads_to_the_switch(both):
    """The first role until one chooses; then the chosen one, on whatever page. [M-2]"""
    client, _, two = both
    for path in ("/home/", "/account/", "/providers/", "/working-as/"):
        text = client.get(path).content.decode()
        assert "Working as FCSO - Provider Office Approver · Harborview Family Practice" in text
        assert 'href="/working-as/"' in text
    assert client.post("/working-as/", {"grant": "g2"}).status_code == 302
    assert "Working as FCSO - SPOT End User · Bayside Billing" in client.get("/home/").content.decode()
    assert two.submitter_id in client.get("/providers/").content.decode()


def test_what_one_works_as_is_on_everything_one_does(both):
    """Role and provider stand with each ledger entry from then on, the choice itself too. [M-2, L-2]"""
    client, one, _ = both
    chosen = served(one)
    client.post("/working-as/", {"grant": "g1"})
    assert client.post("/working-as/", {"provider": str(chosen.pk)}).status_code == 302
    assert "· Dr. Palmer" in client.get("/home/").content.decode()
    client.post("/sign-out/")
    entry = Entry.objects.filter(deed=Deed.SESSION_ENDED.value).latest("pk")
    assert entry.about["working_as"] == f"g1/approver/{one.submitter_id}/{chosen.pk}"
    assert Entry.objects.filter(deed=Deed.WORKING_AS_CHOSEN.value, organization=one.submitter_id).count() == 2


def test_nobody_works_as_what_is_not_theirs(both):
    """A role of somebody else, a provider of another organization: refused, and nothing is changed. [M-2, AX17]"""
    client, _, two = both
    foreign = served(two, number="2")
    for sent in ({"grant": "g3"}, {"provider": str(foreign.pk)}, {"provider": "x"}, {"grant": ""}, {}):
        assert client.post("/working-as/", sent).status_code == 200
    session = Session.objects.get()
    assert (session.working_grant, session.working_provider) == ("", None)


def test_a_role_that_ended_is_worked_as_no_longer(both, provider):
    """What IDM does not tell any more counts for nothing: the next role is the one. [M-2, O-5]"""
    client, _, _ = both
    client.post("/working-as/", {"grant": "g2"})
    session = Session.objects.get()
    session.grants = session.grants[:1]
    session.save(update_fields=["grants"])
    assert "Working as FCSO - Provider Office Approver" in client.get("/home/").content.decode()


def test_stepping_up_changes_nothing_of_it(both, provider):
    """A second sign-in in the same browser goes on with what was chosen. [M-2, S-6]"""
    client, _, _ = both
    client.post("/working-as/", {"grant": "g2"})
    provider.claims = {"sid": "sid-2"}
    answer = client.get("/sign-in/", {"again": "1", "next": "/home/"})
    client.get(callback_path(provider.authorize(answer["Location"])))
    assert Session.objects.filter(ended_at=None).get().working_grant == "g2"
    assert "Working as FCSO - SPOT End User" in client.get("/home/").content.decode()


def test_a_role_at_no_organization_has_no_providers(provider):
    """The desk's own page of providers says so, and leads to the switch. [M-2]"""
    provider.told["bailiwick_grants"] = [
        grant(role_name="SPOT Help Desk", standing="desk", organization=None)
    ]
    client, _ = signed_in(provider)
    assert "not tied to an organization" in client.get("/providers/").content.decode()
    assert "At no organization" in client.get("/working-as/").content.decode()


def test_at_the_desk_one_works_as_the_desk(provider):
    """Whatever was chosen for the other pages: what the desk does is the desk's. [M-2, L-2]"""
    both_roles = [grant(id="g1"), grant(id="g9", **DESK_GRANT)]
    client, _ = seated(provider, grants=both_roles)
    assert "Working as FCSO - Provider Office Approver" in client.get("/home/").content.decode()
    assert "Working as SPOT Help Desk" in client.get("/desk/").content.decode()
    record = enrolled()
    client.get(f"/desk/registry/{record.submitter_id}/")
    assert Entry.objects.get(deed=Deed.RECORD_LOOKED.value).about["working_as"] == "g9/desk"


def test_what_one_worked_as_stands_on_the_records_themselves(both):
    """The mandate that somebody ends, and the remittance that ends with it. [M-2, E-5]"""
    client, one, two = both
    client.post("/working-as/", {"grant": "g1"})
    provider = served(one)
    row = affiliate(
        record=two, pair=provider.pair, name=provider.name, state="FL", services=frozenset({Service.CLAIMS}),
        is_own=False, on=timezone.localdate(clock.now()), by=BY, now=clock.now(),
    )  # fmt: skip
    route = route_era(
        provider=provider, receiver=two, on=timezone.localdate(clock.now()), seen=None, by=BY, now=clock.now()
    )
    assert client.post(f"/account/{one.submitter_id}/services/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    route.refresh_from_db()
    assert row.ended_as == route.ended_as == f"g1/approver/{one.submitter_id}"
    assert route.routed_as == ""


def test_the_desk_reads_who_took_each_step_and_as_what(provider):
    """Name and standing beside each move; a visitor has neither. [M-2, B-1]"""
    case = submitted_case()
    client, _ = seated(provider)
    assert client.post(f"/desk/{case.tracking}/take/", {"instead_of": ""}).status_code == 302
    assert case.moves.get(event="take").working_as.endswith("/desk")
    text = client.get(f"/desk/{case.tracking}/").content.decode()
    assert "Todd Twomey, Help desk</li>" in text
    assert text.count(", Help desk</li>") == 1
