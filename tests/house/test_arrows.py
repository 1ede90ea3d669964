"""The arrows between programs, rooms and steps. import-linter holds most; these close its gaps."""

import ast
import subprocess
import sys

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.source import PROGRAMS, ROOT, STAIRCASE, modules, told

DOORS = {"actions", "queries", "models"}
# Rooms with one more door, and why.
MORE_DOORS = {
    "signin": {"doors"},  # SPOT's: who is signed in, and the decorator that demands it
    "sessions": {"doors"},  # what views need: who is signed in, and the decorators that demand it
    # The only writers of the mailbox and of contact data: actions by subject, as long as `actions` is one file.
    # The form of a home address is one, whoever asks for it.
    "accounts": {"mailboxes", "contact", "contact_form", "noticing"},
    # `checks`: take a try, ask the payer outside any transaction, keep the answer: one call. `listfiles`: a list as a
    # file, read outside any transaction, and written.
    # `signeddocuments`: a part of its models.
    "forms": {"checks", "listfiles", "signeddocuments"},
    # `checks`: a document that comes back signed, looked into outside any transaction. `letters`: read, and as papers.
    "papers": {"checks", "letters"},
    "proofing": {"attempts"},  # begin, ask the vendor outside any transaction, store: one call
}
# Rooms that are doors all over: decisions, and SPOT's clients of IDM and of the payer, which hold no rows.
OPEN_ROOMS = {"rules", "identity", "payers"}
# A port is the words between a room and its vendors: types only, whoever speaks of an outcome names them.
PORT = "vendors.port."
FOREIGN_KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
CLOCK = "bailiwick.ground.program.clock"
READS_THE_CLOCK = (
    "views",
    "jobs",
    "middleware",
    "commands",
    "command",
    "site",
    "context",
    "doors",
    "api",
    "vendors",
)


def test_every_import_contract_holds(monkeypatch):
    """Imports run downward only: the contracts in pyproject.toml are kept."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == EXIT_STATUS_SUCCESS, told(
        ["see the broken contract above"], "Pass down what pointed upward, or compute it where it is needed."
    )


def test_other_rooms_are_entered_through_their_doors():
    """A room's forms, rules of thumb and private modules are its own: others call actions, queries, models."""
    findings = []
    for module in modules():
        program, room = (*module.room, "", "")[:2]
        if program not in PROGRAMS or room == "site":
            continue
        for line, name in module.imports():
            parts = name.split(".")
            if (
                parts[:2] != ["bailiwick", program]
                or len(parts) < 4
                or parts[2] in OPEN_ROOMS | {room}
                or PORT in name
            ):
                continue
            # The words for a room's codes are for whoever shows them.
            if parts[3] not in DOORS | MORE_DOORS.get(parts[2], set()) and not parts[3].endswith("words"):
                findings.append(f"{module.where}:{line} imports {name}")
    assert not findings, told(findings, "Enter the room through its actions, queries or models.")


def test_the_staircase_is_walked_downward():
    """Within a room, models know no queries, queries no actions, actions no forms or views."""
    findings = []
    for module in modules():
        if module.parts[:1] not in (("idm",), ("spot",), ("bureau",)) or not module.step:
            continue
        for line, name in module.imports():
            parts = name.split(".")
            if tuple(parts[1:3]) != module.room or PORT in name:
                continue
            step = next((part for part in parts[3:] if part in STAIRCASE), "")
            if step and STAIRCASE[step] > STAIRCASE[module.step]:
                findings.append(f"{module.where}:{line} ({module.step}) imports {name}")
    assert not findings, told(
        findings, "urls → views | jobs → forms | checks | vendors → actions → queries → models."
    )


def test_foreign_keys_name_classes_not_strings():
    """A foreign key by string would cross rooms without an import that the contracts see."""
    findings = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            kind = getattr(node.func, "attr", getattr(node.func, "id", ""))
            target = node.args[0]
            is_text = (
                isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value
            )
            if kind in FOREIGN_KEYS and is_text:
                findings.append(f"{module.where}:{node.lineno} {kind}({target.value!r})")
    assert not findings, told(findings, "Import the class and name it; the arrow is then checked.")


def test_only_the_top_steps_read_the_clock():
    """Time is a parameter: rules, queries and actions take `now`."""
    findings = []
    for module in modules():
        # Pages of a large room are several files, `identity_views` or `journey`: they are given a request.
        is_door = "django.http.HttpRequest" in {name for _, name in module.imports()}
        if is_door or any(part.endswith(READS_THE_CLOCK) for part in module.parts):
            continue
        findings += [f"{module.where}:{line}" for line, name in module.imports() if name.startswith(CLOCK)]
    assert not findings, told(findings, "Take `now` as an argument; the view or job reads the clock once.")


def test_actions_know_no_request_and_no_network():
    """An action locks, decides, writes and tells; it renders nothing and calls nobody."""
    foreign = ("django.http", "django.shortcuts", "django.template", "httpx", "urllib.request", "smtplib")
    findings = [
        f"{module.where}:{line} imports {name}"
        for module in modules()
        if module.step in {"actions", "queries", "models"} and module.parts[0] != "ground"
        for line, name in module.imports()
        if name.startswith(foreign)
    ]
    assert not findings, told(findings, "Leave pages to views and the network to vendors or the outbox.")


def test_spot_starts_without_idm():
    """SPOT's settings, urls and rooms load with every module of IDM walled off."""
    script = (
        "import sys\n"
        "class Wall:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[:2] in (['bailiwick', 'idm'], ['bailiwick', 'bureau']):\n"
        "            raise ImportError('walled off: ' + name)\n"
        "sys.meta_path.insert(0, Wall())\n"
        "from tests.settings import use_program\n"
        "use_program('spot')\n"
        "import django, importlib\n"
        "django.setup()\n"
        "importlib.import_module('bailiwick.spot.site.urls')\n"
        "importlib.import_module('bailiwick.spot.site.work')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, told([done.stderr], "SPOT knows IDM through `wire` and HTTP only.")
