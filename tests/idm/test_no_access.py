"""Why somebody cannot enter, in words they can act on. (O-2)"""

from datetime import timedelta

import pytest

from bailiwick.ground.program import clock
from bailiwick.idm.signin.models import Password
from tests.idm import build_access as access
from tests.idm.build_oidc import browser

pytestmark = pytest.mark.django_db


def page_for(account) -> str:
    response = browser(account).get("/no-access/?application=spot")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_somebody_who_never_asked_is_told_to_ask():
    """None: what to do, who can help, the way back. [O-2]"""
    page = page_for(access.person())
    assert "You cannot enter SPOT yet" in page
    assert 'href="/role-request/"' in page
    assert "help@spot.example" in page
    assert 'href="http://localhost:8001/"' in page


def test_a_waiting_request_says_since_when_and_who_can_decide():
    """Pending since, decided by the organization's approver, by when. [O-2]"""
    now = clock.now()
    place = access.organization()
    access.approver(of=place, now=now)
    request = access.pending_request(at=place, now=now)
    page = page_for(request.account)
    assert "You cannot enter SPOT yet" in page
    assert request.number in page
    assert "An approver or backup approver of the organization can decide it." in page
    assert request.reason not in page


def test_a_denial_says_why():
    """Denied because. [O-2]"""
    now = clock.now()
    place = access.organization()
    decider = access.approver(of=place, now=now)
    request = access.pending_request(at=place, now=now)
    access.decided(request, decider, approve=False, reason="You do not work here.", now=now)
    page = page_for(request.account)
    assert "was denied" in page
    assert "You do not work here." in page


def test_an_inactive_role_leads_to_a_new_password_and_then_to_the_application():
    """Inactive since when; each step as it comes: password, sign-in, both again where that took too long. [O-2, I-4]"""
    now = clock.now()
    person = access.end_user(of=access.organization(), now=now - timedelta(days=45))
    page = page_for(person)
    assert "You cannot enter SPOT any more" in page
    assert "inactive since" in page
    assert 'href="/forgot-password/"' in page
    seat = browser(person)
    assert f'value="{person.user_id}"' in seat.get("/forgot-password/").content.decode()
    Password.objects.create(account=person, encoded="x", set_at=now)
    assert "You have set a new password. Now sign in to SPOT by" in page_for(person)
    Password.objects.update(set_at=now - timedelta(days=9))
    assert "did not sign in to SPOT within 7 days" in page_for(person)


def test_somebody_who_may_enter_is_told_so():
    """A page opened late is right, too. [O-2]"""
    person = access.end_user(of=access.organization(), now=clock.now())
    page = page_for(person)
    assert "You can enter SPOT" in page


def test_the_address_names_the_application_only():
    """No personal value in a URL. [O-2]"""
    person = access.person()
    response = browser(person).get("/no-access/?application=spot&user=someone")
    assert "someone" not in response.content.decode()


def test_what_people_wrote_is_shown_as_text():
    """A reason is no markup. [O-2]"""
    now = clock.now()
    place = access.organization()
    decider = access.approver(of=place, now=now)
    request = access.pending_request(at=place, now=now)
    access.decided(request, decider, approve=False, reason="<script>alert(1)</script>", now=now)
    assert "<script>alert(1)" not in page_for(request.account)
