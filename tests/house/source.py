"""What the house tests read: the source as files, lines and syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "bailiwick"
PROGRAMS = ("idm", "spot")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the source. `name` is dotted and starts with `bailiwick`."""

    path: Path

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def parts(self) -> tuple[str, ...]:
        """`("idm", "access", "actions")` for idm/access/actions.py, and for idm/access/actions/__init__.py."""
        parts = self.path.relative_to(SOURCE).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def room(self) -> tuple[str, ...]:
        """Program and room, as `("idm", "access")`."""
        return self.parts[:2]

    @property
    def step(self) -> str:
        """The step of the staircase that the file belongs to: the first of its names below the room that is one."""
        return next((part for part in self.parts[2:] if part in STAIRCASE), "")

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[Function]:
        """Every function and method."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of everything imported: `from a import b` gives `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


# From the top of a room to its floor; names on one step do not import each other's step from above.
STAIRCASE = {
    "urls": 5,
    "views": 4,
    "jobs": 4,
    "forms": 3,
    "checks": 3,
    "vendors": 3,
    "actions": 2,
    "queries": 1,
    "models": 0,
}


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the source but migrations."""
    paths = sorted(SOURCE.rglob("*.py"))
    return tuple(Module(path) for path in paths if "migrations" not in path.relative_to(SOURCE).parts)


@cache
def templates() -> tuple[Path, ...]:
    """Every template of the source."""
    return tuple(path for path in sorted(SOURCE.rglob("*")) if path.is_file() and "templates" in path.parts)


def told(findings: list[str], advice: str) -> str:
    """A failure message: what is wrong where, and what to do."""
    return "\n".join(["", *findings, "", advice])
