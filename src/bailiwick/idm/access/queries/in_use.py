"""Which roles people hold or have asked for: whoever changes an application file is told (O-6)."""

from collections import Counter
from datetime import datetime

from django.db.models import Count

from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.authority import is_live


def roles_in_use(*, now: datetime) -> Counter[tuple[str, str]]:
    """(application, role) → live grants and open requests, resting ones too."""
    counted: Counter[tuple[str, str]] = Counter()
    for rows in (
        Grant.objects.filter(is_live(now)),
        RoleRequest.objects.filter(state=OPEN, expires_at__gt=now),
    ):
        for application, role, many in rows.values_list("application", "role").annotate(Count("pk")):
            counted[application, role] += many
    return counted
