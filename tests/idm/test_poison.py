"""Whatever people type into IDM, and whatever comes in an address, is text on every page, in every mail and file (AX23)."""

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.access.actions import remove_grant
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.signin.models import Authenticator
from tests.idm import build_access, build_desk
from tests.idm import build_pages as build
from tests.poison import POISON, SHORT_POISON, shown_in_mails, shown_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    found = build.organization()
    EnrollmentRecord.objects.filter(pk=found.record.pk).update(
        legal_name=POISON, city=POISON, address=POISON, approver_name=POISON
    )
    found.refresh_from_db()
    return found


def poisoned(account: Account) -> Account:
    """Somebody whose every name is poison."""
    Person.objects.filter(account=account).update(first_name=SHORT_POISON, last_name=SHORT_POISON)
    Account.objects.filter(pk=account.pk).update(business_title=POISON)
    return Account.objects.get(pk=account.pk)


def test_a_poisoned_request_is_text_for_requester_decider_and_desk(place):
    """Names, reasons, comments, the organization: pages of three people, the mails between them, the list that is taken along. [AX23]"""
    approver, asker = poisoned(build.approver(place)), build.person()
    asked, asker = build.asks(asker, place), poisoned(asker)
    RoleRequest.objects.filter(pk=asked.pk).update(reason=POISON)
    mine, theirs = build.browser(asker), build.browser(approver)
    request = f"/requests/{asked.number}/"
    pages = ["/home/", "/profile/", "/profile/business/", "/roles/", request]
    assert shown_on(mine.client, *pages)[-1] == request
    assert shown_on(theirs.client, "/requests/", request) == ["/requests/", request]
    typed = {"digest": build.hidden(theirs.open(request), "digest"), "comment": POISON, "reason": POISON}
    theirs.send(f"{request}deny/", typed)
    assert shown_on(mine.client, request) == [request]
    grant = build.grant(asker, "end-user", place)
    organization = f"/organizations/{place.submitter_id}/"
    pages = ["/manage-users/", "/my-organization/", f"/manage-users/roles/{grant.pk}/why/"]
    assert (
        shown_on(theirs.client, *pages, organization, f"{organization}access/")[-1]
        == f"{organization}access/"
    )
    assert shown_on(mine.client, f"/roles/{grant.pk}/why/")
    remove_grant(
        grant=grant,
        remover=approver,
        reason=POISON,
        strength=build_access.STRONG,
        by=build_access.by(approver),
        now=clock.now(),
    )
    assert shown_on(mine.client, "/no-access/spot/", "/roles/", "/profile/inbox/")
    desk = build_desk.looking(asker)
    person = build_desk.url("person", asker)
    assert shown_on(desk.client, person, f"/manage-users/?text={POISON}", "/manage-users/") == [person]
    assert len(shown_in_mails()) > 1


def test_poisoned_devices_and_searches_are_text(place):
    """The name of a device, the words of a search, a name that is typed at registration and refused. [AX23]"""
    account = poisoned(build.approver(place))
    Authenticator.objects.filter(account=account).update(name=POISON)
    browser = build.browser(account)
    shown_on(browser.client, "/profile/mfa/", "/profile/sessions/", "/profile/", "/role-request/")
    for path, typed in (
        ("/manage-users/", {"text": POISON, "reason": POISON}),
        ("/profile/business/edit/", {"company": POISON, "title": POISON, "phone": POISON, "email": POISON}),
    ):
        shown_on(Answered(browser.client.post(path, typed, follow=True)), path)
    visitor = Client()
    typed = {"first_name": POISON, "last_name": POISON, "email": POISON, "ssn": POISON, "user_id": POISON}
    for path in ("/register/", "/", "/forgot-password/", "/forgot-user-id/"):
        shown_on(Answered(visitor.post(path, typed, follow=True)), path)


@pytest.mark.parametrize(
    "path",
    [
        "/authorize?client_id={0}&redirect_uri={0}&state={0}&response_type={0}&scope={0}",
        "/authorize?client_id=spot&redirect_uri=javascript:alert(1)//{0}&response_type=code",
        "/end-session?post_logout_redirect_uri={0}&state={0}&id_token_hint={0}",
        "/?next={0}&error={0}&error_description={0}",
        "/invitations/{0}/",
        "/requests/{0}/",
        "/no-access/{0}/",
        "/{0}/",
    ],
)
def test_poison_in_an_address_is_text(path):
    """Parameters and paths that a page names in its answer. [AX23]"""
    answer = Client().get(path.format(POISON), follow=True)
    assert answer.status_code < 500
    if answer["Content-Type"].startswith("text/html"):
        shown_on(Answered(answer), path)


class Answered:
    """A browser whose next page is this answer."""

    def __init__(self, answer) -> None:
        answer.status_code = 200
        self.answer = answer

    def get(self, _path: str, *, follow: bool):
        assert follow
        return self.answer
