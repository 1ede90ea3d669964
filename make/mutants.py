"""Change the rules of IDM in one place after another, and see which test of tests/rules notices: `make mutants`.

Each mutant lives in a process of its own, forked from one in which everything but the rules is loaded. Writes
docs/mutants.md: what was killed by which test, and what survived. `make/mutants.py sessions grants` takes only those
modules and prints what survived. Exit code 1 where fewer than LEAST are killed or the tests fail by themselves.
"""

import ast
import contextlib
import gc
import hashlib
import importlib.util
import io
import json
import os
import re
import select
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "make")]

import hypothesis  # noqa: E402 - the line above makes the rest importable
import pytest  # noqa: E402
from hypothesis import strategies  # noqa: E402
from mutants_page import page  # noqa: E402
from mutations import Mutation, mutated, mutations  # noqa: E402

PACKAGE = "bailiwick.idm.rules"
RULES = ROOT / "src" / "bailiwick" / "idm" / "rules"
TESTS = ROOT / "tests" / "rules"
TARGET = ROOT / "docs" / "mutants.md"
MUTATIONS = ROOT / "make" / "mutations.py"
# Beside the environment: `make clean` forgets it.
KEPT = ROOT / ".venv" / "mutants.json"
LEAST = 0.85
AT_ONCE = max(1, int(os.environ.get("MUTANTS_AT_ONCE", os.cpu_count() or 1)))
LONGEST_SECONDS = 20.0
# Without what takes time and tells nothing here: explained assertions, and looking for what was left in memory.
OPTIONS = [
    "-x",
    "-q",
    "--tb=no",
    "--assert=plain",
    f"--confcutdir={TESTS}",
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
]
DOES_NOT_LOAD = "does not load"
DOES_NOT_END = "does not end"
IMPORTED = re.compile(r"bailiwick\.idm\.rules(?:\.(\w+)|\s+import\s+([\w, ()\n]+))")


@dataclass
class Outcome:
    """`killer` is the test that failed first; empty for a survivor."""

    mutation: Mutation
    killer: str


class Loader:
    """Gives the rules' importer one module with other contents."""

    def __init__(self, name: str, tree: ast.Module, path: Path) -> None:
        self.name, self.tree, self.path = name, tree, path

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def create_module(self, _spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)  # noqa: S102 - that is what a loader does


class FirstFailure:
    """A plugin of pytest that keeps the name of what failed first."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = DOES_NOT_LOAD


def modules_of(path: Path) -> set[str]:
    """The modules of rules that a file names."""
    found = set()
    for module, listed in IMPORTED.findall(path.read_text()):
        found |= {module} if module else set(re.findall(r"\w+", listed))
    return found


def tests_of(module: str) -> list[Path]:
    """The files of tests that name the module, its own first; where none does, those of the modules that lean on it."""
    leans = {path.stem: modules_of(path) for path in RULES.glob("*.py")}
    tests = {path: modules_of(path) for path in sorted(TESTS.glob("test_*.py"))}
    near, reach = {module}, {module}
    while near:
        found = [path for path, named in tests.items() if named & near]
        if found:
            return sorted(found, key=lambda path: (path.stem != f"test_{module}", path.stem))
        near = {name for name, named in leans.items() if named & near} - reach
        reach |= near
    return []


@cache
def fails_unchanged(path: Path) -> bool:
    """Whether a file of tests fails by itself: then it says nothing about mutants."""
    return bool(answer(*fork("", None, [path])))


def first_failure(module: str, tree: ast.Module | None, tests: list[Path]) -> str:
    """Run in a process of its own: the first test that fails under this module, or an empty string."""
    if tree is not None:
        sys.meta_path.insert(0, Loader(f"{PACKAGE}.{module}", tree, RULES / f"{module}.py"))
    # File by file: most mutants die in the first, and the others need not even be read.
    return next(filter(None, map(_first_failure_in, tests)), "")


def quietly(words: list[str], *plugins: object) -> int:
    """Pytest's exit code, and nothing of what it says."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return pytest.main([*OPTIONS, *words], plugins=list(plugins))


def _first_failure_in(path: Path) -> str:
    kept = FirstFailure()
    code = quietly([str(path)], kept)
    return kept.name or ("" if code == pytest.ExitCode.OK else DOES_NOT_LOAD)


def fork(module: str, tree: ast.Module | None, tests: list[Path]) -> tuple[int, int]:
    """(process, pipe to read its answer from)."""
    source, sink = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(source)
        # Processor time: on a busy machine nobody is taken for endless who only had to wait.
        signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
        try:
            os.write(sink, json.dumps(first_failure(module, tree, tests)).encode())
        finally:
            os._exit(0)
    os.close(sink)
    return process, source


