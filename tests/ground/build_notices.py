"""Every notice of both programs, taken apart and rendered with facts made up for every name that a template says."""

import gettext
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Self

from django.template import Context, Engine
from django.template.base import Node, Template, Variable
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation

SOURCE = Path(__file__).resolve().parents[2] / "src" / "bailiwick"
CATALOGS = sorted(SOURCE.glob("*/*/locale/es/LC_MESSAGES/django.mo"))
PARTS = ("subject.txt", "body.txt", "body.html")
LACKS = "⟨lacks %s⟩"
WORDS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
TRANSLATED = re.compile(r"{% blocktranslate.*?endblocktranslate %}", re.DOTALL)
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# What stands between the sentences: links and the name of a program.
ADDRESS = re.compile(r"/[a-z/-]+/")
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
HELP = {"name": "Help Desk", "phone": "512 555 0100", "email": "help@bailiwick.example", "hours": "9–5"}
# Facts that are more than a word of their own name.
FACTS = {
    "help_contact": HELP,
    "program": {"name": "IDM"},
    "base_url": "https://idm.example",
    "limits": SimpleNamespace(failures_before_lock=3, failures_while_locked=12),
    "served": SimpleNamespace(providers=3, era_assigned=2, era_left=1),
    "replaced": ["End User"],
    "user_ids": ["robin.q"],
    "address": ["12 Larkspur Lane", "Orlando, FL 32801"],
    "remarks": [{"label": "NPI", "text": "2 digits short"}],
    "left_out": [(3, "…")],
    "left_out_more": 7,
    "items": [("NPI", "1234567893")],
    "notices": [{"subject": "1", "text": "2"}],
    "count": 2,
    "cases": 2,
    "total": 2,
    "late_restore": 14,
    "window": 7,
    "days_left": 5,
    "more": 3,
    "days": 9,
    "minutes": 30,
    "hours": 24,
}
IS_MOMENT = re.compile(r"(_at|_until|^until|^at|_on|^on|^when|_day|^day|^due|_by|_from)$")
IS_DAY = re.compile(r"(_on|^on|_day|^day|_by|^due_on)$")
KINDS = {
    "why": ["approver", "contact_on_file"],
    "decider": ["approvers", "application_desk", "identity_desk"],
}


@dataclass(frozen=True)
class Notice:
    name: str
    folder: Path

    @property
    def about(self) -> dict:
        return tomllib.loads((self.folder / "about.toml").read_text())

    def text(self, part: str) -> str:
        return (self.folder / part).read_text()


def notices() -> list[Notice]:
    """Every folder of a notice, in both programs."""
    folders = sorted({path.parent for path in SOURCE.rglob("templates/notices/*/*")})
    return [Notice(folder.name, folder) for folder in folders]


@cache
def engine() -> Engine:
    folders = sorted({str(path) for path in SOURCE.rglob("templates") if path.is_dir()})
    return Engine(
        dirs=folders,
        string_if_invalid=LACKS,
        libraries={
            "i18n": "django.templatetags.i18n",
            "humanize": "django.contrib.humanize.templatetags.humanize",
        },
        builtins=["django.templatetags.i18n"],
    )


@cache
def template(notice: Notice, part: str) -> Template:
    return engine().get_template(f"notices/{notice.name}/{part}")


def nodes(parsed: Template) -> list[Node]:
    """Every node, in every branch."""
    return list(parsed.nodelist.get_nodes_by_type(Node))


def messages(parsed: Template) -> list[tuple[str, str]]:
    """Every text that is translated, in every branch: (singular, plural or "")."""
    found = []
    for node in nodes(parsed):
        if isinstance(node, IncludeNode):
            found += messages(engine().get_template(str(node.template.var)))
        if isinstance(node, TranslateNode):
            variable = node.filter_expression.var
            literal = variable.literal if isinstance(variable, Variable) else variable
            if literal is not None and not isinstance(literal, (int, float)):
                found.append((str(literal), ""))
        elif isinstance(node, BlockTranslateNode):
            found.append((_trimmed(node, node.singular), _trimmed(node, node.plural) if node.plural else ""))
    return found


def _trimmed(node: BlockTranslateNode, tokens: list) -> str:
    return str(node.render_token_list(tokens)[0])


def bare_words(source: str) -> list[str]:
    """Words of a template that stand outside of every translation."""
    for pattern in (TRANSLATED, TEMPLATE_TAG, TAG, ADDRESS):
        source = pattern.sub("", source)
    return WORDS.findall(source)


@cache
def spanish() -> dict:
    """What the compiled catalogs say: {singular, or (singular, form): text}."""
    said = {}
    for catalog in CATALOGS:
        with catalog.open("rb") as file:
            said |= gettext.GNUTranslations(file)._catalog
    return said


def in_spanish(message: tuple[str, str]) -> list[str]:
    """The Spanish of a text, all its forms; [] where there is none."""
    singular, plural = message
    if not plural:
        return [spanish()[singular]] if spanish().get(singular) else []
    forms = [text for key, text in spanish().items() if isinstance(key, tuple) and key[0] == singular]
    return forms if forms and all(forms) else []


def names_in(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


class Thing(str):
    """A word, and a list of itself, that has a fact for every name."""

    __slots__ = ("facts",)
    facts: "Facts"

    def __new__(cls, word: str, facts: "Facts") -> Self:
        made = super().__new__(cls, word)
        made.facts = facts
        return made

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name in {"resolve_expression", "do_not_call_in_templates", "alters_data"}:
            raise AttributeError(name)
        return self.facts[name]

    def __iter__(self):
        return iter([Thing("1", self.facts)])


class Facts(dict):
    """A made-up fact for every name that a template asks for: a moment, a day, or a thing."""

    def __init__(self, *, answers: bool, choice: int) -> None:
        super().__init__(FACTS)
        self.answers, self.choice = answers, choice

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name not in {"forloop", "block", "True", "False", "None"}

    def __missing__(self, name: str) -> object:
        if name.startswith(("is_", "was_", "has_", "can_", "needs_")):
            return self.answers
        if name in KINDS:
            return KINDS[name][self.choice % len(KINDS[name])]
        if IS_MOMENT.search(name):
            return date(2026, 3, 2) if IS_DAY.search(name) else NOON
        return Thing(f"0-{len(name)}", self)


def rendered(notice: Notice, part: str, language: str, *, answers: bool = True, choice: int = 0) -> str:
    context = Context(autoescape=part.endswith(".html"))
    context.dicts.append(Facts(answers=answers, choice=choice))
    with translation.override(language):
        return template(notice, part).render(context)
