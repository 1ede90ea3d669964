"""Whom a signed list names hears of it: at the mailbox on file with the payer, and as approver or backup in SPOT (F-8, E-5).

The payer is asked by a round (`checks`), outside any transaction; what is told is decided here, under the case's lock.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.forms.actions.objecting import let_object
from bailiwick.spot.forms.actions.signing_notices import context_of
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.queries import answers_of, live_signature
from bailiwick.spot.forms.waits import PayerWait
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.filechecks import WAITS_IN, Waiter
from bailiwick.spot.rules.lists import Row
from bailiwick.spot.rules.services import Pair
from bailiwick.spot.rules.signing import mailbox_key
from bailiwick.spot.services.queries import own_records

AT_A_TIME, MOST_NAMED = 50, 50
Told = tuple[str, list[Row]]


def tell_listed_later(case: Case, *, now: datetime) -> None:
    """Note, with the signature, that those on its list are to be told; again, it changes nothing."""
    PayerWait.objects.get_or_create(
        case=case, who=Waiter.LISTED.value, ended_at=None, defaults={"to": "", "since": now}
    )


def tell_listed(*, case: Case, contacts: Sequence[tuple[str, Row]] | None, by: By, now: datetime) -> bool:
    """Tell each mailbox once of the lines that are about its providers; whether nothing is left to tell of this list.

    `contacts`: the mailbox on file for each line that the payer bears out; None where it was not asked. Fifty mailboxes a
    transaction; killed in between, the next round goes on. A form that moved on meanwhile is looked at again.
    """
    people = _people(contacts or ())
    for start in range(0, len(people) or 1, AT_A_TIME):
        is_last = start + AT_A_TIME >= len(people)
        with transaction.atomic():
            held = Case.objects.select_for_update().get(pk=case.pk)
            signature = live_signature(held)
            if signature is not None and held.state_at(now) in WAITS_IN[Waiter.LISTED]:
                if contacts is None or held.revision != case.revision:
                    return False
                _tell(signature, people[start : start + AT_A_TIME], by=by, now=now)
            else:
                is_last = True
            if is_last:
                waits = PayerWait.objects.filter(case=held, who=Waiter.LISTED.value, ended_at=None)
                waits.update(ended_at=now)
                return True
    return True


def _people(contacts: Sequence[tuple[str, Row]]) -> list[Told]:
    """Each mailbox with its lines: on file for them, or of who decides for their provider in SPOT."""
    rows = {lists.pair_of(row): row for _mailbox, row in contacts}
    owners = [
        (mailbox, rows[pair])
        for pair, record in own_records(list(rows))
        for mailbox in (record.approver_email, record.backup_email)
    ]
    found: dict[str, tuple[str, dict[Pair, Row]]] = {}
    for mailbox, row in (*contacts, *owners):
        if mailbox:
            _, known = found.setdefault(mailbox_key(mailbox), (mailbox, {}))
            known[lists.pair_of(row)] = row
    return [(mailbox, list(known.values())) for mailbox, known in found.values()]


def _tell(signature: Signature, people: Sequence[Told], *, by: By, now: datetime) -> None:
    """Who was told of the signature already is not told again."""
    known = {mailbox_key(to) for to in signature.objections.values_list("to", flat=True)}
    context, told = context_of(signature, answers_of(signature.case, signature.revision)), 0
    for mailbox, rows in people:
        if mailbox_key(mailbox) not in known:
            _mail(signature, mailbox, rows, context, now=now)
            told += 1
    if told:
        about = {"case": str(signature.case_id), "revision": signature.revision, "mailboxes": told}
        append(Deed.FORM_LIST_TOLD, by=by, now=now, about=about)


def _mail(
    signature: Signature, mailbox: str, rows: list[Row], context: dict[str, Any], *, now: datetime
) -> None:
    own = hashlib.sha256(mailbox_key(mailbox).encode()).hexdigest()
    notice(
        "form-list-signed",
        to=mailbox,
        key=f"signature:{signature.pk}:listed:{own}",
        now=now,
        context={
            **context,
            "providers": rows[:MOST_NAMED],
            "more": max(0, len(rows) - MOST_NAMED),
            "path": let_object(signature, to=mailbox, now=now),
        },
    )
