"""Providers and services on pages: whom an organization serves, who acts for it, and ending that (M-1, E-5)."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.services import queries
from bailiwick.spot.services.models import Affiliation
from bailiwick.spot.signin.models import Session
from tests.spot.build_desk import approving, desk, taken_case
from tests.spot.build_services import PELICAN, billing_service, office, routed, served, today
from tests.spot.build_signin import signed_in
from tests.spot.build_signing import mails
from tests.spot.provider import callback_path, grant

pytestmark = pytest.mark.django_db


def seated_in(provider, record, *, standing: str = "approver"):
    """A browser of somebody with that standing in the organization."""
    organization = {
        "id": "id-1",
        "legal_name": record.legal_name,
        "kind": record.kind,
        "submitter_id": record.submitter_id,
    }
    told = grant(organization=organization, standing=standing)
    provider.told = provider.told | {"bailiwick_grants": [told]}
    return signed_in(provider)


def acted_for():
    """An office, a billing service that sends its claims and receives its remittance, and the mandate."""
    own, third = office(), billing_service()
    pair = served(own, is_own=True)
    served(third)
    routed(pair, third, on=today())
    (mandate,) = queries.as_mandates(queries.mandates_of(own, day=today()), day=today())
    return own, third, mandate


def end_path(record, mandate) -> str:
    return f"/account/{record.submitter_id}/services/{mandate.affiliation.pk}/end/"


def test_an_approved_form_brings_its_provider(provider):
    """Approval puts the form's PTAN and NPI under its submitter ID, with the services it asks for. [E-1, F-11]"""
    todd = desk()
    case = taken_case(todd)
    record = approving(case, todd)
    row = Affiliation.objects.get(record=record)
    assert row.provider.pair == PELICAN
    assert (row.is_own, row.sends_claims) == (True, True)
    assert row.tracking == Case.objects.get().tracking
    client, _ = seated_in(provider, record)
    assert f"/account/{record.submitter_id}/services/" in client.get("/account/").content.decode()
    page = client.get(f"/account/{record.submitter_id}/services/").content.decode()
    for shown in ("PC2041", "1900410006", "Part B", "Claims (837)", "Paper"):
        assert shown in page


def test_the_provider_sees_who_acts_for_it_and_the_third_party_whom_it_serves(provider):
    """Both sides, with the destination of the remittance, and since when with PC-ACE. [E-2, E-4, E-5, M-1]"""
    own, third, _ = acted_for()
    Affiliation.objects.filter(record=third).update(pc_ace_on=today())
    client, _ = seated_in(provider, own)
    page = client.get(f"/account/{own.submitter_id}/services/").content.decode()
    assert third.legal_name in page
    assert "receives the remittance" in page
    assert "PC-ACE since" in page
    client, _ = seated_in(provider, third)
    page = client.get(f"/account/{third.submitter_id}/services/").content.decode()
    assert "Pelican Cove Dermatology" in page
    assert "PC-ACE since" in page
    assert "No third party acts" in page


def test_an_approver_ends_a_mandate_after_being_asked(provider):
    """GET asks and changes nothing; POST ends it, the remittance too, and tells the other side. [E-5]"""
    own, third, mandate = acted_for()
    client, _ = seated_in(provider, own, standing="backup")
    assert third.legal_name in client.get(end_path(own, mandate)).content.decode()
    assert Affiliation.objects.get(pk=mandate.affiliation.pk).ends_on is None
    answer = client.post(end_path(own, mandate))
    assert answer["Location"] == f"/account/{own.submitter_id}/services/?ended"
    page = client.get(answer["Location"]).content.decode()
    assert "No third party acts" in page
    assert "Paper" in page
    assert [mail.to for mail in mails(kind="mandate-ended")] == [third.approver_email]
    again = client.post(end_path(own, mandate))
    assert (again.status_code, "ended already" in again.content.decode()) == (409, True)
    assert "Yes, end it" not in client.get(end_path(own, mandate)).content.decode()
    assert len(mails(kind="mandate-ended")) == 1


def test_an_end_is_stamped_with_the_role_that_was_used(provider):
    """Who works as another organization ends by the role that they hold there, and the records name that one. [M-2, E-5]"""
    own, third, mandate = acted_for()
    seated_in(provider, third)
    elsewhere, used = provider.told["bailiwick_grants"][0], "the-role-there"
    place = elsewhere["organization"] | {"submitter_id": own.submitter_id}
    provider.told |= {"bailiwick_grants": [elsewhere, elsewhere | {"id": used, "organization": place}]}
    client, _ = signed_in(provider)
    assert client.post(end_path(own, mandate)).status_code == 302
    assert Entry.objects.get(deed=Deed.SERVICE_ENDED).about["working_as"].startswith(f"{used}/approver/")
    ended_as = Affiliation.objects.get(pk=mandate.affiliation.pk).ended_as
    assert ended_as == f"{used}/approver/{own.submitter_id}"


def test_ending_needs_a_second_step_of_the_last_fifteen_minutes(provider):
    """Later, or once the clock was set back, the person is led to verify, and back to the question. [S-6]"""
    own, _, mandate = acted_for()
    client, session = seated_in(provider, own)
    for auth_time in (clock.now() + timedelta(hours=1), clock.now() - timedelta(minutes=16)):
        Session.objects.filter(pk=session.pk).update(auth_time=auth_time)
        answer = client.post(end_path(own, mandate))
        assert answer.status_code == 302
        assert Affiliation.objects.get(pk=mandate.affiliation.pk).ends_on is None
    at_idm = client.get(answer["Location"])["Location"]
    assert client.get(callback_path(provider.authorize(at_idm)))["Location"] == end_path(own, mandate)
    assert client.post(end_path(own, mandate)).status_code == 302
    assert Affiliation.objects.get(pk=mandate.affiliation.pk).ends_on == today()


@pytest.mark.parametrize("standing", ["end_user", "desk"])
def test_others_of_the_organization_only_look(provider, standing):
    """End users see it and cannot end it. [E-5, AX17]"""
    own, _, mandate = acted_for()
    client, _ = seated_in(provider, own, standing=standing)
    page = client.get(f"/account/{own.submitter_id}/services/").content.decode()
    assert "/end/" not in page
    assert client.post(end_path(own, mandate)).status_code == 404
    assert Affiliation.objects.get(pk=mandate.affiliation.pk).ends_on is None


def test_other_organizations_are_no_pages(provider):
    """Whoever has no role there gets 404 for the page and for ending, also with the third party's own ID in the path. [AX17]"""
    own, third, mandate = acted_for()
    stranger = office(legal_name="Another Office", tin="900459999")
    client, _ = seated_in(provider, stranger)
    for path in (
        f"/account/{own.submitter_id}/services/",
        end_path(own, mandate),
        end_path(stranger, mandate),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)
    client, _ = seated_in(provider, third)
    assert client.post(end_path(third, mandate)).status_code == 404
    assert Affiliation.objects.get(pk=mandate.affiliation.pk).ends_on is None
