"""The Terms & Conditions: the text in files named by their version, of which the newest is in force (R-6).

The operator's own stand in a directory of theirs (IDM_TERMS_DIRECTORY); a new file counts from the next start.

The first line is the title; then come sections, a heading and a paragraph each, with empty lines between.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Terms:
    """`sections`: (heading, paragraph) in order."""

    version: str
    title: str
    sections: tuple[tuple[str, str], ...]


@cache
def current_terms(folder: Path = FOLDER) -> Terms:
    """The terms in force: those of the highest version. Raises FileNotFoundError where there are none."""
    files = sorted(folder.glob("*.txt"), key=lambda file: file.stem)
    if not files:
        raise FileNotFoundError(f"There is no file of terms (2026-11.txt, say) in {folder}.")
    newest = files[-1]
    title, *sections = newest.read_text(encoding="utf-8").strip().split("\n\n")
    split = (section.partition("\n") for section in sections)
    return Terms(newest.stem, title, tuple((heading, text.strip()) for heading, _, text in split))
