"""Several notices of a kind for one recipient go in one mail (N-1): who waits for whom, and what the one mail says.

Law: what goes in one mail is settled when its head is first taken up, and stays: every try carries the same, under the
same Message-ID.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from bailiwick.ground.outbox.catalogue import Digest, Kind
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.outbox.sealing import unseal


def bundle_of(kind: Kind, to: str) -> str:
    """What several notices share that may go in one mail; "" for a kind that goes by itself."""
    if kind.digest is Digest.NONE:
        return ""
    return hashlib.sha256(f"{kind.name}|{to}".encode()).hexdigest()


def goes_at(kind: Kind, bundle: str, now: datetime) -> datetime:
    """When a notice of this kind, told now, is due: by the deployment's own numbers (docs/notices.md)."""
    if kind.digest is Digest.NONE:
        return now
    environment = settings.ENVIRONMENT
    gathered = timedelta(seconds=environment.notices_gathered_seconds)
    pause = timedelta(minutes=environment.notices_pause_minutes)
    lately = Message.objects.filter(bundle=bundle, created_at__gt=now - max(gathered, pause)).order_by("-id")
    last = lately.values_list("next_try_at", "created_at").first()
    if kind.digest is Digest.TOGETHER:
        return last[0] if last and last[0] > now else now + gathered
    if last is None:
        return now
    due, told = last
    return due if due > now else told + pause


def gather(head: Message) -> None:
    """Everything of the bundle that waits goes with its head. On its first try alone; in the transaction of its lease."""
    if not head.bundle or head.attempts > 1:
        return
    waiting = Message.objects.filter(bundle=head.bundle, state=State.WAITING, attempts=0).exclude(pk=head.pk)
    # What another worker has in hand goes by itself: two that wait for each other would be a deadlock.
    free = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    waiting.filter(pk__in=free).update(state=State.BUNDLED, head=head.pk)


def settle_parts(head: Message, **fields: Any) -> None:
    """What went with the head shares its end."""
    if head.bundle:
        Message.objects.filter(head=head.pk, bundle=head.bundle).update(**fields)


def contents(head: Message) -> tuple[str, dict[str, Any]]:
    """Subject and body of the mail: the head's own, or those of all that go in it."""
    body = json.loads(unseal(head.body, key=head.key))
    if not head.bundle:
        return head.subject, body
    parts = list(Message.objects.filter(head=head.pk, bundle=head.bundle).order_by("id"))
    if not parts:
        return head.subject, body
    bodies = [(head.subject, body), *((part.subject, _body(part)) for part in parts)]
    return _one_mail(bodies, language=body["language"])


def _body(part: Message) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(unseal(part.body, key=part.key))
    return opened


def _one_mail(bodies: list[tuple[str, dict[str, Any]]], *, language: str) -> tuple[str, dict[str, Any]]:
    notices = [{"subject": subject, "text": body["own"].strip()} for subject, body in bodies]
    values = {
        "notices": notices,
        "count": len(notices),
        "first": notices[0]["subject"],
        "foot": bodies[0][1]["foot"],
        **bodies[0][1]["around"],
    }
    with translation.override(language):
        subject = " ".join(render_to_string("notices/digest/subject.txt", values).split())
        text = render_to_string("notices/digest/body.txt", values).strip() + "\n"
        html = render_to_string("notices/digest/body.html", {**values, "subject": subject})
    return subject, {"text": text, "html": html}
