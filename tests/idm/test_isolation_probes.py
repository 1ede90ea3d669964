"""People of one organization reach for another's by every address and field, also past a broken first wall (INV-14, SR-20).

`make soak` sends 10,000 probes, and 1,000 with the first wall broken; the tests a slice of them.
"""

import os
import re
import sys

import pytest

from bailiwick.ground.rulings import Yes
from bailiwick.idm.access.queries import grant_with_id
from bailiwick.idm.access.queries.authority import Authority
from bailiwick.idm.access.queries.looking import Look
from bailiwick.idm.access.wall import WALLED, SecondWall
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.grants import EndReason
from tests.idm import build_probes
from tests.idm.authorization import routes
from tests.thorough import whole

pytestmark = pytest.mark.django_db

SEED = int(os.environ.get("BAILIWICK_FAULTS_SEED", "1"))
CHECK = re.compile(r"may_(see|decide|cancel|remove|manage|set|modify|certify|restore)|is_entitled")
ABOUT_ROLES = (
    "bailiwick.idm.access.",
    "bailiwick.idm.rules.requests",
    "bailiwick.idm.rules.grants",
    "bailiwick.idm.rules.certification",
)
OWN = {"_own_grant": lambda _account, key: grant_with_id(key)}
PROBES, SABOTAGED = whole(10_000, part=200), whole(1_000, part=100)
needs_roles = pytest.mark.only_on("postgresql")


def test_nobody_reaches_across_organizations():
    """Addresses, fields, lists and searches of A, by people of B, of both, of none: nothing shown, nothing changed. [AX17, AX20, INV-14]"""
    made = build_probes.stage()
    wrong = build_probes.findings(made, build_probes.probes(made, PROBES, seed=SEED, through=routes()))
    assert not wrong, told(wrong)


@needs_roles
def test_the_second_wall_holds_where_the_first_is_broken(monkeypatch):
    """Every check of the queries says yes, every scope is everything: PostgreSQL shows and takes nothing of A. [SR-20, INV-14]"""
    made = build_probes.stage()
    sabotage(monkeypatch)
    wrong = build_probes.findings(made, probes_behind_the_wall(made))
    assert not wrong, told(wrong)


def test_the_sabotage_opens_the_first_wall(monkeypatch):
    """The same probes find much where the second wall is taken away: the test above tests something. [SR-20]"""
    made = build_probes.stage()
    sabotage(monkeypatch)
    monkeypatch.setattr(SecondWall, "__call__", lambda self, request: self.get_response(request))
    assert len(build_probes.findings(made, probes_behind_the_wall(made))) > SABOTAGED / 10


def probes_behind_the_wall(made):
    """Those about roles, requests and organizations; a desk's pages about persons are not an approver's (H-2)."""
    through = [
        route for route in routes() if route.shown.startswith(WALLED) and not route.name.startswith("desk-")
    ]
    return build_probes.probes(made, SABOTAGED, seed=SEED, through=through)


def sabotage(monkeypatch):
    """As if somebody had forgotten every check and every scope at once."""
    yes = lambda *_, **__: Yes(EndReason.REMOVED_BY_APPROVER)  # noqa: E731 - a word for it
    everything = lambda *_, **__: list(Organization.objects.all())  # noqa: E731
    rooms = [room for name, room in sys.modules.items() if name.startswith("bailiwick.idm.") and room]
    for room in rooms:
        for name, value in list(vars(room).items()):
            if name in OWN:
                monkeypatch.setattr(room, name, OWN[name])
            elif name == "organizations_approved_by":
                monkeypatch.setattr(room, name, everything)
            elif CHECK.match(name) and getattr(value, "__module__", "").startswith(ABOUT_ROLES):
                monkeypatch.setattr(room, name, yes)
    monkeypatch.setattr(Look, "may_see", True)
    monkeypatch.setattr(Authority, "approves", yes)
    monkeypatch.setattr(
        Authority,
        "organizations_approved",
        lambda *_: frozenset(Organization.objects.values_list("pk", flat=True)),
    )
    for name in ("sees", "may_remove"):
        monkeypatch.setattr(Scope, name, yes)
    monkeypatch.setattr(Scope, "is_empty", False)


def told(wrong):
    return f"{len(wrong)} findings with BAILIWICK_FAULTS_SEED={SEED}:\n" + "\n".join(wrong[:20])
