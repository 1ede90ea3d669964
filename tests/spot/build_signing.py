"""Builders: mails about a signature, codes, and an official who signs."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from django.db import connection

from bailiwick.ground.ledger import By
from bailiwick.ground.outbox import sealing
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions.signing import send_signing_code, sign
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.payers.port import Outcome
from bailiwick.spot.payers.queries import find

OFFICIAL = By("visitor", "203.0.113.7")
CODE = re.compile(r"\b[0-9]{6}\b")
TOKEN = re.compile(r"/sign/([A-Za-z0-9_-]{43})/")


def mails(*, to: str = "", kind: str = "") -> list[Message]:
    """The mails to that mailbox, of that kind, oldest first."""
    chosen = Message.objects.filter(channel="email").order_by("pk")
    if to:
        chosen = chosen.filter(to=to)
    return list(chosen.filter(kind=kind) if kind else chosen)


def text_of(message: Message) -> str:
    return str(json.loads(sealing.unseal(message.body, key=message.key))["text"])


def code_in(message: Message) -> str:
    return CODE.search(text_of(message))[0]


def newest_token() -> str:
    """The token of the newest link that was mailed."""
    texts = [text_of(message) for message in mails(kind="form-signature-invitation")]
    return TOKEN.findall(texts[-1])[-1]


def code_for(token: str, *, now: datetime | None = None) -> str:
    """Ask for a code with that link, and read it in the mailbox that it went to."""
    invitation = send_signing_code(invitation_token=token, by=OFFICIAL, now=now or clock.now())
    return code_in(mails(to=invitation.to, kind="form-signing-code")[-1])


def on_file(case: Case) -> Outcome:
    """What the payer says of the form as it is."""
    answers = queries.answers_of(case)
    numbers = {part: answers.get(f"group_{part}", "") for part in ("ptan", "npi")}
    return find(**numbers, tin=answers["tin"])


def attested(case: Case, **changes: Any) -> dict[str, Any]:
    """What an official who reads the form as it is says of themselves and of it."""
    answers = queries.answers_of(case)
    return {
        "seen_digest": queries.version_of(case).digest,
        "typed_name": answers["official_name"],
        "title_attested": True,
        "authority_attested": answers["official_standing"],
        "read_in": "en",
        "on_file": on_file(case),
        **changes,
    }


def sign_now(token: str, case: Case, *, now: datetime | None = None, **changes: Any) -> Signature:
    """Sign as an honest official would, but for what is changed; a code is asked for unless one is given."""
    case.refresh_from_db()
    now = now or clock.now()
    code = changes.pop("code", None) or code_for(token, now=now)
    return sign(invitation_token=token, code=code, by=OFFICIAL, now=now, **attested(case, **changes))


def refusal_of(act, *arguments: Any, **named: Any) -> str:
    """The code with which the act was refused; "" where it was not."""
    try:
        act(*arguments, **named)
    except Refused as refused:
        return str(refused.code)
    return ""


def at_once(*acts: Any) -> list[Any]:
    """Do all at the same moment, each on a connection of its own; a refusal is a result, by its code."""
    barrier = Barrier(len(acts))

    def act(one: Any) -> Any:
        try:
            barrier.wait()
            return one()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
