"""Actions are verbs with keyword arguments; decisions come by POST."""

import ast

from tests.house.source import Function, Module, modules, told

WRITING = {"save", "create", "bulk_create", "get_or_create", "update", "delete", "atomic", "append", "notice"}
TAKES_POST = ("POST", "require_POST", "post", "form_valid")


def public_actions() -> list[tuple[Module, Function]]:
    """Every function by which others write: re-exported by an `actions` package, or public in an `actions.py`."""
    return [
        (module, node)
        for module in modules()
        if module.parts[:1] in (("idm",), ("spot",)) and module.step == "actions"
        for node in module.tree.body
        if isinstance(node, Function) and is_offered(module, node) and writes(node)
    ]


def is_offered(module: Module, function: Function) -> bool:
    package = module.path.parent / "__init__.py"
    if module.path.parent.name == "actions" and module.path != package:
        return any(name.endswith(f".{function.name}") for _, name in Module(package).imports())
    return not function.name.startswith("_")


def writes(function: Function) -> bool:
    return bool(WRITING & {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(function)})


def test_actions_take_keyword_arguments_only():
    """A call reads like a sentence and no two arguments can be swapped; a job's round takes `now` alone."""
    findings = [
        f"{module.where}:{function.lineno} {function.name}"
        for module, function in public_actions()
        if [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        not in ([], ["now"])
    ]
    assert not findings, told(findings, "Put `*` first: def approve(*, request, decider, by, now).")


def test_actions_know_when():
    """Every action takes `now`: it is never read from a clock."""
    findings = [
        f"{module.where}:{function.lineno} {function.name}"
        for module, function in public_actions()
        if "now" not in arguments(function)
    ]
    assert not findings, told(findings, "Take the keyword argument `now`, an aware instant.")


def test_actions_know_who_acts():
    """What goes on the ledger says who did it."""
    findings = [
        f"{module.where}:{function.lineno} {function.name}"
        for module, function in public_actions()
        if calls(function, {"append"}) and not {"by"} & (arguments(function) | assigned(function))
    ]
    assert not findings, told(findings, "Take the keyword argument `by`; a job acts as By('system:<job>').")


def arguments(function: Function) -> set[str]:
    return {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}


def assigned(function: Function) -> set[str]:
    return {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def test_pages_change_things_by_post_only():
    """A view that calls an action does so for POST alone: following a link decides nothing.

    Actions named `note_…` only put on the ledger that somebody looked or reached for something (L-2).
    """
    findings = []
    for module in modules():
        if module.parts[:1] not in (("idm",), ("spot",)) or not module.parts[-1].endswith("views"):
            continue
        verbs = imported_actions(module)
        for function in module.tree.body:
            if not isinstance(function, Function) or not is_view(function) or not calls(function, verbs):
                continue
            text = ast.unparse(function)
            if not any(word in text for word in TAKES_POST):
                findings.append(f"{module.where}:{function.lineno} {function.name}")
    assert not findings, told(findings, 'Demand POST: @require_POST, or `if request.method == "POST"`.')


def is_view(function: Function) -> bool:
    names = [argument.arg for argument in function.args.args]
    return names[:1] == ["request"] and not function.name.startswith("_")


def imported_actions(module: Module) -> set[str]:
    """The names by which a module calls actions: of functions, or of the module `actions` itself."""
    named = {name.rpartition(".")[2] for _, name in module.imports() if "actions" in name.split(".")}
    return {name for name in named if not name.startswith("note_")}


def calls(function: Function, verbs: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            while isinstance(target, ast.Attribute) and not target.attr.startswith("note_"):
                target = target.value
            if isinstance(target, ast.Name) and target.id in verbs:
                return True
    return False
