"""Every factor for people who have an authenticator already: `python -m bench.enrolling <people.json>`, a process of IDM.

Phones are rows of their own, as after a code was shown; recovery codes and passkeys are made by the product's actions.
Prints the people again, each with `sms`, `voice`, `recovery` and `passkey`.
"""

import base64
import json
import sys
from datetime import datetime, timedelta
from typing import Any

BEFORE = timedelta(minutes=5)


def main(people: str) -> None:
    import django

    django.setup()
    from bailiwick.ground.program import clock

    now = clock.now() - BEFORE
    told = [_enrolled(number, person, now) for number, person in enumerate(json.loads(people))]
    print(json.dumps(told))


def _enrolled(number: int, person: dict[str, str], now: datetime) -> dict[str, Any]:
    from bailiwick.idm.accounts.queries import account_by_user_id
    from bailiwick.idm.signin.models import PhoneFactor

    account = account_by_user_id(person["user_id"])
    phones = {"sms": f"202666{number:04}", "voice": f"202667{number:04}"}
    for way, digits in phones.items():
        PhoneFactor.objects.create(
            account=account, way=way, name="Bench", number=digits, added_at=now, confirmed_at=now
        )
    return {**person, **phones, "recovery": _codes(account, now)[0], "passkey": _passkey(account, now)}


def _codes(account: Any, now: datetime) -> list[str]:
    from bailiwick.ground.rulings import By
    from bailiwick.idm.signin.actions import confirm_recovery_codes, start_recovery_codes
    from bailiwick.idm.signin.queries import codes_of

    by = By("command")
    sheet = start_recovery_codes(account=account, by=by, now=now)
    codes = codes_of(sheet)
    confirm_recovery_codes(account=account, identifier=sheet.pk, code=codes[-1], by=by, now=now)
    return codes


def _passkey(account: Any, now: datetime) -> dict[str, str]:
    """A key in software that works at this site's address, as a text that another process reads."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from django.conf import settings

    from bailiwick.ground.rulings import By
    from bailiwick.idm.rules.sessions import EndReason, Factor, Stage
    from bailiwick.idm.sessions import actions as sessions
    from bailiwick.idm.signin import actions
    from tests.idm.build_webauthn import SoftwareKey

    by = By("command")
    session, _ = sessions.begin(account=account, by=by, now=now)
    sessions.complete(session=session, factor=Factor.TOTP, stage=Stage.FULL, by=by, now=now)
    key = SoftwareKey(origin=settings.BASE_URL)
    answer = key.create(actions.ask_to_add(session=session, now=now))
    actions.add_passkey(session=session, name="Bench", answer=answer, by=by, now=now)
    sessions.end(session=session, why=EndReason.SIGNED_OUT, by=by, now=now)
    private = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "private": private.decode(),
        "credential": base64.b64encode(key.credential_id).decode(),
        "owner": base64.b64encode(key.owner).decode(),
        "count": str(key.count),
    }


if __name__ == "__main__":
    main(sys.argv[1])
