"""The only writer of registrations: keeps answers, counts tries, and opens the account (R-1, R-4, A-4)."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import holder_of, user_id_is_taken
from bailiwick.idm.registration import queries
from bailiwick.idm.registration.models import Draft, Tally
from bailiwick.idm.rules import accounts as account_rules
from bailiwick.idm.rules import registration as rules
from bailiwick.idm.rules import signin as signin_rules
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.passwords import Owner
from bailiwick.idm.signin import actions as signin
from bailiwick.idm.signin.queries import password_objections

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Registration:
    """Everything the three steps asked for."""

    facts: PersonalFacts
    text_capable: bool
    terms_version: str
    user_id: str
    password: str
    question: str
    answer: str
    language: str = "en"


def keep_answers(
    *, draft: Draft | None, step: str, typed: dict[str, object], is_accepted: bool, now: datetime
) -> tuple[Draft, str]:
    """Keep what was typed in one step, accepted or not. Returns the registration, and a new one's key (else "")."""
    key = ""
    if draft is None:
        key = secrets.token_urlsafe(32)
        draft = Draft(key_digest=queries.key_digest(key), started_at=now)
        kept: queries.Answers = {}
    else:
        kept = queries.answers(draft)
    kept[step] = typed
    others = [name for name in draft.answered if name != step]
    draft.answered = [*others, step] if is_accepted else others
    _seal(draft, kept)
    draft.save()
    return draft, key


def cancel(*, draft: Draft, now: datetime) -> None:
    """Forget the registration and everything typed in it."""
    Draft.objects.filter(pk=draft.pk, started_at__lte=now).delete()


def check_user_id(*, draft: Draft, user_id: str, own_email: str, now: datetime) -> None:
    """Say whether a user ID could be had; ten times a registration (R-3). Refuses what speaks against it."""
    _object_to_user_id(user_id, own_email)
    left = Draft.objects.filter(pk=draft.pk, user_id_checks__lt=settings.LIMITS.user_id_checks)
    if not left.update(user_id_checks=F("user_id_checks") + 1):
        raise Refused(rules.Refusal.TOO_MANY_CHECKS, times=settings.LIMITS.user_id_checks)
    if user_id_is_taken(user_id, now=now):
        raise Refused(account_rules.Refusal.USER_ID_TAKEN)


def submit(*, draft: Draft, registration: Registration, by: By, now: datetime) -> None:
    """Open the account, or stop where A-4 finds that the person has one: which of the two, nobody can tell (A-4).

    Submitting again does nothing. Refuses a user ID, password or answer that the rules object to, and
    TOO_MANY_REGISTRATIONS.
    """
    if draft.submitted_at:
        return
    check_user_id(draft=draft, user_id=registration.user_id, own_email=registration.facts.email, now=now)
    _object_to_secrets(registration)
    digest = accounts.ssn_digest(registration.facts.ssn)
    _count_registration(digest, by=by, now=now)
    encoded = signin.encode_first(password=registration.password, answer=registration.answer)
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk, submitted_at=None).update(submitted_at=now):
            return
        # Two registrations with one SSN at the same instant take turns here, so that the second sees the first.
        Tally.objects.select_for_update().filter(pk=_tally_key("ssn", digest.hex())).first()
        holder = holder_of(registration.facts, ssn_digest=digest)
        if holder:
            _stop(registration, holder, by=by, now=now)
        else:
            _open(registration, encoded, digest, by=by, now=now)
        draft.submitted_at, draft.answered = now, []
        _seal(draft, {"done": {"user_id": registration.user_id}})
        draft.save()


def forget_old(*, now: datetime) -> None:
    """Drop registrations that were left, and tallies that no longer count."""
    Draft.objects.filter(started_at__lte=now - settings.LIMITS.registration_draft_life).delete()
    Tally.objects.filter(started_at__lte=now - DAY).delete()


def _open(
    registration: Registration, encoded: tuple[str, str], digest: bytes, *, by: By, now: datetime
) -> None:
    account = accounts.open_account(
        user_id=registration.user_id,
        facts=registration.facts,
        digest=digest,
        text_capable=registration.text_capable,
        terms_version=registration.terms_version,
        language=registration.language,
        by=by,
        now=now,
    )
    signin.set_first_secrets(account=account, encoded=encoded, question=registration.question, now=now)
    context = {
        "name": registration.facts.first,
        "user_id": account.user_id,
        "days": settings.LIMITS.unproven_account_life.days,
    }
    notice(
        "registered",
        to=account.email,
        key=f"registered:{account.pk}",
        now=now,
        context=context,
        language=account.language,
    )


def _stop(registration: Registration, holder: Account, *, by: By, now: datetime) -> None:
    """Neutral mail to the typed mailbox, help to the holder; each at most once a day (A-4)."""
    accounts.hold_user_id(user_id=registration.user_id, now=now)
    append(Deed.ACCOUNT_REGISTRATION_STOPPED, by=by, now=now, subject=holder.pk, outcome="refused")
    mailbox, day = registration.facts.email, now.date().isoformat()
    digest = vault.digest(account_rules.email_key(mailbox), purpose="mailbox").hex()
    notice(
        "registration_neutral",
        to=mailbox,
        key=f"registration-neutral:{digest}:{day}",
        now=now,
        language=registration.language,
    )
    notice(
        "registration_of_holder",
        to=holder.email,
        key=f"registration-of-holder:{holder.pk}:{day}",
        now=now,
        context={"user_id": holder.user_id},
        language=holder.language,
    )


def _object_to_user_id(user_id: str, own_email: str) -> None:
    for objection in rules.user_id_objections(user_id, own_email, settings.LIMITS):
        objection.raise_it()


def _object_to_secrets(registration: Registration) -> None:
    owner = Owner(registration.user_id, registration.facts.first, registration.facts.last)
    for objection in password_objections(registration.password, owner):
        objection.raise_it()
    ruling = signin_rules.may_be_answer(registration.question, registration.answer, settings.LIMITS)
    if not ruling:
        ruling.raise_it()


def _count_registration(digest: bytes, *, by: By, now: datetime) -> None:
    limits = settings.LIMITS
    counts = [(_tally_key("source", by.source), limits.registrations_per_source_an_hour, HOUR)]
    if digest:
        counts.append((_tally_key("ssn", digest.hex()), limits.registrations_per_ssn_a_day, DAY))
    for key, most, window in counts:
        if not _count(key, most, window, now):
            raise Refused(rules.Refusal.TOO_MANY_REGISTRATIONS)


def _count(key: bytes, most: int, window: timedelta, now: datetime) -> bool:
    """Count one more, if that stays within `most` in the window; exact when many count at once."""
    current = Tally.objects.filter(pk=key, started_at__gt=now - window)
    over = Tally.objects.filter(pk=key, started_at__lte=now - window)
    for _ in range(2):
        if current.filter(count__lt=most).update(count=F("count") + 1) or over.update(
            count=1, started_at=now
        ):
            return True
        try:
            with transaction.atomic():
                Tally.objects.create(pk=key, started_at=now, count=1)
        except IntegrityError:
            continue  # somebody was faster, or the tally is full
        return True
    return False


def _tally_key(kind: str, what: str) -> bytes:
    return vault.digest(f"{kind}:{what}", purpose="registration-tally")


def _seal(draft: Draft, kept: queries.Answers) -> None:
    text = json.dumps(kept)
    draft.answers_sealed = vault.seal(text, place=queries.ANSWERS_PLACE, row=str(draft.pk))
