"""Words, names and sizes."""

import ast
import re
import subprocess

from tests.house.source import ROOT, Function, modules, templates, told

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# Written in pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        (
            "/wor" + r"k/(?!flow)",
            "bash_" + "jobs",
            "sub" + "agent",
            r"\.\./" + "shared",
        )
    )
)
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|NotImplemented" + r"Error)\b")
REGISTRY = re.compile(r"https?://(?!pypi\.org|files\.pythonhosted\.org)[^/\s]+/(simple|pypi|npm)/")
ROOMS_WITHOUT_A_MEANING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "misc",
    "shared",
    "lib",
    "base",
}
BRITISH = re.compile(r"\b\w*(organis(e|ed|ation)|authoris(e|ed|ation)|licence)\w*\b", re.IGNORECASE)


def tracked() -> list[str]:
    """Every file that is or will be in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def matches(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    findings = []
    for name in names:
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        findings += [
            f"{name}:{number} {found[0]}"
            for number, line in enumerate(lines, 1)
            if (found := pattern.search(line))
        ]
    return findings


def test_the_project_stands_alone():
    """Nothing names a place outside the repository."""
    findings = matches(FOREIGN, tracked())
    assert not findings, told(findings, "Copy what binds into docs/ and cite it there.")


def test_locks_name_no_registry():
    """The lock works wherever it is used: it names no registry of the place where it was made."""
    locks = [name for name in tracked() if name.startswith(("requirements", "pyproject"))]
    findings = matches(REGISTRY, locks)
    assert not findings, told(findings, "Run `make lock`, which leaves addresses out.")


def test_nothing_in_the_source_is_left_for_later():
    """What stands in src works; what is missing is missing openly."""
    findings = matches(UNFINISHED, [name for name in tracked() if name.startswith("src/")])
    assert not findings, told(findings, "Do it now, or leave it out and say so in the documents.")


def test_spelling_is_american():
    """One spelling: organization, authorize, license."""
    names = [
        name for name in tracked() if name.startswith(("src/", "applications/")) and "/static/" not in name
    ]
    findings = matches(BRITISH, [name for name in names if name.endswith((".py", ".html", ".txt", ".toml"))])
    assert not findings, told(findings, "Spell it the American way.")


def test_no_file_is_too_long_to_read():
    """No file of ours is over 300 lines."""
    findings = [
        f"{m.where}: {count}" for m in modules() if (count := len(m.text.splitlines())) > LONGEST_FILE
    ]
    assert not findings, told(findings, f"Split it by what it is about; {LONGEST_FILE} lines are the limit.")


def test_no_function_is_too_long_to_hold_in_mind():
    """No function is over 40 lines, its docstring not counted."""
    findings = [
        f"{module.where}:{function.lineno} {function.name}: {length(function)}"
        for module in modules()
        for function in module.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert not findings, told(findings, f"Give its parts names; {LONGEST_FUNCTION} lines are the limit.")


def length(function: Function) -> int:
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_rooms_have_names_of_the_field():
    """A room called after nothing collects everything."""
    findings = [m.where for m in modules() if ROOMS_WITHOUT_A_MEANING & set(m.parts)]
    findings += [
        str(path.relative_to(ROOT)) for path in templates() if ROOMS_WITHOUT_A_MEANING & set(path.parts[:-1])
    ]
    assert not findings, told(findings, "Name it after what it does for the people of the product.")


def test_every_module_says_what_it_is_for():
    """Each module with behavior begins with a sentence of purpose."""
    quiet = {"__init__", "apps", "urls"}
    findings = [
        module.where
        for module in modules()
        if module.path.stem not in quiet and module.text.strip() and ast.get_docstring(module.tree) is None
    ]
    assert not findings, told(
        findings, "Begin the file with one sentence of purpose, then its law if it has one."
    )


def test_suppressions_name_a_code_and_a_reason():
    """`noqa`, `type: ignore` and `pragma` say which rule they silence."""
    bare = re.compile(r"#\s*(noqa(?!: [A-Z]+\d+)|type: ignore(?!\[)|pragma: no cover\s*$)")
    findings = [
        f"{module.where}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if bare.search(line)
    ]
    assert not findings, told(findings, "Write the code, and why: `# noqa: S603 - our own command line`.")
