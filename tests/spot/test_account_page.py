"""My IDM Account and Home, whole (M-1, M-4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bailiwick.ground.program import clock
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.services import Pair, Service
from bailiwick.spot.services import actions
from tests.spot.build_desk import submitted_case
from tests.spot.build_enrollment import BY, enrolled
from tests.spot.build_forms import filled_case
from tests.spot.build_signin import let_pass_without_idm, signed_in
from tests.spot.provider import grant

pytestmark = pytest.mark.django_db


def organization(record):
    return {
        "id": f"id-{record.submitter_id}", "legal_name": record.legal_name, "kind": record.kind,
        "submitter_id": record.submitter_id,
    }  # fmt: skip


def serve(record, count):
    now = clock.now()
    for number in range(count):
        pair = Pair(f"PC{number}", f"19004100{number:02}", "B")
        row = actions.affiliate(
            record=record, pair=pair, name=f"Dr. {number:02}", state="FL", services=frozenset({Service.CLAIMS}),
            is_own=True, on=timezone.localdate(now), by=BY, now=now,
        )  # fmt: skip
    actions.route_era(
        provider=row.provider, receiver=record, on=timezone.localdate(now), seen=None, by=BY, now=now
    )
    return row.provider


def test_account_shows_dates_of_each_role_and_its_providers(provider, django_assert_max_num_queries):
    """Certification due, last SPOT sign-in, days left; the first providers with services and ERA, however many roles. [M-1, I-3]"""
    one, two = enrolled(), enrolled(legal_name="Bayside Billing", kind="billing_service")
    serve(one, 7)
    dates = {
        "certify_by": "2031-03-02",
        "sign_in_by": "2031-04-01",
        "last_sign_in_at": "2031-03-02T15:00:00+00:00",
    }
    provider.told["bailiwick_grants"] = [
        grant(id="1", organization=organization(one), **dates),
        grant(id="2", organization=organization(two)),
    ]
    client, _ = signed_in(provider)
    with django_assert_max_num_queries(7):
        text = client.get("/account/").content.decode()
    for shown in ("March 2, 2031", "April 1, 2031", "Dr. 00", "Dr. 04", "(7 providers)", "(0 providers)", "Claims (837)",
                  'href="/forms/"', "Manage in IDM"):  # fmt: skip
        assert shown in text, shown
    assert "Dr. 05" not in text
    assert text.count("Certification due") == 1


def test_many_providers_come_by_pages_and_are_found(provider):
    """Fifty a page; by PTAN, NPI or a part of the name. [M-1, E-1]"""
    record = enrolled()
    last = serve(record, 52)
    provider.told["bailiwick_grants"] = [grant(organization=organization(record))]
    client, _ = signed_in(provider)
    first = client.get("/providers/").content.decode()
    assert "Page 1 of 2" in first
    assert last.name not in first
    assert last.name in client.get("/providers/?page=2").content.decode()
    for sought in (last.ptan.lower(), last.npi, "r. 51"):
        found = client.get("/providers/", {"text": sought}).content.decode()
        assert last.name in found
        assert f"({record.submitter_id})" in found
        assert "Dr. 01" not in found
    assert "No provider that you serve" in client.get("/providers/?text=zzz").content.decode()


def test_home_shows_the_forms_of_ones_mailbox(provider):
    """Those under way, those that wait for oneself first; nobody else's, and nothing that was decided. [M-4]"""
    mine = submitted_case()
    draft = filled_case(group_ptan="ZZ77", contact_email=mine.contact_email)
    other = filled_case(group_ptan="ZZ78")
    Case.objects.filter(pk=draft.pk).update(contact_email=mine.contact_email, contact_proven_at=clock.now())
    Case.objects.filter(pk=other.pk).update(contact_email="somebody@else.example")
    provider.told["email"] = mine.contact_email
    client, _ = signed_in(provider)
    text = client.get("/home/").content.decode()
    assert text.index(draft.tracking) < text.index(mine.tracking)
    assert "It waits for you" in text
    assert "It waits for the SPOT Help Desk" in text
    assert other.tracking not in text
    assert "Requests and certifications" in text


def test_what_waits_in_idm_is_told_and_asked_no_more_than_before(provider):
    """Counts of requests and certifications, as IDM told when it was last asked; read from the session. [M-4, O-5]"""
    provider.told["bailiwick_waiting"] = {"requests": 3, "certifications": 1}
    client, session = signed_in(provider)
    asked = len(provider.asked)
    for path in ("/home/", "/account/"):
        text = client.get(path).content.decode()
        for shown in (
            "3 requests for roles in SPOT",
            "1 role to certify",
            '/requests/"',
            '/certifications/"',
        ):
            assert shown in text, shown
    assert len(provider.asked) == asked
    provider.answers["/introspect"] = lambda _form: (500, {})
    let_pass_without_idm(session, timedelta(minutes=6))
    assert "3 requests for roles in SPOT" in client.get("/home/").content.decode()
    del provider.answers["/introspect"]
    provider.told["bailiwick_waiting"] = {"requests": 0, "certifications": 0}
    let_pass_without_idm(session, timedelta(minutes=6))
    assert "No request and no certification waits for you" in client.get("/home/").content.decode()


@pytest.mark.parametrize("nonsense", [None, "3", {"requests": "3", "certifications": 0}])
def test_what_idm_does_not_tell_is_not_shown(provider, nonsense):
    """An IDM that tells no counts, or no such thing, lets everybody in as before. [M-4]"""
    provider.told["bailiwick_waiting"] = nonsense
    client, _ = signed_in(provider)
    assert "Waiting for you in IDM" not in client.get("/home/").content.decode()
