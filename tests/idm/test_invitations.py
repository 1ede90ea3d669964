"""Invitations: an approver asks somebody to ask for a role, and every check is still made. [R-7]"""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access import actions
from bailiwick.idm.access.jobs import expire_invitations
from bailiwick.idm.access.models import Invitation, RoleRequest
from bailiwick.idm.access.queries import invitations_waiting_for, line_of_invitation
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.rules.invitations import Refusal, State
from tests.idm import build_accounts
from tests.idm import build_invitations as inviting
from tests.idm import build_pages as build
from tests.refusing import refusal

pytestmark = pytest.mark.django_db

LIST = "/manage-users/invitations/"
NEW = "/manage-users/invitations/new/"
REVIEW = "/role-request/review/"


@pytest.fixture
def place():
    return build.organization("Alder Clinic")


@pytest.fixture
def ada(place):
    return build.approver(place, first="Ada", last="Firstwood")


def test_an_approver_invites_by_mail(ada, place):
    """Mailbox and role: a mail with a link goes out, the list shows it, nobody gets an account or a role. [R-7]"""
    browser = build.browser(ada)
    people = Account.objects.count()
    typed = {"email": inviting.MAILBOX, "role": "spot:end-user", "once": inviting.once()}
    page = build.text_of(browser.send(NEW, typed))
    assert inviting.MAILBOX in page
    assert "Waiting for the person" in page
    mail = inviting.mails()[0]
    assert mail.to == inviting.MAILBOX
    assert mail.is_secret
    words = build_accounts.text_of(mail)
    for told in ("Ada Firstwood", "Alder Clinic", "FCSO - SPOT End User", "/invitations/"):
        assert told in words
    sent = Invitation.objects.get()
    assert (sent.organization, sent.role, sent.state) == (place, "end-user", "open")
    assert Account.objects.count() == people
    assert RoleRequest.objects.count() == 0
    entry = Entry.objects.get(deed="invitation:role:sent")
    assert entry.organization == place.submitter_id
    assert inviting.MAILBOX not in str(entry.about) + entry.why


def test_the_token_is_kept_as_a_digest(ada, place):
    """The database holds nothing that opens the link. [R-7]"""
    sent = inviting.invitation(ada, place)
    token = inviting.newest_link().split("/")[2]
    assert len(token) >= 43
    assert token.encode() not in bytes(sent.token_digest)
    assert not any(token in str(value) for value in Invitation.objects.values_list().get())


def test_a_person_with_an_account_is_led_to_the_review(ada, place):
    """Signed in and proofed: the role request is filled in; only reason and Submit are left. [R-7, Q-1]"""
    inviting.invitation(ada, place)
    browser = build.browser(build.person("Noor", "Ashgrove"))
    link = inviting.newest_link()
    assert "Alder Clinic" in build.text_of(browser.open(link))
    page = browser.send(link)
    words = build.text_of(page)
    assert "Review Request" in words
    assert "Alder Clinic" in words
    assert "FCSO - SPOT End User" in words
    assert RoleRequest.objects.count() == 0
    answer = {"reason": "I am new here."}
    answer |= {name: build.hidden(page, name) for name in ("draft", "seen")}
    browser.send(REVIEW, answer)
    asked = RoleRequest.objects.get()
    assert (asked.organization, asked.role, asked.state) == (place, "end-user", "pending")


def test_proofing_is_not_skipped(ada, place):
    """Who was never proofed is asked to prove their identity first, and then is where the invitation led. [R-7, V-1]"""
    inviting.invitation(ada, place)
    newcomer = build.person("Noor", "Ashgrove", is_proofed=False)
    browser = build.browser(newcomer)
    assert "Identity verification" in build.text_of(browser.send(inviting.newest_link()))
    assert browser.client.get(REVIEW)["Location"].startswith("/role-request/identity/")
    build.proofed(newcomer)
    assert "Alder Clinic" in build.text_of(browser.open("/role-request/"))


