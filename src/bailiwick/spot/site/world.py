"""The forms of the fictitious world, one in each state, made by the same actions that pages use (development runs only).

Codes and links are read from the mail, as the people who get them would. Every form is made once: a second start of the
world finds it by its key and leaves it alone.
"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.rulings import By
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.actions.signing import send_signing_code, sign
from bailiwick.spot.forms.checks import check_pair, check_payer
from bailiwick.spot.forms.kind_words import BINDING
from bailiwick.spot.forms.models import Case
from bailiwick.spot.payers.embedded import SAMPLE, providers_in, third_parties_in
from bailiwick.spot.payers.port import Match, Provider
from bailiwick.spot.rules.deciding import Desk
from bailiwick.spot.rules.forms import State
from bailiwick.spot.rules.schema import settled
from bailiwick.spot.signin.models import Person
from bailiwick.spot.site.world_answers import NEW_OFFICE, answers_for, row_for
from bailiwick.wire.claims import ACR_PHISHING_RESISTANT

# Addresses of documentation: nobody has them.
VISITOR, OFFICIAL = By("visitor", "192.0.2.10"), By("visitor", "192.0.2.20")
CODE, LINK = re.compile(r"\b(\d{6})\b"), re.compile(r"/sign/([\w-]{43})/")
A_STEP = timedelta(minutes=20)


@dataclass(frozen=True)
class Form:
    """One entry of the world: its words, the provider behind it, and when it was begun."""

    entry: dict[str, Any]
    provider: Provider
    begun_at: datetime
    enrolled: dict[str, str]

    @property
    def kind(self) -> str:
        return str(self.entry.get("kind", NEW_OFFICE))

    @property
    def once(self) -> uuid.UUID:
        words = [self.entry["provider"], *([self.kind] if self.kind != NEW_OFFICE else [])]
        return uuid.uuid5(uuid.NAMESPACE_URL, f"fictitious-form:{':'.join(words)}")

    def answers(self) -> dict[str, str]:
        return answers_for(self.kind, self.entry, self.provider, submitter_ids=self.enrolled)

    def at(self, step: int) -> datetime:
        """When its people got to that step."""
        return self.begun_at + step * A_STEP


def take_forms(world: dict[str, Any], *, enrolled: dict[str, str], now: datetime) -> dict[str, str]:
    """Bring every form to its state; the submitter IDs of all organizations, by key: to those `enrolled` come the forms'."""
    desk, enrolled = _colleague(world["colleague"], now=now), dict(enrolled)
    for entry in world["form"]:
        begun_at = now - timedelta(days=entry["days_ago"])
        form = Form(entry, _on_file(entry["provider"]), begun_at, enrolled)
        case = Case.objects.filter(once=form.once).first() or _made(form, desk)
        if "organization" in entry and case.record is not None:
            enrolled[entry["organization"]] = case.record.submitter_id
    return enrolled


def _on_file(legal_name: str) -> Provider:
    known = (*providers_in(SAMPLE), *third_parties_in(SAMPLE))
    return next(one for one in known if one.legal_name == legal_name)


def _colleague(entry: dict[str, str], *, now: datetime) -> Desk:
    """Whoever decided before this world began; IDM knows nobody by this `sub`."""
    sub = str(uuid.uuid5(uuid.NAMESPACE_URL, f"fictitious-person:{entry['user_id']}"))
    named = {
        "user_id": entry["user_id"],
        "name": entry["name"],
        "first_seen_at": now,
        "last_signed_in_at": now,
    }
    person, _ = Person.objects.get_or_create(issuer=settings.ENVIRONMENT.idm_url, sub=sub, defaults=named)
    return Desk(
        key=str(person.pk),
        name=person.name,
        email=entry["email"],
        is_of_desk=True,
        acr=ACR_PHISHING_RESISTANT,
    )


def _made(form: Form, desk: Desk) -> Case:
    case = _draft(form)
    wanted = State(form.entry["state"])
    for state, act in _STEPS.items():
        if case.state == wanted:
            break
        if state in _WAYS[wanted]:
            case = act(form, case, desk)
    return case


def _draft(form: Form) -> Case:
    """Started, opened with the mailed code, answered; a draft's author stopped before the last steps."""
    contact = form.entry["contact"]
    case = actions.start_case(
        kind=form.kind,
        contact_name=contact["name"],
        contact_email=contact["email"],
        once=form.once,
        by=VISITOR,
        now=form.at(0),
    )
    case, _key = actions.open_with_code(
        tracking=case.tracking, code=_mailed(contact["email"], CODE), by=VISITOR, now=form.at(1)
    )
    kind = queries.kind_of(case)
    answers = settled(kind, form.answers())
    blocks = kind.blocks[:-3] if form.entry["state"] == State.DRAFT else kind.blocks
    for block in blocks:
        part = {field.code: answers[field.code] for field in block.fields if field.code in answers}
        case = actions.save_answers(
            case=case,
            block=block.code,
            answers=part,
            expected_revision=case.revision,
            by=VISITOR,
            now=form.at(2),
        )
    if rows := form.entry.get("rows"):
        case = actions.save_rows(
            case=case,
            block="list",
            added=[row_for(_on_file(row["provider"]), row) for row in rows],
            expected_revision=case.revision,
            by=VISITOR,
            now=form.at(2),
        )
    _ask_files(case, now=form.at(2))
    return case


