"""The only writer of browser sessions.

Ending a session ends whatever grew from it in the same transaction, and queues the applications' logout (S-7, O-5).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import call
from bailiwick.ground.rulings import By
from bailiwick.ground.statements import Insert, Update
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.sessions import Factor, Stage, level_of, methods_after, stage_after
from bailiwick.idm.sessions.keys import digest_of, new_secret
from bailiwick.idm.sessions.models import ApplicationSession, Session, TokenFamily

SEEN_EVERY = timedelta(minutes=1)
RISING = ("key_digest", "stage", "amr", "acr", "factor_at", "last_seen_at", "authenticated_at")

# At every sign-in.
_write = Insert(Session)
_raise = Update(
    lambda pk, **columns: (Session.objects.filter(pk=pk), columns),
    pk=Session._meta.pk,  # noqa: SLF001 - Django's documented name for it
    **{name: Session._meta.get_field(name) for name in RISING},  # noqa: SLF001
)


# begin, complete and reverify take no savepoint: whoever calls them in a transaction lets it fail whole.


def begin(*, account: Account, by: By, now: datetime) -> tuple[Session, str]:
    """Open a session after a right password; a factor is still to come. Returns it and its cookie's value."""
    key = new_secret()
    with transaction.atomic(savepoint=False):
        session = Session(
            key_digest=digest_of(key),
            account=account,
            stage=Stage.PASSWORD,
            amr=["pwd"],
            created_at=now,
            last_seen_at=now,
        )
        _write.row(session)
        append(Deed.SIGN_IN_PASSWORD_PASSED, by=by, now=now, subject=str(account.pk))
    return session, key


def complete(*, session: Session, factor: str, stage: str, by: By, now: datetime) -> str:
    """Sign in for good after the second step. Returns the new cookie's value: the old one opens nothing any more (S-7).

    `stage` is "limited" for an e-mail code while another factor exists, else "full" (S-2).
    """
    passed = Factor(factor)
    with transaction.atomic(savepoint=False):
        session.authenticated_at = now
        key = _rise(session, passed, Stage(stage), now)
        append(
            Deed.SIGN_IN_COMPLETED,
            by=by,
            now=now,
            subject=str(session.account_id),
            about={"factor": passed.value, "stage": session.stage},
        )
    return key


def reverify(*, session: Session, factor: str, by: By, now: datetime) -> str:
    """Note a factor passed once more for a sensitive act (S-6). Returns the new cookie's value."""
    passed = Factor(factor)
    with transaction.atomic(savepoint=False):
        key = _rise(session, passed, stage_after(Stage(session.stage), passed), now)
        append(
            Deed.STEP_UP_PASSED,
            by=by,
            now=now,
            subject=str(session.account_id),
            about={"factor": passed.value},
        )
    return key


def _rise(session: Session, factor: Factor, stage: Stage, now: datetime) -> str:
    key = new_secret()
    session.key_digest = digest_of(key)
    session.stage = stage
    session.amr = methods_after(session.amr, factor)
    session.acr = level_of(factor, reached=session.acr)
    session.factor_at = session.last_seen_at = now
    session.authenticated_at = session.authenticated_at or now
    _raise(pk=session.pk, **{name: getattr(session, name) for name in RISING})
    return key


def touch(*, session: Session, now: datetime) -> None:
    """Remember that the person is here. Written at most once a minute, so a busy page costs no write (S-8)."""
    if now - session.last_seen_at < SEEN_EVERY:
        return
    Session.objects.filter(pk=session.pk, ended_at__isnull=True, last_seen_at__lt=now).update(
        last_seen_at=now
    )
    session.last_seen_at = now


def end(*, session: Session, why: str, by: By, now: datetime) -> None:
    """Sign out of this session, and of every application entered through it. Ending it again does nothing."""
    with transaction.atomic():
        _end_sessions(Session.objects.filter(pk=session.pk), why=why, by=by, now=now)


def end_all(*, account: Account, why: str, by: By, now: datetime, but: Session | None = None) -> None:
    """Sign the account out everywhere, `but` in one session (S-7)."""
    rows = Session.objects.filter(account=account)
    with transaction.atomic():
        _end_sessions(rows.exclude(pk=but.pk) if but else rows, why=why, by=by, now=now)


def end_application_sessions(*, account: Account, application: str, why: str, by: By, now: datetime) -> None:
    """Sign the account out of one application, wherever it is in; its IDM sessions stay (Q-8, O-5)."""
    rows = ApplicationSession.objects.filter(session__account=account, application=application)
    with transaction.atomic():
        if _end_application_sessions(rows, why=why, now=now):
            append(
                Deed.APPLICATION_SESSIONS_ENDED,
                by=by,
                now=now,
                subject=str(account.pk),
                application=application,
                why=why,
            )


def end_presence(*, presence: ApplicationSession, why: str, by: By, now: datetime) -> None:
    """Sign out of one application in one browser; the IDM session stays. Ending it again does nothing."""
    with transaction.atomic():
        if _end_application_sessions(ApplicationSession.objects.filter(pk=presence.pk), why=why, now=now):
            append(
                Deed.APPLICATION_SESSIONS_ENDED,
                by=by,
                now=now,
                subject=str(presence.session.account_id),
                application=presence.application,
                why=why,
            )


def _end_sessions(rows: QuerySet[Session], *, why: str, by: By, now: datetime) -> None:
    ending = list(rows.filter(ended_at__isnull=True).select_for_update())
    for session in ending:
        Session.objects.filter(pk=session.pk).update(ended_at=now, end_reason=why)
        append(Deed.SESSION_ENDED, by=by, now=now, subject=str(session.account_id), why=why)
    _end_application_sessions(
        ApplicationSession.objects.filter(session__in=[session.pk for session in ending]), why=why, now=now
    )


def _end_application_sessions(rows: QuerySet[ApplicationSession], *, why: str, now: datetime) -> int:
    ending = list(rows.filter(ended_at__isnull=True).select_related("session"))
    keys = [row.pk for row in ending]
    ApplicationSession.objects.filter(pk__in=keys).update(ended_at=now, end_reason=why)
    TokenFamily.objects.filter(application_session__in=keys, ended_at__isnull=True).update(
        ended_at=now, end_reason=why
    )
    for row in ending:
        call(
            "backchannel-logout",
            key=f"backchannel-logout:{row.pk}",
            now=now,
            payload={"sid": str(row.pk), "sub": str(row.session.account_id), "client_id": row.client_id},
        )
    return len(ending)
