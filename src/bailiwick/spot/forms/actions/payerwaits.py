"""Who waits for the payer while it is away, and what they are told when it answers (F-6). Nobody is asked here."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, kind_of
from bailiwick.spot.forms.waits import PayerWait
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.filechecks import Outcome, Waiter, news_for


def wait_for_payer(*, case: Case, who: Waiter, to: str, by: By, now: datetime) -> None:
    """Note that somebody of the case can go on only when the payer answers; again, it changes nothing."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        _wait, is_new = PayerWait.objects.get_or_create(
            case=case, who=who.value, ended_at=None, defaults={"to": to, "since": now}
        )
        if is_new:
            about = {"case": str(case.pk), "who": who.value}
            append(Deed.FORM_WAITS_FOR_PAYER, by=by, now=now, about=about)


def end_payer_wait(*, wait: PayerWait, outcome: Outcome | None, now: datetime) -> None:
    """The payer answered, with `outcome`; None: there is nothing to wait for any more. Told once, where there is news."""
    with transaction.atomic():
        live = PayerWait.objects.filter(pk=wait.pk, ended_at=None)
        if not live.update(ended_at=now):
            return
        name = news_for(Waiter(wait.who), outcome)
        if not name:
            return
        case, answers = wait.case, answers_of(wait.case)
        context = {
            "name": answers.get("official_name", "") if wait.who == Waiter.OFFICIAL else case.contact_name,
            "form_name": called(kind_of(case)),
            "group_name": name_of(answers),
            "tracking": case.tracking,
            "base_url": settings.BASE_URL,
        }
        notice(
            name, to=wait.to, key=f"payer-wait:{wait.pk}", now=now, context=context, language=case.language
        )
