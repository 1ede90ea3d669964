"""Two accounts of one person become one, and two again (A-5)."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox import sealing
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.models import Certification, Grant, RoleRequest
from bailiwick.idm.access.queries import review
from bailiwick.idm.accounts.models import Account, Person, SsnNumber
from bailiwick.idm.accounts.queries import account_by_user_id, account_with_id, holder_of, personal_facts
from bailiwick.idm.protocols.provisioning import api
from bailiwick.idm.registry.models import JoinedDecision
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.duplicates import Refusal
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.sessions.queries import open_sessions
from bailiwick.idm.signin.models import Authenticator, Password
from tests.idm import build_access, build_accounts, build_pages
from tests.idm.build_pages import browser, text_of
from tests.idm.build_registry import like, merged, pair, tier_3, undone

pytestmark = pytest.mark.django_db


def grant(account, role="end-user", of=None):
    return build_pages.grant(account, role, of or build_pages.organization())


def picture(*accounts: Account) -> dict[str, list]:
    """Everything that a merge of these may touch, as rows."""
    tables = (Person, SsnNumber, Grant, RoleRequest, Password, Authenticator)
    rows = {
        table.__name__: sorted(map(repr, table.objects.filter(account__in=accounts).values_list()))
        for table in tables
    }
    own = Account.objects.filter(pk__in=[account.pk for account in accounts])
    return rows | {"Account": sorted(map(repr, own.values_list()))}


def history(account: Account) -> list[tuple]:
    """What the ledger says of somebody, but for merging, moving and undoing."""
    own = {
        Deed.MERGED,
        Deed.MERGE_UNDONE,
        Deed.MERGE_PROPOSED,
        Deed.GRANT_MOVED,
        Deed.GRANT_RESTORED,
        Deed.REQUEST_MOVED,
        Deed.DUPLICATE_OPENED,
    }
    rows = Entry.objects.filter(subject=str(account.pk)).exclude(deed__in=own)
    moved_by_merge = rows.filter(deed=Deed.GRANT_ENDED, outcome="merged")
    return list(
        rows.exclude(pk__in=moved_by_merge.values("pk")).order_by("pk").values_list("deed", "outcome", "why")
    )


def everything() -> tuple[Account, Account]:
    """Two accounts with roles that collide, contain each other and stand alone, and a request that waits."""
    one, two = pair()
    same, larger, smaller, alone = (build_pages.organization() for _ in range(4))
    for account in (one, two):
        grant(account, of=same)
    grant(one, "provider-office-approver", larger)
    grant(two, of=larger)
    grant(one, of=smaller)
    grant(two, "provider-office-backup-approver", smaller)
    grant(two, of=alone)
    Grant.objects.filter(account=two, organization=same).update(last_sign_in_at=clock.now())
    return one, two


def test_roles_go_over_and_colliding_ones_collapse():
    """The survivor holds every role once, the larger of two. [A-5, Q-2]"""
    one, two = everything()
    merged(one, two)
    live = Grant.objects.filter(ended_at=None)
    assert not live.filter(account=two).exists()
    assert sorted(live.filter(account=one).values_list("role", flat=True)) == [
        "end-user",
        "end-user",
        "provider-office-approver",
        "provider-office-backup-approver",
    ]
    assert set(Grant.objects.exclude(ended_at=None).values_list("end_reason", flat=True)) == {"merged"}


def test_the_collapsed_roles_sign_in_counts():
    """One person signed in: the role that goes on knows it. [A-5, I-1]"""
    one, two = everything()
    stamp = Grant.objects.exclude(last_sign_in_at=None).get().last_sign_in_at
    merged(one, two)
    assert (
        Grant.objects.get(account=one, ended_at=None, last_sign_in_at__isnull=False).last_sign_in_at == stamp
    )


def test_merge_undo_merge_leaves_equal_histories():
    """Nothing is lost either way: rows after undoing are those before, and so are those of merging again. [A-5]"""
    one, two = everything()
    before, told = picture(one, two), (history(one), history(two))
    merge = merged(one, two)
    joined = picture(one, two)
    undone(merge)
    assert picture(one, two) == before
    assert (history(one), history(two)) == told
    merged(one, two)
    assert without_times(picture(one, two)) == without_times(joined)
    assert (history(one), history(two)) == told


def without_times(rows: dict[str, list]) -> dict[str, list]:
    """When a role ended by the merge is the merge's own entry."""
    return {
        name: sorted(re.sub(r"datetime\.datetime\([^)]*\)", "·", line) for line in lines)
        for name, lines in rows.items()
    }


