"""Every text that a program says, taken from its source; and what its Spanish catalogs make of it."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[2] / "src" / "bailiwick"
LOCALES = {
    "ground": SOURCE / "ground" / "pages" / "locale",
    "idm": SOURCE / "idm" / "site" / "locale",
    "spot": SOURCE / "spot" / "site" / "locale",
    "bureau": SOURCE / "bureau" / "site" / "locale",
}
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(?:n?gettext|_)\(\s*({STRING})")
# What may stand in a template as it is: marks between facts, a link's path, names of programs and of what is typed.
TRANSLATED = re.compile(r"{% blocktranslate.*?endblocktranslate %}", re.DOTALL)
COMMENTED = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
UNREAD = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>|&\w+;", re.DOTALL)
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
BARE_ARGUMENT = re.compile(
    r'\b(?:label|heading|text|caption|submit|term|note|about|cancel_label|back_label)="([^"{]*[a-z][^"{]*)"'
)
BARE_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|alt|placeholder)="([^"{]*[A-Za-z]{2}[^"{]*)"')
ADDRESS = re.compile(r"/[a-z/-]+/")
# Abbreviations that are the same in both, and the classes that one element includes.
SAME = {"KB", "CSV", "XLSX"}
NO_WORDS = {"button_kind.html"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w*)\}")


def templates(program: str) -> list[Path]:
    return sorted(
        path
        for path in (SOURCE / program).rglob("templates/**/*.*")
        if path.suffix in {".html", ".txt"} and path.name not in NO_WORDS
    )


def texts(program: str) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that the program's Python and templates translate, without what has a context."""
    for path in sorted((SOURCE / program).rglob("*.py")):
        yield from ((path.name, text) for text in in_python(path))
    for path in templates(program):
        for found in IN_TEMPLATE.findall(templatize(path.read_text())):
            yield path.name, ast.literal_eval(found)


def in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in CALLS
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def bare(source: str) -> list[str]:
    """What a template says outside of every translation."""
    arguments = [*BARE_ARGUMENT.findall(source), *BARE_ATTRIBUTE.findall(source)]
    for pattern in (TRANSLATED, COMMENTED, TEMPLATE_TAG, UNREAD, ADDRESS):
        source = pattern.sub(" ", source)
    return [*arguments, *(word for word in WORD.findall(source) if word not in SAME)]


@cache
def catalog(program: str) -> dict:
    """What the compiled catalog of one program says: {text, or (text, form): Spanish}."""
    with (LOCALES[program] / "es" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def in_spanish(program: str, text: str) -> bool:
    held = catalog(program) | catalog("ground")
    return bool(held.get(text) or held.get((text, 0)))


def entries(program: str) -> Iterator[tuple[str, list[str]]]:
    """Each text of the catalog as translators see it, and its Spanish, all forms."""
    source = (LOCALES[program] / "es" / "LC_MESSAGES" / "django.po").read_text()
    for block in source.split("\n\n")[1:]:
        said = {"": ""}
        name = ""
        for line in block.splitlines():
            found = re.match(r'(msg\w+(?:\[\d\])?) "', line)
            name = found[1] if found else name
            if name and not line.startswith("#"):
                said[name] = said.get(name, "") + ast.literal_eval(line[line.index('"') :])
        yield said.get("msgid_plural", said["msgid"]), [said[key] for key in said if key.startswith("msgstr")]


def placeholders(text: str) -> set[str]:
    return {found[0] for found in PLACEHOLDER.finditer(text)}


def read_too_early(path: Path) -> list[int]:
    """The lines on which a module translates when it is loaded: everybody would read that one language ever after."""
    tree = ast.parse(path.read_text())
    imported = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    ]
    at_once = {
        name.asname or name.name for name in imported if name.name in {"gettext", "ngettext", "pgettext"}
    }
    return [node.lineno for node in _on_loading(tree) if at_once & {getattr(node.func, "id", "")}]


def _on_loading(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _on_loading(child)
