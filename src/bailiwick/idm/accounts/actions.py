"""The only writer of accounts, people and social security numbers.

Slow digests are made before the transaction: on SQLite a write lock held for 30 ms is 30 ms in which nobody else writes.
"""

from dataclasses import asdict, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts import queries
from bailiwick.idm.accounts.columns import keep_former_name, person_columns
from bailiwick.idm.accounts.correcting import (
    lock_number,
    replace_facts,  # noqa: F401 - offered here, where others look for verbs
    tell_void,
    void_rivals,
)
from bailiwick.idm.accounts.merging import point_at, separate  # noqa: F401 - the same
from bailiwick.idm.accounts.models import Account, FormerName, HeldUserId, Person, SsnNumber
from bailiwick.idm.accounts.numbers import forget_unclaimed, known_identity
from bailiwick.idm.accounts.stopping import (  # noqa: F401 - the same
    archive,
    freeze,
    suspend,
    unarchive,
    unfreeze,
    unsuspend,
)
from bailiwick.idm.accounts.terms import BINDING, evidence
from bailiwick.idm.rules import accounts as rules
from bailiwick.idm.rules.accounts import (
    AccountState,
    PersonalFacts,
    Refusal,
    SsnState,
    email_key,
    may_correct,
)
from bailiwick.idm.rules.deeds import Deed

BUSINESS_FIELDS = (
    "business_employer",
    "business_title",
    "business_address",
    "business_phone",
    "business_extension",
    "business_fax",
    "business_email",
)


def ssn_digest(ssn: str) -> bytes:
    """What a normalized SSN is known by, 32 bytes; b"" for none. About 30 ms: make it outside transactions (A-2)."""
    return known_identity(ssn)


def forget_unclaimed_numbers(*, now: datetime) -> int:
    """Forget the numbers that stopped registrations left, and that no account claims (A-2): how many."""
    return forget_unclaimed(before=now - settings.LIMITS.unclaimed_number)


def open_account(
    *,
    user_id: str,
    facts: PersonalFacts,
    by: By,
    now: datetime,
    digest: bytes | None = None,
    text_capable: bool = False,
    terms_version: str = "",
    language: str = "en",
) -> Account:
    """Open the account of a new person, with the SSN as a claim (A-2). `digest`: of the SSN, where the caller has it.

    Gives no access (R-4). Refuses USER_ID_TAKEN; whether the person has an account already (A-4) the caller asked.
    """
    digest = ssn_digest(facts.ssn) if digest is None else digest
    try:
        with transaction.atomic():
            account = Account.objects.create(
                user_id=user_id,
                user_id_key=queries.user_id_key(user_id),
                email=facts.email,
                email_key=email_key(facts.email),
                phone=facts.phone,
                text_capable=text_capable,
                language=language,
                created_at=now,
                terms_version=terms_version,
                terms_at=now if terms_version else None,
            )
            Person.objects.create(account=account, **person_columns(account, facts, now=now))
            if digest:
                SsnNumber.objects.create(account=account, digest=digest, claimed_at=now)
            append(Deed.ACCOUNT_OPENED, by=by, now=now, subject=account.pk, about={"terms": terms_version})
    except IntegrityError as error:
        raise Refused(Refusal.USER_ID_TAKEN) from error
    return account


def hold_user_id(*, user_id: str, now: datetime) -> None:
    """Keep the user ID of a stopped registration from others for a while (A-4)."""
    HeldUserId.objects.update_or_create(
        user_id_key=queries.user_id_key(user_id), defaults={"held_until": now + settings.LIMITS.held_user_id}
    )


def release_held_user_ids(*, now: datetime) -> None:
    """Forget holds that are over (A-4). What an account has stays taken for ever."""
    HeldUserId.objects.filter(held_until__lte=now).delete()


def correct_personal_facts(*, account: Account, facts: PersonalFacts, by: By, now: datetime) -> None:
    """The holder corrects their facts before the first proofing (A-7). Unchanged facts count as no correction.

    Refuses what the rules object to, FACTS_ARE_PROVEN, FACTS_CORRECTED_TOO_OFTEN. Whether the facts are somebody else's is
    not told: the number is a claim like any other (A-5), void once it is proofed, or a case for the desk (A-4, AR02).
    """
    today = timezone.localdate(now)
    for objection in rules.objections(facts, today, settings.LIMITS, development=settings.DEVELOPMENT):
        objection.raise_it()
    digest = ssn_digest(facts.ssn)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        before = queries.personal_facts(account)
        facts = replace(facts, email=before.email)  # the mailbox changes by its own way
        if before == facts:
            return
        changed = sorted(name for name, value in asdict(facts).items() if asdict(before)[name] != value)
        if set(changed) & {"first", "middle", "last", "suffix", "birth_date", "ssn"}:
            _count_correction(account)
        keep_former_name(account, before, facts, now=now)
        Person.objects.filter(pk=account.pk).update(**person_columns(account, facts, now=now))
        Account.objects.filter(pk=account.pk).update(phone=facts.phone)
        if "ssn" in changed:
            _replace_claim(account, digest, now)
        append(Deed.ACCOUNT_FACTS_CORRECTED, by=by, now=now, subject=account.pk, about={"changed": changed})
        _tell(account, "facts_corrected", key=f"facts:{account.pk}:{now.isoformat()}", now=now)
    account.phone = facts.phone


