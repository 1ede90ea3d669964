"""Collect what notices say into the Spanish catalog, keep what is translated, and compile it (N-2). Needs GNU gettext.

Of notices only: pages are read in English until all their texts are translated (`PAGE_LANGUAGES`).
"""

import ast
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "bailiwick"
CATALOG = SOURCE / "ground" / "pages" / "locale" / "es" / "LC_MESSAGES" / "django.po"
# Tables of words that notices are filled with.
TABLES = {
    "ground/program/settings.py": "HELP_CONTACT",
    "idm/signin/words.py": "FACTOR_WORDS",
    "spot/forms/listwords.py": "LEFT_OUT",
    "spot/forms/actions/letters.py": "PC_ACE_WORDS",
    "spot/papers/letters.py": "WORDS",
}
HEADER = """# What notices say, in Spanish. Collected by `make messages`, which keeps what is translated.
msgid ""
msgstr ""
"Project-Id-Version: Bailiwick\\n"
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;\\n"
"""
INCLUDED = re.compile(r'{% include "([^"]+)"')
KEYWORDS = ("_", "gettext_noop", "gettext_lazy", "ngettext:1,2", "pgettext:1c,2", "npgettext:1c,2,3")


def collected(into: Path) -> None:
    """Write the template of the catalog: every text of a notice's folder, and the words of TABLES."""
    with tempfile.TemporaryDirectory() as folder:
        for path in templates():
            name = str(path.relative_to(SOURCE)).replace("/", "__")
            Path(folder, f"{name}.py").write_text(templatize(path.read_text(), origin=path.name))
        for name, table in sorted(TABLES.items()):
            Path(folder, f"{name.replace('/', '__')}.py").write_text(words_of(SOURCE / name, table))
        found = sorted(path.name for path in Path(folder).iterdir())
        options = ["--language=Python", "--from-code=UTF-8", "--no-location", "--no-wrap"]
        keywords = [f"--keyword={one}" for one in KEYWORDS]
        run("xgettext", *options, *keywords, "--directory", folder, "-o", str(into), *found)


def templates() -> list[Path]:
    """Every template of a notice, and what it includes."""
    own = [path for path in SOURCE.rglob("templates/notices/**/*.*") if path.suffix in {".txt", ".html"}]
    named = {name for path in own for name in INCLUDED.findall(path.read_text())}
    return sorted({*own, *(path for name in named for path in SOURCE.rglob(f"templates/{name}"))})


def words_of(path: Path, table: str) -> str:
    """The sentences of one table of a module, as a program that names each."""
    for statement in ast.walk(ast.parse(path.read_text())):
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        if any(isinstance(one, ast.Name) and one.id == table for one in targets):
            calls = [one for one in ast.walk(statement) if isinstance(one, ast.Call)]
            return "\n".join(f"_({call.args[0].value!r})" for call in calls)
    sys.exit(f"{path} has no table {table}")


def run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - our own words


def main() -> None:
    settings.configure()
    if not CATALOG.exists():
        CATALOG.parent.mkdir(parents=True, exist_ok=True)
        CATALOG.write_text(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "notices.pot")
        collected(template)
        merge = ["--no-fuzzy-matching", "--no-wrap", "--no-location", "--quiet"]
        run("msgmerge", *merge, "--update", "--backup=none", str(CATALOG), str(template))
    # What no notice says any more goes.
    run("msgattrib", "--no-obsolete", "--no-wrap", "-o", str(CATALOG), str(CATALOG))
    # The hour of collecting would make every run a change.
    lines = CATALOG.read_text().splitlines(keepends=True)
    CATALOG.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date')))
    run("msgfmt", "--check", "--statistics", "-o", str(CATALOG.with_suffix(".mo")), str(CATALOG))


if __name__ == "__main__":
    main()
