"""The only writer of devices and of the links by which a holder disowns a sign-in (S-9).

A device is met at the first page after the sign-in, before anything is done in the session: no session is used from a
device that nobody was told of.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts import mailboxes
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.rules import devices as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.devices import Refusal
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import queries
from bailiwick.idm.sessions.actions.sessions import end_all
from bailiwick.idm.sessions.keys import device_digest, digest_of, new_secret
from bailiwick.idm.sessions.models import Device, DisowningLink, Session


def meet(*, session: Session, known: list[str], words: str, place: str, by: By, now: datetime) -> str:
    """Recognize the browser behind a new session by the secrets in its cookie; mail the holder of one not seen before.

    Returns the secret that its cookie now needs, "" where it has it. A second request at the same instant does nothing.
    """
    account = session.account
    digests = [device_digest(account, secret) for secret in known]
    with transaction.atomic():
        if Session.objects.select_for_update().get(pk=session.pk).device_id:
            return ""
        secret, device = "", Device.objects.filter(account=account, digest__in=digests).first()
        if device:
            Device.objects.filter(pk=device.pk).update(last_seen_at=now, words=words)
        else:
            secret, device = _new(account, words, now)
        Session.objects.filter(pk=session.pk).update(device=device, place=place)
        session.device, session.place = device, place
        if secret:
            about = {"device": str(device.pk), "session": str(session.pk)}
            append(Deed.DEVICE_MET, by=by, now=now, subject=account.pk, about=about)
        news = {"first_signed_in_at": account.first_signed_in_at, "begun_at": session.created_at}
        if secret and rules.is_news(**news):
            _tell(session, now)
    return secret


def disown(*, token: str, by: By, now: datetime) -> Account:
    """The holder says "this was not me": the account is frozen and signed out everywhere, its applications too (S-9).

    Refuses a link that may not be used. The device is forgotten: its next sign-in is news again;
    a change of the mailbox that was asked for since that sign-in is taken back.
    """
    link = queries.disowning_link(token)
    account = _check(link, by=by, now=now).session.account
    with transaction.atomic():
        account.refresh_from_db(from_queryset=Account.objects.select_for_update(no_key=True))
        if not DisowningLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            raise Refused(Refusal.DISOWNING_LINK_USED)
        by = By(actor=str(account.pk), source=by.source)
        about = {"session": str(link.session_id)}
        append(Deed.SIGN_IN_DISOWNED, by=by, now=now, subject=account.pk, about=about)
        accounts.freeze(account=account, by=by, now=now, why="disowned")
        # A stranger's mailbox must not be where the recovery is mailed to.
        mailboxes.take_back_since(account=account, since=link.session.created_at, by=by, now=now)
        account.refresh_from_db(fields=("email", "email_key"))
        end_all(account=account, why=EndReason.FROZEN, by=by, now=now)
        Device.objects.filter(pk=link.session.device_id).delete()
        _tell_all(account, "account_frozen", f"frozen:{link.pk}", now=now)
    return account


def forget_devices(*, now: datetime) -> int:
    """Forget devices that nobody signed in from for as long as a browser keeps their cookie."""
    old = now - settings.LIMITS.devices_kept
    return Device.objects.filter(last_seen_at__lt=old).delete()[0]


def _new(account: Account, words: str, now: datetime) -> tuple[str, Device]:
    # Always a secret of our own making: one that somebody planted in the browser is worth nothing (AX09).
    secret = new_secret()
    digest = device_digest(account, secret)
    row = Device(account=account, digest=digest, words=words, first_seen_at=now, last_seen_at=now)
    row.save(force_insert=True)
    return secret, row


def _check(link: DisowningLink | None, *, by: By, now: datetime) -> DisowningLink:
    ruling = queries.disowning_ruling(link, now=now)
    if isinstance(ruling, No):
        subject = link.session.account_id if link else ""
        why, outcome = ruling.because, "refused"
        append(Deed.SIGN_IN_DISOWNED, by=by, now=now, subject=subject, why=why, outcome=outcome)
        ruling.raise_it()
    return link


def _tell(session: Session, now: datetime) -> None:
    token = new_secret()
    DisowningLink.objects.create(
        session=session,
        token_digest=digest_of(token),
        sent_at=now,
        expires_at=now + settings.LIMITS.disowning_link_life,
    )
    context = {
        "path": f"/not-me/{token}/",
        "at": session.authenticated_at,
        "device": session.device.words,
        "place": session.place,
        "days": settings.LIMITS.disowning_link_life.days,
    }
    _tell_all(session.account, "new_device", f"device:{session.pk}", now=now, secret=True, context=context)


def _tell_all(account: Account, name: str, key: str, *, now: datetime, **options: Any) -> None:
    """To the present mailbox and, while it is a recovery channel, to the one before it."""
    for number, address in enumerate(recovery_emails(account, now=now)):
        told = {"key": f"{key}:{number}", "now": now, "language": account.language, **options}
        notice(name, to=address, inbox="" if number else str(account.pk), **told)
