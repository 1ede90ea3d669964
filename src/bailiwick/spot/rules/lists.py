"""Lists that are attached to a form: affiliated providers, and providers that a third party moves to SPOT (F-4). Pure.

How lines of cells become a list is in rules/listreading.py.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bailiwick.spot.rules.schema import Choice, Field, FieldType
from bailiwick.spot.rules.services import Pair, Service

Row = Mapping[str, str]
RowsOnFile = Sequence["OnFile"]
AFFILIATED, MIGRATION = "affiliated_providers", "migration"
KEEP, ASSIGN = "keep", "assign"
# What a spreadsheet would run when somebody opens it. (AX34)
FORMULA = ("=", "+", "-", "@")


class Problem(StrEnum):
    """What is wrong with a line; what is wrong with a single answer is a `Finding`. The words are in `forms/listwords.py`."""

    FORMULA = "row_formula"
    SERVICE_UNKNOWN = "row_service_unknown"
    ERA_CLASH = "row_era_clash"
    OTHER_TIN = "row_other_tin"
    TWICE = "row_twice"
    TOO_MANY_CELLS = "row_too_many_cells"
    TOO_MANY_ROWS = "row_too_many_rows"


class FileRefusal(StrEnum):
    """Why a file is not read as a list at all."""

    EMPTY = "list_file_empty"
    TOO_LARGE = "list_file_too_large"
    WRONG_KIND = "list_file_wrong_kind"
    NOT_TEXT = "list_file_not_text"
    UNREADABLE = "list_file_unreadable"
    UNPACKS_TOO_FAR = "list_file_unpacks_too_far"
    PROGRAMS = "list_file_programs"
    PASSWORD = "list_file_password"
    MORE_THAN_ONE = "list_file_more_than_one"


class OnFile(StrEnum):
    """What the payer's file says of a line of a signed list. Only what is `KNOWN` is set up."""

    KNOWN = "known"
    NOT_ON_FILE = "not_on_file"
    OTHER_TIN = "other_tin"
    NOT_SERVED = "not_served"
    IN_SPOT = "in_spot"


