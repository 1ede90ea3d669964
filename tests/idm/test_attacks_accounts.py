"""Attacks that cross from one way into an account to another: mailbox, recovery, desk, factors, sessions (AX05, AX10, AX15)."""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.models import Account, EmailChange
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.restoring import ResetKind
from bailiwick.idm.rules.sessions import Refusal
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions import queries as sessions_queries
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions
from bailiwick.idm.signin.models import Passkey
from tests.idm import build_accounts as build
from tests.idm import build_desk
from tests.idm import build_recovery as recovery
from tests.idm import build_theft as theft
from tests.idm import build_webauthn as keys
from tests.idm.build_webauthn import SoftwareKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin() -> Account:
    return theft.somebody()


# The mailbox


def test_a_recovery_by_the_thiefs_mailbox_ends_with_the_taking_back(robin):
    """A ladder proven there on the second day, and a reset link: both are void once the holder takes the change back. [R-9, P-7, AX10]"""
    old = robin.email
    theft.steal_mailbox(robin)
    theft.a_day_later(robin)
    thief = Client()
    recovery.begins(thief, robin.user_id)
    recovery.chooses(thief)
    recovery.types_code(thief, recovery.code_for(theft.THIEFS))
    ladder = recovery.ladder_on(thief, "/forgot-password/new/")
    actions.send_reset_link(
        account=Account.objects.get(pk=robin.pk), why="Call 4711", by=build.VISITOR, now=clock.now()
    )
    reset = theft.link(theft.THIEFS, "reset_link", "reset-password")
    assert Client().post(theft.link(old, "email_changed", "email-undo")).status_code == 302
    form = {"answer": build.ANSWER, "new": recovery.NEW, "again": recovery.NEW}
    assert thief.post("/forgot-password/new/", form | {"ladder": ladder}).status_code == 403
    assert Client().post(reset, form).status_code == 410
    assert theft.has_password(robin, build.PASSWORD)
    assert recovery_emails(Account.objects.get(pk=robin.pk), now=clock.now()) == [old]


def test_a_reset_link_of_the_first_day_goes_to_the_mailbox_before(robin):
    """A desk that was talked into it sends the thief nothing. [R-9, P-9, AX10]"""
    old = robin.email
    theft.steal_mailbox(robin)
    moved = Account.objects.get(pk=robin.pk)
    actions.send_reset_link(account=moved, why="Call 4711", by=build.VISITOR, now=clock.now())
    assert not build.mails_to(theft.THIEFS, "reset_link")
    assert len(build.mails_to(old, "reset_link")) == 1


def test_a_former_mailbox_moves_nothing_that_the_desk_has_moved(robin):
    """The desk led the account away from a stolen mailbox: its undo link and its day of recovery are over. [P-9, R-9, AX10]"""
    old, third = robin.email, "robin.third@example.org"
    theft.steal_mailbox(robin)
    undo = theft.link(old, "email_changed", "email-undo")
    holder, then = Account.objects.get(pk=robin.pk), clock.now() - timedelta(hours=25)
    desk = build_desk.tier(3)
    actions.ask_reset(
        account=holder,
        kind=ResetKind.EMAIL,
        email=third,
        asked_by=desk,
        why="Call 4711",
        by=build.VISITOR,
        now=then,
    )
    assert actions.settle_reset(account=Account.objects.get(pk=robin.pk), by=build.VISITOR, now=clock.now())
    assert theft.email_of(robin) == third
    assert Client().post(undo).status_code == 404
    assert theft.email_of(robin) == third
    assert recovery_emails(Account.objects.get(pk=robin.pk), now=clock.now()) == [third]
    assert not EmailChange.objects.filter(account=robin).exists()


def test_the_mailbox_of_a_disowned_sign_in_is_no_way_back_in(robin):
    """The thief moved the account first: "this was not me" moves it back, and a code to the thief's mailbox is not sent. [S-9, P-7, AX10]"""
    old = robin.email
    theft.steal_mailbox(robin)
    assert Client().post(theft.link(old, "new_device", "not-me")).status_code == 302
    assert theft.email_of(robin) == old
    thief = Client()
    recovery.begins(thief, robin.user_id)
    recovery.chooses(thief)
    assert not build.mails_to(theft.THIEFS, "recovery_code")
    assert build.mails_to(old, "recovery_code")
    assert not build.mails_to(theft.THIEFS, "account_frozen")