def test_one_account_survives_with_what_is_its_own():
    """Number, password, factors and state of the survivor stay; the other keeps its own, closed. [A-5]"""
    one, two = pair()
    build_accounts.with_authenticator(one)
    kept = [
        list(model.objects.filter(account=one).values_list())
        for model in (SsnNumber, Password, Authenticator)
    ]
    merged(one, two)
    after = [
        list(model.objects.filter(account=one).values_list())
        for model in (SsnNumber, Password, Authenticator)
    ]
    assert after == kept
    two.refresh_from_db()
    assert (two.state, two.merged_into) == ("merged", one)
    assert Password.objects.filter(account=two).exists()


def test_the_others_user_id_is_the_survivors_sign_in():
    """Typing it leads to the survivor's password; the other's password opens nothing. [A-5]"""
    one, two = pair(password="Another-Lantern-Meadow-8")
    merged(one, two)
    assert account_by_user_id(two.user_id) == one
    client = Client()
    client.post("/", {"user_id": two.user_id, "password": "Another-Lantern-Meadow-8", "terms": "on"})
    assert not Session.objects.filter(account__in=[one, two]).exists()
    client.post("/", {"user_id": two.user_id, "password": build_accounts.PASSWORD, "terms": "on"})
    assert Session.objects.get().account == one


def test_the_other_is_signed_out_at_once():
    """Its sessions end with the act, and open nothing after undoing either. [A-5, S-7]"""
    one, two = pair()
    browser = build_pages.browser(two)
    merge = merged(one, two)
    assert "Sign in" in build_pages.text_of(browser.open("/profile/"))
    assert open_sessions(two, now=clock.now(), limits=settings.LIMITS) == []
    undone(merge)
    assert "Sign in" in build_pages.text_of(browser.open("/profile/"))


def test_both_mailboxes_are_told():
    """Of merging and of undoing, whichever of them is read. [A-5, N-1]"""
    one, two = pair()
    undone(merged(one, two))
    for kind in ("accounts_merged", "accounts_parted"):
        assert set(Message.objects.filter(kind=kind).values_list("to", flat=True)) == {one.email, two.email}


def test_applications_are_told_where_the_subject_points():
    """Each that knew the other hears of the merge and of its undoing, in this order. [A-5]"""
    one, two = pair()
    grant(two)
    merge = merged(one, two)
    undone(merge)
    rows = Message.objects.filter(kind="subject-changed").order_by("pk")
    bodies = [json.loads(sealing.unseal(row.body, key=row.key)) for row in rows]
    assert [(body["sub"], body["merged_into"]) for body in bodies] == [
        (str(two.pk), str(one.pk)),
        (str(two.pk), ""),
    ]
    assert len(set(rows.values_list("order", flat=True))) == 1


def test_the_merged_subject_stays_resolvable():
    """Whoever knows the old subject finds the account, and where it points. [A-5]"""
    one, two = pair()
    merged(one, two)
    assert account_with_id(two.pk).merged_into == one


def test_a_newcomer_like_the_merged_one_is_the_survivor():
    """Its facts still stop a second registration, and the survivor is mailed. [A-4, A-5]"""
    one, two = pair(first="Sasha")
    facts = personal_facts(two)
    merged(one, two)
    assert holder_of(facts, ssn_digest=b"") == one


def test_a_request_that_waits_goes_over_and_comes_back():
    """Nothing has to be typed again. [A-5]"""
    one = build_pages.person()
    two = build_pages.proofed(like(one, ssn="900123321", email="other@example.org"))
    request = build_pages.asks(one, build_pages.organization())
    merge = merged(two, one)
    request.refresh_from_db()
    assert request.account == two
    undone(merge)
    request.refresh_from_db()
    assert request.account == one


def test_what_was_decided_meanwhile_stays_with_the_survivor():
    """New facts stay: a role given or taken between merging and undoing is not turned back. [A-5]"""
    one = build_pages.person()
    two = build_pages.proofed(like(one, ssn="900123322", email="other2@example.org"))
    here, there = build_pages.organization(), build_pages.organization()
    kept = grant(one, of=there)
    grant(two, of=there)
    request = build_pages.asks(one, here)
    merge = merged(two, one)
    boss = build_pages.approver(here)
    build_access.decided(RoleRequest.objects.get(pk=request.pk), boss, now=clock.now())
    survivors = Grant.objects.get(account=two, organization=there, ended_at=None)
    Grant.objects.filter(pk=survivors.pk).update(ended_at=clock.now(), end_reason="removed_by_desk")
    undone(merge)
    assert Grant.objects.get(organization=here, role="end-user").account == two
    kept.refresh_from_db()
    assert kept.ended_at is not None


