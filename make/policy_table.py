"""Write docs/policy-profiles.md from `rules.profiles`. `--check` only compares."""

import sys
from pathlib import Path

from bailiwick.idm.rules.profiles import differences

TARGET = Path(__file__).resolve().parents[1] / "docs" / "policy-profiles.md"
INTRODUCTION = """# Policy profiles

`IDM_POLICY_PROFILE=standard` (the default) or `strict`; anything else stops the start. `standard` is what
[the rules](rules.md) say. `strict` follows NIST SP 800-63B-4 where the two differ, and changes nothing else: who may do
what, the counters, the waits and the notices are the same under both.

Changing the profile needs a restart and no migration. Answers to security questions stay stored under `strict` and are
not asked for; people who registered under `strict` have none, and recover without one after a change to `standard`.

| rule | what | standard | strict | why strict differs |
| --- | --- | --- | --- | --- |
"""
CLOSING = "\nThis page is printed from `src/bailiwick/idm/rules/profiles.py`; `make rules` writes it.\n"


def page() -> str:
    """The page as it ought to be."""
    return INTRODUCTION + "".join(f"| {' | '.join(row)} |\n" for row in differences()) + CLOSING


def main() -> int:
    """0 where the page is current, or was written."""
    is_current = TARGET.exists() and TARGET.read_text() == page()
    if "--check" in sys.argv:
        return 0 if is_current else 1
    if not is_current:
        TARGET.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
