"""Mail as a real SMTP server takes it, puts it off, and refuses it. [N-2, N-3]"""

from email import message_from_bytes
from smtplib import SMTPRecipientsRefused

import pytest
from aiosmtpd.controller import Controller

from bailiwick.command.ports import free_port
from bailiwick.ground.outbox.channels import message_id, send_by_smtp
from bailiwick.ground.outbox.delivery import BouncedError, Parcel
from bailiwick.ground.program import clock


class Server:
    """Answers each recipient with `answer`, and keeps what it took."""

    def __init__(self):
        self.answer = "250 OK"
        self.taken = []

    async def recipient(self, _server, _session, envelope, address, _options):
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def mail(self, _server, _session, envelope):
        self.taken.append((envelope.mail_from, message_from_bytes(envelope.content)))
        return "250 OK"


# The names that aiosmtpd looks for.
Server.handle_RCPT, Server.handle_DATA = Server.recipient, Server.mail


@pytest.fixture
def server(settings):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    yield handler
    controller.stop()


def parcel():
    body = {"text": "Hola, ¿qué tal?", "html": "<p>Hola, ¿qué tal?</p>"}
    return Parcel("told:1", "email", "test", "robin@example.org", "Su código", body, clock.now())


def test_a_mail_comes_from_us_and_goes_back_to_where_bounces_are_read(server, settings, monkeypatch):
    """The same Message-ID on every try; both parts; what comes back goes to the mailbox of bounces. [N-1, N-2]"""
    monkeypatch.setattr(settings.ENVIRONMENT, "bounces_to", "bounces@bailiwick.example")
    for _ in range(2):
        send_by_smtp(parcel())
    for sender, mail in server.taken:
        assert sender == "bounces@bailiwick.example"
        assert mail["From"] == settings.DEFAULT_FROM_EMAIL
        assert mail["Message-ID"] == message_id(parcel())
        assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]
        assert all("¿qué tal?" in part.get_payload(decode=True).decode() for part in mail.get_payload())
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ("550 5.1.1 <robin@example.org>: no such user", BouncedError, "^5.1.1$"),
        ("550 no such user", BouncedError, "^5.0.0$"),
        ("451 4.7.1 greylisted", SMTPRecipientsRefused, "451"),
    ],
)
def test_a_recipient_that_is_refused_for_good_has_bounced(server, answer, error, says):
    """What is only put off is tried again. [N-2]"""
    server.answer = answer
    with pytest.raises(error, match=says):
        send_by_smtp(parcel())
