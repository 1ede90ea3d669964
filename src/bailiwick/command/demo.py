"""`bailiwick run`: the whole product with a small fictitious world, on this machine, until Ctrl-C."""

import argparse
import os
import sys
from pathlib import Path

from bailiwick.command.ports import Unusable, port_from_text, why_unusable
from bailiwick.command.programs import PROGRAMS
from bailiwick.command.supervising import Stopped, Supervisor
from bailiwick.command.world import World

WELCOME = """
Bailiwick runs.  Ctrl-C stops it; a second start keeps the data; `make run FRESH=1` starts over.

  IDM      {idm}/            accounts, sign-in, roles
  SPOT     {spot}/            the portal of the provider offices
  Mailbox  {idm}/mailbox/    every e-mail, text and call of this world, codes included
  Bureau   {bureau}/            plays the identity proofing vendor
  People   {people}
  Logs     {logs}

{walk}"""

WALK = """The main job, in two browser windows (one of them private):
  1. {spot}/forms/ : fill in the form of a practice; the official signs by the link in the mailbox.
  2. In the other window {spot}/desk/ , as the SPOT help desk (see the people): take it, approve it.
     (Here an authenticator app will do; in production a desk needs a passkey: IDM_DESK_FACTOR, SPOT_DESK_FACTOR.)
  3. {idm}/ , New User Registration: register; codes to sign in with are in the mailbox.
  4. Role Request: SPOT, a role, identity verification, an organization, submit.
  5. In the other window open the request as the one who decides, approve it.
  6. {spot}/ , Sign in: My IDM Account shows the role, the organization and its submitter ID.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `bailiwick run`."""
    parser.add_argument(
        "--demo", action="store_true", help="with the small fictitious world (the only way so far)"
    )
    parser.add_argument(
        "--directory", type=Path, default=Path("var/demo"), help="where its data lives (default var/demo)"
    )
    parser.add_argument("--fresh", action="store_true", help="remove that data first; FRESH=1 does the same")
    for program in PROGRAMS.values():
        parser.add_argument(
            f"--{program.name}-port",
            default=os.environ.get(program.port_variable) or str(program.default_port),
            help=f"port of {program.title} (default {program.port_variable} or {program.default_port})",
        )


def run(options: argparse.Namespace) -> int:
    """Start everything, watch it, stop it. 0 after a tidy end, 1 where it could not start."""
    if not options.demo:
        print(
            "`bailiwick run --demo` starts the fictitious world. In production each program starts by itself:"
        )
        print("`bailiwick idm serve`, `bailiwick idm work`, and the same for spot; see deploy/.")
        return 2
    world = None
    try:
        world = World(options.directory.resolve(), _ports(options))
        if options.fresh or os.environ.get("FRESH", "") not in {"", "0"}:
            world.start_over()
        world.lay_out()
        return _supervise(world)
    except Unusable as unusable:
        print(unusable, file=sys.stderr)
        return 1


def _ports(options: argparse.Namespace) -> dict[str, int]:
    ports = {name: port_from_text(getattr(options, f"{name}_port")) for name in PROGRAMS}
    if len(set(ports.values())) < len(ports):
        raise Unusable(
            "Each program needs a port of its own: " + ", ".join(f"{n} {p}" for n, p in ports.items()) + "."
        )
    taken = {name: reason for name, port in ports.items() if (reason := why_unusable(port))}
    if taken:
        sentences = [
            f"Port {ports[name]} for {PROGRAMS[name].title} {reason}: choose another with "
            f"{PROGRAMS[name].port_variable}={ports[name] + 10} make run, or --{name}-port."
            for name, reason in taken.items()
        ]
        raise Unusable("\n".join(sentences))
    return ports


def _supervise(world: World) -> int:
    supervisor = Supervisor(say=say)
    supervisor.listen_for_signals()
    try:
        say("preparing the databases and the fictitious people …")
        world.prepare()
        if supervisor.is_asked_to_stop:
            return 0
        say("starting the programs …")
        supervisor.start(world.servers())
        missing = supervisor.wait_until_ready({name: world.address(name) for name in PROGRAMS})
        if missing:
            say(f"{', '.join(missing)} did not answer within a minute; see {world.directory / 'logs'}")
            return 1
        supervisor.start(world.workers())
        _welcome(world)
        supervisor.run()
    except Stopped:
        pass
    finally:
        if any(child.process_id for child in supervisor.children):
            say("stopping …")
        supervisor.stop()
    say("stopped")
    return 0


def _welcome(world: World) -> None:
    urls = {name: world.url(name) for name in PROGRAMS}
    if world.people_file.exists():
        say(world.people_file.read_text(), mark="")
    walk = WALK.format(**urls)
    say(WELCOME.format(**urls, people=world.people_file, logs=world.directory / "logs", walk=walk), mark="")


def say(line: str, mark: str = "bailiwick: ") -> None:
    """One line for the person at the terminal. A terminal that went away is no reason to fall over."""
    try:
        print(f"{mark}{line}", flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - stays open as long as the process
