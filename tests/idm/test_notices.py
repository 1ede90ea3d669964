"""Notices of IDM: in one's language, optional ones declined, several in one mail, mail that does not arrive, announcements."""

import io
import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import call_command

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox import announcements, inbox
from bailiwick.ground.outbox.actions import call, notice
from bailiwick.ground.outbox.bounces import take
from bailiwick.ground.outbox.catalogue import kinds, optional_kinds
from bailiwick.ground.outbox.delivery import BATCH, BouncedError, UndeliverableError, deliver_due
from bailiwick.ground.outbox.forgetting import forget_contents
from bailiwick.ground.outbox.models import Announcement, Message, State
from bailiwick.ground.outbox.preferences import decline
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.queries.health import health_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.noticing import choose_notices
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.notices import announces_for
from bailiwick.idm.rules.organizations import HealthFlag
from bailiwick.wire.announcements import Announced
from tests.ground.test_bounces import report
from tests.idm import build_access, build_desk, build_pages, build_registration
from tests.idm.build_access import COMMAND

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
REQUEST = {
    "name": "Robin",
    "requester": "Dana Q",
    "requester_user_id": "dana.q",
    "application_name": "SPOT",
    "role_name": "End User",
    "legal_name": "Palm Clinic",
    "submitter_id": "S1",
    "path": "/requests/R-1/",
}


class Postman:
    """Takes mail, or refuses it with an error."""

    def __init__(self, error=None):
        self.error = error
        self.mails = []

    def __call__(self, parcel):
        if self.error:
            raise self.error
        self.mails.append(parcel)


def deliver(now, postman=None):
    postman = postman or Postman()
    deliver_due(now, channels={"email": postman}, clock=lambda: now)
    return postman.mails


def tell(name, number, *, now, to="robin@example.org", owner="", language="en"):
    facts = REQUEST | {"number": f"R-{number}", "last_day": now.date()}
    notice(name, to=to, key=f"{name}:{number}:{to}", now=now, context=facts, language=language, inbox=owner)


# --- language and preferences -------------------------------------------------------------------


def test_a_notice_is_written_in_the_readers_language():
    """Subject, text, HTML and the dates in them. [N-2]"""
    now = clock.now().replace(year=2026, month=3, day=2)
    tell("request-waiting", 1, now=now, language="es")
    (mail,) = deliver(now)
    assert mail.subject == "Una solicitud de rol le espera: R-1"
    assert "2 de marzo de 2026" in mail.body["text"]
    assert "Mesa de ayuda: 512 555 0100" in mail.body["text"]
    assert '<html lang="es">' in mail.body["html"]
    assert "Una solicitud de rol" not in mail.body["html"].partition("<body")[2]
    assert "Solicitud: R-1" in mail.body["html"]


def test_a_registration_guesses_the_language(client):
    """From what the browser asks for, as its pages do. [N-2, R-1]"""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es-US,es;q=0.9,en;q=0.5"
    page = client.get("/register/").content.decode()
    assert '<html lang="es"' in page
    build_registration.register(client)
    (mail,) = Message.objects.filter(kind="registered")
    assert mail.subject == "Su ID de usuario"
    assert Account.objects.get().language == "es"


def test_every_mail_says_whom_to_ask_in_both_parts():
    """The application's help contact, else the deployment's. [N-2]"""
    now = clock.now()
    own = SimpleNamespace(name="SPOT Desk", phone="512 555 0199", email="spot@bailiwick.example")
    facts = REQUEST | {"number": "R-1", "last_day": now.date()}
    for key, contact in (("own", own), ("none", None)):
        notice(
            "request-waiting",
            to=f"{key}@example.org",
            key=key,
            now=now,
            context=facts | {"help_contact": contact},
        )
    mails = {mail.to: mail.body for mail in deliver(now)}
    for part in ("text", "html"):
        assert "512 555 0199" in mails["own@example.org"][part]
        assert "512 555 0100" in mails["none@example.org"][part]


def test_what_is_declined_is_in_the_inbox_and_not_mailed():
    """An optional notice; a required one is mailed whatever somebody asked for. [N-2]"""
    now = clock.now()
    decline("robin", ["request-submitted", "password_changed", "no such notice"])
    tell("request-submitted", 1, now=now, owner="robin")
    notice("password_changed", to="robin@example.org", key="p", now=now, inbox="robin")
    assert [message.kind for message in Message.objects.all()] == ["password_changed"]
    assert len(inbox.letters("robin")) == 2
    decline("robin", [])
    tell("request-submitted", 2, now=now, owner="robin")
    assert Message.objects.filter(kind="request-submitted").count() == 1


