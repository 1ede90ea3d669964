"""Certifying held roles: who, when, once a period; handing over, late restores, and what a missed one does (C-1 to C-5)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import (
    Review,
    certify_many,
    hand_certification,
    remove_grant,
)
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import (
    certification_lines,
    chain_of,
    grants_for_claims,
    health_of,
    held_on,
    live_grants,
    to_certify,
    to_restore,
)
from bailiwick.idm.access.queries.certifying import others_to_certify
from bailiwick.idm.accounts.stopping import suspend
from bailiwick.idm.rules.certification import Ground, Outcome, Refusal, Suggestion
from bailiwick.idm.rules.grants import EndReason
from tests.idm.build_access import (
    DAY,
    END_USER,
    LIMITED,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    decided,
    deeds_about,
    desk_member,
    end_user,
    grant_of,
    mails_to,
    organization,
    pending_request,
)
from tests.idm.build_certification import (
    TODAY,
    certified,
    digest_of,
    due,
    due_end_user,
    lapsed,
    outcomes,
    restored,
)
from tests.idm.build_proofing import proofed

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organization()


def test_whoever_decides_on_a_role_certifies_it_and_nobody_else_finds_it(place):
    """An approver the end users of their organization, tier 2 its approvers, tier 3 the desks; never oneself. [C-2, INV-14]"""
    boss, second, tier_2, tier_3 = approver(of=place), backup(of=place), desk_member(), desk_member(tier=3)
    other, elsewhere = approver(of=organization()), due_end_user(organization())
    user = due_end_user(place)
    for account in (boss, second, tier_2, tier_3):
        due(account)
    mine, theirs = grant_of(boss), grant_of(second)
    assert list(to_certify(boss, now=NOON)) == list(to_certify(second, now=NOON)) == [user]
    assert set(to_certify(tier_2, now=NOON)) == {mine, theirs, elsewhere}
    assert list(to_certify(tier_3, now=NOON)) == [grant_of(tier_2)]
    assert not to_certify(other, now=NOON)
    assert list(to_certify(tier_2, now=NOON, as_desk=False)) == []
    for stranger, code in ((other, Refusal.NOT_A_CERTIFIER), (user.account, Refusal.OWN_ROLE)):
        with pytest.raises(Refused) as refused:
            certified(user, stranger)
        assert refused.value.code is code
    assert deeds_about(user.account).count("authority:act:refused") == 2


def test_certifying_moves_the_due_date_a_year_from_the_day_of_it(place):
    """On the ledger, told to the holder, and in the chain of why the role is held. [C-1, Q-11, N-1]"""
    boss, user = approver(of=place), due_end_user(place)
    health = health_of(place, now=NOON)
    assert (health.to_certify, health.first_due) == (1, TODAY + 10 * DAY)
    done = certified(user, boss, comment="Still at the front desk.")
    assert done.certify_by == Grant.objects.get(pk=user.pk).certify_by == TODAY + 365 * DAY
    assert outcomes(user) == [(TODAY + 10 * DAY, Outcome.CERTIFIED)]
    entry = Entry.objects.get(deed="grant:role:certified")
    assert (entry.subject, entry.why) == (str(user.account_id), "Still at the front desk.")
    assert entry.about["due_on"] == str(TODAY + 10 * DAY)
    assert mails_to(user.account)[-1] == "role-certified"
    links = [link for link in chain_of(done, boss, NOON).links if link.kind == "certification"]
    assert health_of(place, now=NOON).to_certify == 0
    assert [(link.day, link.why) for link in links] == [
        (TODAY + 10 * DAY, "Still at the front desk."),
        (TODAY + 365 * DAY, ""),
    ]


def test_the_second_certifier_hears_who_was_first_and_the_first_hears_nothing_twice(place):
    """One decision a period. [INV-11, Q-5]"""
    boss, second, user = approver(of=place), backup(of=place), due_end_user(place)
    digest = digest_of(user, boss)
    certified(user, boss, digest=digest)
    certified(user, boss, digest=digest)
    with pytest.raises(Refused) as refused:
        certified(user, second, digest=digest)
    assert refused.value.code is Refusal.ALREADY_CERTIFIED
    assert refused.value.facts["when"] == NOON
    assert Certification.objects.filter(grant=user).count() == 1
    assert mails_to(user.account).count("role-certified") == 1


def test_what_is_not_due_yet_what_changed_and_a_weak_session_certify_nothing(place):
    """A line opens 30 days before; what it rests on is looked at anew. [C-3, C-4, S-2]"""
    boss, early, user = approver(of=place), due_end_user(place, 31), due_end_user(place)
    digest = digest_of(user, boss)
    user.account.person.last_name = "Otherwise"
    user.account.person.save()
    for grant, digest_seen, strength, code in (
        (early, "", STRONG, Refusal.NOT_OPEN_YET),
        (user, digest, STRONG, Refusal.CHANGED_SINCE_SEEN),
        (user, "", LIMITED, Refusal.STRONGER_FACTOR_NEEDED),
    ):
        with pytest.raises(Refused) as refused:
            certified(grant, boss, digest=digest_seen, strength=strength)
        assert refused.value.code is code
    assert not Certification.objects.exists()


def test_each_of_many_succeeds_or_fails_by_itself(place):
    """The result says which. [Q-10, C-4]"""
    boss = approver(of=place)
    fine, changed, own = due_end_user(place), due_end_user(place), due(boss)
    foreign = due_end_user(organization())
    reviews = [
        Review(fine, digest_of(fine, boss)),
        Review(changed, "0" * 64),
        Review(own, digest_of(own, boss)),
        Review(foreign, digest_of(foreign, boss)),
    ]
    results = certify_many(reviews=reviews, certifier=boss, strength=STRONG, by=by(boss), now=NOON)
    assert [one.refused.code if one.refused else None for one in results] == [
        None,
        Refusal.CHANGED_SINCE_SEEN,
        Refusal.OWN_ROLE,
        Refusal.NOT_A_CERTIFIER,
    ]
    assert list(Certification.objects.values_list("grant", flat=True)) == [fine.pk]


def test_many_cost_hardly_more_statements_than_one(place, django_assert_max_num_queries):
    """What lines rest on is read for all at once. [Q-10]"""
    boss = approver(of=place)
    reviews = [Review(one, digest_of(one, boss)) for one in (due_end_user(place) for _ in range(6))]
    with django_assert_max_num_queries(30 + 4 * len(reviews)):
        certify_many(reviews=reviews, certifier=boss, strength=STRONG, by=by(boss), now=NOON)


def test_a_removal_settles_the_open_certification(place):
    """Whoever takes the role away while it is open has decided on it. [C-4]"""
    boss, user = approver(of=place), due_end_user(place)
    Certification.objects.create(grant=user, holder=user.account, due_on=user.certify_by)
    remove_grant(grant=user, remover=boss, reason="Left.", strength=STRONG, by=by(boss), now=NOON)
    row = Certification.objects.get(grant=user)
    assert (row.outcome, row.decided_by_id, row.comment) == (Outcome.REMOVED, boss.pk, "Left.")
    with pytest.raises(Refused) as refused:
        certified(user, boss)
    assert refused.value.code is Refusal.ROLE_OVER


def test_a_line_is_handed_to_the_other_approver_and_stays_with_both(place):
    """The other one is told, once however often it is sent; nothing is stranded by it. [C-4, SR-36]"""
    boss, second, user = approver(of=place), backup(of=place), due_end_user(place)
    assert others_to_certify(user, boss, now=NOON) == [second]
    _handed(user, boss, second)
    row = _handed(user, boss, second)
    assert (row.handed_to, row.handed_why) == (second, "You hired her.")
    assert mails_to(second).count("certification-handed-over") == 1
    for stranger in (boss, user.account, approver(of=organization())):
        with pytest.raises(Refused) as refused:
            _handed(user, boss, stranger)
        assert refused.value.code is Refusal.NOBODY_TO_HAND_TO
    assert certified(user, boss).certify_by > TODAY + 300 * DAY


def _handed(grant, certifier, to):
    return hand_certification(
        grant=grant,
        to=to,
        certifier=certifier,
        why="You hired her.",
        strength=STRONG,
        by=by(certifier),
        now=NOON,
    )


def test_a_role_ends_with_its_day_with_no_job_running(place):
    """On the day it still holds; after it the role is over for everybody who asks. [C-3, I-2, AX16]"""
    boss, user = approver(of=place), due_end_user(place, 3)
    assert live_grants(user.account, now=NOON + 3 * DAY)
    after = NOON + 4 * DAY
    assert not live_grants(user.account, now=after)
    assert not grants_for_claims(user.account, "spot", now=after)
    assert not to_certify(boss, now=after)
    assert list(to_restore(boss, now=after)) == [user]
    with pytest.raises(Refused) as refused:
        certified(user, boss, now=after)
    assert refused.value.code is Refusal.ROLE_OVER


@pytest.mark.parametrize("is_recorded", [True, False])
def test_its_certifier_restores_a_missed_role_with_one_act(place, is_recorded):
    """Recorded as late; it holds for another year, counts as used from then on, and the next round leaves it. [C-5, I-5]"""
    boss, user = approver(of=place), due_end_user(place, 1)
    day = NOON + 15 * DAY
    due(boss, 400)
    if is_recorded:
        assert lapsed(user, now=day).end_reason == EndReason.CERTIFICATION_MISSED
    Grant.objects.filter(pk=user.pk).update(last_sign_in_at=NOON - 80 * DAY)
    restored(user, boss, now=day, comment="I was on leave.")
    row = Certification.objects.get(grant=user)
    assert (row.outcome, row.is_late, row.comment) == (Outcome.CERTIFIED, True, "I was on leave.")
    again = lapsed(user, now=day + DAY)
    assert (again.ended_at, again.end_reason, again.certify_by) == (None, "", TODAY + (15 + 365) * DAY)
    assert [claim.role for claim in grants_for_claims(user.account, "spot", now=day + DAY)] == [END_USER]
    assert "grant:role:certifiedlate" in deeds_about(user.account)
    assert mails_to(user.account)[-1] == "role-restored"
    held = {
        before: user in held_on(place, TODAY + before * DAY, applications={"spot"})
        for before in (1, 2, 14, 15)
    }
    assert held == {1: True, 2: False, 14: False, 15: True}


@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_restored_role_takes_in_what_it_contains(place, is_recorded):
    """What its holder was given meanwhile is not held beside it. [Q-2, C-5]"""
    tier_2, boss, day = desk_member(), approver(of=place), NOON + 5 * DAY
    grant = due(boss, 1)
    if is_recorded:
        lapsed(grant, now=day)
    place_role = {"account": boss, "application": "spot", "organization": place}
    Grant.objects.create(role=END_USER, started_at=day, certify_by=TODAY + 300 * DAY, **place_role)
    restored(grant, tier_2, now=day + DAY)
    assert [one.pk for one in live_grants(boss, now=day + DAY)] == [grant.pk]
    assert Grant.objects.get(role=END_USER, account=boss).end_reason == EndReason.SUPERSEDED


def test_a_restored_role_ends_the_request_for_it(place):
    """Nobody goes on waiting, or is reminded, for what is held again. [Q-2, Q-6, C-5]"""
    boss, user, day = approver(of=place), due_end_user(place, 1), NOON + 5 * DAY
    lapsed(user, now=day)
    request = pending_request(by_account=proofed(user.account, now=NOON), at=place, now=day)
    restored(user, boss, now=day)
    request.refresh_from_db()
    assert request.state == "cancelled"
    assert mails_to(user.account)[-2:] == ["request-cancelled", "role-restored"]


def test_what_cannot_be_restored_is_refused_and_says_why(place):
    """Too late, over for another reason by now, not missed, held again, suspended; and only by its certifier. [C-5, AR11]"""
    boss = approver(of=place)
    day = NOON + 2 * DAY
    old, past, gone, back, stopped, own = (due_end_user(place, 1) for _ in range(6))
    past.certify_by, past.ends_on = TODAY - DAY, TODAY
    past.save()
    old.certify_by = TODAY - 13 * DAY
    old.save()
    remove_grant(grant=gone, remover=boss, reason="Left.", strength=STRONG, by=by(boss), now=NOON)
    lapsed(back, now=day)
    again = pending_request(by_account=proofed(back.account, now=NOON), at=place, now=day)
    decided(again, boss, now=day)
    suspend(account=stopped.account, why="Called in.", by=by(boss), now=NOON)
    for grant, certifier, code in (
        (old, boss, Refusal.RESTORE_OVER),
        (past, boss, Refusal.RESTORE_OVER),
        (gone, boss, Refusal.NOT_MISSED),
        (back, boss, Refusal.REPLACED_SINCE),
        (stopped, boss, Refusal.HOLDER_NOT_ACTIVE),
        (own, own.account, Refusal.OWN_ROLE),
        (own, end_user(of=place), Refusal.NOT_A_CERTIFIER),
    ):
        with pytest.raises(Refused) as refused:
            restored(grant, certifier, now=day)
        assert refused.value.code is code
    assert not {old, past, gone} & set(to_restore(boss, now=day))


def test_where_no_approver_is_able_the_desk_certifies_end_users_too(place):
    """Nobody loses access for want of an approver. [C-2, G-7]"""
    tier_2, user = desk_member(), due_end_user(place)
    assert list(to_certify(tier_2, now=NOON)) == [user]
    assert certified(user, tier_2).certify_by == TODAY + 365 * DAY


def test_the_evidence_of_a_line_is_read_from_the_records(place):
    """Last sign-in, who granted it, proofing, of record or not, and what follows from it. [C-4, C-2]"""
    tier_2, boss = desk_member(), approver(of=place)
    line = certification_lines([due(boss).pk], tier_2, strength=STRONG, now=NOON)[grant_of(boss).pk]
    assert line.advice.suggestion is Suggestion.LOOK_CLOSER
    assert set(line.advice.grounds) == {
        Ground.NOT_OF_RECORD,
        Ground.NOT_PROOFED,
        Ground.HOLDS_UP_THE_ORGANIZATION,
    }
    assert line.of_record["approver"] == {"name": False, "email": False, "same": False}
    assert line.health is not None
    assert line.health.able
    request = pending_request(at=place)
    decided(request, boss)
    user = due(request.account)
    seen = certification_lines([user.pk], boss, strength=STRONG, now=NOON)[user.pk]
    assert seen.granted_by.startswith("Robin")
    assert seen.advice.suggestion is Suggestion.CERTIFY
    assert not seen.is_desks
    assert line.is_desks


def test_the_database_keeps_one_decision_a_period_and_nobodys_own(place):
    """The last guard, whatever the code does. [INV-11, INV-3]"""
    boss, user = approver(of=place), due_end_user(place)
    row = {"grant": user, "holder": user.account, "due_on": TODAY}
    Certification.objects.create(**row)
    for wrong in (
        row,
        row | {"due_on": TODAY + DAY, "outcome": "certified"},
        row | {"due_on": TODAY + DAY, "outcome": "certified", "decided_at": NOON, "decided_by": user.account},
        row | {"due_on": TODAY + DAY, "outcome": "unheard"},
        row | {"due_on": TODAY + DAY, "decided_by": boss, "decided_at": NOON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certification.objects.create(**wrong)


def test_certifying_early_and_often_never_certifies_beyond_a_year(place):
    """Only an open line moves, and by 365 days from that day. [C-1]"""
    boss, user = approver(of=place), due_end_user(place, 30)
    first = certified(user, boss)
    with pytest.raises(Refused) as refused:
        certified(user, backup(of=place), now=NOON + timedelta(hours=1))
    assert refused.value.code is Refusal.ALREADY_CERTIFIED
    assert first.certify_by == TODAY + 365 * DAY