def verify_ssn(*, account: Account, by: By, now: datetime) -> None:
    """The claimed number was proofed: it is this account's for life (A-2).

    Refuses SSN_TAKEN where it is somebody's already (A-5); the claim is then void, which is written and told: a caller
    with a transaction of its own catches the refusal inside it, so that this stays.
    """
    claim = SsnNumber.objects.filter(account=account, state=SsnState.CLAIM)
    digest = claim.values_list("digest", flat=True).first()
    if digest is None:
        _refuse_voided(account)
        return
    try:
        with transaction.atomic():
            lock_number(digest)
            if not claim.update(state=SsnState.VERIFIED, verified_at=now):
                _refuse_voided(account)
                return
            append(Deed.ACCOUNT_SSN_VERIFIED, by=by, now=now, subject=account.pk)
            void_rivals(digest, account=account, by=by, now=now)
    except IntegrityError:
        with transaction.atomic():
            claim.update(state=SsnState.VOID)
            append(Deed.ACCOUNT_SSN_VOIDED, by=by, now=now, subject=account.pk)
            tell_void(account, now=now)
        raise Refused(Refusal.SSN_TAKEN) from None


def _refuse_voided(account: Account) -> None:
    """Somebody was faster, and this claim is void since: who waited learns the same as who came later."""
    latest = SsnNumber.objects.filter(account=account).order_by("-pk").first()
    if latest is not None and latest.state == SsnState.VOID:
        raise Refused(Refusal.SSN_TAKEN)


def change_business_contact(*, account: Account, values: dict[str, str], by: By, now: datetime) -> None:
    """Store the holder's business contact information (R-8). `values`: the seven BUSINESS_FIELDS."""
    _change(account, {name: values[name] for name in BUSINESS_FIELDS}, by=by, now=now)


def await_reset(*, account: Account, due_at: datetime | None, now: datetime) -> None:
    """Note from when a factor reset holds, or that none waits any more (P-9). Its caller has the ledger and the notices."""
    del now  # what depends on the time is computed by who reads it
    Account.objects.filter(pk=account.pk).update(reset_due_at=due_at)
    account.reset_due_at = due_at


def replace_email(*, account: Account, email: str, by: By, now: datetime) -> None:
    """The mailbox that a finished desk change leads to (H-2, P-9): announced and waited for by its caller."""
    Account.objects.filter(pk=account.pk).update(email=email, email_key=email_key(email))
    account.email, account.email_key = email, email_key(email)
    append(Deed.EMAIL_CHANGED, by=by, now=now, subject=account.pk, about={"by": "desk"})


def accept_terms(
    *, account: Account, version: str, by: By, now: datetime, was_shown: bool = False, language: str = BINDING
) -> None:
    """Store that the terms of that version were accepted (R-6); again is nothing.

    The tick of the sign-in page is enough only for who never accepted any: a new version has a page of its own
    (`was_shown`), which asks after the second step. `language`: the page's.
    """
    if account.terms_version == version or (account.terms_version and not was_shown):
        return
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(terms_version=version, terms_at=now)
        append(Deed.TERMS_ACCEPTED, by=by, now=now, subject=account.pk, about=evidence(version, language))
    account.terms_version = version


def note_first_sign_in(*, account: Account, now: datetime) -> bool:
    """The first full sign-in proves the mailbox and keeps the account from being discarded (R-5). True the first time.

    Later ones are noted once a day, which is all that P-5 asks: whole days.
    """
    last = account.last_signed_in_at
    if last and account.first_signed_in_at and timezone.localdate(last) >= timezone.localdate(now):
        return False
    row = Account.objects.filter(pk=account.pk)
    is_first = account.first_signed_in_at is None and bool(
        row.filter(first_signed_in_at=None).update(first_signed_in_at=now, last_signed_in_at=now)
    )
    if not is_first:
        row.update(last_signed_in_at=now)
    account.last_signed_in_at = now
    return is_first


def discard_account(*, account: Account, by: By, now: datetime) -> bool:
    """Forget the person behind an account that nobody ever signed in to (R-5). False where it is not one of those."""
    never_used = queries.unproven_too_long(now=now).filter(pk=account.pk)
    with transaction.atomic():
        blank = dict.fromkeys(("email", "email_key", "phone", *BUSINESS_FIELDS), "")
        if not never_used.update(state=AccountState.DISCARDED, **blank):
            return False
        Person.objects.filter(pk=account.pk).delete()
        FormerName.objects.filter(account=account).delete()
        SsnNumber.objects.filter(account=account).delete()
        append(Deed.ACCOUNT_DISCARDED, by=by, now=now, subject=account.pk)
    return True


def _count_correction(account: Account) -> None:
    is_proven = queries.was_ever_verified(account)
    corrections = Person.objects.values_list("corrections", flat=True).get(pk=account.pk)
    ruling = may_correct(is_proven=is_proven, corrections=corrections, limits=settings.LIMITS)
    if not ruling:
        ruling.raise_it()
    Person.objects.filter(pk=account.pk).update(corrections=F("corrections") + 1)


def _replace_claim(account: Account, digest: bytes, now: datetime) -> None:
    SsnNumber.objects.filter(account=account, state=SsnState.CLAIM).update(state=SsnState.VOID)
    if digest:
        SsnNumber.objects.create(account=account, digest=digest, claimed_at=now)


def _change(account: Account, values: dict[str, object], *, by: By, now: datetime) -> None:
    changed = sorted(name for name, value in values.items() if getattr(account, name) != value)
    if not changed:
        return
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(**values)
        append(Deed.ACCOUNT_PROFILE_CHANGED, by=by, now=now, subject=account.pk, about={"changed": changed})
        _tell(account, "profile_changed", key=f"profile:{account.pk}:{now.isoformat()}", now=now)
    for name, value in values.items():
        setattr(account, name, value)


def _tell(account: Account, name: str, *, key: str, now: datetime) -> None:
    context = {"name": queries.full_name(account)}
    told = {"language": account.language, "inbox": str(account.pk)}
    notice(name, to=account.email, key=key, now=now, context=context, **told)
