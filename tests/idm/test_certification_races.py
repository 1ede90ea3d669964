"""Certifying at the moment of something else: another certifier, a removal, the round at midnight, a second round (AR07, INV-11)."""

from datetime import datetime, timedelta

import pytest

from bailiwick.idm.access.actions import (
    note_inactivity,
    open_certifications,
    record_endings,
    remove_grant,
    tell_certifiers,
    tell_owed,
)
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.rules.certification import Refusal
from bailiwick.idm.rules.days import start_of
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.grants import Refusal as RemovalRefusal
from tests.idm.build_access import (
    COMMAND,
    DAY,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    deeds_about,
    end_user,
    mails_to,
    organization,
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
from tests.idm.test_access_races import at_once
from tests.thorough import whole

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(whole(40, part=3))
MIDNIGHT: datetime = start_of(TODAY + DAY, zone())


@pytest.fixture
def place():
    return organization()


def test_of_two_certifiers_at_once_one_decides_and_the_other_hears_who(place):
    """One certification a period. [INV-11, Q-5]"""
    boss, second = approver(of=place), backup(of=place)
    for _ in ROUNDS:
        user = due_end_user(place)
        digest = digest_of(user, boss)
        results = at_once(
            lambda user=user, digest=digest: certified(user, boss, digest=digest),
            lambda user=user, digest=digest: certified(user, second, digest=digest),
        )
        assert results.count(Refusal.ALREADY_CERTIFIED) == 1
        assert len(outcomes(user)) == 1
        assert mails_to(user.account).count("role-certified") == 1


def test_certifying_at_midnight_or_the_end_of_the_role_not_both(place):
    """Who was in time keeps the role whatever the round does; who was not, hears that it is over. [C-3, I-5, AR07]"""
    boss = approver(of=place)
    before = MIDNIGHT - timedelta(microseconds=1)
    for _ in ROUNDS:
        user = due_end_user(place, 0)
        digest = digest_of(user, boss, now=before)
        result, _ended = at_once(
            lambda user=user, digest=digest: certified(user, boss, digest=digest, now=before),
            lambda: record_endings(by=COMMAND, now=MIDNIGHT),
        )
        user.refresh_from_db()
        if result == Refusal.ROLE_OVER:
            assert user.end_reason == EndReason.CERTIFICATION_MISSED
        else:
            assert (user.ended_at, user.certify_by) == (None, TODAY + 365 * DAY)


def test_certifying_and_removing_at_once_leave_one_of_both(place):
    """A role that was removed is not certified afterwards. [Q-8, AR07]"""
    boss, second = approver(of=place), backup(of=place)
    for _ in ROUNDS:
        user = due_end_user(place)
        digest = digest_of(user, boss)

        def remove(user=user):
            return remove_grant(
                grant=user, remover=second, reason="Left.", strength=STRONG, by=by(second), now=NOON
            )

        result, removed = at_once(
            lambda user=user, digest=digest: certified(user, boss, digest=digest), remove
        )
        assert removed != RemovalRefusal.GRANT_ENDED
        assert Grant.objects.get(pk=user.pk).end_comment == "Left."
        known = [outcome for _, outcome in outcomes(user)]
        assert known == ([] if result == Refusal.ROLE_OVER else ["certified"])


def test_of_two_who_restore_at_once_one_does(place):
    """The role is back once, certified late once. [C-5]"""
    boss, second = approver(of=place), backup(of=place)
    after = NOON + 2 * DAY
    for _ in ROUNDS:
        user = lapsed(due_end_user(place, 1), now=after)
        results = at_once(
            lambda user=user: restored(user, boss, now=after),
            lambda user=user: restored(user, second, now=after),
        )
        assert results.count(Refusal.NOT_MISSED) == 1
        assert Certification.objects.filter(grant=user, is_late=True).count() == 1
        assert mails_to(user.account).count("role-restored") == 1


def test_two_workers_open_and_tell_of_everything_once(place):
    """Whichever comes first. [N-1, INV-11]"""
    boss = approver(of=place)
    due(boss, 400)
    users = [due_end_user(place) for _ in range(4)]
    at_once(*[lambda: open_certifications(by=COMMAND, now=NOON)] * 2)
    assert Certification.objects.filter(grant__in=users).count() == len(users)
    at_once(*[lambda: tell_certifiers(now=NOON)] * 2)
    assert mails_to(boss).count("certifications-due") == 1


def test_two_workers_write_down_and_tell_of_everything_once(place):
    """Steps towards rest, and ends: each is on the ledger once, and told once. [I-3, I-5, C-3, N-1]"""
    later = NOON + 16 * DAY
    near = [end_user(of=place) for _ in range(3)]
    over = [due_end_user(place, 1).account for _ in range(3)]
    for job in (record_endings, note_inactivity):
        at_once(*[lambda job=job: job(by=COMMAND, now=later)] * 2)
    at_once(*[lambda: tell_owed(now=later)] * 2)
    for people, deed, kind in (
        (near, "grant:inactivity:nears", "inactivity-warning"),
        (over, "grant:role:ended", "roles-ended"),
    ):
        assert {deeds_about(one).count(deed) for one in people} == {1}
        assert {mails_to(one).count(kind) for one in people} == {1}
