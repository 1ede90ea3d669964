"""Mail that comes back: what is believed of a delivery report, and what follows for the message. [N-2]"""

import hashlib
import random
import re
from datetime import timedelta

import pytest

from bailiwick.ground.outbox.bounces import Report, is_gone, report_in, status_in, take
from bailiwick.ground.outbox.delivery import mail_id_of
from bailiwick.ground.outbox.forgetting import forget_contents
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.outbox.undelivered import come_back, is_mailbox_gone, note, try_again, undelivered
from bailiwick.ground.program import clock

ID = "a1" * 20
REPORT = """From: MAILER-DAEMON@mail.example
To: bounces@bailiwick.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Mon, 2 Mar 2026 12:00:00 -0500

Final-Recipient: rfc822; robin@gone.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <robin@gone.example>: no such user

--b
Content-Type: {returned}

Message-ID: <{mail_id}@bailiwick.example>
Subject: Your code
To: robin@gone.example

The text that was sent.
--b--
"""


def report(action="failed", status="5.1.1", mail_id=ID, returned="message/rfc822"):
    text = REPORT.format(action=action, status=status, mail_id=mail_id, returned=returned)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_says_which_mail_and_why(returned):
    """Found in the mail that is returned, whole or its head alone. [N-2]"""
    assert report_in(report(returned=returned)) == Report(ID, "5.1.1")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "nothing"),
        (b"Subject: Out of office\n\nI am away.", "no report"),
        (report(action="delayed", status="4.4.7"), "it is still being tried"),
        (report(action="relayed", status="2.0.0"), "it went on"),
        (report(mail_id="deadbeef"), "not a mail of ours"),
        (report(returned="text/plain"), "nothing is returned"),
        (report()[:200], "cut off"),
        (b"Content-Type: multipart/report; boundary=" + b"x" * 5000, "no parts"),
    ],
)
def test_anything_else_is_no_report(raw, why):
    """What is no failure of a mail of ours changes nothing. [N-2]"""
    assert report_in(raw) is None, why


BROKEN_HEADS = ("<", "<@", "<[]>", "<a@[", "=?utf-8?q?=?=", "(" * 5000, '"', "<a@b", "\\")


@pytest.mark.parametrize("field", ["Message-ID: ", "Status: ", "Action: ", "Content-Type: "])
def test_no_broken_field_of_a_stranger_makes_the_reader_stumble(field):
    """Nor parts within parts by the thousand. [N-2]"""
    for broken in BROKEN_HEADS:
        text = re.sub(f"(?m)^{field}.*$", lambda _, broken=broken: field + broken, report().decode())
        assert report_in(text.encode()) is None or field == "Status: "
    within = (f"Content-Type: multipart/report; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    assert report_in("".join(within).encode()) is None


def test_no_mail_of_a_stranger_makes_the_reader_stumble():
    """Bytes of a report, some replaced by anything, are a report or none. [N-2]"""
    choose = random.Random(4)
    for _ in range(150):
        raw = bytearray(report())
        for _ in range(choose.randrange(1, 60)):
            raw[choose.randrange(len(raw))] = choose.randrange(256)
        found = report_in(bytes(raw))
        assert found is None or len(found.mail_id) == 40


@pytest.mark.parametrize(
    ("status", "gone"),
    [
        *((one, True) for one in ("5.1.1", "5.1.10", "5.2.1", "5.4.4", "5.0.0")),
        *((one, False) for one in ("5.2.2", "5.7.1", "5.3.4", "4.1.1", "")),
    ],
)
def test_a_full_mailbox_is_not_a_gone_one(status, gone):
    """Only what says that the address takes nothing marks it. [N-2]"""
    assert is_gone(status) is gone


def test_an_answer_without_a_code_is_for_good():
    """Old mail servers say 550 and words. [N-2]"""
    assert status_in("<robin@gone.example>: 550 no such user") == "5.0.0"
    assert status_in("5.1.1 <robin@gone.example>: no such user") == "5.1.1"


def sent(key="told:1", **fields):
    now = clock.now()
    facts = {"channel": "email", "kind": "test", "to": "robin@gone.example", "body": b"kept"}
    dates = {"created_at": now, "next_try_at": now, "done_at": now}
    mail_id = mail_id_of(key)
    return Message.objects.create(key=key, mail_id=mail_id, state=State.DONE, **facts, **dates, **fields)


@pytest.mark.django_db
def test_a_mail_that_came_back_is_noted_once_and_can_be_sent_again():
    """The second report of the same mail changes nothing; its consequences are drawn by one. [N-2]"""
    message, now = sent(), clock.now()
    assert take(report(mail_id=message.mail_id), now=now).pk == message.pk
    assert take(report(mail_id=message.mail_id), now=now) is None
    assert [one.pk for one in come_back(9)] == [one.pk for one in undelivered()] == [message.pk]
    returned = come_back(9)[0]
    assert is_mailbox_gone(returned)
    assert [note(returned, now=now), note(returned, now=now)] == [True, False]
    assert not come_back(9)
    assert try_again(message.pk, now=now).pk == message.pk
    assert try_again(message.pk, now=now) is None
    assert Message.objects.get(pk=message.pk).state == State.WAITING


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["4.2.2", "4.4.1", "5.2.2"])
def test_what_failed_for_good_is_noted_though_its_mailbox_is_there_still(status):
    """Full today, or a server that gave up after days of trying: the mail did not arrive, the address stays. [N-2]"""
    message = sent()
    returned = take(report(mail_id=message.mail_id, status=status), now=clock.now())
    assert (returned.state, returned.last_error) == (State.BOUNCED, status)
    assert not is_mailbox_gone(returned)


def test_nobody_works_out_the_message_id_of_somebody_elses_mail():
    """Keys of messages are ids and dates, which a colleague may know: their mail cannot be given back for them. [N-2]"""
    key = "certifications:2026-03-02:7d3c1b1e"
    guesses = {hashlib.sha256(f"{who}{key}".encode()).hexdigest()[:40] for who in ("", "idm|", "spot|")}
    assert mail_id_of(key) not in guesses
    assert mail_id_of(key) == mail_id_of(key) != mail_id_of(f"{key}1")


@pytest.mark.django_db
def test_what_was_forgotten_is_not_sent_again():
    """It came back, and stands in the list; what it said is gone in time. [N-2]"""
    message, now = sent(), clock.now()
    take(report(mail_id=message.mail_id), now=now)
    forget_contents(now + timedelta(days=31))
    assert [one.pk for one in undelivered()] == [message.pk]
    assert try_again(message.pk, now=now) is None


@pytest.mark.django_db
def test_what_was_wiped_is_not_sent_again():
    """A code does not outlive its failure. [N-2]"""
    message = sent(is_secret=True)
    Message.objects.filter(pk=message.pk).update(body=b"", state=State.FAILED)
    assert try_again(message.pk, now=clock.now()) is None
