"""docs/mutants.md: what came of every mutant of the rules, file by file. `make mutants` writes it."""

from collections.abc import Mapping, Sequence
from typing import Any

LONGEST = 80
INTRODUCTION = """# Mutants of the rules

`make mutants` changes `src/bailiwick/idm/rules/` in one place after another (a comparison, a bound, a number by one, `and`
for `or`, a `not`, yes for no, an entry of a table, a result) and runs only `tests/rules` against each. A mutant is killed
when a test fails; the first that did is named. What no test noticed is listed as surviving: it is either a gap, or a
change that means nothing (the same bound reached by another test on the way).

Lines are those of the run that wrote this page; it is not checked by the tests, for it takes minutes.

"""


def page(found: Mapping[str, Sequence[Any]]) -> str:
    """`found`: outcomes by module, each with `mutation` and `killer`."""
    every = [one for outcomes in found.values() for one in outcomes]
    parts = [INTRODUCTION, _summary(found), f"\n{_share(every)} of all.\n"]
    for module, outcomes in found.items():
        survivors = [one for one in outcomes if not one.killer]
        parts.append(f"\n## {module}\n\n{_share(outcomes)}.\n")
        if survivors:
            parts.append("\nSurviving:\n\n")
            parts += [f"- line {one.mutation.line}: {_change(one.mutation)}\n" for one in survivors]
        parts.append("\n| line | change | killed by |\n| --- | --- | --- |\n")
        parts += [
            f"| {one.mutation.line} | {_change(one.mutation)} | {one.killer} |\n"
            for one in outcomes
            if one.killer
        ]
    return "".join(parts)


def _summary(found: Mapping[str, Sequence[Any]]) -> str:
    lines = ["| module | mutants | killed | share |\n| --- | ---: | ---: | ---: |\n"]
    for module, outcomes in found.items():
        killed = sum(bool(one.killer) for one in outcomes)
        lines.append(f"| {module} | {len(outcomes)} | {killed} | {killed / max(len(outcomes), 1):.0%} |\n")
    return "".join(lines)


def _share(outcomes: Sequence[Any]) -> str:
    killed = sum(bool(one.killer) for one in outcomes)
    return f"{killed} of {len(outcomes)} mutants are killed, {killed / max(len(outcomes), 1):.1%}"


def _change(mutation: Any) -> str:
    return f"`{_cell(mutation.before)}` → `{_cell(mutation.after)}`"


def _cell(text: str) -> str:
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return text.replace("|", "\\|")
