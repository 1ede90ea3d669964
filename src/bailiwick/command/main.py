"""The `bailiwick` command line."""

import argparse
import sys
from collections.abc import Sequence

from bailiwick.command.programs import PROGRAMS, enter


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in PROGRAMS:
        # Handed on as it stands: management commands have options of their own.
        return enter(PROGRAMS[words[0]], words[1:])
    options = _parser().parse_args(words)
    code: int = options.act(options)
    return code


def _parser() -> argparse.ArgumentParser:
    # Read here: every server, worker and management command starts by way of this file, and needs none of them.
    from bailiwick.command import applications, demo, doctor, keys, trying

    parser = argparse.ArgumentParser(
        prog="bailiwick", description="Delegated identity for healthcare portals."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="start every program with a small fictitious world")
    demo.add_options(run)
    run.set_defaults(act=demo.run)
    for program in PROGRAMS.values():
        # Never parsed here; they are listed for `bailiwick --help`.
        text = f"{program.title}: serve, work, or a management command (`bailiwick {program.name} help`)"
        commands.add_parser(program.name, help=text)
    applications.add_options(
        commands.add_parser("apps", help="check the application files, put them in force")
    )
    keys.add_options(commands.add_parser("keys", help="make key files, rotate signing keys"))
    trying.add_simulation(
        commands.add_parser("simulate", help="let days pass for fictitious people, and report what happens")
    )
    trying.add_forecast(
        commands.add_parser(
            "forecast", help="who is on course to lose what, and what other numbers would change"
        )
    )
    examine = commands.add_parser("doctor", help="check versions, ports, settings, keys and databases")
    examine.set_defaults(act=lambda _options: doctor.examine())
    return parser


if __name__ == "__main__":
    sys.exit(main())
