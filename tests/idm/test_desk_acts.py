"""What tier 1 does to an account: unlock, mail the user ID, remove roles, cancel requests (H-2, S-5, Q-10)."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence, Refusal
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.signin.models import Password
from bailiwick.idm.signin.queries import password_path
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_accounts, build_desk, build_pages
from tests.idm.build_desk import REASON, url

pytestmark = pytest.mark.django_db

ONCE = "00000000-0000-4000-8000-0000000000d1"


def path_of(person: Account) -> PathState:
    return password_path(person, now=clock.now()).state


def sends(browser, name: str, person: Account, **form: str) -> str:
    return build_pages.text_of(browser.send(url(name, person), {"reason": REASON, **form}))


@pytest.mark.parametrize(("failures", "state"), [(3, PathState.LOCKED), (6, PathState.SUSPENDED)])
def test_a_desk_opens_a_locked_or_suspended_path(client, failures, state):
    """The holder signs in at once with the same password; ledger and mail say so. [S-5, H-2]"""
    person = build_desk.caller()
    build_desk.locks(person, failures=failures)
    assert path_of(person) is state
    before = Password.objects.get(pk=person.pk).encoded
    page = sends(build_desk.looking(person), "unlock", person)
    assert "Signing in is unlocked" in page
    assert path_of(person) is PathState.OPEN
    [entry] = build_desk.entries(person, Deed.SIGN_IN_PATH_OPENED)
    assert entry.why == REASON
    assert len(build_accounts.mails_to(person.email, "path_opened")) == 1
    assert Password.objects.get(pk=person.pk).encoded == before
    assert build_accounts.give_password(client, person)["Location"] == "/sign-in/verify/"


def test_a_path_that_is_open_is_left_alone():
    """Said so; nothing written, nobody told. [H-2]"""
    person = build_desk.caller()
    assert "open already" in sends(build_desk.looking(person), "unlock", person)
    assert not build_desk.entries(person, Deed.SIGN_IN_PATH_OPENED)
    assert not build_accounts.mails_to(person.email, "path_opened")


def test_unlocking_wants_a_reason():
    """No reason, no act. [H-3]"""
    person = build_desk.caller()
    build_desk.locks(person)
    for reason in ("", "x", "z" * 501, "a\x07bcd"):
        assert "There is a problem" in sends(build_desk.looking(person), "unlock", person, reason=reason)
    assert path_of(person) is PathState.LOCKED


def test_the_user_id_goes_to_the_address_on_file_and_to_no_other():
    """Whatever else the form says. [H-3]"""
    person = build_desk.caller()
    browser = build_desk.looking(person)
    page = sends(browser, "user-id", person, email="thief@mail.example", to="thief@mail.example")
    assert "on its way to the e-mail address on file" in page
    [message] = build_accounts.mails_to(person.email, "user_id_reminder")
    assert person.user_id in build_accounts.text_of(message)
    assert not Message.objects.filter(to="thief@mail.example").exists()
    assert [entry.why for entry in build_desk.entries(person, Deed.DESK_USER_ID_SENT)] == [REASON]


def test_the_same_form_mails_the_user_id_once():
    """A form sent twice is one act. [N-1]"""
    person = build_desk.caller()
    browser = build_desk.looking(person)
    for _ in range(3):
        sends(browser, "user-id", person, once=ONCE)
    assert len(build_accounts.mails_to(person.email, "user_id_reminder")) == 1
    assert len(build_desk.entries(person, Deed.DESK_USER_ID_SENT)) == 1


def test_a_desk_mails_the_user_id_five_times_an_hour_at_most():
    """All desk members together. [N-1]"""
    person = build_desk.caller()
    for _ in range(5):
        sends(build_desk.looking(person), "user-id", person)
    assert "5 times within the hour" in sends(build_desk.looking(person), "user-id", person)
    assert len(build_accounts.mails_to(person.email, "user_id_reminder")) == 5


@pytest.mark.parametrize("name", ["unlock", "user-id", "caller", "reset-link"])
def test_nothing_is_done_for_a_suspended_account(name):
    """Nothing lifts a staff suspension, or works around it. [S-9]"""
    person = build_desk.caller()
    build_desk.locks(person)
    browser = build_desk.looking(person)
    Account.objects.filter(pk=person.pk).update(state="suspended")
    assert "suspended or archived" in sends(browser, name, person, send="1")
    assert path_of(person) is PathState.LOCKED
    assert set(Message.objects.filter(to=person.email).values_list("kind", flat=True)) <= {"path_locked"}


def roles_of(person: Account) -> list[Grant]:
    return list(Grant.objects.filter(account=person).order_by("started_at"))


def test_many_roles_are_removed_at_once_each_with_its_result():
    """Each row succeeds or fails by itself. [Q-10, H-2]"""
    person = build_desk.caller()
    for name in ("Alder Clinic", "Birch Clinic", "Cedar Clinic"):
        build_pages.grant(person, "end-user", build_pages.organization(name))
    one, two, _three = roles_of(person)
    browser = build_desk.looking(person)
    page = browser.open(url("roles", person))
    assert "Alder Clinic" in build_pages.text_of(page)
    # Meanwhile somebody else removes the second.
    actions.remove_roles(
        work=work(build_desk.tier(3), person),
        grants=[two],
        reason="Left in May.",
        by=By("x"),
        now=clock.now(),
    )
    form = {f"role-{grant.pk}": "on" for grant in (one, two)}
    page = sends(browser, "roles", person, **form)
    assert "Alder Clinic" in page
    assert "Removed" in page
    assert "Cedar Clinic" not in page
    assert [grant.ended_at is None for grant in roles_of(person)] == [False, False, True]
    assert roles_of(person)[0].end_comment == REASON
    assert len(build_accounts.mails_to(person.email, "role-ended")) == 2


def test_a_row_that_is_refused_does_not_keep_the_others():
    """The last of tier 3 stays, the end user's role goes, and the result says which. [Q-10, H-7]"""
    person, member = build_desk.caller(), build_desk.tier(3)
    build_pages.grant(person, "end-user", build_pages.organization("Alder Clinic"))
    build_pages.grant(person, "tier-1", application="idm")
    end_user, tier_1 = roles_of(person)
    outcomes = actions.remove_roles(
        work=work(build_desk.tier(1), person),
        grants=[end_user, tier_1],
        reason=REASON,
        by=By(str(member.pk)),
        now=clock.now(),
    )
    assert [outcome.refused and outcome.refused.code.value for outcome in outcomes] == [None, "not_a_remover"]
    assert [grant.ended_at is None for grant in roles_of(person)] == [False, True]


