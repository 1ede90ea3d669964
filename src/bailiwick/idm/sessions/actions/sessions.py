"""The only writer of browser sessions.

Ending a session ends whatever grew from it in the same transaction, and queues the applications' logout (S-7, O-5).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import call
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.statements import Insert, Update
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.devices import Refusal
from bailiwick.idm.rules.sessions import (
    Factor,
    Stage,
    Standing,
    level_of,
    methods_after,
    passed,
    stage_after,
    weakened,
)
from bailiwick.idm.rules.sessions import Refusal as SessionRefusal
from bailiwick.idm.sessions.held import held_kinds
from bailiwick.idm.sessions.keys import digest_of, new_secret
from bailiwick.idm.sessions.models import ApplicationSession, Session, TokenFamily

SEEN_EVERY = timedelta(minutes=1)
RISING = ("key_digest", "stage", "amr", "acr", "proofs", "factor_at", "last_seen_at", "authenticated_at")

STANDING = ("stage", "amr", "acr", "proofs")

# At every sign-in.
_write = Insert(Session)
_raise = Update(
    lambda pk, **columns: (Session.objects.filter(pk=pk, ended_at__isnull=True), columns),
    pk=Session._meta.pk,
    **{name: Session._meta.get_field(name) for name in RISING},
)


# begin, complete and reverify take no savepoint: whoever calls them in a transaction lets it fail whole.


def begin(*, account: Account, by: By, now: datetime) -> tuple[Session, str]:
    """Open a session after a right password; a factor is still to come. Returns it and its cookie's value.

    Refuses ACCOUNT_FROZEN: that sign-in leads to the recovery (S-9).
    """
    if account.frozen_at:
        raise Refused(Refusal.ACCOUNT_FROZEN)
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


def enter(*, account: Account, factor: str, by: By, now: datetime) -> tuple[Session, str]:
    """Sign in by one factor that counts as both steps: a passkey that verified its holder (S-4). Returns session and cookie.

    Refuses ACCOUNT_FROZEN: only a recovery opens a frozen account again (S-9).
    """
    if account.frozen_at:
        raise Refused(Refusal.ACCOUNT_FROZEN)
    session = Session(
        key_digest=digest_of(new_secret()),
        account=account,
        stage=Stage.PASSWORD,
        amr=[],
        created_at=now,
        last_seen_at=now,
    )
    with transaction.atomic(savepoint=False):
        _write.row(session)
        return session, complete(session=session, factor=factor, stage=Stage.FULL, by=by, now=now)


def complete(*, session: Session, factor: str, stage: str, by: By, now: datetime) -> str:
    """Sign in for good after the second step. Returns the new cookie's value: the old one opens nothing any more (S-7).

    `stage` is "limited" for an e-mail code while another factor exists, else "full" (S-2).
    """
    taken = Factor(factor)
    with transaction.atomic(savepoint=False):
        session.authenticated_at = now
        key = _rise(session, taken, Stage(stage), now)
        append(
            Deed.SIGN_IN_COMPLETED,
            by=by,
            now=now,
            subject=str(session.account_id),
            about={"factor": taken.value, "stage": session.stage},
        )
    return key


def reverify(*, session: Session, factor: str, by: By, now: datetime) -> str:
    """Note a factor passed once more for a sensitive act (S-6). Returns the new cookie's value.

    Refuses SESSION_OVER for one that was ended meanwhile: what its request was about to add is not added.
    """
    taken = Factor(factor)
    with transaction.atomic(savepoint=False):
        # As it is by now: a factor may have been removed since the request began, and its level with it (AX05).
        session.refresh_from_db(fields=STANDING, from_queryset=Session.objects.select_for_update())
        key = _rise(session, taken, stage_after(Stage(session.stage), taken), now)
        append(
            Deed.STEP_UP_PASSED,
            by=by,
            now=now,
            subject=str(session.account_id),
            about={"factor": taken.value},
        )
    return key


def _rise(session: Session, factor: Factor, stage: Stage, now: datetime) -> str:
    key = new_secret()
    session.key_digest = digest_of(key)
    session.stage = stage
    session.amr = methods_after(session.amr, factor)
    session.acr = level_of(factor, reached=session.acr)
    session.proofs = passed(session.proofs, factor, now=now)
    session.factor_at = session.last_seen_at = now
    session.authenticated_at = session.authenticated_at or now
    if not _raise(pk=session.pk, **{name: getattr(session, name) for name in RISING}):
        raise Refused(SessionRefusal.SESSION_OVER)
    return key


def weaken(*, account: Account, by: By, now: datetime) -> None:
    """A factor is gone: no open session, nor what grew from it, says any more than the factors left carry (S-6, AX05).

    Call it in the transaction that removed the factor.
    """
    held = held_kinds(account)
    with transaction.atomic():
        rows = Session.objects.filter(account=account, ended_at__isnull=True).exclude(stage=Stage.PASSWORD)
        fallen = [row for row in rows.select_for_update() if _weakened(row, held)]
        if fallen:
            about = {"sessions": len(fallen)}
            append(Deed.SESSIONS_WEAKENED, by=by, now=now, subject=str(account.pk), about=about)


def _weakened(session: Session, held: list[str]) -> bool:
    before = Standing(session.proofs, session.acr, session.amr, Stage(session.stage))
    after = weakened(before, held)
    if after == before:
        return False
    level = {"acr": after.acr, "amr": after.amr}
    Session.objects.filter(pk=session.pk).update(proofs=after.proofs, stage=after.stage, **level)
    grown = TokenFamily.objects.filter(application_session__session=session, ended_at__isnull=True)
    grown.update(**level)
    return True


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
