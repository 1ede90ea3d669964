"""An application's desk looked at a decision between two accounts that are one person's now (A-5, Q-5)."""

from datetime import datetime

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.queries.authority import authority_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import survivor_of
from bailiwick.idm.registry.actions._deciding import already_decided, checked_reason, deciding
from bailiwick.idm.registry.models import JoinedDecision
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.duplicates import Refusal


def check_joined_decision(
    *, joined: JoinedDecision, decider: Account, presence: Presence, reason: str, by: By, now: datetime
) -> JoinedDecision:
    """The role may stay, for this reason. Taking it away is `access.remove_grant`. The same again changes nothing."""
    reason = checked_reason(reason)
    grant, holder = joined.grant, joined.holder
    with deciding(decider, holder, by=by, now=now):
        if not authority_of(decider, now=now).is_application_desk(grant.application):
            raise Refused(Refusal.NOT_SECURITY_DESK)
        if not presence.strength.may_work_at_desk:
            raise Refused(Refusal.STRONGER_FACTOR_NEEDED)
        if decider.pk in {survivor_of(holder).pk, survivor_of(joined.merge.survivor).pk}:
            raise Refused(Refusal.OWN_CASE)
        waiting = JoinedDecision.objects.filter(pk=joined.pk, checked_at=None)
        if not waiting.update(checked_by=decider, checked_at=now, reason=reason):
            fresh = JoinedDecision.objects.select_related("checked_by__person").get(pk=joined.pk)
            if fresh.checked_by_id == decider.pk:
                return fresh
            raise already_decided(fresh.checked_by)
        append(
            Deed.MERGED_DECISION_CHECKED,
            by=by,
            now=now,
            subject=holder.pk,
            organization=grant.submitter_id,
            application=grant.application,
            why=reason,
            about={
                "grant": str(grant.pk),
                "request": joined.request.number if joined.request else "",
                "merge": str(joined.merge_id),
            },
        )
    joined.refresh_from_db()
    return joined
