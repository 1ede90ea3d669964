"""The submitter registry (B-2): every organization that is enrolled, its history, its services, and how IDM says it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.enrollment import queries
from bailiwick.spot.enrollment.models import EnrollmentRecord, RecordVersion
from bailiwick.spot.forms.queries import cases_of
from bailiwick.spot.helpdesk.registry_words import DELIVERIES, FACTS, KINDS, MATTERS, STATUSES, VALUES
from bailiwick.spot.helpdesk.words import STATES
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.identity.reports import Standing, standings
from bailiwick.spot.services import queries as services
from bailiwick.spot.signin.queries import first_entries

A_PAGE, MOST_FOUND, MOST_PROVIDERS, MOST_CASES = 25, 200, 20, 50
COLUMNS = (_("Submitter ID"), _("Organization"), _("Approver of record"), _("State"), _("Known to IDM"))
PROVIDER_COLUMNS = (_("Provider"), _("PTAN and NPI"), _("Served by"), _("Remittance (ERA) goes to"))
CASE_COLUMNS = (_("Form"), _("State"), _("Submitted"))
CHANGE_COLUMNS = (_("What"), _("Before"), _("After"))


@dataclass(frozen=True)
class Change:
    """One version beside the one before it. `lines`: (what, before, after); none for the first."""

    version: RecordVersion
    lines: list[tuple[str | Promise, str, str]]


def registry_of(text: str, *, page: str, now: datetime) -> dict[str, Any]:
    """Organizations by submitter ID or words; and the providers of that PTAN or NPI, with who serves them."""
    # Found by words, they are read once and counted here: to find them reads every record.
    found = list(queries.search(text)[: MOST_FOUND + 1]) if text else queries.search(text)
    shown = Paginator(found[:MOST_FOUND] if text else found, A_PAGE).get_page(page)
    day = timezone.localdate(now)
    providers = _providers(text, day) if text else []
    return {
        "text": text,
        "page": shown,
        "rows": [(record, STATUSES[record.status], DELIVERIES[record.delivery]) for record in shown],
        "columns": COLUMNS,
        "query": urlencode({"text": text}) if text else "",
        "most": MOST_FOUND if text and len(found) > MOST_FOUND else 0,
        "providers": providers[:MOST_PROVIDERS],
        "most_providers": MOST_PROVIDERS if len(providers) > MOST_PROVIDERS else 0,
        "provider_columns": PROVIDER_COLUMNS,
        "width": "wide",
    }


def record_page(record: EnrollmentRecord, *, now: datetime) -> dict[str, Any]:
    """Everything about one organization. Asks IDM: never inside a transaction."""
    standing, is_answered = _standing(record, now)
    cases = cases_of(record, limit=MOST_CASES + 1)
    differing = queries.difference_of(record)
    return {
        "record": record,
        "kind": KINDS[record.kind],
        "status": STATUSES[record.status],
        "delivery": DELIVERIES[record.delivery],
        "difference": MATTERS[differing.matter] if differing else "",
        "standing": standing,
        "is_answered": is_answered,
        "entered": first_entries([record.submitter_id]).get(record.submitter_id),
        "tally": services.tally_of(record, day=timezone.localdate(now)),
        "changes": changes(queries.history_of(record)),
        "change_columns": CHANGE_COLUMNS,
        "cases": [(case, STATES[case.state_at(now)]) for case in cases[:MOST_CASES]],
        "most_cases": MOST_CASES if len(cases) > MOST_CASES else 0,
        "case_columns": CASE_COLUMNS,
        "back": [(_("Submitter registry"), "/desk/registry/")],
        "width": "wide",
    }


def changes(versions: Sequence[RecordVersion]) -> list[Change]:
    """Each version, the newest first, with what it changed; of a TIN only that it changed (A-3)."""
    found = [Change(newer, _lines(older, newer)) for newer, older in pairwise(versions)]
    return [*found, *(Change(version, []) for version in versions[-1:])]


def _lines(older: RecordVersion, newer: RecordVersion) -> list[tuple[str | Promise, str, str]]:
    return [
        (words, _said(name, getattr(older, name)), _said(name, getattr(newer, name)))
        for name, words in FACTS.items()
        if getattr(older, name) != getattr(newer, name)
    ]


def _said(name: str, value: object) -> str:
    """One fact of a record in words."""
    words = VALUES.get(name, {}).get(str(value), value)
    return str(words) or "–"


def _standing(record: EnrollmentRecord, now: datetime) -> tuple[Standing | None, bool]:
    try:
        return standings([record.submitter_id], now=now).get(record.submitter_id), True
    except UnansweredError:
        return None, False


def _providers(text: str, day: date) -> list[tuple[str, str, str, str | Promise]]:
    found = services.providers_numbered(text, most=MOST_PROVIDERS + 1)
    served, receivers = services.submitters_of(found, day=day), services.receivers_of(found, day=day)
    return [
        (
            f"{one.name}, {one.state}",
            f"{one.ptan}, {one.npi}, {one.line_of_business}",
            "; ".join(_named(record) for record in served[one.pk]) or "–",
            _named(receivers[one.pk]) if one.pk in receivers else _("Paper"),
        )
        for one in found
    ]


def _named(record: EnrollmentRecord) -> str:
    return f"{record.legal_name} ({record.submitter_id})"