@dataclass(frozen=True)
class ListKind:
    """A kind of list: its columns are questions, answered once a line."""

    code: str
    title: str
    columns: tuple[Field, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(column.code for column in self.columns)

    def label(self, code: str) -> str:
        """The title of a column."""
        return next(column.label for column in self.columns if column.code == code)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a line: the column's title ("" for the line as a whole), a code and its facts."""

    column: str
    code: StrEnum
    facts: Mapping[str, object]


@dataclass(frozen=True)
class BadRow:
    line: int
    typed: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Read:
    """What came of reading lines: `good` with their line numbers, and `bad`, both in their order."""

    good: tuple[tuple[int, dict[str, str]], ...]
    bad: tuple[BadRow, ...]


LINES = (Choice("A", "Part A"), Choice("B", "Part B"))
STATES = (Choice("FL", "Florida"), Choice("PR", "Puerto Rico"), Choice("VI", "U.S. Virgin Islands"))
ERA_CHOICES = (Choice(KEEP, "Keep as it is"), Choice(ASSIGN, "Assign to this submitter ID"))
NAME = Field("name", "Provider name", FieldType.TEXT, max_length=100)
PTAN = Field("ptan", "PTAN", FieldType.PTAN, max_length=20)
NPI = Field("npi", "NPI", FieldType.NPI, max_length=20)
LINE = Field("line_of_business", "Line of business", FieldType.CHOICE, choices=LINES, max_length=20)
STATE = Field("state", "State or territory", FieldType.CHOICE, choices=STATES, max_length=40)
SERVICES = Field(
    "services", "Services", FieldType.TEXT, help="Any of 837, 276/277 and ERA.", required=False, max_length=60
)
ERA = Field(
    "era", "ERA", FieldType.CHOICE, help="keep or assign; empty is keep.", required=False, choices=ERA_CHOICES
)
TIN_OF_GROUP = Field(
    "tin", "TIN", FieldType.TIN, help="Empty: the TIN of the form.", required=False, max_length=20
)
TIN_OF_CLIENT = Field("tin", "TIN", FieldType.TIN, max_length=20)
PRESENT_ID = Field(
    "present_id", "Present submitter ID", FieldType.TEXT, help="The ID under which you bill for them now."
)
LISTS: dict[str, ListKind] = {
    AFFILIATED: ListKind(
        AFFILIATED,
        "Affiliated providers",
        (NAME, PTAN, NPI, TIN_OF_GROUP, LINE, STATE, SERVICES, ERA),
    ),
    MIGRATION: ListKind(
        MIGRATION,
        "Providers to migrate",
        (NAME, PTAN, NPI, TIN_OF_CLIENT, LINE, STATE, PRESENT_ID, SERVICES, ERA),
    ),
}
SERVICE_WORDS = {
    "837": Service.CLAIMS,
    "claims": Service.CLAIMS,
    "reclamaciones": Service.CLAIMS,
    "276": Service.STATUS,
    "277": Service.STATUS,
    "276/277": Service.STATUS,
    "276-277": Service.STATUS,
    "835": Service.ERA,
    "era": Service.ERA,
}
# Short for what is chosen, in either language of pages.
ERA_WORDS = {KEEP: KEEP, ASSIGN: ASSIGN, "dejar": KEEP, "asignar": ASSIGN}
ORDER = (Service.CLAIMS, Service.STATUS, Service.ERA)
WRITTEN = {Service.CLAIMS: "837", Service.STATUS: "276/277", Service.ERA: "ERA"}


def merged(present: Sequence[Row], added: Iterable[Row]) -> list[Row]:
    """The list with the new lines: a provider who is on it already has the newer line, in the old place. [F-4]"""
    rows = {pair_of(row): row for row in present}
    rows |= {pair_of(row): row for row in added}
    return list(rows.values())


def pair_of(row: Row) -> Pair:
    """What a line is about: no two lines of a list are about the same."""
    return Pair(row["ptan"], row["npi"], row["line_of_business"])


def services_of(row: Row) -> frozenset[Service]:
    """What the submitter does for this provider, the remittance aside."""
    words = row["services"].casefold().split(", ")
    return frozenset(SERVICE_WORDS[word] for word in words if word) - {Service.ERA}


def moves_era(row: Row) -> bool:
    return row["era"] == ASSIGN


def on_file(
    kind: str,
    row: Row,
    *,
    line_of_business: str | None,
    ids_of_provider: Collection[str],
    ids_of_filer: Collection[str],
    tin: str,
) -> OnFile:
    """What a line may rely on, given what the payer has under its PTAN, NPI and TIN (`line_of_business` None: nothing). [F-4]

    An official signs for their own TIN; a third party moves only those whom the payer knows it to serve now.
    """
    if line_of_business != row["line_of_business"]:
        return OnFile.NOT_ON_FILE
    if kind == AFFILIATED:
        return OnFile.KNOWN if row["tin"] == tin else OnFile.OTHER_TIN
    present = re.sub(r"[^A-Z0-9]", "", row["present_id"].upper())
    is_served = present in ids_of_provider and present in ids_of_filer
    return OnFile.KNOWN if is_served else OnFile.NOT_SERVED


def but_those_in_spot(rows: Sequence[Row], said: RowsOnFile, ever_served: Collection[Pair]) -> list[OnFile]:
    """The same for a submitter that has served some of them in SPOT: there, a provider's own word counts (E-5). [F-4]

    A list gives nobody back who ended it, and nobody more than they asked for.
    """
    return [
        OnFile.IN_SPOT if one is OnFile.KNOWN and pair_of(row) in ever_served else one
        for row, one in zip(rows, said, strict=True)
    ]


def canonical(kind: ListKind, rows: Sequence[Row], salt: str) -> str:
    """A list as one text: what its digest, and so the signature of its form, is taken of. [F-8]"""
    cells = [[row[code] for code in kind.codes] for row in rows]
    return json.dumps([kind.code, salt, cells], ensure_ascii=False, separators=(",", ":"))


def answer_of(text: str, count: int) -> str:
    """The answer that stands for a list in the form: how many lines, and the SHA-256 of its canonical text."""
    return f"{count}:{hashlib.sha256(text.encode()).hexdigest()}"


def counted(answer: str) -> int:
    """How many lines the list has for which this answer stands."""
    return int(answer.partition(":")[0] or 0)
