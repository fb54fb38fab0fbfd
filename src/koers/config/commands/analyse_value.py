"""How is customer value printed on the command line, from the database or straight from a file?"""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from koers.config.commands.output import print_json, print_table, say, set_up

MOST_DAYS = 36525
ENGINES = ("duckdb", "spark")


def add_value_arguments(parser: argparse.ArgumentParser) -> None:
    """What customer value needs beside the arguments of all figures."""
    group = parser.add_argument_group(
        "customer value, and figures of a file",
        "With clv, cohorts and equity, --as-of and --holdout name the last day that counts, that day"
        " included. With the other figures --as-of is the day to measure at, which itself does not count;"
        " --orders without --as-of takes all orders of the file.",
    )
    group.add_argument(
        "--orders",
        type=Path,
        metavar="FILE",
        help="CSV or Parquet file, no database (pyramid, rfm, lifecycle, clv, cohorts, equity)",
    )
    group.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD",
        help="what a column of the file holds: customer, date, amount, quantity, price, invoice, product",
    )  # fmt: skip
    group.add_argument(
        "--fees",
        default="",
        metavar="CODES",
        help="with --orders: product codes between commas that are no goods (pyramid, rfm, lifecycle)",
    )
    group.add_argument(
        "--engine", choices=ENGINES,
        help="makes the tables of these figures; spark needs the extra koers[spark] (default: KOERS_ENGINE, or duckdb)",
    )  # fmt: skip
    group.add_argument("--horizon", type=_days, default=365, metavar="DAYS", help="default 365")
    group.add_argument("--holdout", type=a_day, metavar="DATE",
                       help="last day to learn from; the days after it judge the models")  # fmt: skip
    group.add_argument("--model", choices=["bg-nbd", "mbg-nbd", "pareto-nbd"],
                       help="use this model instead of choosing one")  # fmt: skip
    group.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="table per customer (cohorts: per cohort), CSV or Parquet",
    )


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(
            f"a horizon is 1 to {MOST_DAYS} whole days (a century), not {text}"
        )
    return int(text)


def local_today() -> date:
    """The day on this machine."""
    return datetime.now(tz=UTC).astimezone().date()


def a_day(text: str) -> date:
    """A day as the command line writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day is written YYYY-MM-DD, not {text}") from None


def run_value(args: argparse.Namespace) -> int:
    """Analyse, write the table per customer where asked, print the model and what it rests on."""
    try:
        mapping = column_map(args.map)
        refuse_out(args.out)
    except ValueError as error:
        sys.stderr.write(f"koers analyse: {error}\n")
        return 2
    from koers.analyse.figures.order_file import RefusedFile, value_of_file  # noqa: PLC0415 -- slow import

    try:
        if args.orders:
            answer = value_of_file(
                args.orders, mapping, as_of=args.as_of, horizon=args.horizon,
                holdout=args.holdout, model=args.model, out=args.out, engine=args.engine, today=local_today(),
            )  # fmt: skip
        else:
            answer = _of_database(args)
    except RefusedFile as refusal:
        sys.stderr.write(f"koers analyse: {refusal}\n")
        return 1
    if args.json:
        print_json(answer)
    else:
        _print(answer)
    return 0


def column_map(texts: list[str]) -> dict[str, str]:
    """Columns and their fields as told with --map; ``ValueError`` for what is not COLUMN=FIELD."""
    pairs = [_pair(text) for text in texts]
    twice = next((c for n, (c, _) in enumerate(pairs) if any(c == d for d, _ in pairs[:n])), None)
    if twice is not None:
        raise ValueError(f"--map names column {twice} twice; a column holds one field.")
    return dict(pairs)


def refuse_out(out: Path | None) -> None:
    """``ValueError`` for a file whose kind its name does not tell, or in no folder that is there."""
    if out is not None:
        from koers.analyse.figures.order_file import refuse_place  # noqa: PLC0415 -- slow import

        refuse_place(out)


def _pair(text: str) -> tuple[str, str]:
    column, mark, field = text.rpartition("=")
    if not mark or not column or not field:
        raise ValueError(f"--map takes COLUMN=FIELD, not {text}.")
    return column, field


def _of_database(args: argparse.Namespace) -> dict[str, object]:
    from koers.analyse.figures.order_file import value_of_facts  # noqa: PLC0415 -- after set-up

    facts, today = facts_and_day()
    return value_of_facts(
        facts, as_of=args.as_of or today, horizon=args.horizon,
        holdout=args.holdout, model=args.model, out=args.out,
    )  # fmt: skip


def facts_and_day() -> tuple[Any, date]:
    """Facts as fresh as the database, and the day figures look back from."""
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.analyse.actions.facts import refresh_now  # noqa: PLC0415 -- after set-up
    from koers.analyse.figures.facts import open_facts, stale_parts  # noqa: PLC0415 -- after set-up
    from koers.analyse.queries.analysis_day import analysis_day  # noqa: PLC0415 -- after set-up

    now = timezone.now()
    today = timezone.localdate(now)
    if stale_parts():
        refresh_now(today=today, at=now)
    return open_facts(), analysis_day(today)


def _print(answer: dict[str, object]) -> None:
    rows = [[name, value] for name, value in answer.items() if not isinstance(value, (dict, list))]
    parameters: dict[str, float] = answer["parameters"]  # type: ignore[assignment]
    rows += [[f"parameter {name}", f"{value:.4f}"] for name, value in parameters.items()]
    print_table(["", "value"], [[name, str(value)] for name, value in rows])
    choice: Any = answer["choice"]
    say(f"{choice['model']}: {choice['why']}")
    for name, flaw in choice["left_out"].items():
        say(f"{name} is left out: {flaw}.")
    held: dict[str, list[dict[str, object]]] | None = answer["holdout"]  # type: ignore[assignment]
    if held:
        names = ["model", "actual", "expected", "mae", "curve_error", "curve_error_max", "score"]
        print_table(names, [[row[name] for name in names] for row in held["models"]])
