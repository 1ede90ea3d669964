"""Draw docs/states/*.md from the state tables in the rules of each program. `--check` only compares."""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "states"
PROGRAMS = ("idm", "spot")
BLOCK = re.compile(r"```mermaid\n.*?```", re.DOTALL)
Table = dict[Enum, dict[Enum, Enum]]


def tables() -> Iterator[tuple[str, ModuleType, Table]]:
    """Name of the drawing, module and table, for every `…STEPS` that maps states to events to states."""
    for program in PROGRAMS:
        package = importlib.import_module(f"bailiwick.{program}.rules")
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if name.endswith("STEPS") and isinstance(value, dict):
                    prefix = name.removesuffix("STEPS").strip("_").lower()
                    names = ("" if program == "idm" else program, info.name.rpartition(".")[2], prefix)
                    stem = "-".join(filter(None, names))
                    yield stem, module, value


def drawing(table: Table) -> str:
    """The diagram of one table, as a block of Mermaid."""
    reached = {target for state, steps in table.items() for target in steps.values() if target is not state}
    lines = ["```mermaid", "stateDiagram-v2"]
    # Where every state can be come back to, the table's first is where it begins.
    beginnings = [state for state in table if state not in reached] or list(table)[:1]
    lines += [f"    [*] --> {state.value}" for state in beginnings]
    for state, steps in table.items():
        lines += [f"    {state.value} --> {target.value} : {event.value}" for event, target in steps.items()]
        if not steps:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join([*lines, "```"])


def page(stem: str, module: ModuleType, table: Table) -> str:
    """The page as it ought to be: what people wrote around the drawing stays; a new page begins with the module's own words."""
    target = TARGET / f"{stem}.md"
    if target.exists():
        return BLOCK.sub(lambda _: drawing(table), target.read_text(), count=1)
    title = stem.replace("-", " ").capitalize()
    place = Path(inspect.getfile(module)).relative_to(ROOT).as_posix()
    purpose = (inspect.getdoc(module) or "").strip()
    return f"# States: {title}\n\n{purpose}\n\n{drawing(table)}\n\nThe table is in `{place}`; `make rules` draws it.\n"


def main() -> int:
    """0 where every drawing is current, or was written."""
    wanted = {f"{stem}.md": page(stem, module, table) for stem, module, table in tables()}
    present = {path.name: path.read_text() for path in TARGET.glob("*.md")}
    stale = sorted(name for name, text in wanted.items() if present.get(name) != text)
    if "--check" in sys.argv:
        print("\n".join(f"docs/states/{name} is stale" for name in stale))
        return 1 if stale else 0
    for name in stale:
        (TARGET / name).write_text(wanted[name])
    return 0


if __name__ == "__main__":
    sys.exit(main())
