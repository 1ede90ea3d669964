"""Accounts that may be shared: reports, the radar, tier 3's cases, the oversight contact (H-6)."""

from datetime import timedelta
from hashlib import sha256

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.jobs import look_at_accounts, look_at_sessions
from bailiwick.idm.helpdesk.models import Closing, SharingCase
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.sharing import Ground, Refusal, State, Verdict
from bailiwick.idm.sessions.models import Device, Session
from bailiwick.idm.sessions.places import Places, PlacesFileError, places_from
from bailiwick.idm.signin.models import PhoneFactor
from tests.idm import build_accounts, build_desk, build_pages
from tests.idm.build_desk import REASON, url
from tests.idm.test_desk_state import work

pytestmark = pytest.mark.django_db

OVERSIGHT = "oversight@payer.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def oversight(settings):
    settings.OVERSIGHT_EMAIL = OVERSIGHT
    settings.PLACES = Places(coordinates={"Orlando, FL": (28.54, -81.38), "Denver, CO": (39.74, -104.99)})


def reported(person: Account) -> SharingCase:
    browser = build_desk.looking(person, build_desk.tier(1))
    page = build_pages.text_of(
        browser.send(url("report-sharing", person), {"reason": "Two voices, one name"})
    )
    assert "It is reported" in page
    return SharingCase.objects.get(account=person)


def case_page(case: SharingCase, desk: Account) -> build_pages.Browser:
    browser = build_desk.browser(desk)
    browser.send(f"/manage-users/sharing/{case.pk}/", {"reason": REASON})
    return browser


def settles(case: SharingCase, desk: Account, verdict: str, **form: str) -> str:
    sent = {"verdict": verdict, "reason": REASON, **form}
    return build_pages.text_of(case_page(case, desk).send(f"/manage-users/sharing/{case.pk}/decide/", sent))


def test_a_report_opens_a_case_and_stops_nobody():
    """Tier 3 and the oversight contact hear of it; reporting again is the same case. [H-6]"""
    person, security = build_desk.caller(), build_desk.tier(3)
    case = reported(person)
    reported(person)
    assert (case.ground, case.state) == (Ground.REPORTED, State.OPEN)
    assert Account.objects.get(pk=person.pk).state == "active"
    assert len(build_accounts.mails_to(security.email, "sharing_waiting")) == 1
    [told] = build_accounts.mails_to(OVERSIGHT)
    assert person.user_id in build_accounts.text_of(told)
    assert person.email not in build_accounts.text_of(told)
    assert len(build_desk.entries(person, Deed.SHARING_REPORTED)) == 2


def test_tier_3_suspends_for_sharing_and_the_oversight_contact_hears_it():
    """The case is settled once, by somebody with a reason. [H-6, Q-5]"""
    person = build_desk.caller()
    case, first, second = reported(person), build_desk.tier(3), build_desk.tier(3)
    page = settles(case, first, "suspend")
    assert "Account stopped" in page
    assert Account.objects.get(pk=person.pk).state == "suspended"
    assert [message.kind for message in build_accounts.mails_to(OVERSIGHT)] == [
        "sharing_reported",
        "sharing_stopped",
    ]
    assert len(build_accounts.mails_to(person.email, "account_suspended")) == 1
    with pytest.raises(Refused) as refused:
        actions.settle_sharing(
            work=work(second, person),
            case_id=case.pk,
            verdict=Verdict.NOTHING,
            reason=REASON,
            by=By(str(second.pk)),
            now=clock.now(),
        )
    assert refused.value.code is Refusal.SHARING_SETTLED
    assert refused.value.facts["who"]


def test_archiving_for_sharing_suspends_at_once_and_waits_for_a_second():
    """The account is stopped now, and closed when two agree. [H-5, H-6]"""
    person, first = build_desk.caller(), build_desk.tier(3)
    assert "waits for a second member" in settles(reported(person), first, "archive")
    assert Account.objects.get(pk=person.pk).state == "suspended"
    closing = Closing.objects.get(account=person)
    desk = build_desk.looking(person, build_desk.tier(3))
    where = url("closing", person, closing_id=str(closing.pk))
    desk.send(where, {"verdict": "agree", "reason": REASON})
    assert Account.objects.get(pk=person.pk).state == "archived"


