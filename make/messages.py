"""Collect what each program says into its Spanish catalog, keep what is translated, and compile it. Needs GNU gettext.

`python make/messages.py [ground] [idm] [spot] [bureau]`, without names all of them. What the ground says is in no other
catalog; a text that two programs say is in both, and is asked for once: what one catalog has, the next takes over.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "bailiwick"
LOCALES = {
    "ground": SOURCE / "ground" / "pages" / "locale",
    "idm": SOURCE / "idm" / "site" / "locale",
    "spot": SOURCE / "spot" / "site" / "locale",
    "bureau": SOURCE / "bureau" / "site" / "locale",
}
LABELS = frozenset({"label", "when"})
KIND_TEXTS = frozenset(
    ["name", "summary", "instructions", "title", "intro", "label", "help", "text", "description"]
)
# Texts that stand in files of data: which files, and under which names. Shown by `languages.translated`.
DATA = {
    "ground": [("src/bailiwick/ground/**/notices/*/about.toml", LABELS)],
    "idm": [
        ("src/bailiwick/idm/**/notices/*/about.toml", LABELS),
        ("applications/*.toml", frozenset({"description", "hours", "label", "help", "choices"})),
    ],
    "spot": [
        ("src/bailiwick/spot/**/notices/*/about.toml", LABELS),
        ("src/bailiwick/spot/forms/kinds/*.toml", KIND_TEXTS),
    ],
    "bureau": [],
}
HEADER = """# What {program} says, in Spanish. Collected by `make messages`, which keeps what is translated.
msgid ""
msgstr ""
"Project-Id-Version: Bailiwick\\n"
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;\\n"
"""
KEYWORDS = (
    "_",
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
    "npgettext:1c,2,3",
)
# The hour of collecting would make every run a change.
HOURS = re.compile(r'^"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', re.MULTILINE)


def catalog(program: str) -> Path:
    return LOCALES[program] / "es" / "LC_MESSAGES" / "django.po"


def collected(program: str, into: Path, *, without: Path | None) -> None:
    """Write the template of the catalog: every text of the program's Python, its templates and its files of data."""
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((SOURCE / program).rglob("*.*")):
            text = as_python(path)
            if text:
                Path(folder, f"{str(path.relative_to(SOURCE)).replace('/', '__')}.py").write_text(text)
        Path(folder, "zz_data.py").write_text("\n".join(f"_({text!r})" for text in data(program)))
        found = sorted(path.name for path in Path(folder).iterdir())
        options = ["--language=Python", "--from-code=UTF-8", "--no-location", "--no-wrap"]
        options += [f"--keyword={one}" for one in KEYWORDS]
        options += [f"--exclude-file={without}"] if without else []
        run("xgettext", *options, "--force-po", "--directory", folder, "-o", str(into), *found)


def as_python(path: Path) -> str:
    """What xgettext reads of one file; "" for a file that says nothing."""
    if path.suffix == ".py" and "migrations" not in path.parts:
        return path.read_text()
    if path.suffix in {".html", ".txt"} and "templates" in path.parts:
        return str(templatize(path.read_text(), origin=path.name))
    return ""


def data(program: str) -> list[str]:
    """The texts in files of data, each once, in the order in which they stand there."""
    return list(
        dict.fromkeys(
            text
            for pattern, names in DATA[program]
            for path in sorted(ROOT.glob(pattern))
            for text in texts_of(tomllib.loads(path.read_text()), names)
        )
    )


def texts_of(part: object, names: frozenset[str], name: str = "") -> Iterator[str]:
    """Every text under one of these names, however deep, and each text of a list under it."""
    if isinstance(part, str):
        yield from [part.strip()] if part.strip() and name in names else []
    elif isinstance(part, dict):
        for below, value in part.items():
            yield from texts_of(value, names, below)
    elif isinstance(part, list):
        for value in part:
            yield from texts_of(value, names, name)


def run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - our own words


def update(program: str, ground: Path, folder: str) -> None:
    """Bring one catalog up to date: new texts in, texts that nobody says any more out, and compile it."""
    own = catalog(program)
    if not own.exists():
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(HEADER.format(program=program))
    template = ground
    if program != "ground":
        template = Path(folder, f"{program}.pot")
        collected(program, template, without=ground)
    known = [f"--compendium={one}" for one in sorted(Path(folder).glob("*-before.po"))]
    merge = ["--no-fuzzy-matching", "--no-wrap", "--no-location", "--quiet"]
    run("msgmerge", *merge, *known, "-o", str(Path(folder, "merged.po")), str(own), str(template))
    run("msgattrib", "--no-obsolete", "--no-wrap", "-o", str(own), str(Path(folder, "merged.po")))
    own.write_text(HOURS.sub("", own.read_text()))
    run("msgfmt", "--check-format", "--statistics", "-o", str(own.with_suffix(".mo")), str(own))


def main() -> None:
    programs = sys.argv[1:] or list(LOCALES)
    settings.configure()
    with tempfile.TemporaryDirectory() as folder:
        ground = Path(folder, "ground.pot")
        collected("ground", ground, without=None)
        # What a text was translated to stays known, whichever catalog it moves to.
        for program in LOCALES:
            if catalog(program).exists():
                shutil.copy(catalog(program), Path(folder, f"{program}-before.po"))
        for program in programs:
            update(program, ground, folder)


if __name__ == "__main__":
    main()
