"""Where notices go: SMTP, or the mailbox of a development run (N-3)."""

import hashlib

import httpx
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from bailiwick.ground.outbox.delivery import Channel, Parcel
from bailiwick.ground.outbox.models import DevelopmentMail

HAND_OVER_SECONDS = 5.0


def channels() -> dict[str, Channel]:
    """The channels to people that this deployment has."""
    if settings.ENVIRONMENT.smtp_url:
        return {"email": send_by_smtp}
    door = hand_over if settings.ENVIRONMENT.mailbox_url else keep
    return {"email": door, "sms": door, "voice": door}


def message_id(parcel: Parcel) -> str:
    """The same for every try of one message, so that a repetition can be recognized."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    return f"<{hashlib.sha256(f'{settings.PROGRAM}|{parcel.key}'.encode()).hexdigest()[:40]}@{domain}>"


def send_by_smtp(parcel: Parcel) -> None:
    """Hand one mail to the SMTP server. Raises what smtplib raises."""
    mail = EmailMultiAlternatives(
        subject=parcel.subject,
        body=parcel.body["text"],
        to=[parcel.to],
        headers={"Message-ID": message_id(parcel), "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
    mail.attach_alternative(parcel.body["html"], "text/html")
    mail.send()


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
        "key": message_id(parcel),
        "at": parcel.created_at.isoformat(),
        "channel": parcel.channel,
        "to": parcel.to,
        "subject": parcel.subject,
        "text": parcel.body["text"],
        "html": parcel.body.get("html", ""),
    }
    url = f"{settings.ENVIRONMENT.mailbox_url}/mailbox.json"
    httpx.post(url, json=message, timeout=HAND_OVER_SECONDS, trust_env=False).raise_for_status()
