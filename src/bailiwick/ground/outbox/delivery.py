"""Delivery of what waits: lease, hand over outside any transaction, settle. Safe in several workers, and after a kill.

A message is repeated only when the worker died between handing over and settling; its Message-ID (or key) is then the same.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.ground.outbox.digests import contents, gather, settle_parts
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.vault import digest

logger = structlog.get_logger(__name__)

BATCH = 20
LEASE = timedelta(seconds=60)
# Calls give up sooner than mail servers; a sign-out that a killed worker had in hand must not wait a minute (O-5).
LEASE_OF_CALL = timedelta(seconds=30)
LONGEST_WAIT = {"call": timedelta(seconds=20)}
LONGEST_WAIT_FOR_PEOPLE = timedelta(minutes=10)
MOST_ATTEMPTS_FOR_PEOPLE = 500


@dataclass(frozen=True)
class Parcel:
    """What a channel gets: already opened, with the key that makes it one."""

    key: str
    channel: str
    kind: str
    to: str
    subject: str
    body: dict[str, Any]
    created_at: datetime


class UndeliverableError(Exception):
    """No further try can help; the message is set aside as failed with this reason."""


class BouncedError(UndeliverableError):
    """The other side does not take mail for this recipient. The reason is its enhanced status code, like "5.1.1"."""


class TryLaterError(Exception):
    """Not now. `after`: how long the other side asked to wait, if it said so."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


Channel = Callable[[Parcel], None]


def deliver_due(now: datetime, *, channels: dict[str, Channel], clock: Callable[[], datetime]) -> int:
    """Hand over what is due, at most one batch; returns how many were taken up.

    `channels` maps "email", "sms", "voice" and "call:<kind>" to functions that raise when they could not deliver.
    """
    taken = [message for message in _due(now) if _take(message, channels, clock)]
    return len(taken)


def _due(now: datetime) -> list[Message]:
    earlier = Message.objects.filter(order=OuterRef("order"), id__lt=OuterRef("id"), state=State.WAITING)
    # Read without a lock: on SQLite an idle worker must not take the write lock four times a second.
    return list(_free(now).exclude(Exists(earlier) & ~Q(order="")).order_by("next_try_at", "id")[:BATCH])


def _free(now: datetime) -> QuerySet[Message]:
    unleased = Q(leased_until=None) | Q(leased_until__lt=now)
    return Message.objects.filter(unleased, state=State.WAITING, next_try_at__lte=now)


def _take(message: Message, channels: dict[str, Channel], clock: Callable[[], datetime]) -> bool:
    """Lease this one and deliver it, unless another worker was faster.

    Each by itself and only now: what waits behind a slow delivery must not run out of its lease, and be sent by
    another worker too; and a killed worker holds up the one message that it had in hand, no other.
    """
    now = clock()
    lease = LEASE_OF_CALL if message.channel == "call" else LEASE
    mine = _free(now).filter(pk=message.pk, attempts=message.attempts)
    with transaction.atomic():
        if not mine.update(leased_until=now + lease, attempts=message.attempts + 1):
            return False
        message.attempts += 1
        gather(message)
    _deliver(message, channels, clock)
    return True


def _deliver(message: Message, channels: dict[str, Channel], clock: Callable[[], datetime]) -> None:
    name = f"call:{message.kind}" if message.channel == "call" else message.channel
    try:
        _refuse_late(message, clock())
        channels[name](_parcel(message))
    except UndeliverableError as reason:
        state = State.BOUNCED if isinstance(reason, BouncedError) else State.FAILED
        _settle(message, state=state, last_error=str(reason)[:120], done_at=clock(), **_wiped(message))
        logger.warning("message set aside", kind=message.kind, number=message.pk, reason=str(reason))
    except Exception as error:  # noqa: BLE001 - whatever went wrong out there, the message waits for its next try
        _try_later(message, error, clock())
    else:
        mail_id = mail_id_of(message.key) if message.channel == "email" else ""
        end = {"state": State.DONE, "last_error": "", "done_at": clock(), "mail_id": mail_id}
        _settle(message, **end, **_wiped(message))


def _parcel(message: Message) -> Parcel:
    subject, body = contents(message)
    return Parcel(message.key, message.channel, message.kind, message.to, subject, body, message.created_at)


def mail_id_of(key: str) -> str:
    """The left part of a mail's Message-ID: the same for every try of one message.

    Under the digest key: message keys are made of ids and dates, and who could work out the Message-ID of somebody else's
    mail could have it "come back" (docs/decisions/0111-mail-that-comes-back.md).
    """
    return digest(f"{settings.PROGRAM}|{key}", purpose="mail-id").hex()[:40]


def _refuse_late(message: Message, now: datetime) -> None:
    if message.good_until and message.good_until <= now:
        raise UndeliverableError("too late: it is not good any more")


def _wiped(message: Message) -> dict[str, Any]:
    """A secret does not outlive its delivery, nor its failure."""
    return {"body": b""} if message.is_secret else {}


def _try_later(message: Message, error: Exception, now: datetime) -> None:
    if message.channel != "call" and message.attempts >= MOST_ATTEMPTS_FOR_PEOPLE:
        failed = {"state": State.FAILED, "last_error": type(error).__name__, "done_at": now}
        _settle(message, **failed, **_wiped(message))
        return
    longest = LONGEST_WAIT.get(message.channel, LONGEST_WAIT_FOR_PEOPLE)
    wait = min(timedelta(seconds=2 ** min(message.attempts, 12) / 2), longest) * random.uniform(0.7, 1)  # noqa: S311 - spreads retries, hides nothing
    if isinstance(error, TryLaterError) and error.after:
        wait = max(wait, error.after)
    _settle(message, leased_until=None, next_try_at=now + wait, last_error=type(error).__name__)
    logger.warning(
        "delivery will be tried again",
        kind=message.kind,
        number=message.pk,
        attempt=message.attempts,
        error=type(error).__name__,
    )


def _settle(message: Message, **fields: Any) -> None:
    # Guarded by the attempt: a worker whose lease ran out must not overwrite the one that took over.
    mine = Message.objects.filter(pk=message.pk, attempts=message.attempts, state=State.WAITING)
    if mine.update(**fields) and "state" in fields:
        settle_parts(message, **fields)
