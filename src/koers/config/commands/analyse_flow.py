"""How are cohorts and customer equity printed, from the database or straight from a file?"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from koers.config.commands.analyse_file import fee_codes
from koers.config.commands.analyse_value import (
    a_day,
    column_map,
    facts_and_day,
    local_today,
    refuse_out,
)
from koers.config.commands.output import print_json, print_table

YEAR = 365


def add_flow_arguments(parser: argparse.ArgumentParser) -> None:
    """What cohorts and equity need beside the arguments of customer value."""
    group = parser.add_argument_group(
        "cohorts and equity",
        "--as-of names the last day that counts, as with clv. cohorts --by month, quarter or year"
        " (default month); equity --by segment, owner, territory or sbu (database only).",
    )
    group.add_argument(
        "--silence", type=int, default=YEAR, metavar="DAYS",
        help="cohorts: a customer without a purchase for so many days has left (default 365)",
    )  # fmt: skip
    group.add_argument(
        "--since", type=a_day, metavar="DATE",
        help="equity: the day the bridge begins at (default: a year before, where anybody bought by then)",
    )  # fmt: skip


def run_flow(args: argparse.Namespace) -> int:
    """Compute, write the table where asked, print."""
    from koers.analyse.figures.order_file import RefusedFile  # noqa: PLC0415 -- slow import

    try:
        mapping = column_map(args.map)
        refuse_out(args.out)
        _refuse_by(args)
    except ValueError as error:
        sys.stderr.write(f"koers analyse: {error}\n")
        return 2
    try:
        with _purchases(args, mapping) as (connection, source, as_of, first, read):
            answer = FLOWS[args.figure](args, connection, source, as_of, first)
    except (RefusedFile, ValueError) as refusal:
        sys.stderr.write(f"koers analyse: {refusal}\n")
        return 1
    if args.json:
        print_json({**answer, **({"read": read} if read else {})})
    else:
        PRINTED[args.figure](answer)
    return 0


def _refuse_by(args: argparse.Namespace) -> None:
    from koers.analyse.figures.customer_flow import GROUPS  # noqa: PLC0415 -- slow import

    known = ("month", "quarter", "year") if args.figure == "cohorts" else tuple(GROUPS)
    if len(args.by) > 1 or any(name not in known for name in args.by):
        raise ValueError(f"{args.figure} goes --by one of {', '.join(known)}.")
    if args.figure == "equity" and args.by and args.orders:
        raise ValueError("a file of orders knows no groups of customers; --by needs the database.")
    if args.silence < 1:
        raise ValueError("--silence is at least 1 day.")


@contextmanager
def _purchases(
    args: argparse.Namespace, mapping: dict[str, str]
) -> Iterator[tuple[Any, str, date, date, dict[str, Any] | None]]:
    """Connection, source, last day that counts, first day, and how a file was read."""
    if args.orders:
        from koers.analyse.figures.order_file import orders_of_file  # noqa: PLC0415 -- slow import

        with orders_of_file(
            args.orders, mapping, fee_codes=fee_codes(args.fees), engine=args.engine
        ) as orders:
            day = args.as_of or orders.last_day_by(local_today())
            yield orders.connection, orders.source, day, orders.first_day, orders.read
        return
    from koers.analyse.figures.order_file import FACT_SOURCE  # noqa: PLC0415 -- slow import

    facts, today = facts_and_day()
    connection = facts.cursor()
    first = connection.execute(f"SELECT min(day) FROM {FACT_SOURCE}").fetchall()[0][0]  # noqa: S608 -- a constant
    day = args.as_of or today
    yield connection, FACT_SOURCE, day, first or day, None


def _cohorts(
    args: argparse.Namespace, connection: Any, source: str, as_of: date, first: date
) -> dict[str, Any]:
    from koers.analyse.figures.customer_flow import cohorts_of  # noqa: PLC0415 -- slow import

    del first
    step = args.by[0] if args.by else "month"
    return cohorts_of(
        connection, source, as_of=as_of, step=step, silence=args.silence, out=args.out
    )


def _equity(
    args: argparse.Namespace, connection: Any, source: str, as_of: date, first: date
) -> dict[str, Any]:
    from koers.analyse.figures.customer_flow import equity_of  # noqa: PLC0415 -- slow import

    since = args.since
    if since is None and (as_of - first).days >= YEAR:
        since = as_of - timedelta(days=YEAR)
    if since is not None and not first <= since < as_of:
        raise ValueError(
            f"--since lies from the first purchase ({first}) to before --as-of ({as_of}), not on {since}."
        )
    return equity_of(
        connection, source, as_of=as_of, since=since, horizon=args.horizon, holdout=args.holdout,
        model=args.model, out=args.out, by=args.by[0] if args.by else "",
    )  # fmt: skip


def _print_cohorts(answer: dict[str, Any]) -> None:
    kept, stayed = answer["retention"], answer["survival"]
    rows = [
        ["customers", answer["customers"]],
        [f"retention F5.1, {kept['start']} to {kept['end']}", _percent(kept["retention"])],
        ["median days a customer stays", stayed["median_days"]],
    ]
    print_table(["", "value"], [[name, "–" if value is None else str(value)] for name, value in rows])  # fmt: skip
    print_table(
        [answer["step"], "customers", *(f"+{p['period']}" for p in answer["cohorts"][0]["periods"][:13])],
        [
            [str(c["cohort"]), c["size"], *_filled([_percent(p["share"]) for p in c["periods"][:13]], answer)]
            for c in answer["cohorts"]
        ],
    )  # fmt: skip


def _filled(shares: list[str], answer: dict[str, Any]) -> list[str]:
    width = min(len(answer["cohorts"][0]["periods"]), 13)
    return [*shares, *[""] * (width - len(shares))]


def _print_equity(answer: dict[str, Any]) -> None:
    print_table(
        ["", "value"],
        [
            ["customer equity", str(answer["equity"])], ["customers", str(answer["customers"])],
            ["expected alive", f"{answer['expected_alive']:.1f}"], ["model", answer["model"]],
        ],
    )  # fmt: skip
    for group in answer.get("groups", []):
        print_table(["", "customers", "equity"], [[group[answer["by"]] or "–", group["customers"], group["equity"]]])  # fmt: skip
    bridge = answer["bridge"]
    if bridge:
        rows = [[f"equity at {bridge['since']}", None, bridge["start"]]]
        rows += [[part["kind"], part["customers"], part["change"]] for part in bridge["parts"]]
        rows.append([f"equity at {bridge['until']}", None, bridge["end"]])
        print_table(["", "customers", "amount"], rows)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


FLOWS = {"cohorts": _cohorts, "equity": _equity}
PRINTED = {"cohorts": _print_cohorts, "equity": _print_equity}
