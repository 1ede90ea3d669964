"""What could not be delivered to people: failed for good, or come back; listed, tried again, its consequences noted (N-2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.outbox.bounces import is_gone
from bailiwick.ground.outbox.catalogue import kind
from bailiwick.ground.outbox.digests import settle_parts
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.rulings.masking import masked_email, masked_phone

NOT_DELIVERED = (State.FAILED, State.BOUNCED)
# Of the table that `outbox/undelivered.html` draws, on the desk's page of each program.
COLUMNS = (_("When it goes out"), _("To"), _("Told on"), _("What happened"), _("What you can do"))


@dataclass(frozen=True)
class Line:
    """One message as a desk reads it (H-3). `what`: when such a notice goes out; `to`: masked.

    `whose`: (words, path) of whom, or of what, it was to tell, where the program knows.
    """

    message: Message
    what: str
    to: str
    can_be_tried: bool
    whose: tuple[str, str] | None = None

    @property
    def is_returned(self) -> bool:
        return bool(self.message.state == State.BOUNCED)


def undelivered() -> QuerySet[Message]:
    """Messages to people, the latest first; not those that went, or failed, in another's mail."""
    return Message.objects.filter(state__in=NOT_DELIVERED, head=None).exclude(channel="call").order_by("-id")


def lines(messages: Iterable[Message], *, whose: Mapping[int, tuple[str, str]], now: datetime) -> list[Line]:
    """Those messages for a desk's page; `whose` by the message's number."""
    return [
        Line(
            one,
            what=gettext(kind(one.kind).when) or one.kind,
            to=_masked(one),
            can_be_tried=can_be_tried(one, now=now),
            whose=whose.get(one.pk),
        )
        for one in messages
    ]


def can_be_tried(message: Message, *, now: datetime) -> bool:
    """Whether its body is there still (a secret's is wiped, any is forgotten in time) and what it says is still good."""
    return bool(message.body) and not (message.good_until and message.good_until <= now)


def try_again(number: int, *, now: datetime) -> Message | None:
    """Put one back among what waits; gives it, or None where there is nothing to try (any more)."""
    message = undelivered().filter(pk=number).first()
    if message is None or not can_be_tried(message, now=now):
        return None
    waiting = {"leased_until": None, "next_try_at": now, "done_at": None, "noted_at": None}
    # Its contents may be forgotten this very moment.
    mine = undelivered().filter(pk=number, state=message.state).exclude(body=b"")
    if not mine.update(state=State.WAITING, **waiting):
        return None
    settle_parts(message, state=State.BUNDLED)
    return message


def come_back(limit: int) -> list[Message]:
    """Mails that came back whose consequences nobody drew yet, the oldest first."""
    waiting = Message.objects.filter(state=State.BOUNCED, noted_at=None, head=None)
    return list(waiting.order_by("id")[:limit])


def note(message: Message, *, now: datetime) -> bool:
    """Mark that its consequences are drawn; False where somebody else did. In the transaction that draws them."""
    mine = Message.objects.filter(pk=message.pk, state=State.BOUNCED, noted_at=None)
    return bool(mine.update(noted_at=now))


def is_mailbox_gone(message: Message) -> bool:
    """Whether the mail came back because its mailbox takes nothing any more."""
    return message.channel == "email" and is_gone(message.last_error)


def _masked(message: Message) -> str:
    if message.channel == "email":
        return masked_email(message.to)
    return "" if message.channel == "letter" else masked_phone(message.to.partition(";")[0])