def test_a_change_that_a_thief_asked_for_cannot_be_confirmed_after_the_freeze(robin):
    """It waited for its link when the holder disowned the sign-in: the link is over, for everybody. [S-9, R-9, AX10]"""
    thief = theft.break_in(robin)
    thief.post("/profile/email/edit/", {"email": theft.THIEFS, "email_again": theft.THIEFS})
    waiting = theft.link(theft.THIEFS, "email_confirm", "profile/email/confirm")
    theft.disown(robin)
    recovery.recovers(Client(), robin)
    at_home = Client()
    build.give_password(at_home, robin, recovery.NEW)
    at_home.post("/sign-in/verify/", {"send": "email"})
    at_home.post("/sign-in/verify/", {"factor": "email", "code": build.code_sent_to(robin.email)})
    assert at_home.post(waiting).status_code == 410
    assert theft.email_of(robin) == robin.email


# Sessions and levels


def test_a_session_that_was_ended_meanwhile_adds_no_factor(robin):
    """The request was past the door when the holder ended all sessions: the passkey is not there afterwards. [S-7, AX15]"""
    thief, key = theft.break_in(robin), SoftwareKey()
    answer = key.create(keys.asked_to_add(thief))
    session = Session.objects.get(account=robin, ended_at=None)
    sessions.end_all(account=robin, why="recovered", by=build.VISITOR, now=clock.now())
    with pytest.raises(Refused) as refused:
        actions.add_passkey(session=session, name="Mine", answer=answer, by=build.VISITOR, now=clock.now())
    assert refused.value.code is Refusal.SESSION_OVER
    assert not Passkey.objects.filter(account=robin).exists()
    assert "signin:factor:added" not in build.deeds_of(robin)


def test_a_half_session_that_was_ended_meanwhile_is_never_completed(robin):
    """The second step of a sign-in that a recovery ended at that instant: refused, and not on the ledger as done. [S-7]"""
    half = Client()
    build.give_password(half, robin)
    half.post("/sign-in/verify/", {"send": "email"})
    session = Session.objects.get(account=robin, ended_at=None)
    code = build.code_sent_to(robin.email)
    before = Entry.objects.filter(deed=Deed.SIGN_IN_COMPLETED).count()
    sessions.end_all(account=robin, why="recovered", by=build.VISITOR, now=clock.now())
    with pytest.raises(Refused) as refused:
        actions.take_second_step(
            session=session,
            kind=FactorKind.EMAIL,
            code=code,
            by=build.VISITOR,
            now=clock.now(),
        )
    assert refused.value.code is Refusal.SESSION_OVER
    assert Entry.objects.filter(deed=Deed.SIGN_IN_COMPLETED).count() == before


def test_a_level_does_not_come_back_with_a_request_that_began_before_it_fell(robin):
    """A passkey is removed in one window while the other verifies by an app: the session is worth the app. [S-6, AX05]"""
    window, key = theft.break_in(robin), SoftwareKey()
    keys.add(window, key)
    session = Session.objects.get(account=robin, ended_at=None)
    assert session.acr.endswith("phishing-resistant")
    row = Passkey.objects.get(account=robin)
    actions.remove_factor(account=robin, identifier=row.pk, by=build.VISITOR, now=clock.now())
    sessions.reverify(session=session, factor="email", by=build.VISITOR, now=clock.now())
    fresh = Session.objects.get(pk=session.pk)
    assert "passkey" not in fresh.proofs
    assert fresh.acr.endswith("limited")
    assert "hwk" not in fresh.amr
    assert sessions_queries.disowned_times(robin) == []


def test_the_phone_that_was_told_of_everything_hears_that_it_is_no_more(robin):
    """Whoever has mailbox and password changes the primary phone: the former one gets a text, or nobody would know. [P-9, S-3]"""
    Account.objects.filter(pk=robin.pk).update(text_capable=True)
    thief = theft.break_in(robin)
    form = {
        "in_us": "yes",
        "line_1": "12 Larkspur Lane",
        "city": "Orlando",
        "state": "FL",
        "zip": "32801",
        "phone": "2025550199",
        "text_capable": "yes",
        "language": "en",
    }
    assert thief.post("/profile/edit/", form).status_code == 302
    assert Account.objects.get(pk=robin.pk).phone == "2025550199"
    assert build.mails_to("2025550101", "phone_changed_text")
