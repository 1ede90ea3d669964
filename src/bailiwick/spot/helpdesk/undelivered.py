"""Whom, or which form, a notice of SPOT was about, for the desk that calls because no mail arrives (N-2)."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from bailiwick.ground.outbox.models import Message
from bailiwick.spot.enrollment.queries import records_reached_at
from bailiwick.spot.forms.queries import cases_known_by

OF_A_CASE, OF_A_SIGNATURE = frozenset({"form", "case"}), "signature"


def whose(messages: Iterable[Message]) -> dict[int, tuple[str, str]]:
    """(words, path) by the message's number: the form it was about, else the one record whose people have that mailbox."""
    messages = list(messages)
    found = _forms(messages)
    others = [one for one in messages if one.pk not in found and one.channel == "email"]
    records = records_reached_at([one.to for one in others]) if others else {}
    for one in others:
        if len(held := records.get(one.to.casefold(), [])) == 1:
            submitter_id, legal_name = held[0]
            page = reverse("spot_helpdesk:record", args=[submitter_id])
            found[one.pk] = (f"{legal_name} ({submitter_id})", page)
    return found


def _forms(messages: list[Message]) -> dict[int, tuple[str, str]]:
    """By the key of the notice, which names the form or its signature; forms that the desk may open."""
    keys = {one.pk: one.key.split(":") for one in messages}
    ids = {number: _uuid(key[1]) for number, key in keys.items() if key[0] in OF_A_CASE and key[1:]}
    signatures = {
        number: int(key[1])
        for number, key in keys.items()
        if key[0] == OF_A_SIGNATURE and key[1:] and key[1].isdecimal()
    }
    named = {number: one for number, one in (ids | signatures).items() if one is not None}
    cases = cases_known_by(named.values())
    return {
        number: (cases[one].tracking, reverse("spot_helpdesk:case", args=[cases[one].tracking]))
        for number, one in named.items()
        if one in cases and cases[one].submitted_at is not None
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
