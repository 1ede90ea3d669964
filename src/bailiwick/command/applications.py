"""`bailiwick apps`: the application files as the operator wrote them, and what is in force of them (O-6).

`check` needs no database; `diff` and `apply` are commands of IDM's.
"""

import argparse
import json
import os
from pathlib import Path

from bailiwick.command.programs import PROGRAMS, enter
from bailiwick.idm.applications.loader import check

DIRECTORY = "IDM_APPLICATIONS_DIRECTORY"
VALUES = "IDM_APPLICATION_VALUES"
SHIPPED = Path(__file__).resolve().parents[3] / "applications"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The verbs of `bailiwick apps`."""
    verbs = parser.add_subparsers(required=True, metavar="verb")
    read = verbs.add_parser("check", help="read the application files and name every mistake by line")
    read.add_argument("directory", type=Path, nargs="?", default=directory())
    read.set_defaults(act=lambda options: check_and_print(options.directory))
    diff = verbs.add_parser("diff", help="show what applying the files would change; 1 where it is anything")
    diff.set_defaults(act=lambda _options: _once_in_order("diff"))
    apply = verbs.add_parser("apply", help="put the files in force; recorded on the ledger")
    apply.add_argument("--reason", default="", help="why, for the ledger")
    apply.set_defaults(act=lambda options: _once_in_order("apply", "--reason", options.reason))


def directory() -> Path:
    """Where IDM would read them from."""
    return Path(os.environ.get(DIRECTORY) or SHIPPED)


def _once_in_order(*words: str) -> int:
    """IDM itself does not start with a mistake in a file: it is told before."""
    if mistakes := mistakes_in(directory()):
        print("\n".join(mistakes))
        return 1
    return enter(PROGRAMS["idm"], ["apps", *words])


def mistakes_in(place: Path) -> list[str]:
    """Every mistake of every file there, with its line; empty where IDM would start.

    Values that this environment sets (`IDM_APPLICATION_VALUES`) are filled in as IDM fills them in.
    """
    try:
        values = json.loads(os.environ.get(VALUES) or "{}")
    except ValueError:
        return [f"{VALUES} is not JSON."]
    return [str(mistake) for mistake in check(place, values=values)]


def check_and_print(place: Path) -> int:
    """0 and one line, or 1 and the mistakes."""
    mistakes = mistakes_in(place)
    for mistake in mistakes:
        print(mistake)
    if not mistakes:
        print(f"The application files in {place} are in order.")
    return 1 if mistakes else 0
