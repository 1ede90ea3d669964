"""The only writer of accounts, people and social security numbers.

Slow digests are made before the transaction: on SQLite a write lock held for 30 ms is 30 ms in which nobody else writes.
"""

import json
from dataclasses import asdict, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts import queries
from bailiwick.idm.accounts.models import Account, HeldUserId, Person, SsnNumber
from bailiwick.idm.rules import accounts as rules
from bailiwick.idm.rules.accounts import (
    AccountState,
    PersonalFacts,
    Refusal,
    SsnState,
    email_key,
    may_correct,
    name_key,
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
    """The stretched digest of a normalized SSN, about 30 ms; b"" for none. Make it outside transactions."""
    return vault.stretched_digest(ssn) if ssn else b""


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
            Person.objects.create(account=account, **_person_columns(account, facts))
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


def correct_personal_facts(*, account: Account, facts: PersonalFacts, by: By, now: datetime) -> None:
    """The holder corrects their facts before the first proofing (A-7). Unchanged facts count as no correction.

    Refuses what the rules object to, FACTS_ARE_PROVEN, FACTS_CORRECTED_TOO_OFTEN, and FACTS_NEED_THE_DESK where A-4 finds
    somebody else.
    """
    today = timezone.localdate(now)
    for objection in rules.objections(facts, today, settings.LIMITS, development=settings.DEVELOPMENT):
        objection.raise_it()
    digest = ssn_digest(facts.ssn)
    if queries.holder_of(facts, ssn_digest=digest, but=account):
        raise Refused(Refusal.FACTS_NEED_THE_DESK)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        before = queries.personal_facts(account)
        facts = replace(facts, email=before.email)  # the mailbox changes by its own way
        if before == facts:
            return
        changed = sorted(name for name, value in asdict(facts).items() if asdict(before)[name] != value)
        if set(changed) & {"first", "middle", "last", "suffix", "birth_date", "ssn"}:
            _count_correction(account)
        Person.objects.filter(pk=account.pk).update(**_person_columns(account, facts))
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
    try:
        with transaction.atomic():
            if not claim.update(state=SsnState.VERIFIED, verified_at=now):
                return
            append(Deed.ACCOUNT_SSN_VERIFIED, by=by, now=now, subject=account.pk)
    except IntegrityError:
        with transaction.atomic():
            claim.update(state=SsnState.VOID)
            append(Deed.ACCOUNT_SSN_VOIDED, by=by, now=now, subject=account.pk)
            _tell(account, "ssn_void", key=f"ssn-void:{account.pk}:{now.isoformat()}", now=now)
        raise Refused(Refusal.SSN_TAKEN) from None


def change_business_contact(*, account: Account, values: dict[str, str], by: By, now: datetime) -> None:
    """Store the holder's business contact information (R-8). `values`: the seven BUSINESS_FIELDS."""
    _change(account, {name: values[name] for name in BUSINESS_FIELDS}, by=by, now=now)


def change_phone(*, account: Account, phone: str, text_capable: bool, by: By, now: datetime) -> None:
    """Store the holder's primary phone, ten digits (R-9)."""
    _change(account, {"phone": phone, "text_capable": text_capable}, by=by, now=now)


def accept_terms(*, account: Account, version: str, by: By, now: datetime) -> None:
    """Store that the terms of that version were accepted (R-6); again is nothing."""
    if account.terms_version == version:
        return
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(terms_version=version, terms_at=now)
        append(Deed.TERMS_ACCEPTED, by=by, now=now, subject=account.pk, about={"version": version})
    account.terms_version = version


def note_first_sign_in(*, account: Account, now: datetime) -> bool:
    """The first full sign-in proves the mailbox and keeps the account from being discarded (R-5). True the first time."""
    if account.first_signed_in_at:
        return False
    return bool(Account.objects.filter(pk=account.pk, first_signed_in_at=None).update(first_signed_in_at=now))


def discard_account(*, account: Account, by: By, now: datetime) -> bool:
    """Forget the person behind an account that nobody ever signed in to (R-5). False where it is not one of those."""
    old = now - settings.LIMITS.unproven_account_life
    never_used = Account.objects.filter(pk=account.pk, state=AccountState.ACTIVE, first_signed_in_at=None)
    with transaction.atomic():
        blank = dict.fromkeys(("email", "email_key", "phone", *BUSINESS_FIELDS), "")
        if not never_used.filter(created_at__lte=old).update(state=AccountState.DISCARDED, **blank):
            return False
        Person.objects.filter(pk=account.pk).delete()
        SsnNumber.objects.filter(account=account).delete()
        append(Deed.ACCOUNT_DISCARDED, by=by, now=now, subject=account.pk)
    return True


def _person_columns(account: Account, facts: PersonalFacts) -> dict[str, object]:
    row = str(account.pk)
    birth_date, address = facts.birth_date.isoformat(), json.dumps(asdict(facts.address))
    return {
        "first_name": facts.first,
        "middle_name": facts.middle,
        "last_name": facts.last,
        "suffix": facts.suffix,
        "name_key": name_key(facts.first, facts.last),
        "birth_date_sealed": vault.seal(birth_date, place=queries.BIRTH_DATE_PLACE, row=row),
        "birth_date_digest": queries.birth_date_digest(facts.birth_date),
        "ssn_sealed": vault.seal(facts.ssn, place=queries.SSN_PLACE, row=row) if facts.ssn else None,
        "home_address_sealed": vault.seal(address, place=queries.ADDRESS_PLACE, row=row),
        "is_us_address": facts.address.is_us,
        "zip": facts.address.zip,
    }


def _count_correction(account: Account) -> None:
    is_proven = SsnNumber.objects.filter(account=account, state=SsnState.VERIFIED).exists()
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
    notice(name, to=account.email, key=key, now=now, context=context, language=account.language)
