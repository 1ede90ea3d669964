"""Tier 3 suspends and archives accounts, and opens them again; archiving takes two (A-6, H-2, H-5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account, EmailChange, SsnNumber
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.models import Closing
from bailiwick.idm.rules import closing
from bailiwick.idm.rules.accounts import Refusal as AccountRefusal
from bailiwick.idm.rules.closing import Kind
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence, Refusal
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.models import Password
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_accounts, build_desk, build_pages, build_recovery
from tests.idm import build_oidc as oidc
from tests.idm.build_desk import REASON, url

pytestmark = pytest.mark.django_db

ONCE = "00000000-0000-4000-8000-0000000000e1"
STRONG = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)


def state_of(person: Account) -> str:
    return Account.objects.get(pk=person.pk).state


def work(desk: Account, person: Account) -> actions.Deskwork:
    presence = Presence(strength=STRONG, factor_at=clock.now())
    return actions.Deskwork(desk=desk, person=person, presence=presence, once=uuid4())


def sends(browser, name: str, person: Account, **form: str) -> str:
    more = (
        {"closing_id": str(Closing.objects.get(account=person, state="proposed").pk)}
        if name == "closing"
        else {}
    )
    return build_pages.text_of(browser.send(url(name, person, **more), {"reason": REASON, **form}))


def archived(person: Account) -> Account:
    """By two of tier 3, through their pages."""
    sends(build_desk.looking(person, build_desk.tier(3)), "archive", person)
    sends(build_desk.looking(person, build_desk.tier(3)), "closing", person, verdict="agree")
    person.refresh_from_db()
    return person


def test_suspending_signs_the_person_out_everywhere_and_tells_them(client):
    """Sessions end, nobody signs in, ledger and mail say so; lifting it brings everything back. [H-2, S-7, N-1]"""
    person = build_desk.caller()
    theirs = build_pages.browser(person)
    desk = build_desk.looking(person, build_desk.tier(3))
    assert "The account is suspended" in sends(desk, "suspend", person, once=ONCE)
    assert state_of(person) == "suspended"
    assert theirs.client.get("/home/")["Location"] == "/"
    assert Session.objects.get(account=person).end_reason == "suspended"
    assert "suspended" in build_pages.text_of(build_accounts.give_password(client, person))
    # The same form once more is no second act, and no refusal.
    assert "The account is suspended" in sends(desk, "suspend", person, once=ONCE)
    [entry] = build_desk.entries(person, Deed.ACCOUNT_SUSPENDED)
    assert entry.why == REASON
    assert len(build_accounts.mails_to(person.email, "account_suspended")) == 1
    page = build_pages.text_of(desk.open(url("person", person)))
    assert "What staff did to it" in page
    assert REASON in page
    assert "The suspension is lifted" in sends(desk, "unsuspend", person)
    assert state_of(person) == "active"
    assert build_accounts.give_password(client, person)["Location"] == "/sign-in/verify/"


def test_a_colleague_who_is_second_is_told_so():
    """Suspending twice, or lifting what is not suspended, changes nothing. [Q-5]"""
    person = build_desk.caller()
    browsers = [build_desk.looking(person, build_desk.tier(3)) for _ in range(2)]
    sends(browsers[0], "suspend", person)
    assert "suspended or archived" in sends(browsers[1], "suspend", person)
    sends(browsers[0], "unsuspend", person)
    assert "another state by now" in sends(browsers[1], "unsuspend", person)
    assert state_of(person) == "active"


def test_two_people_archive_and_two_open_again(client):
    """Who proposed it does not agree; SSN, user ID and roles stay as they are. [A-6, H-5]"""
    person = build_desk.caller()
    first, second = build_desk.tier(3), build_desk.tier(3)
    one, other = build_desk.looking(person, first), build_desk.looking(person, second)
    assert "Nothing changes until" in sends(one, "archive", person)
    assert state_of(person) == "active"
    waiting = build_accounts.mails_to(second.email, "closing_waiting")
    assert len(waiting) == 1
    assert not build_accounts.mails_to(first.email, "closing_waiting")
    assert "waits for a second person" in sends(other, "archive", person)
    # The proposer's page offers to take it back, and nothing else; whatever is sent, the action refuses.
    assert "There is a problem" in sends(one, "closing", person, verdict="agree")
    number = Closing.objects.get().pk
    with pytest.raises(Refused) as refused:
        actions.settle_closing(
            work=work(first, person),
            closing_id=number,
            agree=True,
            reason=REASON,
            by=By(str(first.pk)),
            now=clock.now(),
        )
    assert refused.value.code is closing.Refusal.SAME_PERSON
    assert "It is done" in sends(other, "closing", person, verdict="agree")
    assert state_of(person) == "archived"
    assert "closed" in build_pages.text_of(build_accounts.give_password(client, person))
    assert [entry.why for entry in build_desk.entries(person, Deed.ACCOUNT_ARCHIVED)] == [REASON]
    assert SsnNumber.objects.filter(account=person).exists()
    # Neither suspending nor lifting has any use now; two open it again.
    assert "suspended or archived" in sends(one, "suspend", person)
    assert "another state" in sends(one, "unsuspend", person)
    sends(other, "unarchive", person)
    assert state_of(person) == "archived"
    assert "It is done" in sends(one, "closing", person, verdict="agree")
    assert state_of(person) == "active"
    assert len(build_accounts.mails_to(person.email, "account_unarchived")) == 1


def test_a_proposal_can_be_sent_back_and_taken_back():
    """By the second, and by who proposed it; the account stays as it is. [H-5]"""
    person = build_desk.caller()
    one, other = (build_desk.looking(person, build_desk.tier(3)) for _ in range(2))
    for browser in (one, other):
        sends(one, "archive", person)
        assert "The account stays as it is" in sends(browser, "closing", person, verdict="reject")
    assert state_of(person) == "active"
    assert set(Closing.objects.values_list("state", flat=True)) == {"rejected"}
    assert len(build_desk.entries(person, Deed.CLOSING_REJECTED)) == 2


def test_a_proposal_dies_with_the_role_of_who_made_it():
    """Two of tier 3 stand behind it at the instant it is done. [H-5, AX15]"""
    person = build_desk.caller()
    first = build_desk.tier(3)
    sends(build_desk.looking(person, first), "archive", person)
    Account.objects.filter(pk=first.pk).update(state="suspended")
    page = sends(build_desk.looking(person, build_desk.tier(3)), "closing", person, verdict="agree")
    assert "no longer of the security desk" in page
    assert state_of(person) == "active"


def test_a_suspended_member_of_the_desk_acts_on_nobody():
    """The page was open, the form is sent: the account behind it is none of a desk any more. [AX15, SR-16]"""
    person, member = build_desk.caller(), build_desk.tier(3)
    build_desk.looking(person, member)
    Account.objects.filter(pk=member.pk).update(state="suspended")
    with pytest.raises(Refused) as refused:
        actions.suspend(work=work(member, person), reason=REASON, by=By(str(member.pk)), now=clock.now())
    assert refused.value.code is Refusal.NOT_AT_DESK
    assert state_of(person) == "active"
    assert len(build_desk.refusals(person)) == 1


def test_the_database_knows_that_archiving_takes_two():
    """One person alone cannot be both, whatever the program does. [H-5]"""
    person, desk = build_desk.caller(), build_desk.tier(3)
    usual = {"account": person, "kind": "archive", "proposed_at": clock.now(), "reason": REASON}
    for broken in (
        {"proposed_by": desk, "state": "done", "settled_by": desk},
        {"proposed_by": desk, "state": "done"},
        {"proposed_by": person},
        {"proposed_by": desk, "kind": "delete"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Closing.objects.create(**(usual | broken))


def test_an_organization_whose_last_approver_is_suspended_is_the_help_desk_s_at_once():
    """Tier 2 hears it, and so does who waits; the approver's power is gone. [G-7, AR06, AX15]"""
    place = build_pages.organization()
    boss, clerk = build_pages.approver(place), build_pages.person()
    tier_2 = build_desk.tier(2)
    asked = build_pages.asks(clerk, place)
    sends(build_desk.looking(boss, build_desk.tier(3)), "suspend", boss)
    assert build_accounts.mails_to(tier_2.email, "organization-without-approver")
    assert build_accounts.mails_to(clerk.email, "request-moved")
    assert asked.number in build_pages.text_of(build_desk.browser(tier_2).open("/manage-users/"))
    assert Grant.objects.get(account=boss).ended_at is None


