"""Reading lines of cells into a list: every bad line is told with its number and all that is wrong with it (F-4). Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bailiwick.ground.rulings import No
from bailiwick.spot.rules.answers import Finding, normalized
from bailiwick.spot.rules.lists import (
    AFFILIATED,
    ASSIGN,
    ERA_WORDS,
    FORMULA,
    KEEP,
    ORDER,
    SERVICE_WORDS,
    WRITTEN,
    BadRow,
    Fault,
    ListKind,
    Problem,
    Read,
    pair_of,
)
from bailiwick.spot.rules.schema import Field
from bailiwick.spot.rules.services import Pair, Service

SEPARATOR = re.compile(r"[;,|+\s]+")
HEADER_CELLS = 3
SPELLINGS = {
    "line": "",
    "lineno": "",
    "linenumber": "",
    "name": "name",
    "state": "state",
    "lineofbusiness": "line_of_business",
    "part": "line_of_business",
    "erachoice": "era",
    "currentsubmitterid": "present_id",
}


def read(
    kind: ListKind,
    lines: Iterable[tuple[int, Sequence[str]]],
    *,
    tin: str = "",
    most: int,
    also: Sequence[ListKind] = (),
) -> Read:
    """Read (line number, cells) into rows. A first line of titles may order the columns; empty lines are nothing. [F-4]

    `tin`: the form's, which lines of affiliated providers take over, and may not differ from. After `most` good and bad
    lines together the rest is one bad line that says so. `also`: the same list in other languages; titles and answers
    are read in each, and what is wrong is told in the words of `kind`.
    """
    spellings = _spellings((kind, *also))
    good: list[tuple[int, dict[str, str]]] = []
    bad: list[BadRow] = []
    seen: dict[Pair, int] = {}
    order: list[str] | None = None
    for line, cells in lines:
        texts = [str(cell) for cell in cells]
        if not any(text.strip() for text in texts):
            continue
        if order is None:
            order = _titles((kind, *also), texts)
            if order:
                continue
            order = list(kind.codes)
        if len(good) + len(bad) >= most:
            bad.append(BadRow(line, (), (Fault("", Problem.TOO_MANY_ROWS, {"most": most}),)))
            break
        row, faults = _row(kind, dict(zip(order, texts, strict=False)), spellings, tin=tin)
        if any(text.strip() for text in texts[len(order) :]):
            faults.append(Fault("", Problem.TOO_MANY_CELLS, {"most": len(order)}))
        if not faults and (first := seen.setdefault(pair_of(row), line)) != line:
            faults.append(Fault("", Problem.TWICE, {"line": first}))
        if faults:
            typed = {code: text for code, text in zip(order, texts, strict=False) if code}
            bad.append(BadRow(line, tuple(typed.get(code, "") for code in kind.codes), tuple(faults)))
        else:
            good.append((line, row))
    return Read(tuple(good), tuple(bad))


def _titles(kinds: Sequence[ListKind], cells: Sequence[str]) -> list[str]:
    """The columns in the order of a first line of titles ("" for one that is not ours); nothing where it is no such line."""
    known = {_plain(column.label): column.code for kind in kinds for column in kind.columns} | SPELLINGS
    found = [known.get(_plain(cell), "") for cell in cells]
    of_list = [code for code in found if code in kinds[0].codes]
    return found if len(set(of_list)) >= HEADER_CELLS and len(set(of_list)) == len(of_list) else []


def _plain(title: str) -> str:
    """With and without its accents, spaces and signs it is the same title."""
    letters = unicodedata.normalize("NFD", title.partition("(")[0].casefold())
    return re.sub(r"[^a-z]", "", letters)


def _spellings(kinds: Sequence[ListKind]) -> dict[str, dict[str, str]]:
    """By column: every way to write an answer that is chosen, and the answer. `B`, `Part B` and `part b` are the same."""
    columns = [column for kind in kinds for column in kind.columns]
    found: dict[str, dict[str, str]] = {column.code: {} for column in columns}
    for column in columns:
        for one in column.choices:
            found[column.code] |= {one.value.casefold(): one.value, one.label.casefold(): one.value}
    found["era"] |= ERA_WORDS
    return found


def _row(
    kind: ListKind, typed: Mapping[str, str], spellings: Mapping[str, Mapping[str, str]], *, tin: str
) -> tuple[dict[str, str], list[Fault]]:
    row: dict[str, str] = {}
    faults: list[Fault] = []
    for column in kind.columns:
        text = typed.get(column.code, "").strip()
        answer = (
            No(Problem.FORMULA)
            if text.startswith(FORMULA)
            else normalized(column, _choice(column, text, spellings[column.code]))
        )
        if isinstance(answer, No):
            faults.append(Fault(column.label, answer.because, answer.facts))
        elif column.required and not answer:
            faults.append(Fault(column.label, Finding.MISSING, {"label": column.label}))
        else:
            row[column.code] = answer
    return row, faults or _settled(kind, row, tin=tin)


def _choice(column: Field, text: str, spellings: Mapping[str, str]) -> str:
    if column.code == "era" and not text:
        return KEEP
    return spellings.get(" ".join(text.casefold().split()), text) if spellings else text


def _settled(kind: ListKind, row: dict[str, str], *, tin: str) -> list[Fault]:
    """Answers of one line beside each other: services in one spelling, ERA said once, the TIN that of the form."""
    words = [word for word in SEPARATOR.split(row["services"].casefold()) if word]
    if unknown := [word for word in words if word not in SERVICE_WORDS]:
        return [Fault(kind.label("services"), Problem.SERVICE_UNKNOWN, {"word": unknown[0]})]
    wanted = {SERVICE_WORDS[word] for word in words}
    if Service.ERA in wanted and row["era"] != ASSIGN:
        return [Fault(kind.label("era"), Problem.ERA_CLASH, {})]
    wanted |= {Service.ERA} if row["era"] == ASSIGN else set()
    row["services"] = ", ".join(WRITTEN[one] for one in ORDER if one in wanted)
    if kind.code == AFFILIATED:
        row["tin"] = row["tin"] or tin
        if tin and row["tin"] != tin:
            return [Fault(kind.label("tin"), Problem.OTHER_TIN, {})]
    return []