def test_a_role_that_is_held_is_still_refused(ada, place):
    """The invitation gives no way round the rules of asking. [R-7, Q-2]"""
    inviting.invitation(ada, place)
    browser = build.browser(build.end_user(place, first="Noor", last="Ashgrove"))
    assert "You hold" in build.text_of(browser.send(inviting.newest_link()))


def test_a_visitor_signs_in_and_comes_back(ada, place):
    """The buttons lead to sign in or to register, and the sign-in leads back to the invitation. [R-7]"""
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    client = Client()
    page = client.get(link).content.decode()
    assert "Sign in" in page
    assert "Register" in page
    assert client.post(link, {"way": "register"})["Location"] == "/register/"
    assert Client().post(link, {"way": "sign-in"})["Location"] == "/"
    noor = build_accounts.account(first="Noor", last="Ashgrove")
    assert build_accounts.sign_in_by_email(client, noor)["Location"] == link
    assert Invitation.objects.get().state == "open"
    assert client.post(link)["Location"] == "/role-request/"
    taken = Invitation.objects.get()
    assert (taken.state, taken.taken_by) == ("taken", noor)


def test_whoever_registers_with_the_invited_mailbox_finds_it_at_home(ada, place):
    """After the first sign-in, which proves the mailbox, the home page shows the invitation. [R-5, R-7]"""
    sent = inviting.invitation(ada, place)
    noor = build.person("Noor", "Ashgrove", email=inviting.MAILBOX.upper())
    assert invitations_waiting_for(noor, now=clock.now()) == []
    accounts.note_first_sign_in(account=noor, now=clock.now())
    browser = build.browser(Account.objects.get(pk=noor.pk))
    assert "Ada Firstwood invites you to ask for FCSO - SPOT End User at Alder Clinic" in build.text_of(
        browser.open("/home/")
    )
    assert "Review Request" in build.text_of(browser.send(f"/role-request/invitation/{sent.pk}/"))
    assert "Ada Firstwood invites" not in build.text_of(browser.open("/home/"))


def test_nobody_takes_an_invitation_from_another_mailbox_s_home(ada, place):
    """Its number is no key: only the link, or the proven mailbox. [R-7]"""
    sent = inviting.invitation(ada, place)
    browser = build.browser(build.person("Eve", "Otherside"))
    browser.send(f"/role-request/invitation/{sent.pk}/", status=404)
    assert Invitation.objects.get().state == "open"


def test_a_role_request_left_half_way_is_replaced(ada, place):
    """Taking an invitation up begins at what it names. [R-7]"""
    noor = build.person("Noor", "Ashgrove")
    browser = build.browser(noor)
    browser.send("/role-request/application/", {"application": "spot"})
    browser.send("/role-request/role/", {"role": "provider-office-approver"})
    inviting.invitation(ada, place)
    browser.send(inviting.newest_link())
    draft = RoleRequestDraft.objects.get(account=noor)
    assert (draft.role, draft.way, draft.organization) == ("end-user", "pick", place)


def test_an_approver_invites_a_backup_who_associates(ada, place):
    """A role that the approver's own contains; the help desk decides it as ever. [R-7, Q-2, G-4]"""
    inviting.invitation(ada, place, role="provider-office-backup-approver")
    browser = build.browser(build.person("Noor", "Ashgrove"))
    words = build.text_of(browser.send(inviting.newest_link()))
    assert "Associate to an existing organization" in words


def test_resending_makes_a_new_link_and_voids_the_old(ada, place):
    """Five times; each mail's link alone is good, and the fourteen days begin anew. [R-7]"""
    sent = inviting.invitation(ada, place, now=clock.now() - timedelta(days=10))
    first = inviting.newest_link()
    browser = build.browser(ada)
    for _ in range(5):
        browser.send(f"{LIST}{sent.pk}/resend/")
    assert len({inviting.link_in(mail) for mail in inviting.mails()}) == 6
    assert Client().get(first).status_code == 404
    assert Client().get(inviting.newest_link()).status_code == 200
    assert Invitation.objects.get().expires_at > clock.now() + timedelta(days=14)
    assert "was sent again 5 times" in build.text_of(browser.send(f"{LIST}{sent.pk}/resend/"))
    assert len(inviting.mails()) == 6