def test_a_case_without_sharing_changes_nothing():
    """Dismissed, with a reason on the ledger; nobody but the desk hears of it. [H-6]"""
    person = build_desk.caller()
    assert "No sharing found" in settles(reported(person), build_desk.tier(3), "nothing")
    assert Account.objects.get(pk=person.pk).state == "active"
    assert not build_accounts.mails_to(person.email)
    [entry] = build_desk.entries(person, Deed.SHARING_SETTLED)
    assert (entry.why, entry.about["verdict"]) == (REASON, "nothing")


def test_a_case_is_tier_3_s_alone_and_never_one_s_own():
    """Before a reason nobody's name is shown; a member of the desk sees no case about themselves. [H-2, H-3, Q-5]"""
    person = build_desk.caller(last="Nightingale")
    case, path = reported(person), "/manage-users/sharing/"
    for tier in (1, 2):
        desk = build_desk.browser(build_desk.tier(tier))
        for address in (path, f"{path}{case.pk}/"):
            desk.open(address, status=403)
        desk.send(f"{path}{case.pk}/decide/", {"verdict": "suspend", "reason": REASON}, status=403)
    desk = build_desk.browser(build_desk.tier(3))
    for address in (path, f"{path}{case.pk}/"):
        assert "Nightingale" not in desk.open(address).content.decode()
    build_pages.grant(person, "tier-3", application="idm")
    theirs = build_desk.browser(person)
    assert str(case.pk) not in theirs.open(path).content.decode()
    theirs.open(f"{path}{case.pk}/", status=403)
    assert Account.objects.get(pk=person.pk).state == "active"


def used(person: Account, place: str, *, since: int = 60, until: int = 10, device: str = "") -> Session:
    """A session of so many minutes ago."""
    now = clock.now()
    digest = sha256(f"{person.pk}{place}{device}{since}".encode()).digest()
    known, _ = Device.objects.get_or_create(
        account=person,
        digest=sha256(f"{person.pk}{device or place}".encode()).digest(),
        defaults={"words": "Firefox, Linux", "first_seen_at": now, "last_seen_at": now},
    )
    return Session.objects.create(
        account=person,
        key_digest=digest,
        stage="full",
        created_at=now - since * MINUTE,
        authenticated_at=now - since * MINUTE,
        factor_at=now - since * MINUTE,
        last_seen_at=now - until * MINUTE,
        device=known,
        place=place,
    )


def test_the_radar_opens_a_case_and_never_punishes():
    """Used in Orlando and Denver at once: a case, one mail to tier 3, and nothing else; a second round finds no more. [H-6]"""
    person, innocent, security = build_desk.caller(), build_desk.caller(), build_desk.tier(3)
    sessions = {str(used(person, place).pk) for place in ("Orlando, FL", "Denver, CO")}
    used(innocent, "Orlando, FL", since=300, until=200)
    used(innocent, "Denver, CO", since=100, until=10)
    before = Session.objects.filter(ended_at__isnull=True).count()
    for _ in range(2):
        look_at_sessions(clock.now())
    [case] = SharingCase.objects.all()
    assert (case.account_id, case.ground, case.state) == (person.pk, Ground.FAR_APART, State.OPEN)
    assert set(case.evidence["sessions"]) == sessions
    assert Account.objects.get(pk=person.pk).state == "active"
    assert Session.objects.filter(ended_at__isnull=True).count() == before
    assert len(build_accounts.mails_to(security.email, "sharing_waiting")) == 1
    assert not build_accounts.mails_to(person.email)
    assert not build_accounts.mails_to(OVERSIGHT)
    [entry] = build_desk.entries(person, Deed.SHARING_SUSPECTED)
    assert entry.actor == "system:radar"
    page = build_pages.text_of(case_page(case, security).open(f"/manage-users/sharing/{case.pk}/"))
    assert "Denver, CO" in page
    assert "Used far apart at the same time" in page
    # Looked at and found harmless, the same sign stays quiet; after ninety days it is a sign again.
    settles(case, security, "nothing")
    look_at_sessions(clock.now())
    assert SharingCase.objects.count() == 1
    SharingCase.objects.update(settled_at=clock.now() - timedelta(days=90))
    look_at_sessions(clock.now())
    assert SharingCase.objects.count() == 2