def test_the_holder_chooses_under_my_profile():
    """The language, and each optional kind; the page says what is always mailed. [N-2, R-9]"""
    account = build_pages.person()
    browser = build_pages.browser(account)
    page = browser.open("/profile/notices/")
    for kind in optional_kinds():
        assert kind.label in page.content.decode()
    assert kinds()["password_changed"].when in page.content.decode()
    browser.send("/profile/notices/", {"language": "es", "mail_request-reminder": "on"})
    assert Account.objects.get(pk=account.pk).language == "es"
    page = browser.open("/profile/notices/").content.decode()
    assert page.count("checked") == 2
    choose_notices(
        account=account,
        language="es",
        declined=[kind.name for kind in optional_kinds()],
        by=COMMAND,
        now=clock.now(),
    )
    assert Entry.objects.filter(deed=Deed.NOTICES_CHOSEN, subject=str(account.pk)).count() == 2


# --- several in one mail ------------------------------------------------------------------------


def test_reminders_of_one_round_are_one_mail():
    """Each waits a moment for the others; the inbox has each by itself. [N-1]"""
    now = clock.now()
    for number in range(3):
        tell("request-reminder", number, now=now + timedelta(seconds=number), owner="robin")
    tell("request-reminder", 9, now=now, to="other@example.org")
    assert deliver(now) == []
    later = now + timedelta(minutes=3)
    mails = {mail.to: mail for mail in deliver(later)}
    assert set(mails) == {"robin@example.org", "other@example.org"}
    digest, alone = mails["robin@example.org"], mails["other@example.org"]
    assert digest.subject == "3 notices: Still waiting for a decision: R-0, and others"
    for part in (digest.body["text"], digest.body["html"]):
        assert all(f"Request: R-{number}" in part for number in range(3))
        assert part.count("Questions?") == 1
    assert alone.subject == "Still waiting for a decision: R-9"
    assert deliver(later + HOUR) == []
    assert set(Message.objects.values_list("state", flat=True)) == {State.DONE}
    assert len(inbox.letters("robin")) == 3


def test_the_first_request_is_told_at_once_and_those_of_the_hour_after_it_together():
    """Nobody waits for the first; forty requests are not forty mails. [N-1, Q-4]"""
    now = clock.now()
    tell("request-waiting", 0, now=now)
    assert len(deliver(now)) == 1
    for number in range(1, 41):
        tell("request-waiting", number, now=now + timedelta(minutes=number))
    assert deliver(now + timedelta(minutes=59)) == []
    (digest,) = deliver(now + timedelta(minutes=61))
    assert digest.subject.startswith("40 notices")
    tell("request-waiting", 99, now=now + 3 * HOUR)
    assert len(deliver(now + 3 * HOUR)) == 1


def test_how_long_notices_wait_for_each_other_is_the_deployments_number(settings):
    """Of both ways to go together; whoever wants none of it says 0. [N-1]"""
    numbers = {"notices_gathered_seconds": 0, "notices_pause_minutes": 5}
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=numbers)
    now = clock.now()
    tell("request-reminder", 1, now=now)
    assert [len(deliver(now)), len(deliver(now))] == [1, 0]
    found = []
    for minutes in (0, 0, 4, 5):
        tell("request-waiting", len(found), now=now + timedelta(minutes=minutes))
        found.append(len(deliver(now + timedelta(minutes=minutes))))
    assert found == [1, 0, 0, 1]


def test_what_goes_in_one_mail_stays_the_same_on_every_try():
    """Under one Message-ID nobody gets two different mails; what comes later goes by itself. [N-1]"""
    now = clock.now()
    tell("request-reminder", 1, now=now)
    tell("request-reminder", 2, now=now)
    later = now + timedelta(minutes=5)
    deliver(later, Postman(ConnectionError()))
    tell("request-reminder", 3, now=later)
    (mail,) = deliver(later + timedelta(minutes=1))
    assert "R-1" in mail.body["text"]
    assert "R-2" in mail.body["text"]
    assert "R-3" not in mail.body["text"]
    (alone,) = deliver(later + HOUR)
    assert alone.subject == "Still waiting for a decision: R-3"


