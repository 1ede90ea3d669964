"""The end of a registration: the account is opened, or A-4 stops it, and nobody can tell which.

Whoever submits waits for the same statements, hashes and mails in both cases: what one of them has no use for is
written all the same, and undone or dropped in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import account_by_user_id, evidence, holder_of
from bailiwick.idm.rules.accounts import PersonalFacts, email_key
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.signin import actions as signin


@dataclass(frozen=True)
class Registration:
    """Everything the three steps asked for. Without a security question (policy) both its fields are ""."""

    facts: PersonalFacts
    text_capable: bool
    terms_version: str
    user_id: str
    password: str
    question: str
    answer: str
    language: str = "en"


def open_or_stop(
    registration: Registration,
    encoded: tuple[str, str],
    digest: bytes,
    *,
    is_taken: bool,
    by: By,
    now: datetime,
) -> None:
    """Call inside the transaction of Submit. `is_taken`: the user ID is a mailbox that somebody uses as theirs."""
    namesake = account_by_user_id(registration.user_id)
    holder = holder_of(registration.facts, ssn_digest=digest) or namesake
    is_known = holder is not None or is_taken
    account = _open(registration, encoded, digest, is_known=is_known, by=by, now=now)
    accounts.hold_user_id(user_id=registration.user_id, now=now)
    if account is None:
        subject = holder.pk if holder else ""
        append(Deed.ACCOUNT_REGISTRATION_STOPPED, by=by, now=now, subject=subject, outcome="refused")
        _tell_stopped(registration, holder, now=now)
    else:
        about = evidence(registration.terms_version, registration.language)
        append(Deed.TERMS_ACCEPTED, by=by, now=now, subject=account.pk, about=about)
        _tell_opened(registration, account, now=now)


def _open(
    registration: Registration,
    encoded: tuple[str, str],
    digest: bytes,
    *,
    is_known: bool,
    by: By,
    now: datetime,
) -> Account | None:
    """Write the account; where the person is known, take it all back: it takes as long, and leaves nothing (A-4)."""
    before = transaction.savepoint()
    account = accounts.open_account(
        # What is taken back must not stumble over the user ID that the person has.
        user_id=str(uuid4()) if is_known else registration.user_id,
        facts=registration.facts,
        digest=digest,
        text_capable=registration.text_capable,
        terms_version=registration.terms_version,
        language=registration.language,
        by=by,
        now=now,
    )
    signin.set_first_secrets(account=account, encoded=encoded, question=registration.question, now=now)
    if is_known:
        transaction.savepoint_rollback(before)
        return None
    transaction.savepoint_commit(before)
    return account


def _tell_opened(registration: Registration, account: Account, *, now: datetime) -> None:
    """One mail, asked for twice: a stopped registration writes two, and the second of the same key is none."""
    context = {
        "name": registration.facts.first,
        "user_id": account.user_id,
        "days": settings.LIMITS.unproven_account_life.days,
    }
    for _ in range(2):
        notice(
            "registered",
            to=account.email,
            key=f"registered:{account.pk}",
            now=now,
            context=context,
            language=account.language,
        )


def _tell_stopped(registration: Registration, holder: Account | None, *, now: datetime) -> None:
    """Neutral mail to the typed mailbox, help to the holder; each at most once a day (A-4)."""
    mailbox, day = registration.facts.email, now.date().isoformat()
    digest = vault.digest(email_key(mailbox), purpose="mailbox").hex()
    neutral = {
        "to": mailbox,
        "key": f"registration-neutral:{digest}:{day}",
        "language": registration.language,
    }
    notice("registration_neutral", now=now, **neutral)
    if holder is None or not holder.email:
        notice("registration_neutral", now=now, **neutral)
        return
    notice(
        "registration_of_holder",
        to=holder.email,
        key=f"registration-of-holder:{holder.pk}:{day}",
        now=now,
        context={"user_id": holder.user_id},
        language=holder.language,
    )