def test_decisions_between_the_two_go_to_the_applications_desk():
    """Who approved their own second account's role decided about themselves: tier 2 looks at it. [A-5, Q-5]"""
    one = build_pages.person()
    two = build_pages.proofed(like(one, ssn="900123323", email="other3@example.org"))
    desk, here = build_pages.tier_2(), build_pages.organization()
    grant(one, "provider-office-approver", here)
    request = build_pages.asks(two, here)
    build_access.decided(request, one, now=clock.now())
    merged(one, two)
    assert JoinedDecision.objects.get().request == request
    assert Message.objects.filter(kind="joined_decisions", to=desk.email).count() == 1


def test_certifications_between_the_two_go_there_too():
    """Who certified their own second account's role reviewed themselves; the desk lets it stay, with a reason. [A-5, Q-5, C-2]"""
    one = build_pages.person()
    two = build_pages.proofed(like(one, ssn="900123341", email="other4@example.org"))
    desk, here = build_pages.tier_2(), build_pages.organization()
    grant(one, "provider-office-approver", here)
    held = grant(two, of=here)
    row = {"grant": held, "holder": two, "decided_by": one, "decided_at": clock.now()}
    for days in (400, 30):
        due_on = clock.now().date() - timedelta(days=days)
        latest = Certification.objects.create(**row, due_on=due_on, outcome="certified")
    merged(one, two)
    joined = JoinedDecision.objects.get()
    assert joined.certification == latest
    assert Message.objects.filter(kind="joined_decisions", to=desk.email).count() == 1
    window = browser(desk)
    assert f"/manage-users/decisions/{joined.pk}/" in window.open("/manage-users/decisions/").content.decode()
    page = window.send(f"/manage-users/decisions/{joined.pk}/", {"reason": "The office confirmed it"})
    assert "No decision waits" in text_of(page)


def test_undone_within_30_days_only():
    """On the thirtieth day it is too late. [A-5]"""
    one, two = pair()
    merge = merged(one, two)
    desk = tier_3()
    with pytest.raises(Refused) as refused:
        undone(merge, desk, now=clock.now() + timedelta(days=30, seconds=5))
    assert refused.value.code in {Refusal.UNDO_TOO_LATE, Refusal.NOT_SECURITY_DESK}


def test_the_later_merge_is_undone_first():
    """What went on was merged itself: undoing goes backward. [A-5]"""
    one, two = pair()
    three = like(one, email="third@example.org")
    first = merged(two, three)
    second = merged(one, two)
    with pytest.raises(Refused) as refused:
        undone(first)
    assert refused.value.code is Refusal.UNDO_LATER_FIRST
    undone(second)
    assert undone(first).state == "undone"


def test_undoing_twice_by_one_person_is_once():
    """The same form again changes nothing. [A-5]"""
    one, two = pair()
    merge, desk = merged(one, two), tier_3()
    assert undone(merge, desk).undone_at == undone(merge, desk).undone_at


def test_the_deciders_picture_is_new_after_the_merge():
    """A request that changed hands needs a new look. [Q-6, A-5]"""
    one = build_pages.person()
    two = build_pages.proofed(like(one, ssn="900123324", email="other4@example.org"))
    request = build_pages.asks(one, build_pages.organization())
    seen = review(RoleRequest.objects.get(pk=request.pk)).digest
    merged(two, one)
    assert review(RoleRequest.objects.get(pk=request.pk)).digest != seen


def test_an_application_asks_where_its_own_peoples_subjects_point():
    """By the provisioning API, of people it knows alone. [A-5, O-4]"""
    one, two = pair()
    stranger = build_pages.person()
    grant(two)
    merged(one, two)
    request = type("Asked", (), {"auth": "spot"})()
    assert api.subject(request, two.pk) == (200, {"sub": str(two.pk), "merged_into": str(one.pk)})
    assert api.subject(request, one.pk) == (200, {"sub": str(one.pk), "merged_into": ""})
    assert api.subject(request, stranger.pk)[0] == 404
