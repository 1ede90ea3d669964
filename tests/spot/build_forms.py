"""Builders: cases in each state, and what was mailed about them. Providers are of the sample payer file."""

import json
import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.checks import check_pair, check_payer
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, kind_of
from bailiwick.spot.rules.schema import shown
from tests.spot.build_signing import sign_now

VISITOR = By("visitor", "192.0.2.10")
KIND = "new-provider-office"
CONTACT = "carla.contact@pelicancove.example"

# Pelican Cove Dermatology of the sample payer file; its official Nora Castellan is on file with this mailbox.
ANSWERS = {
    "state_or_territory": "FL",
    "line_of_business": "B",
    "group_name": "Pelican Cove Dermatology",
    "group_ptan": "PC2041",
    "group_npi": "1900410006",
    "tin": "900450101",
    "tin_tag": "ein",
    "contact_name": "Carla Contact",
    "contact_phone": "2025550180",
    "contact_email": CONTACT,
    "address_line_1": "31 Pelican Cove Way",
    "city": "Sarasota",
    "address_state": "FL",
    "zip": "34231",
    "request_type": "new",
    "approver_name": "Ada Approver",
    "approver_email": "ada.approver@pelicancove.example",
    "approver_phone": "2025550181",
    "has_backup": "yes",
    "backup_name": "Ben Backup",
    "backup_email": "ben.backup@pelicancove.example",
    "backup_phone": "2025550182",
    "claims_sender": "provider",
    "claims_837": "yes",
    "pc_ace": "no",
    "era": "keep",
    "has_list": "no",
    "official_name": "Nora Castellan",
    "official_title": "Owner",
    "official_email": "nora.castellan@pelicancove.example",
    "official_standing": "authorized",
}


def mailed(to: str, kind: str = "") -> list[dict[str, Any]]:
    """What lies in the outbox for a mailbox, the oldest first: {kind, subject, text, html}."""
    rows = Message.objects.filter(to=to, channel="email").order_by("pk")
    return [
        {"kind": row.kind, "subject": row.subject, **unseal_body(row)}
        for row in rows
        if not kind or row.kind == kind
    ]


def unseal_body(row: Message) -> dict[str, str]:
    return json.loads(unseal(bytes(row.body), key=row.key))


def code_mailed(to: str) -> str:
    """The six digits of the newest mail with a code."""
    texts = [mail["text"] for mail in mailed(to)]
    return [found[1] for text in texts if (found := re.search(r"code: +(\d{6})\b", text))][-1]


def token_mailed(to: str) -> str:
    """The token of the newest link to sign."""
    texts = [mail["text"] for mail in mailed(to)]
    return [found[1] for text in texts if (found := re.search(r"/sign/([\w-]+)/", text))][-1]


def started_case(*, email: str = CONTACT, now: datetime | None = None, **changes: Any) -> Case:
    """A case just started: its contact has not answered yet."""
    asked = {"kind": KIND, "contact_name": "Carla Contact", "once": uuid4(), "by": VISITOR, **changes}
    return actions.start_case(contact_email=email, now=now or clock.now(), **asked)


def draft_case(*, email: str = CONTACT, now: datetime | None = None, **changes: Any) -> Case:
    """A draft whose contact has answered from their mailbox."""
    now = now or clock.now()
    case = started_case(email=email, now=now, **changes)
    return opened(case, now=now)[0]


def opened(case: Case, *, now: datetime | None = None) -> tuple[Case, str]:
    """The case, opened with the newest code, and the key of its session."""
    code = code_mailed(case.contact_email)
    return actions.open_with_code(tracking=case.tracking, code=code, by=VISITOR, now=now or clock.now())


def answered(case: Case, answers: dict[str, str], *, now: datetime | None = None) -> Case:
    """Save answers, block by block, as somebody who goes through the steps."""
    found, now = kind_of(case), now or clock.now()
    for block in found.blocks:
        part = {one.code: answers[one.code] for one in block.fields if one.code in answers}
        if part:
            revision = Case.objects.get(pk=case.pk).revision
            case = actions.save_answers(
                case=case, block=block.code, answers=part, expected_revision=revision, by=VISITOR, now=now
            )
    return case


def filled_case(*, now: datetime | None = None, is_checked: bool = True, **answers: str) -> Case:
    """A complete draft, looked up in the payer file; `answers` differ from ANSWERS ("" leaves one out)."""
    now = now or clock.now()
    wanted = {**ANSWERS, **answers}
    case = draft_case(email=wanted["contact_email"], now=now)
    asked = {one.code for one in shown(kind_of(case), wanted)}
    case = answered(case, {code: answer for code, answer in wanted.items() if code in asked}, now=now)
    if is_checked:
        for check in (check_payer, check_pair):
            with suppress(Refused):
                check(case=case, by=VISITOR, now=now)
    return Case.objects.get(pk=case.pk)


def awaiting_case(*, now: datetime | None = None, **answers: str) -> tuple[Case, str]:
    """A case that waits for its signature, and the token of the official's link."""
    now = now or clock.now()
    case = filled_case(now=now, **answers)
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=now)
    case.refresh_from_db()
    return case, token_mailed(answers_of(case)["official_email"])


def signed_case(*, now: datetime | None = None, **answers: str) -> Case:
    """A case that its official has signed: submitted."""
    now = now or clock.now()
    case, token = awaiting_case(now=now, **answers)
    sign_now(token, case, now=now)
    case.refresh_from_db()
    return case


def later(**span: float) -> datetime:
    return clock.now() + timedelta(**span)
