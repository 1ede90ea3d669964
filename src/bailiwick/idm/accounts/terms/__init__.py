"""The Terms & Conditions: the text in files named by their version, of which the newest is in force (R-6).

The operator's own stand in a directory of theirs (IDM_TERMS_DIRECTORY); a new file counts from the next start.

The first line is the title; then come sections, a heading and a paragraph each, with empty lines between. The English text
binds; `2026-11.es.txt` beside `2026-11.txt` is its translation, for reading.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
BINDING = "en"


@dataclass(frozen=True)
class Terms:
    """`sections`: (heading, paragraph) in order."""

    version: str
    title: str
    sections: tuple[tuple[str, str], ...]


@cache
def current_terms(folder: Path = FOLDER) -> Terms:
    """The terms in force: those of the highest version. Raises FileNotFoundError where there are none."""
    files = sorted(
        (file for file in folder.glob("*.txt") if "." not in file.stem), key=lambda file: file.stem
    )
    if not files:
        raise FileNotFoundError(f"There is no file of terms (2026-11.txt, say) in {folder}.")
    return _read(files[-1], files[-1].stem)


@cache
def translated_terms(version: str, language: str, folder: Path = FOLDER) -> Terms | None:
    """The terms of that version as they read in another language; None where nobody translated them."""
    file = folder / f"{version}.{language}.txt"
    return _read(file, version) if language != BINDING and file.is_file() else None


def evidence(version: str, language: str) -> dict[str, str]:
    """What the ledger keeps of an acceptance: the version, and the page's language where that was a translation's."""
    return {"version": version} | ({} if language == BINDING else {"language": language})


def _read(file: Path, version: str) -> Terms:
    title, *sections = file.read_text(encoding="utf-8").strip().split("\n\n")
    split = (section.partition("\n") for section in sections)
    return Terms(version, title, tuple((heading, text.strip()) for heading, _, text in split))
