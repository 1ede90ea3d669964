"""What a page says in English that a reader of Spanish should not find: every text and label of it, looked at."""

import re
from functools import cache
from html.parser import HTMLParser

from tests.ground.build_texts import catalog

UNREAD = {"script", "style"}
READ_ATTRIBUTES = {
    "aria-label",
    "title",
    "alt",
    "placeholder",
    "data-wait",
    "data-done",
    "data-none",
    "data-found",
}
VOID = {"input", "img", "br", "hr", "meta", "link", "wbr", "source", "col"}
# Words of English that are none of Spanish: one of them is enough to know a sentence by.
ENGLISH = re.compile(
    r"\b(the|you|your|and|with|this|that|for|from|was|were|not|of|to|is|are|it|been|have|has|by|if|or|who|what)\b",
    re.IGNORECASE,
)


class Texts(HTMLParser):
    """The texts of a page in its own language; what is marked as another language's is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang", "")
        skipped = self._is_skipped or tag in UNREAD or (tag != "html" and given.get("lang") == "en")
        if not skipped:
            self.found += [value for name, value in attrs if name in READ_ATTRIBUTES and value]
        if tag not in VOID:
            self.open.append((tag, skipped))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self._is_skipped:
            self.found.append(" ".join(data.split()))

    @property
    def _is_skipped(self) -> bool:
        return bool(self.open) and self.open[-1][1]


@cache
def untranslated(program: str) -> frozenset[str]:
    """Every text of the program's English that is another one in Spanish."""
    held = {**catalog(program), **catalog("ground")}
    pairs = ((key[0] if isinstance(key, tuple) else key, said) for key, said in held.items())
    return frozenset(text for text, said in pairs if text and text != said)


def english_of(html: str, program: str, *, but: re.Pattern[str]) -> list[str]:
    """What the page says in English. `but`: what people typed, and names."""
    page = Texts()
    page.feed(html)
    found = [f"<html lang={page.lang!r}>"] if page.lang != "es" else []
    for text in page.found:
        own = but.sub("", text)
        if text in untranslated(program) or ENGLISH.search(own):
            found.append(text)
    return found
