"""Small wrong turns in a module of rules, one at a time: what a slip of the hand would make of it.

A mutation is one place of the syntax tree and one change there. Text, types and docstrings stay: a rule never lies there.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
RULINGS = {"Yes": "No", "No": "Yes"}


@dataclass(frozen=True)
class Mutation:
    """`place` is the node's number in the order of `ast.walk`, `change` the number of the change among those it allows."""

    line: int
    before: str
    after: str
    place: int
    change: int


def mutations(source: str) -> list[Mutation]:
    """Every mutation of a module, in the order of its lines."""
    tree = ast.parse(source)
    silent = set(_silent(tree))
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in silent:
            continue
        for change, changed in enumerate(_changes(node)):
            before, after = _text(node), _text(changed)
            found.append(Mutation(node.lineno, before, after, place, change))
    return sorted(found, key=lambda one: (one.line, one.place, one.change))


def mutated(source: str, mutation: Mutation) -> ast.Module:
    """The module with that one change."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        if place == mutation.place:
            changed = list(_changes(node))[mutation.change]
            _replace(tree, node, changed)
            break
    return ast.fix_missing_locations(tree)


def _silent(tree: ast.Module) -> Iterator[int]:
    """Ids of the nodes where a change means nothing: annotations, imports and what stands in front of a definition."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            parts = [node.returns, *node.decorator_list, *(arg.annotation for arg in _arguments(node))]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.decorator_list, *node.bases]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        for part in filter(None, parts):
            yield from map(id, ast.walk(part))


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    given = node.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Each thing that may go wrong at this node, as the node it becomes."""
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
        changed = copy.copy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield changed
    elif isinstance(node, ast.Return):
        yield from _returns(node)
    elif isinstance(node, ast.Set | ast.Dict):
        yield from _without_one(node)
    elif isinstance(node, ast.Call):
        yield from _rulings(node)


def _comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    for at, operator in enumerate(node.ops):
        for table in (BOUNDARY, OPPOSITE):
            if type(operator) in table:
                operators = [*node.ops[:at], table[type(operator)](), *node.ops[at + 1 :]]
                yield ast.Compare(node.left, operators, node.comparators)


def _constants(node: ast.Constant) -> Iterator[ast.Constant]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _returns(node: ast.Return) -> Iterator[ast.Return]:
    """Nothing instead of something; a ruling and a plain yes or no are turned round where they stand."""
    value = node.value
    is_ruling = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in RULINGS
    if value is None or isinstance(value, ast.Constant | ast.Compare | ast.BoolOp | ast.IfExp) or is_ruling:
        return
    yield ast.Return(ast.Constant(None))


def _rulings(node: ast.Call) -> Iterator[ast.Call]:
    if not isinstance(node.func, ast.Name) or node.func.id not in RULINGS:
        return
    other = ast.Name(RULINGS[node.func.id], ast.Load())
    # A refusal needs its code: a word that no rule knows.
    given: list[ast.expr] = [] if node.func.id == "No" else [ast.Constant("mutant")]
    yield ast.Call(other, given, [])


def _without_one(node: ast.Set | ast.Dict) -> Iterator[ast.AST]:
    """A table that lacks an entry."""
    if isinstance(node, ast.Set):
        if len(node.elts) > 1:
            for at in range(len(node.elts)):
                yield ast.Set(node.elts[:at] + node.elts[at + 1 :])
        return
    for at in range(len(node.keys)):
        yield ast.Dict(node.keys[:at] + node.keys[at + 1 :], node.values[:at] + node.values[at + 1 :])


def _replace(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list):
                for at, item in enumerate(value):
                    if item is old:
                        value[at] = new
                        return
    raise LookupError(ast.dump(old))


def _text(node: ast.AST) -> str:
    """The first line of the node as source."""
    shown = copy.copy(node)
    if isinstance(shown, ast.If):
        return f"if {ast.unparse(shown.test)}"
    return " ".join(ast.unparse(ast.fix_missing_locations(shown)).split())
