"""Fill the last two columns of docs/rules.md from what the code and the tests cite. `--check` only compares."""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "rules.md"
ROW = re.compile(r"^\| ([A-Z]-\d+) \| (.*) \| ([^|]*) \| ([^|]*) \|$")
CITED = re.compile(r"(?<![\w-])([ACEFGHILMNOPQRSVBX]-\d{1,2})(?![\w-])")


def citations() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Rule id → modules of the source that cite it; rule id → test files that cite it in square brackets."""
    modules: dict[str, set[str]] = defaultdict(set)
    tests: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "src" / "bailiwick").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name = path.relative_to(ROOT / "src" / "bailiwick").as_posix()
        for rule in CITED.findall(path.read_text()):
            modules[rule].add(name)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for bracket in re.findall(r"\[([^\]]*)\]", path.read_text()):
            for rule in CITED.findall(bracket):
                tests[rule].add(path.relative_to(ROOT / "tests").as_posix())
    return modules, tests


def rules() -> dict[str, str]:
    """Rule id → sentence, as docs/rules.md has them."""
    return {row[1]: row[2] for row in map(ROW.match, TABLE.read_text().splitlines()) if row}


def filled() -> str:
    """docs/rules.md with its derived columns as they ought to be now."""
    modules, tests = citations()
    lines = []
    for line in TABLE.read_text().splitlines():
        row = ROW.match(line)
        if row is None:
            lines.append(line)
            continue
        rule, sentence = row[1], row[2]
        lines.append(
            f"| {rule} | {sentence} | {', '.join(sorted(modules[rule]))} | {', '.join(sorted(tests[rule]))} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    text = filled()
    if "--check" in sys.argv:
        return 0 if text == TABLE.read_text() else 1
    TABLE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
