"""Forgot User ID: five facts, always the same answer, and the user ID goes by mail (P-8)."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, No
from bailiwick.idm.rules import recovering as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.signin import queries
from bailiwick.idm.signin.actions import messages
from bailiwick.idm.signin.models import UserIdAsked


def remind_of_user_id(
    *, first: str, last: str, birth_date: date, email: str, zip_code: str, by: By, now: datetime
) -> None:
    """Mail the user ID where all five fit somebody; otherwise do as much, and send nothing. Refuses TOO_MANY_FROM_HERE."""
    source = queries.source_digest(by.source)
    lately = UserIdAsked.objects.filter(
        source_digest=source, asked_at__gt=now - settings.LIMITS.recovery_window
    )
    ruling = rules.may_begin(lately.values_list("asked_at", flat=True), now=now, limits=settings.LIMITS)
    if isinstance(ruling, No):
        ruling.raise_it()
    found = queries.accounts_like(
        first=first, last=last, birth_date=birth_date, email=email, zip_code=zip_code
    )
    with transaction.atomic():
        UserIdAsked.objects.create(source_digest=source, asked_at=now)
        append(Deed.USER_ID_ASKED, by=by, now=now, subject=found[0].pk if found else "")
        messages.mail_user_ids(found, now=now)
