"""Reports that the desk looks at and takes along: counted, and on the ledger (B-4, L-2, SR-38)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.desk import demand_live_session
from bailiwick.spot.forms.actions.tallies import reserve
from bailiwick.spot.rules.access import HOUR
from bailiwick.spot.rules.deciding import Desk
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.reports import Refusal, Report


def begin_export(*, report: Report, desk: Desk, by: By, now: datetime) -> None:
    """Take one of the exports of the hour, before the list is made; it is used up whatever comes of it.

    Raises Refused: NOT_OF_THE_DESK, VERIFIED_TOO_LONG_AGO of `rules.deciding`; TOO_MANY_EXPORTS(most).
    """
    most = settings.LIMITS.exports_an_hour
    with transaction.atomic():
        demand_live_session(desk, now)
    if not reserve(f"export:{desk.key}", most=most, lasts=HOUR, now=now):
        append(Deed.REPORT_EXPORTED, by=by, now=now, outcome="refused", about={"report": report.value})
        raise Refused(Refusal.TOO_MANY_EXPORTS, most=most)


def note_exported(*, report: Report, organization: str, lines: int, by: By, now: datetime) -> None:
    """A list is about to leave: what, of which organization, how many lines."""
    about = {"report": report.value, "lines": lines}
    append(Deed.REPORT_EXPORTED, by=by, now=now, organization=organization, about=about)


def note_report_look(*, report: Report, organization: str, by: By, now: datetime) -> None:
    append(Deed.REPORT_LOOKED, by=by, now=now, organization=organization, about={"report": report.value})
