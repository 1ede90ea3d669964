"""What waits for somebody: the forms under way whose contact they are, and what they decide in IDM (M-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.rules.forms import WAITS_FOR, Doer, State
from bailiwick.spot.signin.queries import SignedIn
from bailiwick.wire.claims import MOST_TOLD

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
    kind: str | Promise
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
        Task(case.tracking, called(queries.kind_of(case)), case.organization, WAITS[doer])
        for doer, case in sorted(found, key=lambda one: one[0] is not Doer.CONTACT)
        if doer in WAITS
    ]


@dataclass(frozen=True)
class InIdm:
    """What IDM told at `told_at`, when it was last asked whether the session holds; 0 of both where nothing waits."""

    requests: int
    certifications: int
    told_at: datetime

    @property
    def requests_told(self) -> str:
        words = ngettext(
            "%(n)s request for a role in SPOT", "%(n)s requests for roles in SPOT", self.requests
        )
        return words % {"n": _counted(self.requests)}

    @property
    def certifications_told(self) -> str:
        words = ngettext("%(n)s role to certify", "%(n)s roles to certify", self.certifications)
        return words % {"n": _counted(self.certifications)}


def in_idm(person: SignedIn) -> InIdm | None:
    """What waits there for the person's decision; None where they decide nothing, or IDM does not tell."""
    told = person.waiting
    return InIdm(told.requests, told.certifications, person.session.confirmed_at) if told else None


def _counted(count: int) -> str:
    return str(_("%(n)s or more") % {"n": count}) if count >= MOST_TOLD else str(count)
