"""What a browser with an empty cache loads for the first page, in bytes over the wire."""

from bench.figures import Table
from bench.stand import Stand
from tests import chromium

KIBIBYTE = 1024


def measure(stand: Stand) -> Table | None:
    """None where there is no browser on this machine."""
    path = chromium.find()
    if not path:
        return None
    pages = {"IDM, sign-in": stand.programs.idm_url, "SPOT, start": stand.programs.spot_url}
    table = Table("First page over the wire, cache empty (Chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, url in pages.items():
            sizes = _sizes(browser.new_page(), f"{url}/")
            table.add(name, sum(sizes.values()) / KIBIBYTE, "KiB", limit=150, digits=1)
            for resource, size in sorted(sizes.items(), key=lambda item: -item[1]):
                table.add(f"  {resource[:54]}", size / KIBIBYTE, "KiB", digits=1)
        browser.close()
    return table


def _sizes(page: object, url: str) -> dict[str, int]:
    finished = []
    # Playwright marks the function it is given, which a built-in method does not suffer.
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    found = {}
    for request in finished:
        sizes = request.sizes()
        found[request.url.partition("//")[2].partition("/")[2] or "/"] = (
            sizes["responseBodySize"] + sizes["responseHeadersSize"]
        )
    return found
