"""Every way a vendor can answer by every way a person comes back, walked through the pages and the real bureau. (V-3 to V-6)

`walk` takes one cell and says where the person stands afterwards. What holds in every cell, it asserts itself: proofed
at most once, never stuck, nothing typed again.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Thread

import httpx
from django.conf import settings
from django.db import connection

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.program.breaker import Breaker
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.proofing.models import Case
from bailiwick.idm.proofing.queries import Standing, is_proofed, open_manual_of, standing
from bailiwick.idm.proofing.vendors.absent import AbsentVendor
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.rules.accounts import Address, SsnState
from bailiwick.idm.rules.manual import Document
from bailiwick.idm.rules.proofing import Place
from tests.idm import build_manual, build_pages
from tests.idm.build_bureau import KEY_ID, SECRET, Bureau, agent_marks

DOC = Path(__file__).resolve().parents[2] / "docs" / "proofing-matrix.md"
DETAILS = "/role-request/identity/details/"
IDENTITY = "/role-request/identity/"
CALL = "/role-request/identity/call/"
# Only who hangs is given up on; a busy machine must not make anybody else look late.
SHORT = httpx.Timeout(connect=2.0, read=0.4, write=2.0, pool=2.0)
PATIENT = httpx.Timeout(connect=2.0, read=8.0, write=2.0, pool=2.0)
KILLED = "killed while it answers"
HANGS = "hangs"
ABSENT = "no vendor is set"


@dataclass(frozen=True)
class Part:
    """How a row's people fare at the bureau: what stands in its file; "" is not in it at all."""

    part: str
    more: str = ""


FOUR_TIMES = "away four times, then verified"
OF_CHANCE = {FOUR_TIMES, KILLED}

ROWS = {
    "verified": Part("verified"),
    "told to call, then verified": Part("call-then-verified"),
    "told to call, again and again": Part("call"),
    "never verified": Part("never"),
    "not in the file": Part(""),
    "slow": Part("slow", "seconds = 0.2"),
    HANGS: Part("slow", "seconds = 1.6"),
    "away twice, then verified": Part("flapping", "failures = 2"),
    FOUR_TIMES: Part("flapping", "failures = 4"),
    "down": Part("down"),
    "answers garbage": Part("malformed"),
    "answers twice": Part("twice"),
    KILLED: Part("slow", "seconds = 1.2"),
    ABSENT: Part("verified"),
}


def ssn(row: str, column: str) -> str:
    """A person of their own in every cell."""
    return f"9{list(ROWS).index(row) + 10:02}{list(COLUMNS).index(column) + 10:02}{5501:04}"


def people() -> str:
    """The bureau's file for the matrix."""
    lines = []
    for row, part in ROWS.items():
        for column in COLUMNS if part.part else ():
            lines += [
                "[[person]]",
                f'part = "{part.part}"',
                part.more,
                f'first_name = "Wren"\nlast_name = "Matrixby"\nbirth_date = "1980-05-05"\nssn = "{ssn(row, column)}"',
                'address = { line1 = "12 Larkspur Lane", line2 = "", city = "Orlando", state = "FL", zip = "32801" }',
            ]
    return "\n".join(lines)


class Walk:
    """One person of one row, in front of the identity step with the terms accepted."""

    def __init__(self, bureau: Bureau, row: str, column: str) -> None:
        self.bureau, self.row = bureau, row
        self.account: Account = build_pages.person(
            "Wren", "Matrixby", is_proofed=False, ssn=ssn(row, column), birth_date=date(1980, 5, 5)
        )
        settings.PROOFING_VENDOR = self._vendor()
        self.browser = build_manual.in_wizard(self.account)
        self.browser.send(IDENTITY, {"agreed": "on"})

    def _vendor(self) -> HttpVendor | AbsentVendor:
        if self.row == ABSENT:
            return AbsentVendor()
        times, longest = (SHORT, 1.0) if self.row == HANGS else (PATIENT, 9.0)
        return HttpVendor(
            url=self.bureau.address,
            key_id=KEY_ID,
            secret=SECRET,
            breaker=Breaker(failures=1000),
            pauses=(0.02, 0.02),
            times=times,
            longest=longest,
        )

    @property
    def standing(self) -> Standing:
        return standing(self.account, now=clock.now())

    def press(self, **changes: str) -> None:
        """Confirm the details, prefilled as they are but for `changes`; the page leads where it leads."""
        self._with_kill(lambda: self.browser.send(DETAILS, self.details() | changes))

    def presses_in_two_tabs(self) -> None:
        tabs = [build_pages.browser(self.account) for _ in range(2)]

        def press(tab: build_pages.Browser) -> None:
            with suppress(AssertionError):  # what a tab shows is not asked here, but what came of it
                tab.send(DETAILS, self.details())
            connection.close()

        def both() -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(press, tabs))

        self._with_kill(both)

    def ticks(self) -> None:
        """I have called: a tick and nothing else."""
        if self.standing.may_ask_by_reference:
            self.browser.send(CALL, {"contacted": "on"})

    def agent_marks(self, *, cleared: bool) -> None:
        if self.standing.reference:
            agent_marks(self.bureau.address, self.standing.reference, cleared=cleared)

    def brings_documents(self) -> None:
        """Through the pages, and past two members of the security desk; where the page offers it."""
        if not self.standing.may_go_by_hand:
            return
        build_manual.sends(self.browser, Document.PASSPORT)
        build_manual.sends(self.browser, Document.LEASE)
        self.browser.send("/role-request/identity/by-hand/hand-in/", {"mine": "on"})
        build_manual.decided(open_manual_of(self.account))

    def details(self) -> dict[str, object]:
        """What the page has filled in: nothing of it is typed."""
        page = self.browser.client.get(DETAILS)
        form = page.context["form"] if page.context and "form" in page.context else None
        if form is None:
            return {}
        born = form.initial["birth_date"]
        split = {"birth_date_month": born.month, "birth_date_day": born.day, "birth_date_year": born.year}
        return (
            {name: value for name, value in form.initial.items() if name != "birth_date"}
            | split
            | {"ssn": ""}
        )

    def _with_kill(self, press: Callable[[], object]) -> None:
        """In the row of that name the bureau dies while it answers, and is started again."""
        if self.row != KILLED or self.standing.place is not Place.DETAILS or self.account.pk in self._killed:
            press()
            return
        self._killed.add(self.account.pk)
        killer = Thread(target=self._kill_soon)
        killer.start()
        press()
        killer.join()
        self.bureau.start()

    _killed: set[object] = set()

    def _kill_soon(self) -> None:
        time.sleep(0.7)
        self.bureau.kill()