def test_what_was_said_is_forgotten_30_days_after_it_was_sent():
    """All of one mail together. What waits stays, and the inbox; told again it is one notice still. [N-1, N-2]"""
    now, sent = clock.now(), clock.now() + timedelta(minutes=5)
    for number in range(2):
        tell("request-reminder", number, now=now, owner="robin")
    call("test", key="call", now=now, payload={})
    assert len(deliver(sent)) == 1

    def kept(moment):
        forget_contents(moment + timedelta(days=30))
        return Message.objects.exclude(body=b"").count()

    assert [kept(sent), kept(sent + HOUR), kept(sent + HOUR)] == [3, 1, 1]
    assert set(Message.objects.values_list("subject", flat=True)) == {""}
    tell("request-reminder", 1, now=sent, owner="robin")
    assert Message.objects.count() == 3
    assert all(inbox.letter("robin", one.number).text for one in inbox.letters("robin"))


def test_codes_and_calls_do_not_stand_behind_the_mails_of_a_round():
    """However many wait: a sign-in code and the end of a session go first. [N-1, S-3, O-5]"""
    now, postman = clock.now(), Postman()
    for number in range(BATCH + 1):
        tell("request-expired", number, now=now)
    code = {"code": "123456", "minutes": 5}
    notice("caller_code", to="robin@example.org", key="code", now=now, secret=True, context=code)
    call("test", key="call", now=now, payload={})
    deliver_due(now, channels={"email": postman, "call:test": postman}, clock=lambda: now)
    assert {parcel.key for parcel in postman.mails[:2]} == {"code", "call"}
    assert len(postman.mails) == BATCH


# --- what does not arrive -----------------------------------------------------------------------


def came_back(account, *, now):
    """A mail to that account, sent, and given back by its mail server."""
    notice("password_changed", to=account.email, key=f"back:{account.pk}", now=now)
    deliver(now)
    message = Message.objects.get(key=f"back:{account.pk}")
    assert take(report(mail_id=message.mail_id), now=now)
    actions.note_returns(by=By("system:outbox"), now=now)
    return message


def test_the_only_approver_whom_no_mail_reaches_is_told_to_the_desk():
    """Tier 2 hears of it once; where somebody else can decide, nobody has to. [AR18, N-2]"""
    now = clock.now()
    alone, shared = build_access.organization(), build_access.organization()
    desk = build_access.desk_member(now=now)
    approver = build_access.approver(of=alone, now=now)
    build_access.approver(of=shared, now=now)
    one_of_two = build_access.backup(of=shared, now=now)
    for account in (approver, one_of_two):
        came_back(account, now=now)
    told = Message.objects.filter(kind="approver_unreachable")
    assert [message.to for message in told] == [desk.email]
    assert alone.legal_name in inbox.letters(str(desk.pk))[0].subject
    assert Account.objects.get(pk=approver.pk).mail_failed_at == now
    findings = [finding.code for finding in health_of(alone, now=now).findings]
    assert HealthFlag.APPROVER_UNREACHABLE in findings
    assert actions.note_returns(by=By("system:outbox"), now=now) == 0


def test_the_person_reads_it_on_the_home_page_and_says_when_mail_arrives_again():
    """Until then, and after another address, the page is as ever. [N-2]"""
    account = build_pages.person()
    browser = build_pages.browser(account)
    assert "Our mail does not reach you" not in build_pages.text_of(browser.open("/home/"))
    came_back(account, now=clock.now())
    assert "Our mail does not reach you" in build_pages.text_of(browser.open("/home/"))
    browser.send("/profile/mailbox-works/")
    assert "Our mail does not reach you" not in build_pages.text_of(browser.open("/home/"))
    deeds = {Deed.MAILBOX_FAILED, Deed.MAILBOX_WORKS}
    assert Entry.objects.filter(deed__in=deeds, subject=str(account.pk)).count() == 2


