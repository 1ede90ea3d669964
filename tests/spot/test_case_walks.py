"""People who edit, ask, sign, object, take, return and decide one form at random and at once (F-7, F-8, F-11).

After every round: what was acknowledged is there, and a signature is on exactly the form as it is, or counts no more.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.checks import check_rows
from bailiwick.spot.forms.models import Case, Version
from bailiwick.spot.forms.queries import objections_to
from bailiwick.spot.rules.forms import FINAL, State
from bailiwick.spot.rules.schema import digest
from tests.spot.build_desk import approving, by_of, desk
from tests.spot.build_forms import VISITOR, filled_case
from tests.spot.build_kinds import LISTED
from tests.spot.build_signing import at_once, mails, newest_token, sign_now
from tests.spot.test_objecting import ON_FILE, link_mailed
from tests.thorough import whole

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WALKS = whole(80, part=6)
ROUNDS, AT_ONCE = 14, 5
# Codes are mailed so often an hour: each round is half an hour after the last.
A_ROUND = timedelta(minutes=31)
SIGNED_STATES = {State.SUBMITTED, State.IN_REVIEW, State.APPROVED}


class Walk:
    """One form and everybody who has a hand in it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        case = filled_case(has_list="yes")
        self.case = actions.save_rows(
            case=case,
            block="list",
            added=[LISTED],
            expected_revision=case.revision,
            by=VISITOR,
            now=clock.now(),
        )
        self.began, self.round = clock.now(), 0
        self.people = [
            desk(),
            desk(user_id="dina.cole", name="Dina Cole", email="dina.cole@desk.example"),
        ]
        self.acknowledged: dict[int, str] = {}
        self.listed: dict[int, str] = {}

    @property
    def now(self) -> datetime:
        return self.began + self.round * A_ROUND

    def go_on(self) -> None:
        """One round: some of them at the same moment, on what they see or on what they saw before."""
        self.round += 1
        acts = self.chance.choices(list(self.weights), weights=list(self.weights.values()), k=AT_ONCE)
        results = at_once(*[act(self, number) for number, act in enumerate(acts)])
        for act, result in zip(acts, results, strict=True):
            kept = {Walk.edit: self.acknowledged, Walk.edit_list: self.listed}.get(act)
            if kept is not None and isinstance(result, tuple):
                revision, said = result
                assert kept.setdefault(revision, said) == said

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def edit(self, number: int) -> Callable[[], Any]:
        city, behind = f"City {self.round} {number}", self.chance.choice([0, 0, 0, 1])

        def act() -> tuple[int, str]:
            seen = self.fresh()
            saved = actions.save_answers(
                case=seen,
                block="address",
                answers={"city": city},
                expected_revision=seen.revision - behind,
                by=VISITOR,
                now=self.now,
            )
            return saved.revision, city

        return act

    def edit_list(self, number: int) -> Callable[[], Any]:
        name, behind = f"Line {self.round} {number}", self.chance.choice([0, 0, 0, 1])

        def act() -> tuple[int, str]:
            seen = self.fresh()
            saved = actions.save_rows(
                case=seen,
                block="list",
                added=[{**LISTED, "name": name}],
                expected_revision=seen.revision - behind,
                by=VISITOR,
                now=self.now,
            )
            return saved.revision, name

        return act

    def ask(self, _number: int) -> Callable[[], Any]:
        def act() -> Any:
            seen = self.fresh()
            return actions.ask_for_signature(
                case=seen, expected_revision=seen.revision, by=VISITOR, now=self.now
            )

        return act

    def sign(self, _number: int) -> Callable[[], Any]:
        has_link = bool(mails(kind="form-signature-invitation"))
        return lambda: sign_now(newest_token(), self.fresh(), now=self.now) if has_link else None

    def object_to(self, _number: int) -> Callable[[], Any]:
        has_link = bool(mails(to=ON_FILE, kind="form-signed-warning"))
        return lambda: (
            actions.object_to(token=link_mailed(), reason="No.", by=VISITOR, now=self.now)
            if has_link
            else None
        )

    def at_the_desk(self, act: Callable[..., Any], **said: Any) -> Callable[[], Any]:
        one = self.chance.choice(self.people)

        def decide() -> Any:
            seen = self.fresh()
            more = {name: value(seen) if callable(value) else value for name, value in said.items()}
            return act(case=seen, desk=one, by=by_of(one), now=self.now, **more)

        return decide

    def take(self, _number: int) -> Callable[[], Any]:
        return self.at_the_desk(actions.take, instead_of=lambda case: str(case.assigned_to_id or ""))

    def give_back(self, _number: int) -> Callable[[], Any]:
        seen = {"remarks": {"city": "Which city?"}, "note": "", "seen_revision": lambda case: case.revision}
        return self.at_the_desk(actions.return_case, **seen)

    def settle(self, _number: int) -> Callable[[], Any]:
        seen = {"seen": lambda case: [made.pk for made in objections_to(case)]}
        seen |= {"seen_revision": lambda case: case.revision}
        return self.at_the_desk(actions.settle_objections, note="It is right.", **seen)

    def deny(self, _number: int) -> Callable[[], Any]:
        return self.at_the_desk(actions.deny, reason="No.", seen_revision=lambda case: case.revision)

    def approve(self, _number: int) -> Callable[[], Any]:
        one = self.chance.choice(self.people)

        def act() -> Any:
            seen = self.fresh()
            return approving(seen, one, now=self.now, rows_on_file=check_rows(seen))

        return act

    weights = {
        edit: 4,
        edit_list: 2,
        ask: 6,
        sign: 8,
        take: 6,
        give_back: 2,
        approve: 3,
        deny: 1,
        object_to: 2,
        settle: 2,
    }

    def holds(self) -> None:
        """What is true after every round."""
        case = self.fresh()
        versions = {one.revision: one for one in Version.objects.filter(case=case)}
        assert sorted(versions) == list(range(1, case.revision + 1))
        for revision, city in self.acknowledged.items():
            assert queries.answers_of(case, revision)["city"] == city
            assert versions[revision].digest == digest(queries.canonical_of(case, revision))
        if self.acknowledged:
            assert queries.answers_of(case)["city"] == self.acknowledged[max(self.acknowledged)]
        _kind, rows = queries.listed_of(case, queries.answers_of(case))
        assert [row["name"] for row in rows] == [
            self.listed[max(self.listed)] if self.listed else LISTED["name"]
        ]
        assert not self.listed.keys() & self.acknowledged.keys()
        signature = queries.live_signature(case)
        if signature is not None:
            assert (signature.revision, signature.digest) == (case.revision, versions[case.revision].digest)
        assert case.state not in SIGNED_STATES or signature is not None
        assert case.state != State.DRAFT or signature is None
        records = EnrollmentRecord.objects.all()
        assert len(records) == (case.state == State.APPROVED)
        assert all(record.city == queries.answers_of(case)["city"] for record in records)
        waiting = [one for one in queries.objections_to(case) if one.settled_at is None]
        assert case.state != State.APPROVED or not waiting


@pytest.mark.parametrize("seed", range(WALKS))
def test_many_hands_on_one_form_lose_no_answer_and_leave_no_signature_on_another_form(seed):
    """Random acts at the same moment, round after round, until it is decided. [F-7, F-8, F-11]"""
    walk = Walk(20261122 + seed)
    for _ in range(ROUNDS):
        walk.go_on()
        walk.holds()
        if walk.fresh().state in FINAL:
            break
