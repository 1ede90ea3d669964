"""Telling people and programs: written in the transaction of the change, sent by the worker after it committed (N-1, N-2)."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.template.loader import render_to_string
from django.utils import translation

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import seal

LONGEST_SUBJECT = 250


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
) -> None:
    """Store one notice, rendered from the folder `notices/<name>/`.

    The same `key` twice is one message. `secret` wipes the body once it is delivered (one-time codes).
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
        html = (
            render_to_string(f"notices/{name}/body.html", {**values, "subject": subject})
            if channel == "email"
            else ""
        )
    _store(
        key=key,
        channel=channel,
        kind=name,
        to=to,
        subject=subject,
        body={"text": text, "html": html},
        secret=secret,
        now=now,
    )


def _plain(template: str, values: dict[str, Any]) -> str:
    """Render a text that no browser reads: an apostrophe in a name stays an apostrophe."""
    return engines["django"].get_template(template).template.render(Context(values, autoescape=False))


def call(kind: str, *, key: str, now: datetime, payload: dict[str, Any], order: str = "") -> None:
    """Store one call to another program. Calls of the same `order` are delivered one after the other."""
    _store(key=key, channel="call", kind=kind, body=payload, order=order, now=now)


def _store(*, key: str, body: dict[str, Any], now: datetime, secret: bool = False, **fields: str) -> None:
    fields["subject"] = fields.get("subject", "")[:LONGEST_SUBJECT]
    message = Message(
        key=key,
        body=seal(json.dumps(body), key=key),
        is_secret=secret,
        created_at=now,
        next_try_at=now,
        **fields,
    )
    # ignore_conflicts: a key that is there already is a message that was told already.
    Message.objects.bulk_create([message], ignore_conflicts=True)