def test_the_desk_sees_what_could_not_be_delivered_masked_and_sends_it_again():
    """Not the address; a code cannot be sent again; other desks and approvers find the page closed. [N-2, H-3]"""
    now, member = clock.now(), build_desk.tier(1)
    person = build_pages.person()
    message = came_back(person, now=now)
    notice(
        "caller_code",
        to=person.email,
        key="code",
        now=now,
        secret=True,
        context={"code": "123456", "minutes": 5},
    )
    deliver(now, Postman(UndeliverableError("refused by the provider: 400")))
    browser = build_desk.browser(member)
    page = browser.open("/manage-users/undelivered/")
    assert person.email not in page.content.decode()
    words = build_pages.text_of(page)
    assert person.user_id in words
    assert "Came back 5.1.1" in words
    assert "Could not be sent refused by the provider: 400" in words
    assert words.count("Send again") == 1
    again = build_pages.text_of(browser.send(f"/manage-users/undelivered/{message.pk}/retry/"))
    assert "It is being sent again" in again
    assert message.key in {mail.key for mail in deliver(clock.now())}
    refused = build_pages.text_of(browser.send(f"/manage-users/undelivered/{message.pk}/retry/"))
    assert "cannot be sent again" in refused
    assert Entry.objects.filter(deed=Deed.NOTICE_TRIED_AGAIN, actor=str(member.pk)).count() == 1
    for other in (build_desk.tier(2), build_pages.approver(build_pages.organization())):
        closed = build_desk.browser(other)
        closed.open("/manage-users/undelivered/", status=403)
        closed.send(f"/manage-users/undelivered/{message.pk}/retry/", status=403)


def test_after_a_second_step_a_desk_finds_the_list_that_it_came_from(banners):
    """What was pressed comes back by a link then: nothing is done, and no page ends there. [S-6, H-2]"""
    row = announce(application="idm")
    for path in (f"announcements/{row.pk}/withdraw", "undelivered/7/retry"):
        desk = build_desk.browser(build_desk.tier(3))
        page = desk.open(f"/manage-users/{path}/")
        assert page.redirect_chain[-1][0] == f"/manage-users/{path.split('/')[0]}/"
    assert Announcement.objects.get().withdrawn_at is None


def test_an_address_that_the_mail_server_refuses_at_once_is_marked_too():
    """A 550 to the recipient is no reason to try five hundred times. [N-2]"""
    now, account = clock.now(), build_pages.person()
    notice("password_changed", to=account.email, key="refused", now=now)
    deliver(now, Postman(BouncedError("5.1.1")))
    actions.note_returns(by=By("system:outbox"), now=now)
    assert Message.objects.get(key="refused").state == State.BOUNCED
    assert Account.objects.get(pk=account.pk).mail_failed_at == now


def test_the_mail_server_hands_reports_to_the_command(monkeypatch):
    """`bailiwick idm bounces` never fails, whatever it is handed. [N-2]"""
    now, account = clock.now(), build_pages.person()
    notice("password_changed", to=account.email, key="piped", now=now)
    deliver(now)
    raw, said = report(mail_id=Message.objects.get(key="piped").mail_id), io.StringIO()
    for handed in (raw, raw, b"\xff\x00"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(handed)))
        call_command("bounces", stdout=said)
    assert said.getvalue().count("“password_changed” did not arrive, 5.1.1 (the mailbox takes") == 1
    assert Account.objects.get(pk=account.pk).mail_failed_at


# --- announcements ------------------------------------------------------------------------------


@pytest.fixture
def banners(settings):
    """Pages with their banners, as outside of tests."""
    settings.ANNOUNCEMENTS = "bailiwick.idm.site.context.announcements"
    announcements.forget()
    yield
    announcements.forget()


def announce(*, application="", is_mailed=False, starts=-HOUR, ends=HOUR, identifier=None):
    now = clock.now()
    texts = {
        "en": ("Closed on Sunday", "We work on it."),
        "es": ("Cerrado el domingo", "Trabajamos en ello."),
    }
    announced = Announced(
        identifier or uuid4(), is_warning=True, starts_at=now + starts, ends_at=now + ends, texts=texts
    )
    row = actions.publish(
        announced=announced,
        application=application,
        is_mailed=is_mailed,
        may=(application,),
        by=COMMAND,
        now=now,
    )
    announcements.forget()
    return row


def test_a_banner_stands_on_every_page_of_its_application_from_to(client, banners):
    """Not before, not after, not elsewhere, not when withdrawn; told to applications by its code. [N-4]"""
    announce(application="spot")
    announce(starts=HOUR, ends=2 * HOUR)
    assert "Closed on Sunday" not in client.get("/").content.decode()
    row = announce(application="idm")
    assert "Closed on Sunday" in client.get("/").content.decode()
    told = json.loads(client.get("/announcements.json?application=spot").content)["announcements"]
    assert len(told) == 2
    actions.withdraw(identifier=row.pk, may=("idm",), by=COMMAND, now=clock.now())
    announcements.forget()
    assert "Closed on Sunday" not in client.get("/").content.decode()
    with pytest.raises(Refused):
        actions.withdraw(identifier=row.pk, may=("idm",), by=COMMAND, now=clock.now())


