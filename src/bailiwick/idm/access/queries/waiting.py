"""What waits for somebody in one application, as that application's own pages tell them (M-4)."""

from datetime import datetime

from django.db.models import IntegerField, Subquery

from bailiwick.idm.access.queries.authority import authority_of
from bailiwick.idm.access.queries.certifying import to_certify
from bailiwick.idm.access.queries.requests import awaiting
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.catalogue import Application
from bailiwick.wire.claims import MOST_TOLD, WaitingClaim


class _Counted(Subquery):
    """How many rows the query has."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def waiting_in(
    account: Account, application: Application, *, as_desk: bool, now: datetime
) -> WaitingClaim | None:
    """The requests and certifications of this application alone; None for who decides nothing there. One or two statements."""
    authority = authority_of(account, now=now)
    sits = as_desk and (authority.is_application_desk(application.code) or authority.is_security_desk)
    if not sits and not authority.organizations_approved(application.code):
        return None
    theirs = {"now": now, "as_desk": as_desk, "authority": authority}
    both = (
        _Counted(rows.filter(application=application.code).order_by().values("pk")[:MOST_TOLD])
        for rows in (awaiting(account, **theirs), to_certify(account, **theirs))
    )
    requests, roles = Account.objects.filter(pk=account.pk).values_list(*both).get()
    return WaitingClaim(requests, roles)
