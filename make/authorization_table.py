"""Write docs/authorization.md from tests/idm/authorization.toml and IDM's addresses. `--check` only compares."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.settings import surroundings  # noqa: E402 - found by the path above

TARGET = ROOT / "docs" / "authorization.md"
INTRODUCTION = """# Who may open which door

Every address of IDM, and who gets through. `tests/idm/test_authorization.py` knocks at each as everybody, so a line
that is not true, or a new address without a line, is a failing test. What a person may then do there is for the
[rules](rules.md); whose rows they see is for the queries, and on PostgreSQL for a
[second wall](operations.md#two-walls-around-an-organization), behind which the addresses marked ▣ are.

Without a session one is sent to sign in first. *Hidden* is 404: whether it exists cannot be told from outside.
*Closed* is 403: that there is such a page is no secret.

"""
CLOSING = "\nThis page is printed from `tests/idm/authorization.toml`; `make rules` writes it.\n"
OTHERS = {"hidden": "hidden", "closed": "closed"}


def page() -> str:
    """The page as it ought to be."""
    from bailiwick.idm.access.wall import WALLED
    from tests.idm.authorization import matrix, routes

    read = matrix()
    paths = {route.name: route.shown for route in routes()}
    people = "".join(f"| {who} | {words} |\n" for who, words in read.people.items())
    parts = [
        f"| who | is |\n| --- | --- |\n{people}\n| what | address | opens for | to others |\n| --- | --- | --- | --- |\n"
    ]
    for door in read.doors:
        addresses = [(door.method, paths.get(name, name)) for name in door.routes]
        shown = [
            f"{'' if method == 'GET' else method + ' '}`{path}`{' ▣' if path.startswith(WALLED) else ''}"
            for method, path in addresses
        ]
        opens = (
            door.opens
            if isinstance(door.opens, str)
            else ", ".join(door.opens) or "nobody, as long as nothing is there"
        )
        others = door.otherwise if isinstance(door.opens, list) else ""
        if door.hides_from:
            others += f"; hidden from {', '.join(door.hides_from)}"
        parts.append(f"| {door.about} | {'<br>'.join(shown)} | {opens} | {others} |\n")
    return INTRODUCTION + "".join(parts) + CLOSING


def main() -> int:
    """0 where the page is current, or was written."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bailiwick.idm.site.settings"
    os.environ |= surroundings("idm")
    django.setup()
    is_current = TARGET.exists() and TARGET.read_text() == page()
    if "--check" in sys.argv:
        return 0 if is_current else 1
    if not is_current:
        TARGET.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
