"""Organization A with everything it has, and people of B who reach for it by any address, field and list (AX17, AX20).

A probe is one request by one of them. It must show nothing of A, change nothing of A, and never fall over.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.test import Client

from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant, Invitation, RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.sessions.models import Session
from tests.idm import build_invitations, build_registry
from tests.idm import build_pages as build
from tests.idm.authorization import Route

# Whom the wizard may find by name, city and ZIP, everybody may (G-5): of A it says no more than that.
PUBLIC = ("role-request",)
METHODS = ("GET", "GET", "POST", "POST", "POST", "PUT", "HEAD")
FIELDS = (
    "organization", "organization_id", "submitter_id", "grant", "grant_id", "grants", "role_id", "request", "requests",
    "number", "numbers", "account", "account_id", "person_id", "user_id", "invitation", "invitation_id", "record",
    "account__id", "organization__record__submitter_id", "decided_by", "state", "standing", "is_staff", "chosen", "rows",
)  # fmt: skip
PLAIN = {
    "reason": "because", "comment": "because", "none_left": "on", "role": "provider-office-approver", "act": "approve",
    "application": "spot", "name": "alder", "email": "eve@evil.example", "confirm": "on", "ends_on_month": "1",
    "ends_on_day": "1", "ends_on_year": "2099", "day_month": "1", "day_day": "1", "day_year": "2026",
}  # fmt: skip


@dataclass
class Stage:
    """`secrets`: what only A's people may read. `ids`: what A's things are called in addresses and forms."""

    a: Organization
    secrets: list[str] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    attackers: dict[str, Client] = field(default_factory=dict)
    theirs: list[Account] = field(default_factory=list)

    def state(self) -> list[object]:
        """Every row of A's and of its people's."""
        people = Account.objects.filter(pk__in=[one.pk for one in self.theirs]).order_by("pk")
        rows = [
            Grant.objects.filter(account__in=self.theirs),
            RoleRequest.objects.filter(account__in=self.theirs),
            Invitation.objects.filter(organization=self.a),
            Certification.objects.filter(holder__in=self.theirs),
            Session.objects.filter(account__in=self.theirs).only("pk"),
        ]
        return [*people.values(), *(sorted(map(str, kind.values())) for kind in rows)]


@dataclass(frozen=True)
class Probe:
    who: str
    route: Route
    method: str
    path: str
    data: dict[str, object]

    def __str__(self) -> str:
        return f"{self.who}: {self.method} {self.path} {sorted(self.data)}"


def stage() -> Stage:
    """A has an approver, a backup, an end user, a waiting request, an invitation, a correction; B its people likewise."""
    made = Stage(
        build.organization("Alder Clinic", approver={"name": "Ada Firstwood", "email": "ada@alder.example"})
    )
    approver = build.approver(made.a, first="Ada", last="Firstwood")
    backup = build.person("Bert", "Backwood")
    build.grant(backup, "provider-office-backup-approver", made.a)
    member, asking = build.end_user(made.a, first="Una", last="Ashgrove"), build.person("Noor", "Elderberry")
    made.theirs = [approver, backup, member, asking]
    asked = build.asks(asking, made.a)
    invitation = build_invitations.invitation(approver, made.a, email="wanted@alder.example")
    correction = build_registry.asked(member, last="Corrected")
    for one in made.theirs:
        build.browser(one)
    made.secrets = [
        "Firstwood", "Backwood", "Ashgrove", "Elderberry", "alder.example", "Alder Clinic", asked.number,
        *(value for one in made.theirs for value in (one.user_id, one.email)),
    ]  # fmt: skip
    made.ids = {
        "submitter_id": [made.a.submitter_id],
        "number": [asked.number],
        "grant_id": [
            str(key) for key in Grant.objects.filter(organization=made.a).values_list("pk", flat=True)
        ],
        "invitation_id": [str(invitation.pk)],
        "correction_id": [str(correction.pk)],
        "person_id": [str(one.pk) for one in made.theirs],
        "identifier": [str(key) for key in Session.objects.values_list("pk", flat=True)],
        "uuid": [str(made.a.pk), str(made.a.record_id), str(asked.pk)],
        "str": [made.a.submitter_id, asked.number, member.user_id],
        "slug": ["spot"],
        "int": ["1", "2", "3"],
        "path": ["nothing"],
    }
    made.attackers = _attackers()
    return made


def _attackers() -> dict[str, Client]:
    b, c = build.organization("Birch Clinic"), build.organization("Cedar Clinic")
    backup, both = build.person("Ben", "Birchwood"), build.approver(b, first="Eve", last="Otherside")
    build.grant(backup, "provider-office-backup-approver", b)
    build.grant(both, "end-user", c)
    asking = build.person("Quinn", "Asker")
    build.asks(asking, b)
    people = {
        "approver of B, end user of C": both,
        "backup of B": backup,
        "end user of B": build.end_user(b, first="Uwe", last="Birchwood"),
        "asks for B": asking,
        "nobody yet": build.person("Rhea", "Roleless"),
        "auditor": build.person("Odd", "Auditor"),
    }
    build.grant(people["auditor"], "auditor", application="idm")
    clients = {who: build.browser(account).client for who, account in people.items()} | {"visitor": Client()}
    for client in clients.values():
        # A page that falls over is a finding, and no reason to stop.
        client.raise_request_exception = False
    return clients


def probes(made: Stage, count: int, *, seed: int, through: Sequence[Route]) -> Iterator[Probe]:
    """So many at random through these doors, the same for the same seed."""
    chance = random.Random(seed)
    values = [value for key, held in made.ids.items() if key not in ("int", "path") for value in held]
    for _ in range(count):
        route = chance.choice(through)
        named = {key: chance.choice(held) for key, held in made.ids.items()}
        names = chance.sample(FIELDS, chance.randint(0, 6))
        data: dict[str, object] = {name: chance.choice(values) for name in names}
        data |= {name: [*values] for name in names if name.endswith("s")}
        if chance.random() < 0.7:
            data |= PLAIN
        if chance.random() < 0.3:
            data["text"] = chance.choice(made.secrets)
        yield Probe(
            chance.choice(list(made.attackers)), route, chance.choice(METHODS), route.path(named), data
        )


def findings(made: Stage, sent: Iterator[Probe]) -> list[str]:
    """What was wrong with the answers; each probe is taken back afterwards."""
    before, wrong = made.state(), []
    for probe in sent:
        client = made.attackers[probe.who]
        cookies = client.cookies.copy()
        with transaction.atomic():
            wrong += [f"{probe}: {what}" for what in _wrong(made, probe, client, before)]
            transaction.set_rollback(True)
        client.cookies = cookies
    return wrong


def _wrong(made: Stage, probe: Probe, client: Client, before: list[object]) -> Iterator[str]:
    if probe.method == "POST":
        response = client.post(probe.path, probe.data)
    else:
        query = {name: str(value) for name, value in probe.data.items() if name != "text"}
        response = client.generic(probe.method, probe.path, query_params=query)
    if response.status_code >= 500:
        yield f"answered {response.status_code}"
    text = response.content.decode(errors="replace") + str(response.headers)
    # What somebody typed comes back in their own field, and the address in links; that tells them nothing.
    sent = f"{probe.path} {probe.data}"
    for secret in made.secrets:
        is_public = secret == "Alder Clinic" and probe.route.name.startswith(PUBLIC)
        if secret in text and secret not in sent and not is_public:
            yield f"shows {secret!r}"
    if not connection.needs_rollback and probe.method not in ("GET", "HEAD") and made.state() != before:
        yield "changed something of A"
