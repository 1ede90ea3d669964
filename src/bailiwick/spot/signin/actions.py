"""The only writer of people, sessions and sign-ins under way. One transaction each; never the network, never a request."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.spot.identity.calls import Tokens, Told
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.sessions import End
from bailiwick.spot.rules.signin import Logout, Refusal, SignIn, SubjectChange
from bailiwick.spot.signin import secrets
from bailiwick.spot.signin.models import FirstEntry, LoginAttempt, LogoutTold, Person, Session
from bailiwick.spot.signin.queries import Opened, instant
from bailiwick.wire.claims import GrantClaim

WORKING_AS = ("working_grant", "working_provider", "working_provider_name")


def start_attempt(*, browser: str, goes_to: str, by: By, now: datetime) -> Opened:  # noqa: ARG001 - see below
    """Begin a sign-in for the browser that holds `browser`; returns the values that go to IDM, once and never again.

    Not on the ledger: nobody is signed in yet, and anybody can do it as often as they like.
    """
    opened = Opened(state=secrets.fresh(), nonce=secrets.fresh(), verifier=secrets.fresh())
    attempt = LoginAttempt(
        state_digest=secrets.digest(opened.state),
        browser_digest=secrets.digest(browser),
        nonce_digest=secrets.digest(opened.nonce),
        goes_to=goes_to,
        started_at=now,
    )
    attempt.verifier_sealed = secrets.seal(opened.verifier, place=secrets.VERIFIER, row=attempt.pk)
    attempt.save(force_insert=True)
    return opened


def use_attempt(*, attempt: LoginAttempt, by: By, now: datetime) -> str:  # noqa: ARG001 - see below
    """Take an attempt, once for ever, and return its PKCE verifier. Raises Refused(ATTEMPT_USED).

    What becomes of it is what the ledger is told: a session, or a refusal.
    """
    verifier = secrets.unseal(attempt.verifier_sealed, place=secrets.VERIFIER, row=attempt.pk)
    if not LoginAttempt.objects.filter(pk=attempt.pk, used_at=None).update(used_at=now, verifier_sealed=b""):
        raise Refused(Refusal.ATTEMPT_USED)
    return verifier


def begin_session(
    *, sign_in: SignIn, tokens: Tokens, told: Told, replaces: Session | None, by: By, now: datetime
) -> tuple[Session, str]:
    """Begin a session for the person a valid ID token names; returns it and the key for the browser's cookie.

    The key is new every time (S-7). Raises Refused(ACCESS_ENDED) where IDM ended this sign-in while it came about.
    """
    key = secrets.fresh()
    issuer = settings.ENVIRONMENT.idm_url.rstrip("/")
    with transaction.atomic():
        if _was_ended_meanwhile(issuer, sign_in):
            raise Refused(Refusal.ACCESS_ENDED)
        person, _ = Person.objects.update_or_create(
            issuer=issuer,
            sub=sign_in.sub,
            defaults={"user_id": told.user_id, "name": told.name, "last_signed_in_at": now},
            create_defaults={
                "user_id": told.user_id,
                "name": told.name,
                "first_seen_at": now,
                "last_signed_in_at": now,
            },
        )
        session = _session(person, sign_in, tokens, told, now)
        session.key_digest = secrets.digest(key)
        if replaces is not None and replaces.person_id == person.pk:
            # Stepping up changes nothing of what somebody works as.
            for name in WORKING_AS:
                setattr(session, name, getattr(replaces, name))
        session.save(force_insert=True)
        if replaces is not None:
            _end(Q(pk=replaces.pk), End.REPLACED, by=by, now=now)
        _note_first_entries(told, now)
        about = {"session": str(session.pk), "acr": sign_in.acr, "amr": list(sign_in.amr)}
        append(Deed.SIGN_IN_COMPLETED, by=by, now=now, subject=person.sub, about=about)
    return session, key


def _session(person: Person, sign_in: SignIn, tokens: Tokens, told: Told, now: datetime) -> Session:
    session = Session(
        person=person,
        sid=sign_in.sid,
        acr=sign_in.acr,
        amr=list(sign_in.amr),
        auth_time=sign_in.auth_time,
        token_issued_at=sign_in.issued_at,
        grants=[grant.to_json() for grant in told.grants],
        waiting=told.waiting.to_json() if told.waiting else None,
        started_at=now,
        last_seen_at=now,
        confirmed_at=now,
        asked_at=now,
    )
    session.access_token_sealed = secrets.seal(
        tokens.access_token, place=secrets.ACCESS_TOKEN, row=session.pk
    )
    session.id_token_sealed = secrets.seal(tokens.id_token, place=secrets.ID_TOKEN, row=session.pk)
    session.email_sealed = secrets.seal(told.email, place=secrets.EMAIL, row=session.pk)
    return session


def _note_first_entries(told: Told, now: datetime) -> None:
    """For organizations nobody of which was here before: written once, never changed (B-3)."""
    entries = {
        grant.organization.submitter_id: FirstEntry(
            submitter_id=grant.organization.submitter_id, granted_at=granted_at, entered_at=now
        )
        for grant in told.grants
        if grant.organization and (granted_at := instant(grant.granted_at)) is not None
    }
    FirstEntry.objects.bulk_create(entries.values(), ignore_conflicts=True)


def work_as(
    *, session: Session, grant: GrantClaim, provider: UUID | None, provider_name: str, by: By, now: datetime
) -> None:
    """From here on the person works as that grant, for one provider or for all; the ledger keeps it with what they do (M-2).

    That the grant is one of theirs, and the provider one of its organization's, is for the caller to have looked up.
    """
    chosen = {
        "working_grant": grant.id,
        "working_provider": provider,
        "working_provider_name": provider_name[:200] if provider else "",
    }
    with transaction.atomic():
        if Session.objects.live().filter(pk=session.pk).update(**chosen):
            about = {"session": str(session.pk), "grant": grant.id, "provider": str(provider or "")}
            organization = grant.organization.submitter_id if grant.organization else ""
            append(Deed.WORKING_AS_CHOSEN, by=by, now=now, organization=organization, about=about)


def _was_ended_meanwhile(issuer: str, sign_in: SignIn) -> bool:
    """A logout told by IDM between its ID token and this moment counts for the session that is about to begin (O-5)."""
    whose = Q(sid=sign_in.sid) | Q(sid="", sub=sign_in.sub)
    return LogoutTold.objects.filter(whose, issuer=issuer, issued_at__gte=sign_in.issued_at).exists()


def note_refusal(*, refusal: Refusal, by: By, now: datetime) -> None:
    """Record that a sign-in did not come about (L-2)."""
    with transaction.atomic():
        append(Deed.SIGN_IN_REFUSED, by=by, now=now, why=refusal.value, outcome="refused")


def note_seen(*, session: Session, by: By, now: datetime) -> None:  # noqa: ARG001 - a visit is no deed
    """Move the idle clock forward; never backward, and never for a session that has ended (S-8)."""
    Session.objects.live().filter(pk=session.pk, last_seen_at__lt=now).update(last_seen_at=now)


def take_on_asking(*, session: Session, by: By, now: datetime) -> bool:  # noqa: ARG001 - asking is no deed
    """Whether the caller is the one who asks IDM again; everyone else goes on meanwhile (O-5)."""
    mine = Session.objects.live().filter(pk=session.pk, asked_at=session.asked_at).update(asked_at=now)
    return mine == 1


def note_unanswered(*, session: Session, by: By, now: datetime) -> None:
    """IDM did not answer: from here on pages are read-only (O-5). On the ledger once an outage."""
    with transaction.atomic():
        live = Session.objects.live().filter(pk=session.pk, unanswered_since=None)
        if live.update(unanswered_since=now):
            about = {"session": str(session.pk)}
            append(Deed.SESSION_UNANSWERED, by=by, now=now, subject=session.person.sub, about=about)


def note_confirmed(*, session: Session, told: Told, by: By, now: datetime) -> None:
    """IDM said yes: keep what it said. Goes on the ledger only where that changed something."""
    grants = [grant.to_json() for grant in told.grants]
    now_told = {
        "grants": grants,
        "waiting": told.waiting.to_json() if told.waiting else None,
        "email_sealed": secrets.seal(told.email, place=secrets.EMAIL, row=session.pk),
    }
    with transaction.atomic():
        live = Session.objects.live().filter(pk=session.pk, confirmed_at__lte=now)
        if not live.update(confirmed_at=now, unanswered_since=None, **now_told):
            return
        Person.objects.filter(pk=session.person_id).update(user_id=told.user_id, name=told.name)
        if grants != session.grants:
            about = {"session": str(session.pk), "grants": [grant["id"] for grant in grants]}
            append(Deed.SESSION_CONFIRMED, by=by, now=now, subject=session.person.sub, about=about)


def end_session(*, session: Session, why: End, by: By, now: datetime) -> None:
    """End one session. Ending it again changes nothing."""
    with transaction.atomic():
        _end(Q(pk=session.pk), why, by=by, now=now)


def end_told(*, logout: Logout, by: By, now: datetime) -> int:
    """End what IDM said has ended (back-channel logout); returns how many sessions. The same token again does nothing."""
    issuer = settings.ENVIRONMENT.idm_url.rstrip("/")
    told = LogoutTold(
        jti_digest=secrets.digest(f"{issuer} {logout.jti}"),
        issuer=issuer,
        sub=logout.sub,
        sid=logout.sid,
        issued_at=logout.issued_at,
        told_at=now,
    )
    try:
        with transaction.atomic():
            told.save(force_insert=True)
            count = _end(_meant(issuer, logout), End.SIGNED_OUT_AT_IDM, by=by, now=now)
            append(
                Deed.LOGOUT_TOLD,
                by=by,
                now=now,
                subject=logout.sub,
                about={"sid": logout.sid, "sessions": count},
            )
    except IntegrityError:
        return 0
    return count


def note_subject(*, change: SubjectChange, by: By, now: datetime) -> bool:
    """Remember where somebody's subject points now (A-5); an older word than the last one counts for nothing.

    Their sessions end by the logout that IDM tells of its own; their forms stay under the name they were made by.
    """
    issuer = settings.ENVIRONMENT.idm_url.rstrip("/")
    unheard = Q(merged_told_at=None) | Q(merged_told_at__lt=change.happened_at)
    person = Person.objects.filter(unheard, issuer=issuer, sub=change.sub).exclude(
        merged_into=change.merged_into
    )
    with transaction.atomic():
        if not person.update(merged_into=change.merged_into, merged_told_at=change.happened_at):
            return False
        about = {"merged_into": change.merged_into}
        append(Deed.SUBJECT_TOLD, by=by, now=now, subject=change.sub, about=about)
    return True


def _meant(issuer: str, logout: Logout) -> Q:
    meant = Q(person__issuer=issuer)
    if logout.sub:
        meant &= Q(person__sub=logout.sub)
    # Without a session named, every session that began with an ID token older than this logout.
    return meant & (Q(sid=logout.sid) if logout.sid else Q(token_issued_at__lte=logout.issued_at))


def _end(which: Q, why: End, *, by: By, now: datetime) -> int:
    """End live sessions inside the caller's transaction, wiping what they held; one ledger entry each."""
    ended = list(
        Session.objects.live().filter(which).select_for_update(of=("self",)).select_related("person")
    )
    Session.objects.live().filter(pk__in=[session.pk for session in ended]).update(
        ended_at=now,
        end_reason=why.value,
        access_token_sealed=b"",
        id_token_sealed=b"",
        email_sealed=b"",
        grants=[],
        waiting=None,
    )
    for session in ended:
        about = {"session": str(session.pk)}
        append(Deed.SESSION_ENDED, by=by, now=now, subject=session.person.sub, why=why.value, about=about)
    return len(ended)