def _ask_files(case: Case, *, now: datetime) -> None:
    """As the pages do: what is asked of a file, asked once it is there."""
    answers = queries.answers_of(case)
    if "group_ptan" in answers:
        check_payer(case=case, by=VISITOR, now=now)
    if "submitter_id" in answers:
        check_pair(case=case, by=VISITOR, now=now)


def _ask(form: Form, case: Case, _desk: Desk) -> Case:
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=form.at(3))
    return Case.objects.get(pk=case.pk)


def _sign(form: Form, case: Case, _desk: Desk) -> Case:
    answers = queries.answers_of(case)
    mailbox = answers["official_email"]
    token, now = _mailed(mailbox, LINK), form.at(4)
    send_signing_code(invitation_token=token, by=OFFICIAL, now=now)
    sign(
        invitation_token=token,
        seen_digest=queries.version_of(case).digest,
        typed_name=answers["official_name"],
        title_attested=True,
        authority_attested=answers["official_standing"],
        code=_mailed(mailbox, CODE),
        read_in=BINDING,
        on_file=Match(form.provider),
        by=OFFICIAL,
        now=now,
    )
    return Case.objects.get(pk=case.pk)


def _take(form: Form, case: Case, desk: Desk) -> Case:
    return actions.take(case=case, desk=desk, by=_by(desk), now=form.at(5))


def _give_back(form: Form, case: Case, desk: Desk) -> Case:
    return actions.return_case(
        case=case,
        desk=desk,
        remarks=form.entry["remarks"],
        note="",
        seen_revision=case.revision,
        by=_by(desk),
        now=form.at(6),
    )


def _deny(form: Form, case: Case, desk: Desk) -> Case:
    return actions.deny(
        case=case,
        desk=desk,
        reason=form.entry["reason"],
        seen_revision=case.revision,
        by=_by(desk),
        now=form.at(6),
    )


def _approve(form: Form, case: Case, desk: Desk) -> Case:
    actions.approve(
        case=case,
        desk=desk,
        seen_revision=case.revision,
        seen_signature_digest=queries.version_of(case).digest,
        on_file=Match(form.provider),
        reason="",
        by=_by(desk),
        now=form.at(6),
    )
    return Case.objects.get(pk=case.pk)


def _withdraw(form: Form, case: Case, _desk: Desk) -> Case:
    return actions.withdraw(case=case, by=VISITOR, now=form.at(6))


_STEPS: dict[State, Callable[[Form, Case, Desk], Case]] = {
    State.AWAITING_SIGNATURE: _ask,
    State.SUBMITTED: _sign,
    State.IN_REVIEW: _take,
    State.RETURNED: _give_back,
    State.APPROVED: _approve,
    State.DENIED: _deny,
    State.WITHDRAWN: _withdraw,
}
_TO_THE_DESK = (State.AWAITING_SIGNATURE, State.SUBMITTED, State.IN_REVIEW)
_WAYS: dict[State, tuple[State, ...]] = {
    State.DRAFT: (),
    State.AWAITING_SIGNATURE: (State.AWAITING_SIGNATURE,),
    State.SUBMITTED: (State.AWAITING_SIGNATURE, State.SUBMITTED),
    State.IN_REVIEW: _TO_THE_DESK,
    State.RETURNED: (*_TO_THE_DESK, State.RETURNED),
    State.APPROVED: (*_TO_THE_DESK, State.APPROVED),
    State.DENIED: (*_TO_THE_DESK, State.DENIED),
    State.WITHDRAWN: (State.AWAITING_SIGNATURE, State.WITHDRAWN),
}


def _by(desk: Desk) -> By:
    return By(Person.objects.get(pk=desk.key).sub, "192.0.2.30")


def _mailed(to: str, wanted: re.Pattern[str]) -> str:
    """What the newest mail to them that holds it says: a code, or a link's token."""
    for message in Message.objects.filter(channel="email", to=to).exclude(body=b"").order_by("-pk"):
        text = json.loads(unseal(bytes(message.body), key=message.key))["text"]
        if found := wanted.search(text):
            return found[1]
    raise LookupError(f"No mail to {to} has what was expected.")