@pytest.fixture
def harbor(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    harbor = oidc.Application("harbor")
    oidc.use_keys(tmp_path, harbor)
    yield harbor
    oidc.forget_catalogue()


@pytest.mark.parametrize("how", ["suspend", "archive"])
def test_no_token_outlives_the_account(harbor, how):
    """Introspection, userinfo, refresh, a code in flight; the applications are told to sign the person out. [AX15, INV-13]"""
    person, desks = oidc.member(role="reader", application="harbor"), [build_desk.tier(3), build_desk.tier(3)]
    tokens = oidc.tokens_for(harbor, person, scope="openid offline_access")
    code = oidc.code_for(harbor, person)
    first, second = (work(desk, person) for desk in desks)
    by, now = By(str(desks[0].pk)), clock.now()
    if how == "suspend":
        actions.suspend(work=first, reason=REASON, by=by, now=now)
    else:
        told = {"reason": REASON, "by": by, "now": now}
        actions.propose_closing(work=first, kind=Kind.ARCHIVE, **told)
        number = Closing.objects.get().pk
        actions.settle_closing(work=second, closing_id=number, agree=True, **told)
    asked = oidc.post("/oidc/introspect", harbor.signed(token=tokens["access_token"])).json()
    assert asked == {"active": False}
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert oidc.Client().get("/oidc/userinfo", headers=bearer).status_code == 401
    refresh = harbor.signed(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert oidc.post("/oidc/token", refresh).json()["error"] == "invalid_grant"
    assert oidc.post("/oidc/token", harbor.exchange(code)).json()["error"] == "invalid_grant"
    assert Message.objects.filter(kind="backchannel-logout").exists()
    assert not Session.objects.filter(account=person, ended_at__isnull=True).exists()


def test_nothing_that_the_holder_can_do_lifts_what_staff_did(client):
    """A recovery that was proved before, one begun after, the user ID anew: nothing opens the account. [A-6, AR11, AR12]"""
    person = build_desk.caller()
    build_recovery.proves(client, person)
    # The same steps brought a code while the account was active: what is missing below is missing for its state.
    assert len(build_accounts.mails_to(person.email, "recovery_code")) == 1
    before = Password.objects.get(pk=person.pk).encoded
    archived(person)
    build_recovery.finishes(client)
    again = Client()
    build_recovery.begins(again, person.user_id)
    build_recovery.chooses(again)
    assert len(build_accounts.mails_to(person.email, "recovery_code")) == 1
    assert Password.objects.get(pk=person.pk).encoded == before
    assert state_of(person) == "archived"
    with pytest.raises(Refused) as refused:
        build_accounts.account(user_id=person.user_id.upper())
    assert refused.value.code is AccountRefusal.USER_ID_TAKEN


def test_a_caller_code_goes_to_the_mailbox_before_for_a_day():
    """Whoever moved the mailbox today reads no code from it; the page shows which mailbox it is. [R-9, H-4]"""
    person = build_desk.caller(email="holder@example.org")
    now = clock.now()
    EmailChange.objects.create(
        account=person,
        before="holder@example.org",
        after="thief@example.net",
        state="confirmed",
        confirm_digest=b"1" * 32,
        cancel_digest=b"2" * 32,
        asked_at=now - timedelta(hours=2),
        expires_at=now,
        confirmed_at=now - timedelta(hours=1),
    )
    Account.objects.filter(pk=person.pk).update(email="thief@example.net", email_key="thief@example.net")
    desk = build_desk.looking(person)
    page = build_pages.text_of(desk.send(url("caller", person), {"send": "1"}))
    assert "example.org" in page
    assert build_accounts.mails_to("holder@example.org", "caller_code")
    assert not build_accounts.mails_to("thief@example.net")


def test_the_last_of_the_security_desk_is_flagged():
    """What takes two cannot be done: the only member reads so, until there is a second. [H-7, AR17]"""
    alone = build_desk.tier(3)
    browser = build_desk.browser(alone)
    assert "the only one of the security desk" in build_pages.text_of(browser.open("/manage-users/"))
    build_desk.tier(3)
    assert "the only one of the security desk" not in build_pages.text_of(browser.open("/manage-users/"))


def test_the_queue_names_nobody_and_leads_to_the_proposal():
    """What waits for a second person, without the person's name before a reason was given. [H-3, H-5]"""
    person = build_desk.caller(last="Nightingale")
    sends(build_desk.looking(person, build_desk.tier(3)), "archive", person)
    page = build_desk.browser(build_desk.tier(3)).open("/manage-users/closings/")
    assert "Archive the account" in build_pages.text_of(page)
    assert "Nightingale" not in page.content.decode()
    assert url("closing", person, closing_id=str(Closing.objects.get().pk)) in page.content.decode()
    build_desk.browser(build_desk.tier(1)).open("/manage-users/closings/", status=403)
