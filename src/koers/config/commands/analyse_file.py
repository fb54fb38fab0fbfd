"""How does a figure run straight on a file of orders, without a database?"""

import argparse
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from koers.config.commands.analyse_value import column_map, local_today, refuse_out
from koers.config.commands.output import print_json, print_table

if TYPE_CHECKING:
    from koers.analyse.figures.order_file import OpenOrders

FILE_FIGURES = ("pyramid", "rfm", "lifecycle")
Figure = Callable[[argparse.Namespace], tuple[list[str], list[list[object]], object]]


def run_on_file(args: argparse.Namespace, figure: Figure) -> int:
    """Read the orders, run the figure on them, say how they were read.

    Without --as-of the day after the last order; that day itself does not count any more.
    """
    from koers.analyse.figures.order_file import RefusedFile, orders_of_file  # noqa: PLC0415 -- slow import

    try:
        mapping = column_map(args.map)
        refuse_out(args.out)
    except ValueError as error:
        sys.stderr.write(f"koers analyse: {error}\n")
        return 2
    try:
        with orders_of_file(
            args.orders, mapping, fee_codes=fee_codes(args.fees), engine=args.engine
        ) as orders:
            read = orders.read
            args.as_of = (
                args.as_of or args.end or orders.last_day_by(local_today()) + timedelta(days=1)
            )
            _refuse_before(args.as_of, orders)
            args.facts = orders.facts()
            headers, rows, whole = figure(args)
    except (RefusedFile, ValueError) as error:
        sys.stderr.write(f"koers analyse: {error}\n")
        return 1
    if args.json:
        answer: Any = whole
        print_json({**answer, "read": read})
    else:
        print_table(headers, rows)
    return 0


def _refuse_before(as_of: date, orders: "OpenOrders") -> None:
    from koers.analyse.figures.order_file import RefusedFile  # noqa: PLC0415 -- slow import

    if as_of <= orders.first_day:
        raise RefusedFile(
            f"Nobody bought before {as_of}: the orders of the file run from {orders.first_day} to"
            f" {orders.last_day}. Measure at a later day with --as-of."
        )


def fee_codes(text: str) -> list[str]:
    """Product codes between commas."""
    return [code.strip() for code in text.split(",") if code.strip()]
