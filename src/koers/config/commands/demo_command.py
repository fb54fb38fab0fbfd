"""How is the demo company loaded, shown and removed?"""

import argparse
import time

from koers.config.commands.output import print_json, print_table, say, say_progress, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Size, and whether to serve it."""
    parser.add_argument(
        "--scale", type=int, default=1, help="times 900 customers (100 for load tests)"
    )
    parser.add_argument("--serve", action="store_true", help="start the web server afterwards")
    parser.add_argument("--remove", action="store_true", help="remove the demo company")
    parser.add_argument(
        "--with-own-work",
        action="store_true",
        help="with --remove: also remove what people added or changed in it",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Prepare the database, load the company once, show the log-ins."""
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.config.commands.migrate_command import collect_static, prepare  # noqa: PLC0415 -- after set-up
    from koers.demo.company import demo_logins  # noqa: PLC0415 -- after set-up
    from koers.demo.removal import remove_demo  # noqa: PLC0415 -- after set-up
    from koers.demo.state import DemoState, demo_state  # noqa: PLC0415 -- after set-up
    from koers.demo.world import PASSWORD  # noqa: PLC0415 -- after set-up

    prepare()
    if args.remove:
        remove_demo(at=timezone.now(), with_own_work=args.with_own_work)
        say("The demo company has been removed.")
        return 0
    if demo_state() is not DemoState.WHOLE:
        _load(args)
    else:
        _catch_up()
    if not args.json:
        print_table(["name", "role", "log in as"], demo_logins())
        say(f"Password for all of them: {PASSWORD}")
    if args.serve:
        from koers.config.commands.serve_command import supervise  # noqa: PLC0415 -- after set-up

        say(f"Koers is at http://{args.host}:{args.port}/ (stop with Ctrl+C).")
        collect_static()
        args.workers, args.threads = 1, 4
        return supervise(args)
    return 0


def _catch_up() -> None:
    """A load that was cut off before its facts were made gets them now."""
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.analyse.figures.facts import stale_parts  # noqa: PLC0415 -- after set-up
    from koers.demo.plans import finish_demo  # noqa: PLC0415 -- after set-up

    if stale_parts():
        now = timezone.now()
        finish_demo(today=timezone.localdate(now), at=now)


def _load(args: argparse.Namespace) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.demo.company import load_demo  # noqa: PLC0415 -- after set-up
    from koers.demo.plans import finish_demo  # noqa: PLC0415 -- after set-up

    started = time.perf_counter()
    now = timezone.now()
    today = timezone.localdate(now)
    done = load_demo(today=today, at=now, scale=args.scale, progress=say_progress())
    loaded = time.perf_counter() - started
    finish_demo(today=today, at=now)
    if args.json:
        print_json({**{n: getattr(done, n) for n in ("customers", "products", "orders", "order_lines", "targets")},
                    "seconds": round(time.perf_counter() - started, 1)})  # fmt: skip
    else:
        say(f"Demo company: {done.customers:,} customers, {done.order_lines:,} order lines in {loaded:.1f} s, "
            f"facts, classes, values and budget in {time.perf_counter() - started - loaded:.1f} s.")  # fmt: skip
