"""Accounts that may be shared: reported by a desk, found by the radar, settled by tier 3 (H-6).

The radar and a report open a case and stop nobody. What stops an account also goes to the deployment's oversight contact.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.actions._acting import (
    Deskwork,
    acting,
    checked_reason,
    tell_oversight,
    tell_security_desk,
)
from bailiwick.idm.helpdesk.actions.stopping import start_closing, suspend_account
from bailiwick.idm.helpdesk.models import SharingCase
from bailiwick.idm.helpdesk.queries.closings import waiting_closing
from bailiwick.idm.helpdesk.queries.radar import Sign
from bailiwick.idm.helpdesk.queries.sharing import is_quiet, sharing_cases
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.closing import Kind
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Act
from bailiwick.idm.rules.sharing import EVENT_OF, STEPS, Ground, State, Verdict, may_settle


def report_sharing(*, work: Deskwork, reason: str, by: By, now: datetime) -> SharingCase:
    """A desk heard of it; tier 3 and the oversight contact are told. While one waits, the same case."""
    reason = checked_reason(Act.REPORT_SHARING, reason)
    with acting(Act.REPORT_SHARING, work, by=by, now=now) as row:
        wanted = {"account": work.person, "ground": Ground.REPORTED, "state": State.OPEN}
        found = sharing_cases().filter(**wanted).first()
        if row is None and found:
            return found
        if row is not None:
            row.save(force_insert=True)
        case = found or SharingCase.objects.create(
            **wanted, opened_at=now, reported_by=work.desk, reason=reason
        )
        _record(case, Deed.SHARING_REPORTED, why=reason, by=by, now=now)
        if not found:
            told = {"user_id": work.person.user_id, "case": str(case.pk)[:8], "at": now}
            tell_oversight("sharing_reported", key=f"sharing:{case.pk}", now=now, **told)
            but = [work.desk, work.person]
            tell_security_desk("sharing_waiting", key=f"sharing:{case.pk}", but=but, now=now, cases=1)
        return case


def settle_sharing(
    *, work: Deskwork, case_id: UUID, verdict: Verdict, reason: str, by: By, now: datetime
) -> SharingCase:
    """Tier 3 says what it is. To archive takes a second person; until they agree the account is suspended (H-5).

    Refuses SHARING_SETTLED(who) to whoever comes second.
    """
    reason = checked_reason(Act.SETTLE_SHARING, reason)
    with acting(Act.SETTLE_SHARING, work, by=by, now=now) as row:
        case = sharing_cases().get(pk=case_id, account=work.person)
        if row is None:
            return case
        row.save(force_insert=True)
        ruling = may_settle(State(case.state), verdict)
        if isinstance(ruling, No):
            raise Refused(ruling.because, who=full_name(case.settled_by))
        case.state = STEPS[State(case.state)][EVENT_OF[verdict]]
        case.settled_by, case.settled_at, case.settled_reason = work.desk, now, reason
        case.save(update_fields=["state", "settled_by", "settled_at", "settled_reason"])
        _record(case, Deed.SHARING_SETTLED, why=reason, verdict=verdict.value, by=by, now=now)
        if verdict is not Verdict.NOTHING:
            _stop(case, work, verdict, reason, by=by, now=now)
        return case


def _stop(case: SharingCase, work: Deskwork, verdict: Verdict, reason: str, *, by: By, now: datetime) -> None:
    person = Account.objects.select_related("person").get(pk=work.person.pk)
    if person.state == AccountState.ACTIVE:
        suspend_account(person, why=reason, by=by, now=now)
    is_open = person.state == AccountState.SUSPENDED
    if verdict is Verdict.ARCHIVE and is_open and waiting_closing(person) is None:
        start_closing(person, Kind.ARCHIVE, proposed_by=work.desk, reason=reason, by=by, now=now)
    told = {"user_id": person.user_id, "case": str(case.pk)[:8], "is_archive": verdict is Verdict.ARCHIVE}
    tell_oversight("sharing_stopped", key=f"sharing:{case.pk}:stopped", now=now, **told)


def open_suspicions(*, signs: list[Sign], by: By, now: datetime) -> list[SharingCase]:
    """The radar's part: a case for each sign that is new, and one mail about all of them, or none of it (H-6, N-1).

    One that waits, or that was looked at lately, opens none.
    """
    opened = []
    some = sorted(signs[: settings.LIMITS.radar_cases_at_once], key=lambda sign: sign.account)
    with transaction.atomic():
        keys = {sign.account for sign in some}
        list(Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        for sign in some:
            if is_quiet(sign.account, sign.ground, now=now):
                continue
            case = SharingCase.objects.create(
                account_id=sign.account, ground=sign.ground, evidence=sign.evidence, opened_at=now
            )
            _record(case, Deed.SHARING_SUSPECTED, why="", by=by, now=now)
            opened.append(case)
        if opened:
            key = f"sharing-found:{opened[0].pk}"
            tell_security_desk("sharing_waiting", key=key, now=now, cases=len(opened))
    return opened


def _record(case: SharingCase, deed: Deed, *, why: str, by: By, now: datetime, **more: str) -> None:
    about = {"case": str(case.pk), "ground": case.ground, **more}
    append(deed, by=by, now=now, subject=case.account_id, why=why, about=about)