def test_the_radar_sees_one_phone_on_many_accounts_one_mailbox_and_many_devices():
    """Five accounts by phone, profile and texted codes alike; three by mailbox; ten devices on one. [H-6]"""
    phones = [build_desk.caller(phone="4075550777") for _ in range(4)]
    for person in phones[:2]:
        Account.objects.filter(pk=person.pk).update(phone="")
    mailboxes = [
        build_desk.caller(phone=f"40755507{number}1", email="office@clinic.example") for number in range(3)
    ]
    busy = build_desk.caller(phone="4075550999")
    for number in range(10):
        used(busy, "Orlando, FL", device=str(number), since=number)
    look_at_accounts(clock.now())
    found = {case.ground: case for case in SharingCase.objects.all()}
    assert set(found) == {Ground.SAME_MAILBOX, Ground.MANY_DEVICES}
    assert found[Ground.MANY_DEVICES].evidence == {"count": 10}
    mailbox = found[Ground.SAME_MAILBOX]
    assert mailbox.account_id == mailboxes[0].pk
    assert set(mailbox.evidence["accounts"]) == {str(each.pk) for each in mailboxes[1:]}
    security = build_desk.tier(3)
    html = case_page(mailbox, security).open(f"/manage-users/sharing/{mailbox.pk}/").content.decode()
    assert mailboxes[2].user_id in html
    # Everybody in the case was looked at with a reason, not only the first.
    looked = Entry.objects.filter(deed=Deed.DESK_LOOKED, actor=str(security.pk))
    assert set(looked.values_list("subject", flat=True)) == {str(each.pk) for each in mailboxes}
    texted = [build_desk.caller(phone=f"40755506{number}1") for number in range(3)]
    for person in (*texted, *phones[:2]):
        PhoneFactor.objects.create(
            account=person, way="sms", number="4075550777", added_at=clock.now(), confirmed_at=clock.now()
        )
    look_at_accounts(clock.now())
    [case] = SharingCase.objects.filter(ground=Ground.SAME_PHONE)
    assert case.account_id == phones[0].pk
    assert case.evidence["count"] == 7


def test_who_is_stopped_already_is_no_sign():
    """The radar looks at active accounts alone. [H-6]"""
    for number in range(3):
        person = build_desk.caller(phone=f"40755508{number}1", email="office@clinic.example")
    Account.objects.filter(pk=person.pk).update(state="suspended")
    look_at_accounts(clock.now())
    assert not SharingCase.objects.exists()


def test_without_an_oversight_contact_nothing_is_mailed_there(settings):
    """The setting is empty until a deployment fills it in. [H-6]"""
    settings.OVERSIGHT_EMAIL = ""
    reported(build_desk.caller())
    assert not Message.objects.filter(kind="sharing_reported").exists()


def test_the_places_file_says_where_a_place_is(tmp_path):
    """Degrees behind an @; without them a place is only words, and what is no number stops the start. [H-6, S-7]"""
    file = tmp_path / "places"
    file.write_text("192.0.2.0/24, Orlando, FL @ 28.54 -81.38\n198.51.100.0/24, Tampa, FL\n")
    places = places_from(file)
    assert places.of("192.0.2.9") == "Orlando, FL"
    assert places.coordinates == {"Orlando, FL": (28.54, -81.38)}
    for wrong in ("north", "1", "1 2 3", "91 0", "nan 0", "0 181"):
        file.write_text(f"192.0.2.0/24, Orlando, FL @ {wrong}\n")
        with pytest.raises(PlacesFileError, match="Line 1"):
            places_from(file)
