"""What happens at the same moment: one winner, one organization, one request (INV-2, INV-6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import grant_by_bootstrap, remove_grant, submit_request
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import review
from bailiwick.idm.organizations.actions import count_search
from bailiwick.idm.organizations.models import EnrollmentRecord, LookUpCount, Organization
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.organizations import Refusal as OrganizationRefusal
from bailiwick.idm.rules.requests import Refusal, State, Way
from tests.idm.build_access import (
    APPROVER,
    BACKUP,
    COMMAND,
    END_USER,
    NOON,
    STRONG,
    TIN,
    approver,
    by,
    decided,
    desk_member,
    enrollment,
    grant_of,
    mails_to,
    organization,
    pending_request,
    person,
    put,
    wire_record,
)

pytestmark = pytest.mark.django_db(transaction=True)

SOME = 12


def at_once(*acts):
    """Do all at the same moment, each on a connection of its own; a refusal is a result, its code."""
    barrier = Barrier(len(acts))

    def act(one):
        try:
            barrier.wait()
            return one()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_two_creations_at_once_make_one_organization():
    """Approved in the same instant by two of the desk, both end in one organization. [G-3]"""
    record, desks = enrollment(), [desk_member(tier=2) for _ in range(2)]
    asked = [pending_request(role=APPROVER, way=Way.CREATE, record=record) for _ in range(2)]
    pairs = zip(asked, desks, strict=True)
    acts = [lambda request=request, desk=desk: decided(request, desk) for request, desk in pairs]
    results = at_once(*acts)
    # Whoever comes second may find that the picture has changed, and looks again.
    for request, desk, result in zip(asked, desks, results, strict=True):
        if result == Refusal.CHANGED_SINCE_SEEN:
            decided(request, desk)
    assert Organization.objects.filter(record=record).count() == 1
    assert Grant.objects.filter(organization__record=record, ended_at=None).count() == 2
    assert (
        Entry.objects.filter(organization=record.submitter_id, deed="organization:record:claimed").count()
        == 1
    )


def test_two_records_of_one_tin_are_not_both_created_unseen():
    """Created in the same instant by two of the desk, the second has to see the first, and to say why. [G-1 AR04]"""
    records = [enrollment(tin=TIN), enrollment(tin=TIN)]
    desks = [desk_member(tier=2) for _ in records]
    asked = [pending_request(role=APPROVER, way=Way.CREATE, record=record) for record in records]
    pairs = list(zip(asked, desks, strict=True))
    results = at_once(*(lambda request=request, desk=desk: decided(request, desk) for request, desk in pairs))
    assert results.count(Refusal.CHANGED_SINCE_SEEN) == 1
    request, desk = pairs[results.index(Refusal.CHANGED_SINCE_SEEN)]
    with pytest.raises(Refused) as refused:
        decided(request, desk)
    assert refused.value.code is Refusal.DUPLICATE_REASON_NEEDED
    assert decided(request, desk, reason="Two offices, one owner.").state == State.APPROVED


def test_many_submissions_at_once_are_one_open_request():
    """One open request per person, role and organization. [Q-5]"""
    place, account = organization(), person(is_proofed=True)

    def submit():
        return submit_request(
            account=account,
            application="spot",
            role=END_USER,
            way=Way.PICK,
            organization=place,
            reason="Work.",
            once=uuid4(),
            by=by(account),
            now=NOON,
        )

    results = at_once(*[submit] * SOME)
    assert sorted(map(str, results)).count(Refusal.REQUEST_OPEN.value) == SOME - 1
    assert RoleRequest.objects.filter(account=account).count() == 1


def test_one_form_sent_many_times_at_once_is_one_request():
    """Every sender gets the same request back. [Q-5]"""
    place, account, once = organization(), person(is_proofed=True), uuid4()

    def submit():
        return submit_request(
            account=account,
            application="spot",
            role=END_USER,
            way=Way.PICK,
            organization=place,
            reason="Work.",
            once=once,
            by=by(account),
            now=NOON,
        )

    results = at_once(*[submit] * SOME)
    assert len({result.pk for result in results}) == 1
    assert mails_to(account).count("request-submitted") == 1


def test_removal_and_decision_at_once_are_one_after_the_other():
    """Whoever loses the role in that instant has either decided before or not at all. [Q-4]"""
    for _ in range(5):
        place, desk = organization(), desk_member(tier=2)
        boss, request = approver(of=place), pending_request(at=place)
        held = grant_of(boss)
        seen = review(request).digest

        def removal(held=held, desk=desk):
            return remove_grant(
                grant=held, remover=desk, reason="Not on file.", strength=STRONG, by=by(desk), now=NOON
            )

        results = at_once(lambda r=request, b=boss, s=seen: decided(r, b, digest=s), removal)
        request.refresh_from_db()
        entries = Entry.objects.filter(deed__in=["request:role:approved", "grant:role:ended"]).order_by(
            "-pk"
        )[:2]
        order = [entry.deed for entry in reversed(entries)]
        if results[0] == Refusal.NOT_A_DECIDER:
            assert request.state == State.PENDING
        else:
            assert order == ["request:role:approved", "grant:role:ended"]


def test_two_last_approvers_do_not_leave_together_unasked():
    """The second to go is the last, and has to confirm. [Q-9]"""
    place = organization()
    both = [approver(of=place) for _ in range(2)]

    def leaving(account):
        return lambda: remove_grant(
            grant=grant_of(account), remover=account, reason="", strength=STRONG, by=by(account), now=NOON
        )

    results = at_once(*(leaving(account) for account in both))
    assert results.count(grants.Refusal.NONE_LEFT_UNCONFIRMED) == 1
    assert Grant.objects.filter(organization=place, ended_at=None).count() == 1


def test_two_last_of_tier_3_do_not_leave_together():
    """The last one stays. [H-7]"""
    both = [desk_member(tier=3) for _ in range(2)]

    def leaving(account):
        return lambda: remove_grant(
            grant=grant_of(account), remover=account, reason="", strength=STRONG, by=by(account), now=NOON
        )

    results = at_once(*(leaving(account) for account in both))
    assert results.count(grants.Refusal.LAST_TIER_3) == 1


def test_approver_and_end_user_approved_at_once_do_not_lock_each_other_out():
    """Two requests of one person decided in one instant: no deadlock, and at most the greater role stays. [Q-2]"""
    for _ in range(5):
        place, desk = organization(), desk_member(tier=2)
        boss = approver(of=place)
        lesser = pending_request(at=place)
        greater = pending_request(by_account=lesser.account, role=BACKUP, way=Way.ASSOCIATE, at=place)
        results = at_once(lambda r=lesser, b=boss: decided(r, b), lambda r=greater, d=desk: decided(r, d))
        assert isinstance(results[1], RoleRequest)
        live = Grant.objects.filter(account=lesser.account, ended_at=None)
        assert list(live.values_list("role", flat=True)) == [BACKUP]


def test_the_operators_command_twice_at_once_grants_once():
    """One live grant. [H-7]"""
    account = person()
    results = at_once(
        *[lambda: grant_by_bootstrap(account=account, application="idm", role="tier-3", by=COMMAND, now=NOON)]
        * SOME
    )
    assert len({grant.pk for grant in results}) == 1


def test_a_record_sent_many_times_at_once_is_one_record():
    """Created once, then ignored. [O-4]"""
    record = wire_record("RACE1")
    results = at_once(*[lambda: put(record)] * SOME)
    assert sorted(results) == ["created"] + ["ignored"] * (SOME - 1)
    assert EnrollmentRecord.objects.filter(submitter_id="RACE1").count() == 1


def test_versions_at_once_end_with_the_highest():
    """Whatever order they arrive in. [O-4]"""
    versions = [
        wire_record("RACE2", version=number, legal_name=f"Name {number}") for number in range(1, SOME + 1)
    ]
    at_once(*(lambda record=record: put(record) for record in versions))
    found = EnrollmentRecord.objects.get(submitter_id="RACE2")
    assert (found.version, found.legal_name) == (SOME, f"Name {SOME}")


def test_records_of_the_same_words_at_once_do_not_lock_each_other_out():
    """The index of words is shared by all names. [G-5]"""
    words = ["Harbor", "Palm", "Clinic", "Bay", "Group"]
    names = [" ".join(words[turn:] + words[:turn]) for turn in range(len(words))] * 2
    records = [wire_record(f"RACE3{number}", legal_name=name) for number, name in enumerate(names)]
    assert at_once(*(lambda record=record: put(record) for record in records)) == ["created"] * len(names)
    assert all(record.words.count() == len(words) for record in EnrollmentRecord.objects.all())


def test_searches_at_once_are_all_counted():
    """The counter is exact under parallel requests. [G-5]"""
    account = person()
    for _ in range(60 - SOME // 2):
        count_search(account=account, by=by(account), now=NOON)
    later = NOON + timedelta(minutes=1)
    results = at_once(*[lambda: count_search(account=account, by=by(account), now=later)] * SOME)
    assert results.count(OrganizationRefusal.TOO_MANY_SEARCHES) == SOME // 2
    assert LookUpCount.objects.get(account=account).count == 60