def forget_old(*, by: By, now: datetime) -> None:
    """Delete what has no use any more: sign-ins that came to nothing, logouts that nothing can follow, old sessions."""
    limits = settings.LIMITS
    old = {
        "attempts": LoginAttempt.objects.filter(started_at__lt=now - 2 * limits.attempt_lasts),
        "logouts": LogoutTold.objects.filter(told_at__lt=now - 2 * limits.longest_session),
        "sessions": Session.objects.filter(ended_at__lt=now - limits.ended_sessions_kept),
    }
    with transaction.atomic():
        deleted = {name: rows.delete()[0] for name, rows in old.items()}
        if any(deleted.values()):
            append(Deed.SIGN_INS_FORGOTTEN, by=by, now=now, about=deleted)


def end_what_time_ended(*, why: End, before: datetime, by: By, now: datetime) -> int:
    """Record the end of sessions that time has ended already (the rules hold without this); returns how many."""
    over = Q(started_at__lte=before) if why is End.TOO_LONG else Q(last_seen_at__lte=before)
    with transaction.atomic():
        some = list(Session.objects.live().filter(over).values_list("pk", flat=True)[:MOST_AT_ONCE])
        return _end(Q(pk__in=some), why, by=by, now=now)


MOST_AT_ONCE = 200
