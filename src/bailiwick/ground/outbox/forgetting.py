"""What notices and calls said is not kept once they are over (docs/notices.md): the rows stay, so that nothing is told twice.

Law: nothing that waits is touched, and what shares one mail goes together, so that a mail is sent again whole or not at all.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bailiwick.ground.outbox.models import Message, State

OVER = (State.DONE, State.FAILED, State.BOUNCED)
AT_A_TIME = 500
MOST_A_RUN = 20_000


def forget_contents(now: datetime) -> None:
    """Wipe subject and body of what was over for long enough: a job, in bounds; the next run goes on."""
    moment, done = now - timedelta(days=settings.ENVIRONMENT.notices_kept_days), 0
    while done < MOST_A_RUN and (some := _forget_some(moment)):
        done += some


def _forget_some(moment: datetime) -> int:
    """Some that were over before that moment; how many. Under lock: whoever sends one again was faster, or finds nothing."""
    over = Message.objects.filter(head=None, state__in=OVER, done_at__lt=moment).exclude(body=b"")
    with transaction.atomic():
        locked = over.order_by("done_at").select_for_update(skip_locked=True)
        found = list(locked.values_list("pk", "bundle")[:AT_A_TIME])
        keys, bundles = [key for key, _ in found], {bundle for _, bundle in found if bundle}
        parts = Q(head__in=keys, bundle__in=bundles)
        Message.objects.filter(Q(pk__in=keys) | parts).update(subject="", body=b"")
    return len(found)
