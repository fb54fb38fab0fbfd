"""What does the command ``koers`` do? Each sub-command is a file in ``config/commands``."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "demo": "load the demo company, and serve it",
    "routes": "plan visiting rounds with time windows from files of stops",
    "territories": "design balanced territories from a file of customers",
    "serve": "start the web server and the background worker",
    "migrate": "create or upgrade the database and the static files",
    "import": "bring in customers, products, sellers, orders, targets from files",
    "analyse": "print figures: turnover, pyramid, movement, life cycle, RFM, attainment, win rate, funnel, win probability, customer value",
    "forecast": "forecast series from a file, with intervals",
    "formula": "list the book's formulas and run one",
    "duplicates": "find companies that stand in a CSV file twice",
    "facts": "refresh or rebuild the columnar facts, and class the customers",
    "check": "check the installation: settings, database, facts, audit trail",
    "backup": "put database, uploads and secret key into one file, while people work",
    "restore": "bring a backup back onto an empty machine, and prove it is the same",
    "maintenance": "close Koers for a while with a message, open it again",
    "user": "add a person who may log in, or make a first-run link",
    "worker": "run background jobs without a web server",
}
DONE, REFUSED, USAGE = 0, 1, 2
EXIT_CODES = "exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sub-command. Exit code 0: done; 1: refused or failed; 2: wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="koers", description="The sales manager's system.", epilog=EXIT_CODES
    )
    parser.add_argument("--version", action="version", version=f"koers {_version()}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((word for word in words if not word.startswith("-")), "")
    for name, help_text in COMMANDS.items():
        sub = subparsers.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
        if name == asked:
            module = import_module(f"koers.config.commands.{name}_command")
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
            _tell_exit_codes(sub)
    try:
        args = parser.parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    return _run(args)


def _tell_exit_codes(parser: argparse.ArgumentParser) -> None:
    """End the help of a command, and of the commands inside it, with the exit codes."""
    parser.epilog = EXIT_CODES
    for action in parser._actions:  # noqa: SLF001 -- argparse has no other way to the commands inside
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- the same
            for inner in action.choices.values():
                _tell_exit_codes(inner)


def _run(args: argparse.Namespace) -> int:
    from koers.core.errors import RuleError  # noqa: PLC0415 -- only after the arguments are right

    try:
        return int(args.run(args))
    except RuleError as refusal:
        sys.stderr.write(f"koers {args.command}: {refusal}\n")
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 -- only for --version and the help

    return version("koers")
