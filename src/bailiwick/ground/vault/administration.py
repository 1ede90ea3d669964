"""`bailiwick <program> keys status|rotate|retire`: changing the program's keys while it runs (L-4).

First everybody gets the new key to read with, then everybody writes with it, then what is left is made anew, and only then
the old key goes. Each step can be broken off and begun again. How, for people: docs/vault.md.
"""

import fcntl
import time
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bailiwick.ground.vault import counting, keyring, rotation
from bailiwick.ground.vault.keyring import LOOKS_EVERY_SECONDS, NAMES, KeyMissingError, KeyRing
from bailiwick.ground.vault.models import KeyUse
from bailiwick.ground.vault.sealed import Twinned, columns

# Every process looks at its ring once a second.
SETTLE_SECONDS = 3 * LOOKS_EVERY_SECONDS


class KeysCommand(ABC, BaseCommand):
    """The verbs. A program says in `record` how a deed comes onto its ledger, and what time it is."""

    settle_seconds = SETTLE_SECONDS
    help = "Show, rotate and retire this program's keys. Safe while everything runs, safe to break off and to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(required=True, dest="verb", metavar="status|rotate|retire")
        verbs.add_parser("status", help="every key, since when, and how many rows were made with it")
        rotate = verbs.add_parser("rotate", help="add a new key, write with it, make everything anew with it")
        rotate.add_argument("name", choices=NAMES)
        rotate.add_argument(
            "--distribute",
            action="store_true",
            help="only add the key, to be read with: copy the key file to every machine, then rotate again",
        )
        retire = verbs.add_parser("retire", help="remove a key that nothing needs any more")
        retire.add_argument("name", choices=NAMES)
        retire.add_argument("identifier", help="the id of the old key, as `status` shows it")

    @abstractmethod
    def now(self) -> datetime:
        """The program's clock."""

    @abstractmethod
    def record(self, deed: str, *, now: datetime, about: dict[str, Any]) -> None:
        """Put "added", "switched", "remade" or "retired" onto the program's ledger."""

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "status":
                self._status()
                return
            with _alone():
                if options["verb"] == "rotate":
                    self._rotate(options["name"], distribute=options["distribute"])
                else:
                    self._retire(options["name"], options["identifier"])
        except KeyMissingError as error:
            raise CommandError(str(error)) from None

    def _status(self) -> None:
        for name in NAMES:
            current = settings.KEY_RING.current(name)[0]
            listed = {one.identifier: one for one in KeyUse.objects.filter(name=name)}
            counts = counting.counts(name)
            for identifier in settings.KEY_RING.ring().keys[name][1]:
                one = listed.get(identifier)
                since = f"since {one.current_at:%Y-%m-%d}" if one and one.current_at else "from the start"
                state = f"in use {since}" if identifier == current else "to read with"
                rows = sum(rows_by_key.get(identifier, 0) for rows_by_key in counts.values())
                self.stdout.write(f"{name:<8} {identifier:<6} {state:<28} {rows:>12,} rows")
            for label, rows_by_key in counts.items():
                if len(rows_by_key) > 1:
                    told = ", ".join(f"{identifier}: {rows:,}" for identifier, rows in rows_by_key.items())
                    self.stdout.write(f"         {label}: {told}")

    def _rotate(self, name: str, *, distribute: bool) -> None:
        ring = _ring()
        if ring.newest(name) == ring.current(name)[0] and not _is_unfinished(name):
            ring = self._add(name, ring)
            if distribute:
                self.stdout.write(
                    f"The key {name}/{ring.newest(name)} is there, to be read with. Copy the key file to every machine; "
                    "each program takes it up within seconds. Then rotate again, here, without --distribute."
                )
                return
            time.sleep(self.settle_seconds)
        elif distribute:
            raise CommandError(
                f"A new key of {name} is there already: rotate without --distribute goes on with it."
            )
        if ring.newest(name) != ring.current(name)[0]:
            self._switch(name, ring)
            time.sleep(self.settle_seconds)
        self._remake(name)

    def _add(self, name: str, ring: KeyRing) -> KeyRing:
        fresh = keyring.with_new_key(ring, name)
        now, identifier = self.now(), fresh.newest(name)
        with transaction.atomic():
            for one in fresh.keys[name][1]:
                KeyUse.objects.get_or_create(name=name, identifier=one, defaults={"added_at": now})
            self.record("added", now=now, about={"key": name, "id": identifier})
            _store(fresh)
        self.stdout.write(f"Added {name}/{identifier}.")
        return fresh

    def _switch(self, name: str, ring: KeyRing) -> None:
        now, identifier = self.now(), ring.newest(name)
        with transaction.atomic():
            use, _ = KeyUse.objects.get_or_create(
                name=name, identifier=identifier, defaults={"added_at": now}
            )
            KeyUse.objects.filter(pk=use.pk, current_at=None).update(current_at=now)
            self.record("switched", now=now, about={"key": name, "id": identifier})
        _store(keyring.switched(ring, name))
        self.stdout.write(f"From now on {name}/{identifier} is written with.")

    def _remake(self, name: str) -> None:
        began, shown = time.monotonic(), ["", 0.0]

        def say(label: str, done: int, there: int) -> None:
            at = time.monotonic()
            if label == shown[0] and at - float(shown[1]) < 1 and done < there:
                return
            shown[:] = [label, at]
            self.stdout.write(
                f"  {label}: {done:,} of {there:,} ({done / max(at - began, 0.001):,.0f} rows/s)"
            )
            self.stdout.flush()

        outcome = rotation.remake(name, say=say)
        identifier, now = settings.KEY_RING.current(name)[0], self.now()
        with transaction.atomic():
            if not outcome.left:
                KeyUse.objects.filter(name=name, identifier=identifier).update(finished_at=now)
            about = {"key": name, "id": identifier, "rows": outcome.done, "left": sum(outcome.left.values())}
            self.record("remade", now=now, about=about)
        for label, rows in outcome.broken.items():
            self.stderr.write(
                f"  {label}: {rows:,} values do not open under any key of the ring; they stay as they are."
            )
        for label, rows in outcome.left.items():
            self.stdout.write(
                f"  {label}: {rows:,} rows wait under an older key, which stays in the ring for them."
            )
        self.stdout.write(f"{outcome.done:,} rows made anew with {name}/{identifier}.")

    def _retire(self, name: str, identifier: str) -> None:
        ring = _ring()
        fresh = keyring.without(ring, name, identifier)
        if fresh.keys[name][1].keys() == ring.keys[name][1].keys():
            raise CommandError(f"The ring has no key {name}/{identifier}.")
        if fresh.newest(name) != fresh.current(name)[0]:
            raise CommandError(f"A new key of {name} is being distributed: rotate first.")
        needed = counting.needed(name, identifier)
        if needed:
            told = "; ".join(f"{label}: {rows:,}" for label, rows in needed.items())
            raise CommandError(
                f"{name}/{identifier} is needed still, by {told}. What to do: docs/vault.md, Retiring."
            )
        now = self.now()
        with transaction.atomic():
            KeyUse.objects.get_or_create(name=name, identifier=identifier, defaults={"added_at": now})
            KeyUse.objects.filter(name=name, identifier=identifier).update(retired_at=now)
            self.record("retired", now=now, about={"key": name, "id": identifier})
        _store(fresh)
        time.sleep(self.settle_seconds)
        for column in columns(name):
            if isinstance(column, Twinned):
                rows = column.model._default_manager.all()
                counting.digests_under(rows, column.field, key=name, identifier=identifier).delete()
        self.stdout.write(
            f"{name}/{identifier} is out of the ring. Take it out of every copy of the key file, too."
        )


def _ring() -> KeyRing:
    """The ring as it stands now, not as it was a second ago."""
    ring: KeyRing = settings.KEY_RING.ring(at_once=True)
    return ring


def _store(ring: KeyRing) -> None:
    settings.KEY_RING.provider.store(ring)
    settings.KEY_RING.ring(at_once=True)


def _is_unfinished(name: str) -> bool:
    current = settings.KEY_RING.current(name)[0]
    older = [identifier for identifier in settings.KEY_RING.all(name) if identifier != current]
    return any(
        column.lacking(current).exists()
        if isinstance(column, Twinned)
        else any(counting.rows_under(column, identifier).exists() for identifier in older)
        for column in columns(name)
        if rotation.can_be_remade(column)
    )


@contextmanager
def _alone() -> Iterator[None]:
    """One such command at a time on this machine: two would each add a key, and one of them be lost."""
    path = settings.ENVIRONMENT.state_directory / f"{settings.PROGRAM}-keys.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("Another `keys` command is at work; wait for its end.") from None
        yield