def work(desk: Account, person: Account) -> actions.Deskwork:
    strength = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)
    return actions.Deskwork(desk, person, Presence(strength, factor_at=clock.now()), once=ONCE)


def test_a_role_of_somebody_else_is_not_removed_by_a_forged_tick():
    """Only what the page offered counts. [AX20, H-2]"""
    person, other = build_desk.caller(), build_pages.end_user(build_pages.organization("Elm Clinic"))
    build_pages.grant(person, "end-user", build_pages.organization("Alder Clinic"))
    [theirs] = roles_of(other)
    page = sends(build_desk.looking(person), "roles", person, **{f"role-{theirs.pk}": "on"})
    assert "Tick the roles to remove" in page
    assert roles_of(other)[0].ended_at is None


def test_tier_2_removes_roles_of_its_own_application():
    """An application's desk removes its roles. [H-2]"""
    person = build_pages.end_user(build_pages.organization("Alder Clinic"))
    build_pages.grant(person, "tier-1", application="idm")
    end_user, tier_1 = sorted(roles_of(person), key=lambda grant: grant.application == "idm")
    browser = build_desk.looking(person, build_desk.tier(2))
    form = {f"role-{grant.pk}": "on" for grant in (end_user, tier_1)}
    assert "Removed" in sends(browser, "roles", person, **form)
    assert {grant.application: grant.ended_at is None for grant in roles_of(person)} == {
        "spot": False,
        "idm": True,
    }