def test_a_revoked_link_leads_nowhere(ada, place):
    """Any able approver of the organization takes it back; the mailbox is told, a second press changes nothing. [R-7]"""
    sent = inviting.invitation(ada, place)
    colleague = build.browser(build.approver(place, first="Ben", last="Second"))
    assert "Revoked" in build.text_of(colleague.send(f"{LIST}{sent.pk}/revoke/"))
    colleague.send(f"{LIST}{sent.pk}/revoke/")
    assert [mail.to for mail in inviting.mails("invitation-revoked")] == [inviting.MAILBOX]
    assert Client().get(inviting.newest_link()).status_code == 404
    assert Entry.objects.filter(deed="invitation:role:revoked").count() == 1
    assert "over already" in build.text_of(colleague.send(f"{LIST}{sent.pk}/resend/"))


def test_an_invitation_ends_after_fourteen_days(ada, place):
    """The end holds without a job; the job records it and tells the inviter, once. [R-7, I-2]"""
    sent = inviting.invitation(ada, place)
    link, end = inviting.newest_link(), sent.expires_at
    noor = build.person("Noor", "Ashgrove")
    assert line_of_invitation(sent, now=end - timedelta(seconds=1)).state is State.OPEN
    assert line_of_invitation(sent, now=end).state is State.EXPIRED
    late = {"by": build.By(str(noor.pk)), "now": end}
    assert refusal(actions.take_invitation, invitation=sent, account=noor, **late) is Refusal.NOT_USABLE
    Invitation.objects.update(expires_at=clock.now())
    assert Client().get(link).status_code == 404
    expire_invitations(clock.now())
    expire_invitations(clock.now())
    assert Invitation.objects.get().state == "expired"
    assert [mail.to for mail in inviting.mails("invitation-expired")] == [ada.email]
    expire_invitations(clock.now() + timedelta(days=91))
    assert not Invitation.objects.exists()


def test_an_expired_invitation_does_not_block_the_next(ada, place):
    """One open invitation a mailbox and role; one that is over is none, whether or not a job has run. [R-7, I-2]"""
    inviting.invitation(ada, place)
    again = {"inviter": ada, "of": place, "email": inviting.MAILBOX.upper()}
    assert refusal(inviting.invitation, **again) is Refusal.INVITED_ALREADY
    Invitation.objects.update(expires_at=clock.now())
    inviting.invitation(**again)
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["expired", "open"]


def test_a_form_sent_twice_invites_once(ada, place):
    """The second press of Send is the first one's answer. [R-7]"""
    browser = build.browser(ada)
    typed = {"email": inviting.MAILBOX, "role": "spot:end-user", "once": inviting.once()}
    browser.send(NEW, typed)
    assert "Waiting for the person" in build.text_of(browser.send(NEW, typed))
    assert Invitation.objects.count() == len(inviting.mails()) == 1


def test_an_organization_invites_fifty_times_a_day(ada, place, settings):
    """The fifty-first is refused; the next day it is not. [R-7]"""
    now = clock.now()
    for number in range(50):
        inviting.invitation(ada, place, email=f"one{number}@mail.example", now=now)
    code = refusal(inviting.invitation, inviter=ada, of=place, email="more@mail.example", now=now)
    assert code is Refusal.TOO_MANY_INVITATIONS
    inviting.invitation(ada, place, email="more@mail.example", now=now + timedelta(days=1))


@pytest.mark.parametrize("typed", [{}, {"email": "x"}, {"role": "spot:end-user"}, {"email": "a@b.example"}])
def test_a_form_left_empty_sends_nothing(ada, typed):
    """A sentence at the field, and no mail. [R-2]"""
    answer = build.browser(ada).send(NEW, typed)
    assert "Error: " in build.text_of(answer)
    assert not Invitation.objects.exists()