def answer(process: int, pipe: int) -> str:
    """What the process said; one that said nothing was stopped by its alarm or took the interpreter with it."""
    said = os.read(pipe, 65_536)
    os.close(pipe)
    os.waitpid(process, 0)
    return json.loads(said) if said else DOES_NOT_END


def outcomes(module: str, tests: list[Path]) -> Iterator[Outcome]:
    """Every mutant of one module, AT_ONCE at a time, in the order in which they end."""
    source = (RULES / f"{module}.py").read_text()
    waiting = mutations(source)[::-1]
    running: dict[int, tuple[int, Mutation]] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutation = waiting.pop()
            process, pipe = fork(module, mutated(source, mutation), tests)
            running[pipe] = process, mutation
        for pipe in select.select(list(running), [], [])[0]:
            process, mutation = running.pop(pipe)
            yield Outcome(mutation, answer(process, pipe).rpartition("tests/rules/")[2])


def load_everything_else() -> None:
    """What every mutant needs and none changes is loaded once, here."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(KEPT.with_name("hypothesis"))
    # The same examples for each mutant: what a test notices does not hang on luck.
    # Nobody reads the counter-example, so none is made small.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, max_examples=25, phases=phases
    )
    hypothesis.settings.load_profile("mutants")
    for name in (
        "hypothesis.strategies",
        "pyotp",
        "zoneinfo",
        "bailiwick.ground.rulings",
        "bailiwick.wire.claims",
    ):
        importlib.import_module(name)
    # The tables of all letters, which take hypothesis longer than most tests.
    hypothesis.given(strategies.text(), strategies.from_regex(r"\w[^\W\d]"))(lambda _text, _letter: None)()
    quietly([str(TESTS / "__init__.py")])  # what pytest itself loads
    gc.freeze()
    gc.disable()


def measure(names: list[str]) -> tuple[dict[str, list[Outcome]], list[str]]:
    """Outcomes by module, and the modules whose tests fail without any change; says both as it goes."""
    found, broken = {}, []
    for module in names:
        tests = tests_of(module)
        failing = [path for path in tests if fails_unchanged(path)]
        if failing:
            broken.append(module)
            print(f"{module}: fails unchanged: {', '.join(path.name for path in failing)}", flush=True)
        found[module] = _outcomes_or_kept(module, [path for path in tests if path not in failing])
        killed = sum(bool(one.killer) for one in found[module])
        print(f"{module:<16} {killed:>4} of {len(found[module]):>4} killed", flush=True)
        for one in found[module]:
            if not one.killer:
                change = f"{one.mutation.before}  ->  {one.mutation.after}"
                print(f"    survives, line {one.mutation.line}: {change}", flush=True)
    return found, broken


def _outcomes_or_kept(module: str, tests: list[Path]) -> list[Outcome]:
    """What was found before, where neither the module, nor what it leans on, nor its tests have changed since."""
    source = RULES / f"{module}.py"
    leans = sorted(RULES / f"{name}.py" for name in modules_of(source))
    read = b"".join(
        path.read_bytes() for path in (source, *leans, *tests, Path(__file__), MUTATIONS) if path.exists()
    )
    key = hashlib.sha256(read).hexdigest()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if module in kept and kept[module]["key"] == key:
        return [Outcome(Mutation(**told["mutation"]), told["killer"]) for told in kept[module]["outcomes"]]
    found = sorted(outcomes(module, tests), key=lambda one: (one.mutation.line, one.mutation.place))
    kept[module] = {"key": key, "outcomes": [asdict(one) for one in found]}
    KEPT.write_text(json.dumps(kept))
    return found


def main() -> int:
    """0 where enough were killed and nothing failed by itself."""
    every = sorted(path.stem for path in RULES.glob("*.py") if path.stem != "__init__")
    chosen = [name for name in every if name in sys.argv[1:]] or every
    load_everything_else()
    found, broken = measure([name for name in chosen if mutations((RULES / f"{name}.py").read_text())])
    every_one = [one for outcomes in found.values() for one in outcomes]
    killed = sum(bool(one.killer) for one in every_one)
    if chosen == every and not broken:
        TARGET.write_text(page(found))
    print(f"{killed} of {len(every_one)} killed ({killed / max(len(every_one), 1):.1%})")
    return 0 if not broken and killed >= LEAST * len(every_one) else 1


if __name__ == "__main__":
    sys.exit(main())
