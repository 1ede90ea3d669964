"""Where notices go: SMTP and a provider of texts and calls, or the mailbox of a development run (N-3)."""

import hashlib
import secrets
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import httpx
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from bailiwick.ground.outbox import phones
from bailiwick.ground.outbox.bounces import status_in
from bailiwick.ground.outbox.delivery import BouncedError, Channel, Parcel, mail_id_of
from bailiwick.ground.outbox.models import DevelopmentMail

HAND_OVER_SECONDS = 5.0
FIRST_PERMANENT, LAST_PERMANENT = 550, 554


def channels() -> dict[str, Channel]:
    """The channels to people that this deployment has."""
    environment = settings.ENVIRONMENT
    mailbox = hand_over if environment.mailbox_url else keep
    doors = {"email": send_by_smtp if environment.smtp_url else mailbox}
    if not environment.smtp_url or environment.letters_directory:
        doors["letter"] = put_to_print if environment.letters_directory else mailbox
    if environment.sms_url:
        doors["sms"] = phones.texts(environment)
    if environment.voice_url:
        doors["voice"] = phones.calls(environment)
    return doors if environment.smtp_url else {"sms": mailbox, "voice": mailbox, **doors}


def offered_channels() -> frozenset[str]:
    """The names of the channels that this deployment has: nobody is asked for a phone that nothing would be sent to."""
    return frozenset(channels())


def message_id(parcel: Parcel) -> str:
    """The same for every try of one message, so that a repetition can be recognized."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    return f"<{mail_id_of(parcel.key)}@{domain}>"


def send_by_smtp(parcel: Parcel) -> None:
    """Hand one mail to the SMTP server. Raises BouncedError where it will never take this recipient, else what smtplib raises.

    It goes back to `bounces_to`, where there is one: `bailiwick idm bounces` reads what comes back.
    """
    mail = EmailMultiAlternatives(
        subject=parcel.subject,
        body=parcel.body["text"],
        from_email=settings.ENVIRONMENT.bounces_to or settings.DEFAULT_FROM_EMAIL,
        to=[parcel.to],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id(parcel),
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    mail.attach_alternative(parcel.body["html"], "text/html")
    for name, pdf in parcel.body.get("enclosed", ()):
        mail.attach(name, pdf, "application/pdf")
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        if FIRST_PERMANENT <= code <= LAST_PERMANENT:
            raise BouncedError(status_in(words.decode(errors="replace"))) from None
        raise


def put_to_print(parcel: Parcel) -> None:
    """One text file a letter, for the mail house to take away; the same letter again is the same file.

    Written under another name first: the mail house never takes half a letter. Readable by the program alone.
    """
    directory, name = Path(settings.ENVIRONMENT.letters_directory), _name_of(parcel)
    fresh = directory / f".{name}.{secrets.token_hex(4)}"
    fresh.touch(mode=0o600)
    fresh.write_text(parcel.body["text"], encoding="utf-8")
    fresh.replace(directory / f"{name}.txt")


def _name_of(parcel: Parcel) -> str:
    """Among the messages of all programs, the same for every try."""
    return hashlib.sha256(f"{settings.PROGRAM}|{parcel.key}".encode()).hexdigest()[:40]


def keep(parcel: Parcel) -> None:
    """Keep one message for the mailbox page. A repetition of the same message is kept once."""
    text, html = parcel.body["text"], parcel.body.get("html", "")
    fields = {
        "at": parcel.created_at,
        "channel": parcel.channel,
        "to": parcel.to,
        "subject": parcel.subject,
        "text": text,
        "html": html,
    }
    DevelopmentMail.objects.get_or_create(key=parcel.key, defaults=fields)


def hand_over(parcel: Parcel) -> None:
    """Keep one message here, and put it into the one mailbox of this world, too. Raises httpx.HTTPError until it is there."""
    keep(parcel)
    message = {
        "key": _name_of(parcel),
        "at": parcel.created_at.isoformat(),
        "channel": parcel.channel,
        "to": parcel.to,
        "subject": parcel.subject,
        "text": parcel.body["text"],
        "html": parcel.body.get("html", ""),
    }
    url = f"{settings.ENVIRONMENT.mailbox_url}/mailbox.json"
    httpx.post(url, json=message, timeout=HAND_OVER_SECONDS, trust_env=False).raise_for_status()
