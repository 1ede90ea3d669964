"""Telling people and programs: written in the transaction of the change, sent by the worker after it committed (N-1, N-2)."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import Context, TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.utils import translation

from bailiwick.ground.outbox.inbox import keep_copy, without_links
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import seal
from bailiwick.ground.statements import InsertOnce

LONGEST_SUBJECT = 250

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
    a copy (N-2), of a secret one only what `inbox.txt` says. After `good_until` it is not sent any more.
    """
    values = {
        "base_url": settings.BASE_URL,
        "program": {"name": settings.PROGRAM.upper()},
        "help_contact": settings.HELP_CONTACT,
        **(context or {}),
    }
    with translation.override(language):
        subject = " ".join(_plain(f"notices/{name}/subject.txt", values).split())
        text = _plain(f"notices/{name}/body.txt", values).strip() + "\n"
        copy = _copy(name, values, text, secret=secret) if inbox else ""
        html = _html(name, {**values, "subject": subject}) if channel == "email" else ""
    _store(
        key=key,
        channel=channel,
        kind=name,
        to=to,
        subject=subject,
        body={"text": text, "html": html},
        secret=secret,
        good_until=good_until,
        now=now,
    )
    if copy:
        keep_copy(owner=inbox, key=key, kind=name, subject=subject, text=copy, now=now)


def _copy(name: str, values: dict[str, Any], text: str, *, secret: bool) -> str:
    if not secret:
        return without_links(text)
    try:
        return without_links(_plain(f"notices/{name}/inbox.txt", values).strip())
    except TemplateDoesNotExist:
        return ""


def _html(name: str, values: dict[str, Any]) -> str:
    return render_to_string(f"notices/{name}/body.html", values)


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
    secret: bool = False,
    good_until: datetime | None = None,
    **fields: str,
) -> None:
    fields["subject"] = fields.get("subject", "")[:LONGEST_SUBJECT]
    message = Message(
        key=key,
        body=seal(json.dumps(body), key=key),
        is_secret=secret,
        created_at=now,
        next_try_at=now,
        good_until=good_until,
        **fields,
    )
    # Once: a key that is there already is a message that was told already.
    _write.row(message)
