"""Invitation links under attack: replayed, guessed, raced, pressed by a mail scanner, sent by whoever may not (AX02, AX08)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access import actions
from bailiwick.idm.access.models import Grant, Invitation, RoleRequest
from bailiwick.idm.access.queries import invitable
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.invitations import Refusal
from bailiwick.idm.rules.sessions import Factor
from bailiwick.wire.claims import ACR_LIMITED
from tests.idm import build_invitations as inviting
from tests.idm import build_pages as build
from tests.refusing import refusal

pytestmark = pytest.mark.django_db

LIST = "/manage-users/invitations/"
NEW = "/manage-users/invitations/new/"


@pytest.fixture
def place():
    return build.organization("Alder Clinic")


@pytest.fixture
def ada(place):
    return build.approver(place, first="Ada", last="Firstwood")


def unusable(response) -> bool:
    return response.status_code == 404 and "cannot be used" in build.text_of(response)


def test_a_link_is_used_once(ada, place):
    """The second person finds the page of any dead link, and their POST takes nothing. [R-7, AX08]"""
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    first, second = build.person("Noor", "Ashgrove"), build.browser(build.person("Eve", "Otherside"))
    build.browser(first).send(link)
    assert unusable(second.client.get(link))
    assert unusable(second.client.post(link))
    assert unusable(Client().post(link, {"way": "register"}))
    assert Invitation.objects.get().taken_by == first
    assert "Alder Clinic" not in build.text_of(second.open("/role-request/"))


def test_the_first_person_pressing_again_loses_nothing(ada, place):
    """A replay by the one who took it up leads on, and begins nothing anew. [R-7, AX08]"""
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    browser = build.browser(build.person("Noor", "Ashgrove"))
    browser.send(link)
    browser.send("/role-request/start-over/", {"application": "spot"})
    assert "Alder Clinic" not in build.text_of(browser.send(link))
    assert "You have taken it up already" in build.text_of(browser.client.get(link))
    assert Entry.objects.filter(deed="invitation:role:taken").count() == 1


def test_looking_at_a_link_does_nothing(ada, place):
    """Mail scanners press links: GET and HEAD, signed in or not, write no row. [N-2, R-7]"""
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    browser = build.browser(build.person("Noor", "Ashgrove"))
    ours = Entry.objects.filter(deed__startswith="invitation")
    before = Invitation.objects.values_list().get(), ours.count()
    for client in (Client(), browser.client):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
        assert client.put(link).status_code == 405
    assert (Invitation.objects.values_list().get(), ours.count()) == before


def test_dead_links_look_alike(ada, place):
    """Unknown, used, revoked, expired: one page, one status, so that a link tells a stranger nothing. [R-7]"""
    pages = {}
    for name in ("used", "revoked", "expired"):
        sent = inviting.invitation(ada, place)
        link = inviting.newest_link()
        if name == "used":
            build.browser(build.person("Noor", "Ashgrove")).send(link)
        elif name == "revoked":
            build.browser(ada).send(f"{LIST}{sent.pk}/revoke/")
        else:
            Invitation.objects.filter(pk=sent.pk).update(expires_at=clock.now())
        pages[name] = Client().get(link)
    pages["unknown"] = Client().get(f"/invitations/{'x' * 43}/")
    assert {page.status_code for page in pages.values()} == {404}
    assert len({build.text_of(page) for page in pages.values()}) == 1


@pytest.mark.parametrize("body", [{}, {"way": ""}, {"way": "register", "step": "done"}, {"token": "x"}])
def test_a_visitor_s_post_never_takes_it_up(ada, place, body):
    """Empty, wrong or early POSTs of somebody not signed in lead to signing in or registering. [AX02, R-7]"""
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    for sent in (
        Client().post(link, body),
        Client().post(link, b'{"way": "take"}', content_type="application/json"),
    ):
        assert sent["Location"] in {"/", "/register/"}
    assert Invitation.objects.get().state == "open"


def test_the_page_of_a_link_is_no_store_and_hides_the_mailbox(ada, place):
    """Whoever got the link forwarded does not learn to whom it was sent. [R-7]"""
    inviting.invitation(ada, place)
    page = Client().get(inviting.newest_link())
    assert "no-store" in page["Cache-Control"]
    assert inviting.MAILBOX not in page.content.decode()


def test_an_approver_invites_for_their_own_organization_only(ada, place):
    """Another organization is not offered, refused when forced, and that somebody reached is on the ledger. [R-7, AX17]"""
    other = build.organization("Birch Clinic")
    eve = build.approver(other, first="Eve", last="Otherside")
    typed = {"email": inviting.MAILBOX, "role": "spot:end-user", "organization": str(place.pk)}
    assert {one.organization for one in invitable(eve, now=clock.now())} == {other}
    build.browser(eve).send(NEW, typed)
    assert Invitation.objects.get().organization == other
    assert refusal(inviting.invitation, inviter=eve, of=place) is Refusal.NOT_AN_INVITER
    entry = Entry.objects.get(deed="authority:act:refused")
    assert (entry.actor, entry.organization) == (str(eve.pk), place.submitter_id)


def test_another_organization_s_invitations_are_nobody_else_s(ada, place):
    """List, resend and revoke: 404 or nothing, and not a byte of them. [R-7, AX17]"""
    sent = inviting.invitation(ada, place)
    other = build.browser(build.approver(build.organization("Birch Clinic"), first="Eve", last="Otherside"))
    pages = [other.open(LIST)]
    for act in ("resend", "revoke"):
        pages += [
            other.open(f"{LIST}{sent.pk}/{act}/", status=404),
            other.send(f"{LIST}{sent.pk}/{act}/", status=404),
        ]
    for page in pages:
        for word in (inviting.MAILBOX, "Alder Clinic", "Firstwood"):
            assert word not in page.content.decode()
    assert Invitation.objects.get().state == "open"
    assert len(inviting.mails()) == 1
    assert Entry.objects.filter(deed="authority:act:refused").count() == 4


@pytest.mark.parametrize("who", ["nobody", "end user", "desk", "identity desk", "visitor"])
def test_who_is_no_approver_cannot_open_the_pages(place, who):
    """An end user, a desk, somebody without a role: the pages are closed. [R-7]"""
    people = {
        "nobody": build.person,
        "end user": lambda: build.end_user(place),
        "desk": build.tier_2,
        "identity desk": build.tier_1,
    }
    client = Client() if who == "visitor" else build.browser(people[who]()).client
    for path in (LIST, NEW):
        for answer in (client.get(path), client.post(path, {"email": "a@b.example"})):
            assert answer.status_code in ({302, 405} if who == "visitor" else {403, 405})
    assert not Invitation.objects.exists()


def test_a_resting_role_invites_nobody(ada, place):
    """An inactive approver has no page, cannot send, resend or revoke. [R-7, I-4]"""
    sent = inviting.invitation(ada, place)
    Grant.objects.filter(account=ada).update(started_at=clock.now() - timedelta(days=31))
    browser = build.browser(ada)
    for path in (LIST, NEW, f"{LIST}{sent.pk}/resend/", f"{LIST}{sent.pk}/revoke/"):
        browser.open(path, status=403)
    now, by = clock.now(), build.By(str(ada.pk))
    usual = {"strength": inviting.STRONG, "by": by, "now": now}
    assert refusal(inviting.invitation, inviter=ada, of=place, email="b@c.example") is Refusal.NOT_AN_INVITER
    assert refusal(actions.resend_invitation, invitation=sent, inviter=ada, **usual) is Refusal.NOT_AN_INVITER
    assert refusal(actions.revoke_invitation, invitation=sent, revoker=ada, **usual) is Refusal.NOT_AN_INVITER


def test_a_suspended_approver_invites_nobody(ada, place):
    """A session that outlived the suspension sends nothing. [R-7]"""
    Account.objects.filter(pk=ada.pk).update(state=AccountState.SUSPENDED)
    assert refusal(inviting.invitation, inviter=ada, of=place) is Refusal.NOT_AN_INVITER


def test_a_code_by_mail_is_too_weak_to_invite(ada, place):
    """Mail in an organization's name wants the strength that deciding wants; taking back does not. [R-7, S-2]"""
    weak = build.browser(ada, Factor.EMAIL)
    page = weak.send(NEW, {"email": inviting.MAILBOX, "role": "spot:end-user"})
    assert "stronger sign-in" in build.text_of(page)
    assert not Invitation.objects.exists()
    sent = inviting.invitation(ada, place)
    limited = SignInStrength(acr=ACR_LIMITED, is_limited=True)
    usual = {"strength": limited, "by": build.By(str(ada.pk)), "now": clock.now()}
    code = refusal(actions.resend_invitation, invitation=sent, inviter=ada, **usual)
    assert code is Refusal.STRONGER_FACTOR_NEEDED
    assert "Revoked" in build.text_of(weak.send(f"{LIST}{sent.pk}/revoke/"))


