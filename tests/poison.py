"""What somebody may type that a browser would run, and the proof that a page or a mail only shows it (AX23)."""

import json
from html.parser import HTMLParser
from typing import Any

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal

NAME = "x-poison"
# Out of an attribute, into an element, and to a template engine.
POISON = f"O'\"><{NAME} onclick=alert(1)>{{{{7*7}}}}"
# The same where names are at most twenty characters.
SHORT_POISON = f"O'\"><{NAME}>"


class Finder(HTMLParser):
    """What of the poison became markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if NAME in tag or any(NAME in name or name.startswith("on") for name in names):
            self.found.append(f"<{tag} {' '.join(names)}>")


def inert(html: str, where: str) -> bool:
    """Fails where the poison is markup, or was computed; says whether the page shows it at all."""
    finder = Finder()
    finder.feed(html)
    assert not finder.found, f"{where}: {finder.found}"
    assert "onclick=alert(1)>49" not in html.replace("&gt;", ">"), where
    return NAME in html


def shown_on(client: Any, *paths: str) -> list[str]:
    """The pages among these on which the poison is to be read; it is inert on all."""
    found = []
    for path in paths:
        answer = client.get(path, follow=True)
        assert answer.status_code in (200, 404, 409), (path, answer.status_code)
        assert answer["Content-Type"].startswith("text/html"), path
        assert answer["X-Content-Type-Options"] == "nosniff"
        if inert(answer.content.decode(), path):
            found.append(path)
    return found


def shown_in_mails() -> set[str]:
    """The kinds of notices in which the poison is to be read; it is inert in all, and breaks no subject."""
    kinds = set()
    for mail in Message.objects.filter(channel="email"):
        html = json.loads(unseal(bytes(mail.body), key=mail.key))["html"]
        assert "\n" not in mail.subject
        if inert(html, mail.kind):
            kinds.add(mail.kind)
    return kinds