def once(walk: Walk) -> None:
    walk.press()


def pressed_again(walk: Walk) -> None:
    walk.press()
    walk.press()


def two_tabs(walk: Walk) -> None:
    walk.presses_in_two_tabs()


def come_back_later(walk: Walk) -> None:
    walk.press()
    walk.browser = build_pages.browser(walk.account)
    walk.browser.open("/role-request/")
    walk.press()


def called_and_cleared(walk: Walk) -> None:
    walk.press()
    walk.agent_marks(cleared=True)
    walk.ticks()
    walk.ticks()


def back_before_the_call(walk: Walk) -> None:
    walk.press()
    walk.ticks()


def called_and_not_cleared(walk: Walk) -> None:
    walk.press()
    walk.agent_marks(cleared=False)
    walk.ticks()


def with_documents(walk: Walk) -> None:
    back_before_the_call(walk)
    walk.brings_documents()


def corrected(walk: Walk) -> None:
    walk.press()
    if walk.standing.may_ask_online:
        walk.bureau.wait_for_a_free_thread()
        walk.press(last="Matrixbee")


COLUMNS: dict[str, Callable[[Walk], None]] = {
    "pressed once": once,
    "pressed again": pressed_again,
    "in two tabs": two_tabs,
    "signed in again later": come_back_later,
    "called, cleared": called_and_cleared,
    "back before the call": back_before_the_call,
    "called, not cleared": called_and_not_cleared,
    "with documents": with_documents,
    "name corrected": corrected,
}
STANDS = {
    Place.VERIFIED: "verified",
    Place.CALL: "to call",
    Place.BY_HAND: "to bring documents",
    Place.DETAILS: "to try again",
    Place.CONSENT: "to accept the terms",
    Place.REFUSED: "refused",
}


def walk(bureau: Bureau, row: str, column: str) -> str:
    """Where the person of this cell stands afterwards, and how many online tries are left."""
    walking = Walk(bureau, row, column)
    COLUMNS[column](walking)
    proofed_once_at_most(walking.account)
    nobody_is_stuck(walking)
    nothing_is_typed_again(walking)
    place = walking.standing
    # Whether the second tab was still in time to ask for itself is nobody's to say.
    if COLUMNS[column] is two_tabs and row in OF_CHANCE:
        assert place.place in {Place.VERIFIED, Place.DETAILS}
        return "verified, or to try again"
    if place.place is Place.VERIFIED or COLUMNS[column] is two_tabs:
        return STANDS[place.place]
    return f"{STANDS[place.place]}, {place.tries_left} left"


def proofed_once_at_most(account: Account) -> None:
    verified = Case.objects.verified().filter(account=account).count()
    numbers = SsnNumber.objects.filter(account=account, state=SsnState.VERIFIED).count()
    letters = Message.objects.filter(channel="letter", to=str(account.pk)).count()
    mails = Message.objects.filter(kind="identity-verified", to=account.email).count()
    assert verified == numbers == letters == mails == int(is_proofed(account))


def nobody_is_stuck(walking: Walk) -> None:
    """The page that is due offers a way on: a form to send or a button to press."""
    page = build_pages.browser(walking.account).open("/role-request/")
    place = walking.standing.place
    if place is Place.VERIFIED:
        assert "Find your organization" in build_pages.text_of(page)
        return
    assert page.request["PATH_INFO"].startswith(IDENTITY)
    ways = {
        Place.CALL: ("I have contacted", walking.standing.reference),
        Place.DETAILS: ("Verify my identity",),
        Place.BY_HAND: ("Add document",),
    }
    for words in ways[place]:
        assert words in page.content.decode()


def nothing_is_typed_again(walking: Walk) -> None:
    """The role is still chosen, and the details are still the account's."""
    draft = RoleRequestDraft.objects.get(account=walking.account)
    assert (draft.application, draft.role) == ("spot", "end-user")
    facts = personal_facts(walking.account)
    assert facts.address == Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801")
    filled = walking.details()
    if filled:
        assert (filled["first"], filled["line_1"]) == (facts.first, facts.address.line_1)


def table_of(cells: dict[str, dict[str, str]]) -> str:
    """The matrix as it is printed."""
    head = "| the vendor | " + " | ".join(COLUMNS) + " |\n| --- |" + " --- |" * len(COLUMNS) + "\n"
    rows = [f"| {row} | " + " | ".join(cells[row][each] for each in COLUMNS) + " |" for row in ROWS]
    return head + "\n".join(rows) + "\n"


def printed() -> dict[str, dict[str, str]]:
    """The cells as the document has them; none where there is no document."""
    if not DOC.exists():
        return {}
    rows = [line.strip("| \n").split(" | ") for line in DOC.read_text().splitlines() if line.startswith("| ")]
    return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in rows if row[0] in ROWS}