@pytest.mark.parametrize(
    "role", ["provider-office-approver", "business-office-backup-approver", "help-desk", "tier-3", "nothing"]
)
def test_a_role_beyond_the_own_is_not_invitable(ada, place, role):
    """An approver's role, one for another kind of organization, a desk's role, none at all. [R-7, Q-2, Q-3]"""
    code = refusal(inviting.invitation, inviter=ada, of=place, role=role)
    assert code is Refusal.ROLE_NOT_INVITABLE
    build.browser(ada).send(NEW, {"email": inviting.MAILBOX, "role": f"spot:{role}"})
    assert not Invitation.objects.exists()


def test_a_backup_invites_end_users_only(place):
    """One's own role contains what one may invite to. [R-7, Q-2]"""
    backup = build.person("Ben", "Second")
    build.grant(backup, "provider-office-backup-approver", place)
    assert {one.role.code for one in invitable(backup, now=clock.now())} == {"end-user"}


def test_a_closed_organization_invites_nobody(ada, place):
    """Its approvers cannot send, and links sent before lead nowhere. [R-7]"""
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    place.record.status = "closed"
    place.record.save(update_fields=["status"])
    assert Client().get(link).status_code == 404
    code = refusal(inviting.invitation, inviter=ada, of=place, email="b@c.example")
    assert code is Refusal.NOT_AN_INVITER


