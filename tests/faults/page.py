"""A page as a browser without scripts reads it: forms with what they hold already, links, headings, text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

SILENT = {"script", "style", "title", "template"}
TEXTLIKE = {"hidden", "text", "password", "email", "tel", "number", "search", "date", "url"}
Pairs = list[tuple[str, str]]


@dataclass
class Form:
    """`held` is what it would send untouched, hidden fields included; `names` every field and button in it."""

    action: str
    method: str
    identifier: str = ""
    held: Pairs = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def filled(self, **typed: str) -> Pairs:
        """What it sends after somebody typed or chose that."""
        untouched = [(name, value) for name, value in self.held if name not in typed]
        return [*untouched, *typed.items()]


@dataclass
class Page:
    """`status` 0 is no answer at all."""

    url: str
    status: int
    headers: dict[str, str]
    html: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    heading: str = ""
    text: str = ""

    def form(self, *names: str, to: str = "") -> Form:
        """The first form that has these fields and buttons, or leads to an address with that ending."""
        for form in self.forms:
            if form.method == "post" and form.names.issuperset(names) and form.action.endswith(to):
                return form
        raise AssertionError(f"no form with {names} {to} on {self}")

    def has_form(self, *names: str) -> bool:
        return any(form.names.issuperset(names) and form.method == "post" for form in self.forms)

    def link(self, *parts: str) -> str:
        """The first link whose address holds all the parts."""
        for link in self.links:
            if all(part in link for part in parts):
                return link
        raise AssertionError(f"no link with {parts} on {self}")

    def __str__(self) -> str:
        return f"{self.status} {self.url} “{self.heading}”:\n{self.text[:3000]}"


def read(url: str, status: int, headers: dict[str, str], html: str) -> Page:
    """Read one answer."""
    page = Page(url, status, headers, html)
    if "html" in headers.get("content-type", ""):
        reader = _Reader(page)
        reader.feed(html)
        reader.close()
        page.text = " ".join(" ".join(reader.words).split())
        page.heading = " ".join(" ".join(reader.heading).split())
    return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.words: list[str] = []
        self.heading: list[str] = []
        self._silent = 0
        self._in_heading = False
        self._form: Form | None = None
        self._select: dict[str, str] | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in SILENT:
            self._silent += 1
        elif tag == "h1":
            self._in_heading = True
        elif tag == "a" and "href" in given:
            self.page.links.append(urljoin(self.page.url, given["href"]))
        elif tag == "form":
            action = urljoin(self.page.url, given.get("action") or self.page.url)
            self._form = Form(action, given.get("method", "get").lower(), given.get("id", ""))
            self.page.forms.append(self._form)
        elif tag in {"input", "select", "textarea", "button"}:
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._option(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        elif tag == "h1":
            self._in_heading = False
        elif tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            self._hold(self._select["name"], self._select.get("value", ""))
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._hold(self._area[0], "".join(self._area[1]).removeprefix("\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        elif not self._silent:
            self.words.append(data)
            if self._in_heading:
                self.heading.append(data)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        form = self._owner(given)
        if not name or form is None or "disabled" in given:
            return
        form.names.add(name)
        if tag == "select":
            self._select = {"name": name}
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "input" and kind in TEXTLIKE:
            self._hold(name, given.get("value", ""))
        elif tag == "input" and kind in {"checkbox", "radio"} and "checked" in given:
            self._hold(name, given.get("value", "on"))

    def _owner(self, given: dict[str, str]) -> Form | None:
        if "form" not in given:
            return self._form
        return next((form for form in self.page.forms if form.identifier == given["form"]), None)

    def _option(self, given: dict[str, str]) -> None:
        if "selected" in given or "value" not in self._select:
            self._select["value"] = given.get("value", "")

    def _hold(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.held.append((name, value))
