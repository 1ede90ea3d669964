"""Questions whether facts are on file: a try is taken before the file is asked (F-5, F-6). Nobody is asked here."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.models import Case, FileCheck
from bailiwick.spot.forms.queries import (
    answers_of,
    asking_about,
    is_mailbox_proven,
    outcome_of,
)
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.filechecks import COUNTS_AS_A_TRY, Matter, Outcome, counted_from, may_ask
from bailiwick.spot.rules.forms import FINAL, Refusal

DEEDS = {
    Matter.PAYER: Deed.FORM_PAYER_CHECKED,
    Matter.PAIR: Deed.FORM_PAIR_CHECKED,
    Matter.RECEIVER: Deed.FORM_PAIR_CHECKED,
}


def begin_file_check(
    *, case: Case, matter: Matter, by: By, now: datetime
) -> tuple[FileCheck | None, dict[str, str]]:
    """Take a try; returns it with the facts to ask about, by field code. No try where these facts match already.

    Raises FACTS_MISSING, MAILBOX_NOT_PROVEN (for the payer), PAYER_CHECKS_USED_UP(times), PAIR_CHECKS_USED_UP(times).
    """
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        answers = answers_of(held)
        asking = asking_about(matter, held, answers)
        if asking is None:
            raise Refused(Refusal.FACTS_MISSING)
        if held.state_at(now) in FINAL:
            raise Refused(Refusal.NOT_NOW)
        if matter is Matter.PAYER and not is_mailbox_proven(held, answers):
            raise Refused(Refusal.MAILBOX_NOT_PROVEN)
        if outcome_of(matter, held, answers) is Outcome.MATCH:
            return None, asking.facts
        ruling = may_ask(matter, _tries(held, matter, now), settings.LIMITS)
        if not ruling:
            ruling.raise_it()
        check = FileCheck.objects.create(
            case=held, matter=matter.value, revision=held.revision, facts_digest=asking.digest, asked_at=now
        )
        append(
            DEEDS[matter], by=by, now=now, outcome="asked", about={"case": str(held.pk), "check": check.pk}
        )
    return check, asking.facts


def answer_file_check(*, check: FileCheck, outcome: Outcome, by: By, now: datetime) -> None:
    """Keep what the file said. An answer comes once."""
    with transaction.atomic():
        asked = FileCheck.objects.filter(pk=check.pk, outcome=Outcome.ASKED.value)
        if asked.update(outcome=outcome.value):
            about = {"case": str(check.case_id), "check": check.pk}
            append(DEEDS[Matter(check.matter)], by=by, now=now, outcome=outcome.value, about=about)


def _tries(case: Case, matter: Matter, now: datetime) -> int:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = counted_from(matter, now=now, today=today)
    counted = [outcome.value for outcome in COUNTS_AS_A_TRY]
    return case.file_checks.filter(matter=matter.value, outcome__in=counted, asked_at__gte=since).count()
