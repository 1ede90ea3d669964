"""What was told is delivered once in effect, in order, through failures."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from bailiwick.ground.outbox.actions import call
from bailiwick.ground.outbox.delivery import (
    LEASE,
    LEASE_OF_CALL,
    MOST_ATTEMPTS_FOR_PEOPLE,
    UndeliverableError,
    deliver_due,
)
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.program import clock

pytestmark = pytest.mark.django_db


class Receiver:
    """Another program: takes calls, and fails as often as it was told to."""

    def __init__(self, failures=0):
        self.failures = failures
        self.taken = []

    def __call__(self, parcel):
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.taken.append((parcel.key, parcel.body))


def deliver(receiver, *, now, rounds=1):
    for turn in range(rounds):
        at = now + turn * timedelta(hours=1)
        deliver_due(at, channels={"call:test": receiver}, clock=lambda at=at: at)


def tell(now, body, *, order="", key=None):
    key = key or str(uuid4())
    call("test", key=key, now=now, payload=body, order=order)
    return key


def test_the_same_key_told_twice_is_one_message():
    """One event is one message per recipient. [N-1]"""
    now, receiver = clock.now(), Receiver()
    key = tell(now, {"n": 1})
    tell(now, {"n": 2}, key=key)
    deliver(receiver, now=now, rounds=2)
    assert receiver.taken == [(key, {"n": 1})]


def test_a_failed_delivery_waits_and_is_tried_again():
    """A message outlives a receiver that is away, and is not pressed on it at once. [N-1]"""
    now, receiver = clock.now(), Receiver(failures=2)
    key = tell(now, {"n": 1})
    deliver(receiver, now=now)
    deliver(receiver, now=now)
    assert Message.objects.get(key=key).attempts == 1
    deliver(receiver, now=now + timedelta(hours=1), rounds=3)
    assert [taken[0] for taken in receiver.taken] == [key]


def test_messages_of_one_order_wait_for_the_one_before():
    """Later versions never overtake an earlier one that failed. [O-4]"""
    now, receiver = clock.now(), Receiver(failures=1)
    for number in range(3):
        tell(now, {"n": number}, order="A1")
    deliver(receiver, now=now, rounds=6)
    assert [body["n"] for _, body in receiver.taken] == [0, 1, 2]


def test_a_message_of_a_worker_that_died_is_taken_over_when_its_lease_ends():
    """A kill between leasing and settling loses nothing. [N-1]"""
    now, receiver = clock.now(), Receiver()
    key = tell(now, {"n": 1})
    Message.objects.filter(key=key).update(leased_until=now + LEASE, attempts=1)
    deliver(receiver, now=now)
    assert receiver.taken == []
    deliver(receiver, now=now + LEASE + timedelta(seconds=1))
    assert [taken[0] for taken in receiver.taken] == [key]


def test_what_waits_behind_slow_deliveries_is_not_sent_by_another_worker_too():
    """A lease begins when a message is taken in hand, not when its batch was read. [N-1]"""
    at, taken = [clock.now()], []

    def slow(parcel):
        taken.append(parcel.key)
        at[0] += LEASE_OF_CALL - timedelta(seconds=1)
        deliver_due(at[0], channels={"call:test": lambda other: taken.append(other.key)}, clock=lambda: at[0])

    now = at[0]
    keys = [tell(now, {"n": number}, order="A") for number in range(2)] + [tell(now, {}), tell(now, {})]
    deliver_due(now, channels={"call:test": slow}, clock=lambda: at[0])
    assert sorted(taken) == sorted({*taken})
    assert set(taken) <= set(keys)


def test_what_cannot_ever_be_delivered_is_set_aside_with_its_reason():
    """It stops being tried, and stays to be read. [N-1]"""

    def refuse(_parcel):
        raise UndeliverableError("the record was refused: malformed_record")

    now = clock.now()
    key = tell(now, {})
    deliver(refuse, now=now, rounds=2)
    message = Message.objects.get(key=key)
    assert (message.state, message.attempts) == (State.FAILED, 1)
    assert "malformed_record" in message.last_error


def test_a_secret_does_not_outlive_the_last_of_its_tries():
    """Whether it was refused for good or nobody was ever there: no code waits in a row to be sent again. [N-2]"""
    now, receiver = clock.now(), Receiver(failures=1)
    key = tell(now, {})
    Message.objects.update(is_secret=True, channel="sms", attempts=MOST_ATTEMPTS_FOR_PEOPLE - 1)
    deliver_due(now, channels={"sms": receiver}, clock=lambda: now)
    message = Message.objects.get(key=key)
    assert (message.state, bytes(message.body)) == (State.FAILED, b"")


def test_a_message_of_a_change_that_was_rolled_back_is_never_sent():
    """The message belongs to the transaction of the change. [N-1]"""
    now, receiver = clock.now(), Receiver()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(now, {"n": 1})
        raise RuntimeError
    deliver(receiver, now=now, rounds=2)
    assert receiver.taken == []


def test_a_waiting_body_is_not_readable_in_the_database():
    """Bodies wait sealed, bound to their key. [N-2]"""
    key = tell(clock.now(), {"code": "canary-482913"})
    assert b"canary" not in bytes(Message.objects.get(key=key).body)
