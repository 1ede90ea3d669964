"""People who can sign in, made by the product's own actions in a process of IDM: `python -m bench.seeding <count>`.

One password hash is shared by all, and the digests of their fictitious SSNs are drawn by lot (two slow hashes each would
only take time); every one is proofed, has an authenticator of their own and an end user's role. Prints them as JSON.
"""

import json
import secrets
import sys
from datetime import date, datetime, timedelta
from typing import Any

PASSWORD = "Copper-Lantern-4821xQ7Z"
BEFORE = timedelta(minutes=5)


def main(count: int) -> None:
    import django

    django.setup()
    from bailiwick.ground.program import clock
    from bailiwick.idm.signin.actions import encode_first

    # Some minutes back, so that no step of an authenticator is used up when the load begins.
    now = clock.now() - BEFORE
    encoded = encode_first(password=PASSWORD, answer="Maple Grove")
    place = _organization(now)
    print(json.dumps([_person(number, encoded, place, now) for number in range(count)]))


def _organization(now: datetime) -> Any:
    from bailiwick.ground.rulings import By
    from bailiwick.idm.organizations.actions import claim, put_record
    from bailiwick.idm.organizations.queries import record_with
    from bailiwick.wire.provisioning import record_from_json

    document = {
        "submitter_id": "BENCH001",
        "version": 1,
        "legal_name": "Measured Family Practice, LLC",
        "kind": "provider_office",
        "tin": "980000777",
        "tin_tag": "ein",
        "address": "1 Harbor Road",
        "phone": "2025550100",
        "city": "Orlando",
        "state": "FL",
        "zip": "32801",
        "status": "active",
        "approver": {"name": "Robin Named", "email": "named@practice.example"},
        "backup": None,
    }
    put_record(
        application="spot",
        submitter_id="BENCH001",
        version=1,
        record=record_from_json(document),
        by=By("command"),
        now=now,
    )
    return claim(record=record_with("BENCH001"), by=By("command"), now=now)


def _person(number: int, encoded: tuple[str, str], place: Any, now: datetime) -> dict[str, str]:
    from django.db import transaction

    from bailiwick.ground.rulings import By
    from bailiwick.idm.access.actions import grant_by_bootstrap
    from bailiwick.idm.accounts.actions import note_first_sign_in, open_account
    from bailiwick.idm.accounts.queries import terms_in_force
    from bailiwick.idm.rules.signin import QUESTIONS
    from bailiwick.idm.signin.actions import open_path, set_first_secrets

    by, user_id = By("command"), f"measured.{number}"
    with transaction.atomic():
        version = terms_in_force().version
        account = open_account(
            user_id=user_id,
            facts=_facts(number),
            by=by,
            now=now,
            digest=secrets.token_bytes(32),
            terms_version=version,
        )
        set_first_secrets(account=account, encoded=encoded, question=QUESTIONS[0], now=now)
        secret = _authenticator(account, now)
        note_first_sign_in(account=account, now=now)
    # As after any earlier sign-in: the counter of failures is there, and stands at none.
    open_path(account=account, by=by, now=now)
    _prove(account, now)
    grant_by_bootstrap(
        account=account, application="spot", role="end-user", organization=place, by=by, now=now
    )
    return {"user_id": user_id, "password": PASSWORD, "authenticator": secret}


def _authenticator(account: Any, now: datetime) -> str:
    import pyotp

    from bailiwick.ground.rulings import By
    from bailiwick.idm.rules.factors import FactorKind
    from bailiwick.idm.rules.sessions import EndReason, Stage
    from bailiwick.idm.sessions import actions as sessions
    from bailiwick.idm.signin.actions import confirm_totp, start_totp
    from bailiwick.idm.signin.queries import secret_of

    by = By("command")
    session, _ = sessions.begin(account=account, by=by, now=now)
    sessions.complete(session=session, factor=FactorKind.EMAIL, stage=Stage.FULL, by=by, now=now)
    row = start_totp(account=account, name="Bench", by=by, now=now)
    secret = secret_of(row)
    confirm_totp(session=session, identifier=row.pk, code=pyotp.TOTP(secret).at(now), by=by, now=now)
    sessions.end(session=session, why=EndReason.SIGNED_OUT, by=by, now=now)
    return secret


def _prove(account: Any, now: datetime) -> None:
    from bailiwick.ground.rulings import By
    from bailiwick.idm.accounts.queries import personal_facts
    from bailiwick.idm.proofing.actions import begin_attempt, consent, store_outcome
    from bailiwick.idm.rules.proofing import Verified

    by = By("command")
    case = consent(account=account, by=by, now=now)
    attempt = begin_attempt(case=case, facts=personal_facts(account), by=by, now=now)
    store_outcome(attempt=attempt, outcome=Verified(), by=by, now=now)


def _facts(number: int) -> Any:
    from bailiwick.idm.rules.accounts import Address, PersonalFacts

    return PersonalFacts(
        first="Robin",
        middle="",
        last="Measured",
        suffix="",
        birth_date=date(1970, 1, 1) + timedelta(days=number),
        ssn=f"90055{number:04}",
        address=Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801"),
        phone="2025550101",
        email=f"measured{number}@practice.example",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