def test_inviting_does_not_tell_who_has_an_account(ada, place):
    """A mailbox with an account and one without get the same answer and the same rows. [R-7, AX22]"""
    known = build.person("Noor", "Ashgrove")
    browser = build.browser(ada)
    pages = []
    for number, email in enumerate((known.email, known.email[::-1].replace("@", ".") + "@mail.example")):
        answer = browser.client.post(NEW, {"email": email, "role": "spot:end-user", "once": inviting.once()})
        pages.append((answer.status_code, answer["Location"], len(answer.content)))
        assert Invitation.objects.count() == number + 1
    assert pages[0] == pages[1]


@pytest.mark.django_db(transaction=True)
def test_two_people_press_at_once_and_one_wins():
    """Of simultaneous takers of one link one has it. [R-7, AX08]"""
    place = build.organization("Alder Clinic")
    ada = build.approver(place, first="Ada", last="Firstwood")
    inviting.invitation(ada, place)
    link = inviting.newest_link()
    clients = [build.browser(build.person("Noor", "Ashgrove")).client for _ in range(4)]

    def press(client) -> int:
        try:
            return client.post(link).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = sorted(pool.map(press, clients))
    assert answers == [302, 404, 404, 404]
    assert Entry.objects.filter(deed="invitation:role:taken").count() == 1
    assert RoleRequest.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "%00", "..", "%F0%9F%92%A5", "a" * 3000, "%E2%80%AE", "' OR 1=1 --"])
def test_any_text_as_a_token_is_a_dead_link(token):
    """Hostile paths get the page of a dead link or of no address, whoever sends them. [R-7]"""
    for client in (Client(), build.browser(build.person()).client):
        for answer in (
            client.get(f"/invitations/{token}/"),
            client.post(f"/invitations/{token}/", {"way": "x"}),
        ):
            assert answer.status_code == 404


@pytest.mark.parametrize(
    "text", ["\x00", "\u202e", "a" * 5000, "<script>", "spot:end-user\x00", "{{7*7}}", "-1"]
)
def test_hostile_forms_invite_nobody(ada, text):
    """Every field filled with what nobody types: words, and no mail. [R-7]"""
    browser = build.browser(ada)
    for field in ("email", "role", "organization", "once"):
        typed = {"email": inviting.MAILBOX, "role": "spot:end-user", "once": inviting.once()} | {field: text}
        answer = browser.send(NEW, typed)
        assert "<script>" not in answer.content.decode().replace("<script src", "").replace(
            "<script nonce", ""
        )
    assert set(Invitation.objects.values_list("email", flat=True)) <= {inviting.MAILBOX}