def test_the_last_approver_s_organization_is_named_before_the_role_goes():
    """Nobody would decide there. [Q-9, G-7]"""
    person = build_pages.approver(build_pages.organization("Alder Clinic"))
    page = build_pages.text_of(build_desk.looking(person).open(url("roles", person)))
    assert "Alder Clinic has no approver" in page


def test_a_desk_cancels_a_waiting_request_with_a_reason():
    """The owner hears of it; canceling again changes nothing. [Q-6, H-2]"""
    person = build_desk.caller()
    asked = build_pages.asks(build_pages.proofed(person), build_pages.organization("Alder Clinic"))
    browser = build_desk.looking(person)
    path = url("cancel", person, number=asked.number)
    assert "There is a problem" in build_pages.text_of(browser.send(path, {"reason": ""}))
    assert RoleRequest.objects.get(pk=asked.pk).state == "pending"
    assert "The request is canceled" in build_pages.text_of(browser.send(path, {"reason": REASON}))
    browser.send(path, {"reason": REASON})
    assert RoleRequest.objects.get(pk=asked.pk).state == "cancelled"
    assert len(build_accounts.mails_to(person.email, "request-cancelled")) == 1
    assert [entry.why for entry in build_desk.entries(person, Deed.REQUEST_CANCELLED)] == [REASON]


def test_a_request_of_somebody_else_is_no_page_of_this_person():
    """The address names the person; the request has to be theirs. [AX17]"""
    person, other = build_desk.caller(), build_desk.caller()
    asked = build_pages.asks(build_pages.proofed(other), build_pages.organization("Alder Clinic"))
    browser = build_desk.looking(person)
    browser.send(url("cancel", person, number=asked.number), {"reason": REASON}, status=404)
    assert RoleRequest.objects.get(pk=asked.pk).state == "pending"


@pytest.mark.parametrize(
    ("presence", "code"),
    [
        (
            Presence(SignInStrength(ACR_MFA, is_limited=True, desk_level=ACR_MFA), clock.now()),
            Refusal.STRONGER_FACTOR_NEEDED,
        ),
        (
            Presence(
                SignInStrength(ACR_MFA, is_limited=False, desk_level=ACR_MFA),
                clock.now() - timedelta(minutes=6),
            ),
            Refusal.NOT_FRESH,
        ),
    ],
)
def test_the_action_itself_asks_for_strength_and_freshness(presence, code):
    """A page that forgot to ask would not matter. [S-2, S-6, L-2]"""
    person, desk = build_desk.caller(), build_desk.tier(1)
    build_desk.locks(person)
    weak = actions.Deskwork(desk, person, presence, once=ONCE)
    with pytest.raises(Refused) as refused:
        actions.unlock(work=weak, reason=REASON, by=By(str(desk.pk)), now=clock.now())
    assert refused.value.code is code
    assert path_of(person) is PathState.LOCKED
    assert [entry.why for entry in build_desk.refusals(person)] == [code.value]


def test_what_a_desk_does_is_on_the_ledger_with_who_and_from_where():
    """Every act names its actor. [L-1, L-2]"""
    person, desk = build_desk.caller(), build_desk.tier(1)
    build_desk.locks(person)
    browser = build_desk.looking(person, desk)
    sends(browser, "unlock", person)
    sends(browser, "user-id", person)
    entries = Entry.objects.filter(subject=str(person.pk), actor=str(desk.pk))
    assert {entry.source for entry in entries} == {"127.0.0.1"}
    assert {"desk:person:looked", "signin:path:opened", "desk:userid:sent"} <= {
        entry.deed for entry in entries
    }
