"""Journeys: real programs, a real Chromium, people who read their codes from the mailbox. No Django here.

`programs` runs once a session and engine; nobody here kills it (tests/faults do). Every page is watched: an error in
the console, a violated content policy, a broken asset or a 5xx fails the test at its end.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, expect, sync_playwright

from tests import chromium
from tests.journeys.payer import write_payer_file
from tests.postgresql import directory_of_binaries
from tests.programs import Programs
from tests.thorough import IS_THOROUGH

ENGINE_VARIABLE = "BAILIWICK_TEST_ENGINE"
PATIENCE_MILLISECONDS = 20_000
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What differs each time that the same page is drawn: numbers, tokens, what hidden fields hold. None of it is axe's business.
VOLATILE = re.compile(
    r"""(?<=<input type="hidden")[^>]*|nonce="[^"]*"|\b(?=[\w-]*\d)[\w-]{20,}|\b[RF](?:-[0-9A-Z]{4})+\b|(?<![a-zA-Z-])\d+"""
)
# What of a page's state does not stand in its markup.
LIVE = """() => [innerWidth, ...[...document.querySelectorAll("input, select, textarea, details, dialog")].map(
    (one) => [one.checked, one.open, one.disabled, Boolean(one.value)].map(Number).join(""))].join(" ")"""
EXAMINED: set[tuple[str, str]] = set()


# What goes through the rows of both programs is walked on both engines. The rest is about pages, which do not know their
# database: on SQLite, and in `make soak` on both.
ON_BOTH_ENGINES = {
    "test_a_year.py",
    "test_lists_and_routes.py",
    "test_main_job.py",
    "test_signed_form.py",
    "test_succession.py",
    "test_three_organizations.py",
    "test_update_form.py",
}


def engines() -> list[str]:
    """The engine that the runner asks for, or both where both are here."""
    if named := os.environ.get(ENGINE_VARIABLE):
        return [named]
    return ["sqlite", "postgresql"] if directory_of_binaries() else ["sqlite"]


@pytest.fixture(scope="session", params=engines())
def programs(request, tmp_path_factory) -> Iterator[Programs]:
    """IDM, SPOT, bureau and workers, shared by all tests of the session: leave them running."""
    file = write_payer_file(tmp_path_factory.mktemp("payer") / "payer.toml")
    with Programs(request.param, settings={"SPOT_PAYER_FILE": str(file)}) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; people are separate contexts in it."""
    path = chromium.find()
    assert path, f"There is no Chromium here: {chromium.INSTALL}"
    arguments = ["--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.fixture
def person(browser) -> Iterator[Callable[..., Page]]:
    """`person()` gives the page of another person: cookies of their own. Options as for a Playwright context."""
    contexts, complaints, pages = [], [], []

    def arrive(**options) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "en-US", **options})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        pages.append(page)
        watch(page, complaints)
        return page

    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    yield arrive
    seen = [where(page) for page in pages]
    for context in contexts:
        context.close()
    assert not complaints, "The browser complained:\n" + "\n".join([*complaints, *seen])


@pytest.fixture
def page(person) -> Page:
    """The page of one person."""
    return person()


def watch(page: Page, complaints: list[str]) -> None:
    """Collect what no page of ours may do. A refused document (403, 404) is an answer, not a complaint."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{page.url}: console: {message.text}")

    def answer(response: Response) -> None:
        # A form that is sent with its progress shown gets its document by a script.
        is_document = response.request.resource_type in ("document", "xhr")
        if response.status >= 500 or (response.status >= 400 and not is_document):
            complaints.append(f"{page.url}: {response.status} for {response.url}")

    page.on("console", console)
    page.on("response", answer)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: script: {error}"))


def where(page: Page) -> str:
    """Where a person stands, in words: for failure messages."""
    return "" if page.is_closed() else f"{page.url}\n{page.locator('body').inner_text()}"


def run_axe(page: Page) -> AxeResults | None:
    """Axe on the page as it stands; None where it stood exactly so before, in whoever's browser."""
    drawn = (page.evaluate(LIVE), VOLATILE.sub("0", page.content()))
    if drawn in EXAMINED:
        return None
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options)
    EXAMINED.add(drawn)
    return found


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on any accessibility finding of the page as it stands; a page in the same state is examined once.

    A page does not know its database: where both engines are walked, the walk on SQLite is the one that is examined.
    """

    def examine(page: Page) -> None:
        page.wait_for_load_state("load")
        if os.environ.get(ENGINE_VARIABLE) == "postgresql":
            return
        try:
            found = run_axe(page)
        except Error:
            # The page was just being replaced by the next.
            page.wait_for_load_state("networkidle")
            found = run_axe(page)
        assert found is None or found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return examine


def pytest_collection_modifyitems(config, items):
    """Where another process walks on SQLite, pages are left to it."""
    if os.environ.get(ENGINE_VARIABLE) != "postgresql" or IS_THOROUGH:
        return
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    left = [item for item in here if item.path.name not in ON_BOTH_ENGINES]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed journey says where each person stood and what the programs logged last."""
    report = yield
    if report.when == "call" and report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Page):
                report.sections.append((name, where(value)))
            if isinstance(running := getattr(value, "programs", value), Programs):
                report.sections.append(("logs", "\n".join(running.logs().splitlines()[-40:])))
    return report
