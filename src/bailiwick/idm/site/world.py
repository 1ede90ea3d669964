"""The people of the fictitious world, let in by the same actions that pages use (development runs only)."""

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from django.conf import settings
from django.db import transaction

from bailiwick.ground.rulings import By
from bailiwick.idm.access import actions as access
from bailiwick.idm.accounts.actions import note_first_sign_in, open_account
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.organizations import actions as organizations
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.organizations.queries import organization, record_with
from bailiwick.idm.proofing.actions import begin_attempt, consent, store_outcome
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.proofing import Verified
from bailiwick.idm.rules.sessions import EndReason, Stage
from bailiwick.idm.rules.signin import QUESTIONS
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.signin import queries as signin_queries
from bailiwick.idm.signin.actions import confirm_totp, encode_first, set_first_secrets, start_totp
from bailiwick.wire.provisioning import record_from_json

BY = By("command")
WORDS = ("lantern", "harbor", "meadow", "copper", "violet", "ginger", "marble", "cedar", "falcon", "willow")


@dataclass(frozen=True)
class Known:
    """What a person or script needs to sign in as one of them."""

    user_id: str
    password: str
    authenticator: str
    does: str


def take_records(world: dict[str, Any], enrolled: dict[str, str], *, now: datetime) -> None:
    """The enrollment records that SPOT has sent or is about to send; the same version again changes nothing (O-4)."""
    for key, document in world["organization"].items():
        record = record_from_json(
            {**document, "submitter_id": enrolled[key], "version": 1, "status": "active"}
        )
        if record_with(record.submitter_id) is None:
            organizations.put_record(
                application="spot",
                submitter_id=record.submitter_id,
                version=record.version,
                record=record,
                by=BY,
                now=now,
            )


def let_in(person: dict[str, Any], enrolled: dict[str, str], *, now: datetime) -> Known:
    """Open one person's account with an authenticator, proofed, with their role or request."""
    password = _password()
    encoded = encode_first(password=password, answer=secrets.token_hex(8))
    with transaction.atomic():
        account = open_account(
            user_id=person["user_id"], facts=_facts(person), by=BY, now=now, terms_version=""
        )
        set_first_secrets(account=account, encoded=encoded, question=QUESTIONS[0], now=now)
    note_first_sign_in(account=account, now=now)
    secret = _add_authenticator(account, now)
    _prove(account, now)
    if "grant" in person:
        wanted = person["grant"]
        access.grant_by_bootstrap(
            account=account,
            application=wanted["application"],
            role=wanted["role"],
            organization=_organization(wanted, enrolled, now),
            by=BY,
            now=now,
        )
    if "request" in person:
        _ask(account, person["request"], enrolled, now)
    return Known(person["user_id"], password, secret, person["does"])


def _password() -> str:
    words = "-".join(secrets.choice(WORDS) for _ in range(2))
    return f"{words.title()}-{secrets.randbelow(9000) + 1000}x{secrets.token_hex(2)}Q"


def _facts(person: dict[str, Any]) -> PersonalFacts:
    first, last = person["name"]
    address = Address(line_1="1 Fictitious Street", city="Orlando", state="FL", zip="32801")
    return PersonalFacts(
        first=first,
        middle="",
        last=last,
        suffix="",
        birth_date=person["birth_date"],
        ssn=person["ssn"],
        address=address,
        phone=person["phone"],
        email=person["email"],
    )


def _add_authenticator(account: Account, now: datetime) -> str:
    session, _cookie = sessions.begin(account=account, by=BY, now=now)
    sessions.complete(session=session, factor=FactorKind.EMAIL, stage=Stage.FULL, by=BY, now=now)
    session.refresh_from_db()
    row = start_totp(account=account, name="Demo authenticator", by=BY, now=now)
    secret = signin_queries.secret_of(row)
    # The number before the present one: who signs in at once must not find the present one used up.
    before = now - timedelta(seconds=settings.LIMITS.totp_step_seconds)
    confirm_totp(session=session, identifier=row.pk, code=pyotp.TOTP(secret).at(before), by=BY, now=now)
    sessions.end(session=session, why=EndReason.SIGNED_OUT, by=BY, now=now)
    return secret


def _prove(account: Account, now: datetime) -> None:
    case = consent(account=account, by=BY, now=now)
    attempt = begin_attempt(case=case, facts=personal_facts(account), by=BY, now=now)
    store_outcome(attempt=attempt, outcome=Verified(), by=BY, now=now)


def _record(wanted: dict[str, Any], enrolled: dict[str, str]) -> EnrollmentRecord | None:
    return record_with(enrolled[wanted["organization"]]) if "organization" in wanted else None


def _organization(wanted: dict[str, Any], enrolled: dict[str, str], now: datetime) -> Organization | None:
    record = _record(wanted, enrolled)
    return organizations.claim(record=record, by=BY, now=now) if record else None


def _ask(account: Account, wanted: dict[str, Any], enrolled: dict[str, str], now: datetime) -> None:
    record = _record(wanted, enrolled)
    access.submit_request(
        account=account,
        application=wanted["application"],
        role=wanted["role"],
        way=wanted["way"],
        organization=organization(record.submitter_id) if record else None,
        record=record,
        reason=wanted["reason"],
        once=uuid.uuid4(),
        by=BY,
        now=now,
    )


def write_people(path: Path, known: list[Known], world: dict[str, Any], enrolled: dict[str, str]) -> None:
    """Keep the people in a file for persons (`people.txt`) and one for scripts (`people.json`), for their owner alone."""
    lines = ["The fictitious people (user ID, password, authenticator secret in base32, what they do)", ""]
    lines += [f"  {one.user_id:<12} {one.password:<28} {one.authenticator}  {one.does}" for one in known]
    lines += ["", "Their number of the minute: oathtool --totp -b SECRET, or any authenticator app.", ""]
    lines += [
        "The desks of this world sign in with it, too; in production a desk needs a passkey. To try that here,"
    ]
    lines += ["start with IDM_DESK_FACTOR=passkey SPOT_DESK_FACTOR=passkey and add one under My Profile.", ""]
    lines += _walk(world["walk"]) + _shorter_walk(world["organization"]["heronlake"], enrolled["heronlake"])
    _write_private(path, "\n".join(lines) + "\n")
    people = {one.user_id: {"password": one.password, "authenticator": one.authenticator} for one in known}
    _write_private(
        path.with_suffix(".json"), json.dumps({"people": people, "submitter_ids": enrolled}, indent=1)
    )


def _walk(walk: dict[str, Any]) -> list[str]:
    """The facts to type from the form on; PTAN, NPI and TIN are those of the payer's sample file."""
    return [
        f"To walk the main job from the form, at SPOT under Forms: {walk['provider']}, {walk['says']}",
        *(f"  {who}: {', '.join(walk[who].values())}" for who in ("contact", "official", "approver")),
        f"  {walk['registers']}",
        "",
    ]


def _shorter_walk(free: dict[str, Any], submitter_id: str) -> list[str]:
    """From the registration on, with an organization that is enrolled and that nobody has created yet."""
    return [
        "To begin at the registration: Avery Quillfeather, born March 14, 1979, SSN 900-10-0001, 12 Larkspur Lane,",
        "Orlando FL 32801, phone 202-555-0101, e-mail avery@heronlake.example; the bureau verifies these facts.",
        f"Then create {free['legal_name']}: submitter ID {submitter_id}, TIN {free['tin']} (EIN).",
    ]


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
