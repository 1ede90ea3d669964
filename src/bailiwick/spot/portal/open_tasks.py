"""What waits for somebody on Home: the forms under way whose contact they are (M-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.forms import queries
from bailiwick.spot.rules.forms import WAITS_FOR, Doer, State
from bailiwick.spot.signin.queries import SignedIn

MOST = 10
WAITS = {
    Doer.CONTACT: (_("It waits for you"), "warn"),
    Doer.OFFICIAL: (_("It waits for the signature of the official"), "plain"),
    Doer.DESK: (_("It waits for the SPOT Help Desk"), "plain"),
}


@dataclass(frozen=True)
class Task:
    """One form: whose turn it is is in `waits`, (words, kind of tag)."""

    tracking: str
    kind: str
    organization: str
    waits: tuple[str | Promise, str]


def tasks_of(person: SignedIn, *, now: datetime) -> list[Task]:
    """The forms of the person's mailbox that are not over, those that wait for them first."""
    found = [
        (WAITS_FOR[case.state_at(now)], case)
        for case in queries.open_with_contact(person.email, limit=MOST)
        if case.state_at(now) is not State.EXPIRED
    ]
    return [
        Task(case.tracking, queries.kind_of(case).name, case.organization, WAITS[doer])
        for doer, case in sorted(found, key=lambda one: one[0] is not Doer.CONTACT)
        if doer in WAITS
    ]
