"""The only writer of registrations: keeps answers, counts tries, and opens the account (R-1, R-4, A-4)."""

import json
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.queries import accounts_to_discard, user_id_is_taken
from bailiwick.idm.registration import deciding, queries
from bailiwick.idm.registration.deciding import Registration
from bailiwick.idm.registration.models import Draft, Tally
from bailiwick.idm.rules import accounts as account_rules
from bailiwick.idm.rules import registration as rules
from bailiwick.idm.rules import signin as signin_rules
from bailiwick.idm.rules.accounts import PersonalFacts, name_key
from bailiwick.idm.rules.passwords import Owner
from bailiwick.idm.signin import actions as signin
from bailiwick.idm.signin.queries import password_objections

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


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


def check_user_id(*, draft: Draft, user_id: str, own_email: str, by: By, now: datetime) -> None:
    """Say whether a user ID could be had; ten times a registration (R-3). Refuses what speaks against it.

    Of a mailbox as user ID nothing is looked up: that somebody uses it would tell that they have an account (A-4).
    """
    _object_to_user_id(user_id, own_email)
    _count_try(draft, "user_id_checks", by=by, now=now)
    if not rules.names_a_mailbox(user_id) and user_id_is_taken(user_id, now=now):
        raise Refused(account_rules.Refusal.USER_ID_TAKEN)


def submit(*, draft: Draft, registration: Registration, by: By, now: datetime) -> None:
    """Open the account, or stop where A-4 finds that the person has one: which of the two, nobody can tell (A-4).

    Submitting again does nothing. Refuses a user ID, password or answer that the rules object to, TOO_MANY_SUBMITS and
    TOO_MANY_REGISTRATIONS.
    """
    if draft.submitted_at:
        return
    _object_to_user_id(registration.user_id, registration.facts.email)
    _object_to_secrets(registration)
    _count_try(draft, "submits", by=by, now=now)
    is_taken = user_id_is_taken(registration.user_id, now=now)
    if is_taken and not rules.names_a_mailbox(registration.user_id):
        raise Refused(account_rules.Refusal.USER_ID_TAKEN)
    digest = accounts.ssn_digest(registration.facts.ssn)
    who = _who(registration.facts, digest)
    _count_registration(who, by=by, now=now)
    encoded = signin.encode_first(password=registration.password, answer=registration.answer)
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk, submitted_at=None).update(submitted_at=now):
            return
        # Registrations of one person at the same instant take turns here, so that the second sees the first.
        Tally.objects.select_for_update().filter(pk=who).first()
        deciding.open_or_stop(registration, encoded, digest, is_taken=is_taken, by=by, now=now)
        draft.submitted_at, draft.answered = now, []
        _seal(draft, {"done": {"user_id": registration.user_id}})
        draft.save()


def forget_old(*, now: datetime) -> None:
    """Drop registrations that were left, tallies that no longer count, and user IDs that are held no longer."""
    Draft.objects.filter(started_at__lte=now - settings.LIMITS.registration_draft_life).delete()
    Tally.objects.filter(started_at__lte=now - DAY).delete()
    accounts.release_held_user_ids(now=now)


def discard_unproven(*, by: By, now: datetime, most: int) -> int:
    """Forget the people, and their secrets, behind accounts that nobody ever used (R-5). The user IDs stay taken."""
    count = 0
    for account in accounts_to_discard(now=now, most=most):
        with transaction.atomic():
            if accounts.discard_account(account=account, by=by, now=now):
                signin.forget_secrets(account=account, now=now)
                count += 1
    return count


def _object_to_user_id(user_id: str, own_email: str) -> None:
    for objection in rules.user_id_objections(user_id, own_email, settings.LIMITS):
        objection.raise_it()


def _object_to_secrets(registration: Registration) -> None:
    owner = Owner(registration.user_id, registration.facts.first, registration.facts.last)
    for objection in password_objections(registration.password, owner):
        objection.raise_it()
    if not settings.PROFILE.security_question:
        return
    ruling = signin_rules.may_be_answer(registration.question, registration.answer, settings.LIMITS)
    if not ruling:
        ruling.raise_it()


def _count_try(draft: Draft, column: str, *, by: By, now: datetime) -> None:
    """A user ID is tried: so often in this registration, and so often from one source in all of them (R-3)."""
    limits = settings.LIMITS
    most, refusal = {
        "user_id_checks": (limits.user_id_checks, rules.Refusal.TOO_MANY_CHECKS),
        "submits": (limits.registration_submits, rules.Refusal.TOO_MANY_SUBMITS),
    }[column]
    left = Draft.objects.filter(pk=draft.pk, **{f"{column}__lt": most})
    if not left.update(**{column: F(column) + 1}):
        raise Refused(refusal, times=most)
    if not _count(_tally_key("tries", by.source), limits.user_id_checks_per_source_an_hour, HOUR, now):
        raise Refused(rules.Refusal.TOO_MANY_CHECKS_FROM_HERE)


def _who(facts: PersonalFacts, digest: bytes) -> bytes:
    """One person's tally: by their number, and where none is asked by name and birth date."""
    if digest:
        return _tally_key("ssn", digest.hex())
    return _tally_key("person", f"{facts.birth_date.isoformat()}:{name_key(facts.first, facts.last)}")


def _count_registration(who: bytes, *, by: By, now: datetime) -> None:
    limits = settings.LIMITS
    counts = (
        (_tally_key("source", by.source), limits.registrations_per_source_an_hour, HOUR),
        (who, limits.registrations_per_ssn_a_day, DAY),
    )
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