def test_an_announcement_is_mailed_once_to_those_with_a_role_there(monkeypatch):
    """In their language, a chunk at a time, going on after a kill; who declined has it in the inbox. [N-4]"""
    now = clock.now()
    place = build_access.organization()
    people = [build_access.end_user(of=place, now=now) for _ in range(5)]
    build_access.person(now=now)
    Account.objects.filter(pk=people[0].pk).update(language="es")
    decline(str(people[1].pk), ["announcement"])
    row = announce(application="spot", is_mailed=True)
    for name, number in (("AT_A_TIME", 2), ("MOST_A_RUN", 4)):
        monkeypatch.setattr(f"bailiwick.idm.helpdesk.actions.announcing.{name}", number)
    assert [actions.mail_announcements(now=now) for _ in range(3)] == [4, 1, 0]
    mails = Message.objects.filter(kind="announcement")
    assert sorted(mail.to for mail in mails) == sorted(one.email for one in people if one != people[1])
    assert mails.get(to=people[0].email).subject == "Cerrado el domingo"
    assert "Closed on Sunday" in {letter.subject for letter in inbox.letters(str(people[1].pk))}
    assert Announcement.objects.get(pk=row.pk).mailed_at == now


def test_a_desk_announces_for_its_own_application(banners):
    """On a page; the same form sent twice is one; the ledger has it. [N-4, SR-36]"""
    desk = build_pages.browser(build_pages.tier_2())
    form = desk.open("/manage-users/announcements/publish/")
    assert 'value="idm"' not in form.content.decode()
    typed = {"heading": "Down", "text": "Tonight.", "heading_es": "Cerrado", "text_es": "Esta noche."}
    day = clock.now() + timedelta(days=2)
    for edge, hour in (("starts", "01:00"), ("ends", "23:00")):
        typed |= {f"{edge}_on_month": day.month, f"{edge}_on_day": day.day, f"{edge}_on_year": day.year}
        typed |= {f"{edge}_at": hour}
    typed["once"] = build_pages.hidden(form, "once")
    page = desk.send("/manage-users/announcements/publish/", typed | {"application": "spot"})
    desk.send("/manage-users/announcements/publish/", typed | {"application": "spot"})
    assert "Down" in build_pages.text_of(page)
    row = Announcement.objects.get()
    assert Entry.objects.filter(deed=Deed.ANNOUNCEMENT_PUBLISHED).count() == 1
    refused = desk.send("/manage-users/announcements/publish/", typed | {"application": "idm"})
    assert Announcement.objects.count() == 1
    assert "Select a valid choice" in build_pages.text_of(refused) or "error" in refused.content.decode()
    desk.send(f"/manage-users/announcements/{row.pk}/withdraw/")
    assert Announcement.objects.get().withdrawn_at


def test_who_may_announce_where():
    """Tier 2 for its own application, IDM's desk for IDM and for all. [N-4]"""
    codes = ["spot", "idm", "sample2"]
    assert announces_for(codes, identity_tier=0, applications={"spot"}) == ("spot",)
    assert announces_for(codes, identity_tier=3, applications=()) == ("", "idm")
    assert announces_for(codes, identity_tier=1, applications={"spot"}) == ("", "spot", "idm")
    assert announces_for(codes, identity_tier=0, applications=()) == ()


@pytest.mark.parametrize(
    ("starts", "ends"), [(HOUR, HOUR), (2 * HOUR, HOUR), (-2 * HOUR, -HOUR), (HOUR, timedelta(days=92))]
)
def test_an_announcement_is_not_backwards_over_or_for_ever(starts, ends):
    """Refused in words, nothing is shown. [N-4]"""
    with pytest.raises(Refused):
        announce(starts=starts, ends=ends)
    assert not Announcement.objects.exists()


def test_the_operator_announces_by_command():
    """Published, listed, withdrawn. [N-4]"""
    said = io.StringIO()
    words = ["--heading", "Down", "--text", "Tonight.", "--heading-es", "Cerrado", "--text-es", "Esta noche."]
    day = f"{clock.now() + timedelta(days=1):%Y-%m-%d}"
    call_command(
        "announce", "publish", *words, "--from", f"{day}T01:00", "--until", f"{day}T05:00", stdout=said
    )
    identifier = said.getvalue().strip()
    call_command("announce", "list", stdout=said)
    assert "everywhere" in said.getvalue()
    call_command("announce", "withdraw", identifier, stdout=said)
    assert Announcement.objects.get().withdrawn_at
