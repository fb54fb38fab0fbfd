"""How is the database made or upgraded?"""

import argparse

from koers.config.commands.output import say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose but the amount of talk."""
    parser.add_argument(
        "--no-static", action="store_true", help="leave the style sheets and scripts as they are"
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing when all is well")


def run(args: argparse.Namespace) -> int:
    """Apply migrations, make the cache table, collect the static files."""
    set_up()
    prepare(verbosity=0 if args.quiet else 1)
    if not args.no_static:
        collect_static()
    if not args.quiet:
        say("The database and the static files are up to date.")
    return 0


def prepare(*, verbosity: int = 0) -> None:
    """Bring the tables up to date; does nothing twice."""
    from django.core.management import call_command  # noqa: PLC0415 -- after set-up

    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Put the style sheets, scripts and fonts where the web server finds them."""
    from django.core.management import call_command  # noqa: PLC0415 -- after set-up

    call_command("collectstatic", interactive=False, verbosity=0)
