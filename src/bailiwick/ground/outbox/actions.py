"""Telling people and programs: written in the transaction of the change, sent by the worker after it committed (N-1, N-2)."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template import Context, TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language

from bailiwick.ground.outbox.catalogue import Digest, Kind, kind
from bailiwick.ground.outbox.digests import bundle_of, goes_at
from bailiwick.ground.outbox.inbox import keep_copy, without_links
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.preferences import declined
from bailiwick.ground.outbox.sealing import seal
from bailiwick.ground.statements import InsertOnce

LONGEST_SUBJECT = 250
# What is due longer goes first: a code that somebody waits for, and the end of a session, do not stand behind the mails of
# a round (docs/decisions/0135-codes-and-calls-go-first.md).
AHEAD = timedelta(days=1)

_write = InsertOnce(Message)


def notice(
    name: str,
    *,
    to: str,
    key: str,
    now: datetime,
    context: dict[str, Any] | None = None,
    channel: str = "email",
    secret: bool = False,
    language: str = "en",
    good_until: datetime | None = None,
    inbox: str = "",
) -> None:
    """Store one notice, rendered from the folder `notices/<name>/`.

    The same `key` twice is one message. `secret` wipes the body once delivered. `inbox`: the id of the account that gets
    a copy (N-2), of a secret one only what `inbox.txt` says; it may have declined mails of an optional kind, and has the
    copy all the same. After `good_until` it is not sent any more. Several of a kind with a digest share one mail.
    """
    about, values = kind(name), _values(context or {})
    with translation.override(language):
        subject = " ".join(_plain(f"notices/{name}/subject.txt", values).split())
        text = _plain(f"notices/{name}/body.txt", values).strip() + "\n"
        body = _body(about, values, subject, text) if channel == "email" else {"text": text, "html": ""}
        copy = _copy(name, values, body["text"], secret=secret) if inbox else ""
    if not (inbox and about.is_optional and declined(inbox, name)):
        bundle = bundle_of(about, to)
        _store(
            key=key,
            channel=channel,
            kind=name,
            to=to,
            subject=subject,
            body=body,
            secret=secret,
            good_until=good_until,
            due=goes_at(about, bundle, now),
            now=now,
            bundle=bundle,
        )
    if copy:
        keep_copy(owner=inbox, key=key, kind=name, subject=subject, text=copy, now=now, language=language)


def _body(about: Kind, values: dict[str, Any], subject: str, text: str) -> dict[str, Any]:
    """A mail: the text with whom to ask, and the HTML. What may share a mail brings apart what the shared one is made of."""
    foot = _plain("notices/foot.txt", values)
    html = render_to_string(f"notices/{about.name}/body.html", {**values, "subject": subject})
    body = {"text": f"{text}\n{foot}", "html": html}
    if about.digest is Digest.NONE:
        return body
    help_contact = {name: _plain_value(values["help_contact"], name) for name in ("name", "phone", "email")}
    around = {"program": values["program"], "help_contact": help_contact}
    return {**body, "own": text, "foot": foot, "around": around, "language": get_language()}


def _plain_value(contact: Any, name: str) -> str:
    return str(contact[name] if isinstance(contact, dict) else getattr(contact, name))


def _values(context: dict[str, Any]) -> dict[str, Any]:
    """What every notice can name. An application without a help desk of its own has the deployment's (N-2)."""
    own = context.get("help_contact")
    return {
        "base_url": settings.BASE_URL,
        "program": {"name": settings.PROGRAM.upper()},
        **context,
        "help_contact": own if own and getattr(own, "phone", True) else settings.HELP_CONTACT,
    }


def _copy(name: str, values: dict[str, Any], text: str, *, secret: bool) -> str:
    if not secret:
        return without_links(text)
    try:
        return without_links(_plain(f"notices/{name}/inbox.txt", values).strip())
    except TemplateDoesNotExist:
        return ""


def _plain(template: str, values: dict[str, Any]) -> str:
    """Render a text that no browser reads: an apostrophe in a name stays an apostrophe."""
    return engines["django"].get_template(template).template.render(Context(values, autoescape=False))


def call(kind: str, *, key: str, now: datetime, payload: dict[str, Any], order: str = "") -> None:
    """Store one call to another program. Calls of the same `order` are delivered one after the other."""
    _store(key=key, channel="call", kind=kind, body=payload, order=order, now=now)


def _store(
    *,
    key: str,
    body: dict[str, Any],
    now: datetime,
    due: datetime | None = None,
    secret: bool = False,
    good_until: datetime | None = None,
    **fields: str,
) -> None:
    fields["subject"] = fields.get("subject", "")[:LONGEST_SUBJECT]
    is_urgent = secret or fields["channel"] == "call"
    message = Message(
        key=key,
        body=seal(json.dumps(body), key=key),
        is_secret=secret,
        created_at=now,
        next_try_at=now - AHEAD if is_urgent else due or now,
        good_until=good_until,
        **fields,
    )
    # Once: a key that is there already is a message that was told already.
    _write.row(message)
