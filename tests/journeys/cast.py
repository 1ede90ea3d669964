"""Who walks in the journeys: people the bureau can verify, and the staff of the fictitious world."""

import json
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.hands import Mouse
from tests.journeys.walker import Walker
from tests.programs import Programs

AVERY = {
    "first": "Avery", "last": "Quillfeather", "birth": ("03", "14", "1979"), "ssn": "900100001",
    "email": "avery@heronlake.example", "phone": "2025550101", "address": "12 Larkspur Lane",
    "city": "Orlando", "state": "FL", "zip": "32801", "user_id": "avery.quill",
}  # fmt: skip
BELLAMY = {
    "first": "Bellamy", "last": "Thistledown", "birth": ("11", "02", "1985"), "ssn": "900100002",
    "email": "bellamy@pelicancove.example", "phone": "2025550102", "address": "48 Marigold Street",
    "city": "Tampa", "state": "FL", "zip": "33602", "user_id": "bellamy.t",
}  # fmt: skip
CORIN = {
    "first": "Corin", "last": "Applegarth", "birth": ("07", "21", "1990"), "ssn": "900100003",
    "email": "corin@heronlake.example", "phone": "2025550103", "address": "7 Juniper Court",
    "city": "Jacksonville", "state": "FL", "zip": "32202", "user_id": "corin.apple",
}  # fmt: skip
DELPHINE = {
    "first": "Delphine", "last": "Underbough", "birth": ("01", "30", "1968"), "ssn": "900100004",
    "email": "delphine@heronlake.example", "phone": "2025550104", "address": "301 Sycamore Avenue",
    "city": "Miami", "state": "FL", "zip": "33130", "user_id": "delphine.u",
}  # fmt: skip
ZOE = {
    "first": "Zoë", "last": "O'Marrow-Fenn", "birth": ("02", "29", "1992"), "ssn": "900100005",
    "email": "zoe@sandpiper.example", "phone": "2025550105", "address": "9 Heron Way",
    "city": "Gainesville", "state": "FL", "zip": "32601", "user_id": "zoe.fenn",
}  # fmt: skip

ROWAN = {
    "first": "Rowan", "last": "Featherby", "birth": ("09", "09", "1987"), "ssn": "900100006",
    "email": "rowan@gulfbreeze.example", "phone": "2025550106", "address": "44 Tamarind Row",
    "city": "Ocala", "state": "FL", "zip": "34470", "user_id": "rowan.f",
}  # fmt: skip
SOREN = {
    "first": "Soren", "last": "Millbrook", "birth": ("06", "18", "1974"), "ssn": "900400002",
    "email": "soren@heronlake.example", "phone": "2025550107", "address": "3 Cedar Close",
    "city": "Orlando", "state": "FL", "zip": "32801", "user_id": "soren.recovers",
}  # fmt: skip


def known(programs: Programs) -> dict:
    """Passwords, authenticator secrets and submitter IDs of the fictitious world."""
    return json.loads(programs.world.people_file.with_suffix(".json").read_text())


def staff(
    name: str,
    page: Page,
    programs: Programs,
    examine: Callable[[Page], None],
    *,
    hands: type[Mouse] = Mouse,
) -> Walker:
    """Somebody of the fictitious world, who can sign in already."""
    walker = Walker(page, programs, examine, hands=hands, user_id=name, email="")
    credentials = known(programs)["people"][name]
    walker.password, walker.secret = credentials["password"], credentials["authenticator"]
    return walker
