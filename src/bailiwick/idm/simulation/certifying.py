"""Certifiers of a simulated year: each works through the list some days after hearing that it is open (C-2 to C-5)."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.actions import remove_grants
from bailiwick.idm.access.actions.certifying import Review, certify_many
from bailiwick.idm.access.actions.restoring import restore_missed
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.certifying import (
    certification_lines,
    to_certify,
    to_restore,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.simulation.behaviour import Behaviour, days_until
from bailiwick.idm.simulation.coming_and_going import is_at_work, strength
from bailiwick.idm.simulation.counting import Post
from bailiwick.idm.simulation.population import World

OPEN_NOW, LOST = "certifications-due", "people-lost-roles"
AT_ONCE = 200


@dataclass
class Certifying:
    """Who sits down to certify, or to restore, on which day; `busy`: those who have a day to certify already.

    `let_go`: the roles that ended uncertified and that somebody looked at and did not bring back.
    """

    planned: dict[int, list[Account]] = field(default_factory=dict)
    restoring: dict[int, list[Account]] = field(default_factory=dict)
    busy: set[UUID] = field(default_factory=set)
    let_go: set[UUID] = field(default_factory=set)

    def certify(
        self, world: World, day: int, post: Post, *, behaviour: Behaviour, draw: Random, now: datetime
    ) -> None:
        """Plan for whoever heard today, and let those certify and restore whose day it is."""
        for certifier in _at_work(world, post.addresses.get(OPEN_NOW, [])):
            if certifier.pk not in self.busy:
                self.busy.add(certifier.pk)
                soon = day + _takes(world, certifier, behaviour, draw)
                self.planned.setdefault(soon, []).append(certifier)
        for certifier in _at_work(world, post.addresses.get(LOST, [])):
            soon = day + days_until(draw, behaviour.restoring_takes)
            self.restoring.setdefault(soon, []).append(certifier)
        for certifier in self.planned.pop(day, []):
            self.busy.discard(certifier.pk)
            _work_through(world, certifier, behaviour=behaviour, draw=draw, now=now)
        for certifier in self.restoring.pop(day, []):
            self._restore(world, certifier, day, behaviour=behaviour, draw=draw, now=now)

    def _restore(
        self, world: World, certifier: Account, day: int, *, behaviour: Behaviour, draw: Random, now: datetime
    ) -> None:
        """Some of what ended uncertified comes back, where the holder is still there (C-5); they are told, and sign in again."""
        by = By(actor=str(certifier.pk))
        for grant in _by_number(world, list(to_restore(certifier, now=now).select_related("account"))):
            holder = world.by_key.get(grant.account_id)
            if holder is None or holder.has_left or grant.pk in self.let_go:
                continue
            if draw.random() >= behaviour.restores_late:
                self.let_go.add(grant.pk)
                continue
            # A restored approver takes over from the desk what else ended there.
            with suppress(Refused):
                line = certification_lines([grant.pk], certifier, strength=strength(), now=now)[grant.pk]
                review = Review(grant, line.digest, "Forgotten.")
                restore_missed(review=review, certifier=certifier, strength=strength(), by=by, now=now)
            holder.next_sign_in = day + days_until(draw, holder.rhythm.mean_days)


def _takes(world: World, certifier: Account, behaviour: Behaviour, draw: Random) -> int:
    """How many days pass before this certifier sits down; a help desk is never late."""
    if certifier.pk in world.by_key and draw.random() < behaviour.notices_late:
        return behaviour.notices_after
    return days_until(draw, behaviour.certifying_takes)


def _at_work(world: World, addresses: list[str]) -> list[Account]:
    """Whom these addresses belong to and who looks at what waits; a help desk always does."""
    found = {account.email: account for account in world.desk}
    found |= {
        to: world.by_email[to].account
        for to in addresses
        if to in world.by_email and is_at_work(world.by_email[to])
    }
    return [found[to] for to in dict.fromkeys(addresses) if to in found]


def _by_number(world: World, grants: list[Grant]) -> list[Grant]:
    """In an order that no key decides."""
    return sorted(grants, key=lambda grant: (world.number_of(grant.account_id), grant.role))


def _work_through(
    world: World, certifier: Account, *, behaviour: Behaviour, draw: Random, now: datetime
) -> None:
    """Every line of the list: keep, or remove who left and now and then somebody who did not."""
    waiting = _by_number(world, list(to_certify(certifier, now=now).select_related("account")))
    for begin in range(0, len(waiting), AT_ONCE):
        _decide(world, waiting[begin : begin + AT_ONCE], certifier, behaviour=behaviour, draw=draw, now=now)


def _decide(
    world: World,
    grants: list[Grant],
    certifier: Account,
    *,
    behaviour: Behaviour,
    draw: Random,
    now: datetime,
) -> None:
    by = By(actor=str(certifier.pk))
    going = [one for one in grants if draw.random() < _doubt(world, one, behaviour)]
    lines = certification_lines([one.pk for one in grants], certifier, strength=strength(), now=now)
    reviews = [Review(one, lines[one.pk].digest) for one in grants if one not in going]
    certify_many(reviews=reviews, certifier=certifier, strength=strength(), by=by, now=now)
    remove_grants(
        grants=going, remover=certifier, reason="Not needed any more.", strength=strength(), by=by, now=now
    )


def _doubt(world: World, grant: Grant, behaviour: Behaviour) -> float:
    holder = world.by_key.get(grant.account_id)
    if holder is None:  # a colleague at the desk
        return 0
    return behaviour.sees_who_left if holder.has_left else behaviour.doubts
