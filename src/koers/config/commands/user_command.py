"""How does an administrator let somebody in from the console?"""

import argparse
import getpass
import sys

from koers.config.commands.output import say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, and in which role."""
    parser.add_argument("email", help="address to log in with")
    parser.add_argument("--name", required=True, help="full name")
    parser.add_argument(
        "--role", default="administrator", help="role, e.g. sales_manager (default administrator)"
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def run(args: argparse.Namespace) -> int:
    """Create the account; the password is never an argument, where other processes could read it."""
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up
    from koers.organisation.actions.user import create_user  # noqa: PLC0415 -- after set-up

    password = (
        sys.stdin.readline().rstrip("\n") if args.password_stdin else getpass.getpass("Password: ")
    )
    user = create_user(
        actor=system_actor(Channel.COMMAND),
        full_name=args.name,
        email=args.email,
        role=args.role,
        password=password,
        at=timezone.now(),
    )
    say(f"{user.full_name} may log in as {user.get_role_display()} with {user.email}.")
    return 0
