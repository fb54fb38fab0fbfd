"""How are figures printed on the command line?"""

import argparse
import os
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from koers.config.commands.analyse_chance import win_probability
from koers.config.commands.analyse_file import FILE_FIGURES, run_on_file
from koers.config.commands.analyse_flow import FLOWS, add_flow_arguments, run_flow
from koers.config.commands.analyse_selling import add_selling_arguments, funnel, win_rate
from koers.config.commands.analyse_value import ENGINES, a_day, add_value_arguments, run_value
from koers.config.commands.output import plain, print_json, print_table, set_up

if TYPE_CHECKING:
    from koers.core.actor import Actor
    from koers.core.periods import Period


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which figure, over which period, divided by what."""
    parser.add_argument("figure", choices=sorted([*FIGURES, "clv", *FLOWS]), help="what to compute")
    parser.add_argument("--from", dest="start", type=a_day, help="first day (YYYY-MM-DD)")
    parser.add_argument("--to", dest="end", type=a_day, help="day after the last one (excluded)")
    parser.add_argument(
        "--as-of",
        type=a_day,
        help="the day to measure at (default: today, or the end of older data)",
    )
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        help="dimension, e.g. seller, month, category (twice for two)",
    )
    parser.add_argument(
        "--method",
        choices=["rank", "limits"],
        default="",
        help="pyramid by rank (F2.4) or limits (F2.6)",
    )
    parser.add_argument("--limit", type=int, default=100, help="most rows (default 100)")
    parser.add_argument(
        "--against-from", type=a_day, help="variance: first day of the period before"
    )
    parser.add_argument(
        "--against-to", type=a_day, help="variance: day after its last one (excluded)"
    )
    parser.add_argument(
        "--measure",
        choices=["turnover", "contribution"],
        default="turnover",
        help="variance: of what",
    )
    add_selling_arguments(parser)
    add_value_arguments(parser)
    add_flow_arguments(parser)
    parser.set_defaults(facts=None)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Compute the figure over all customers; the period defaults to the 12 months before the day."""
    engine = args.engine or os.environ.get("KOERS_ENGINE") or "duckdb"
    if engine not in ENGINES:
        raise SystemExit(f"koers analyse: KOERS_ENGINE is {' or '.join(ENGINES)}, not {engine}.")
    from koers.analyse.figures.table_engine import tables_made_on  # noqa: PLC0415 -- slow import

    args.engine = engine if args.figure in (*FILE_FIGURES, "clv", *FLOWS) else "duckdb"
    with tables_made_on(args.engine):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    if args.figure == "clv":
        return run_value(args)
    if args.figure in FLOWS:
        return run_flow(args)
    if args.orders and args.figure not in FILE_FIGURES:
        known = ", ".join(sorted([*FILE_FIGURES, "clv", *FLOWS]))
        raise SystemExit(f"koers analyse: --orders works with {known}.")
    if args.out and not args.orders:
        raise SystemExit(f"koers analyse {args.figure}: --out goes with --orders.")
    if args.orders:
        return run_on_file(args, FIGURES[args.figure])
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.analyse.actions.facts import refresh_now  # noqa: PLC0415 -- after set-up
    from koers.analyse.figures.facts import stale_parts  # noqa: PLC0415 -- after set-up
    from koers.analyse.queries.analysis_day import analysis_day  # noqa: PLC0415 -- after set-up

    now = timezone.now()
    if stale_parts():
        refresh_now(today=timezone.localdate(now), at=now)
    args.as_of = args.as_of or args.end or analysis_day(timezone.localdate(now))
    headers, rows, whole = FIGURES[args.figure](args)
    if args.json:
        print_json(whole)
    else:
        print_table(headers, rows)
    return 0


Answer = tuple[list[str], list[list[object]], object]


def _period(args: argparse.Namespace) -> "Period":
    from koers.core.periods import Period, add_months  # noqa: PLC0415 -- after set-up

    end = args.end or args.as_of
    return Period(args.start or add_months(end, -12), end)


def _actor() -> "Actor":
    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up

    return system_actor(Channel.COMMAND)


def _turnover(args: argparse.Namespace) -> Answer:
    from koers.analyse.figures.turnover import turnover_of  # noqa: PLC0415 -- after set-up

    table = turnover_of(actor=_actor(), period=_period(args), by=args.by, limit=args.limit)
    rows: list[list[object]] = [
        [
            *row.labels,
            row.measures.turnover,
            row.measures.contribution,
            _percent(row.measures.margin),
            row.measures.lines,
        ]
        for row in table.rows
    ]
    rows.append([*(["total"] if args.by else []), *([""] * (len(args.by) - 1)), table.total.turnover,
                 table.total.contribution, _percent(table.total.margin), table.total.lines])  # fmt: skip
    whole = {
        "period": _period(args),
        "rows": [
            {
                **dict(zip(args.by, row.labels, strict=True)),
                **_measures(row.measures),
            }
            for row in table.rows
        ],
        "groups": table.groups,
        "total": _measures(table.total),
        "left_out": table.left_out,
    }
    return [*args.by, "turnover", "contribution", "margin %", "lines"], rows, whole


def _measures(measures: object) -> dict[str, object]:
    values: dict[str, object] = plain(measures)  # type: ignore[assignment]
    for name in ("contribution", "margin", "discount_share", "cost_known_share"):
        values[name] = getattr(measures, name)
    return values


def _pyramid(args: argparse.Namespace) -> Answer:
    found = _pyramid_found(args)
    rows: list[list[object]] = [
        [
            c.name,
            c.customers,
            c.turnover,
            _percent(c.turnover_share),
            _percent(c.margin),
            _percent(c.orders_share),
        ]
        for c in found.classes
    ]
    return (
        ["class", "customers", "turnover", "share %", "margin %", "orders %"],
        rows,
        {"period": _period(args), **_fields(found)},
    )


def _pyramid_found(args: argparse.Namespace) -> Any:
    if args.facts is not None:
        from koers.analyse.figures.file_figures import pyramid_of_file  # noqa: PLC0415 -- slow import

        return pyramid_of_file(args.facts, period=_period(args), method=args.method, out=args.out)
    from koers.analyse.figures.customers import pyramid_of  # noqa: PLC0415 -- after set-up

    return pyramid_of(actor=_actor(), period=_period(args), method=args.method)


def _movement(args: argparse.Namespace) -> Answer:
    from koers.analyse.figures.customers import movement_of, movers_of  # noqa: PLC0415 -- after set-up
    from koers.core.periods import year_before  # noqa: PLC0415 -- after set-up

    after = _period(args)
    before = year_before(after)
    found = movement_of(actor=_actor(), before=before, after=after, method=args.method)
    movers, count = movers_of(actor=_actor(), before=before, after=after, limit=args.limit)
    rows: list[list[object]] = [
        [m.name, m.class_before, m.class_after, m.turnover_before, m.turnover_after, m.change]
        for m in movers
    ]
    whole = {
        "before": before,
        "after": after,
        **_fields(found),
        "movers": [{**_fields(m), "change": m.change} for m in movers],
        "movers_count": count,
    }
    return ["customer", "was", "is", "turnover before", "turnover after", "change"], rows, whole


def _lifecycle(args: argparse.Namespace) -> Answer:
    from koers.core.periods import add_months  # noqa: PLC0415 -- after set-up

    before = args.start or add_months(args.as_of, -12)
    board, flow = _phases_found(args, before)
    rows: list[list[object]] = [
        [p.phase, p.customers, p.turnover_12m, p.change, p.mean_days_in_phase] for p in board
    ]
    whole = {"as_of": args.as_of, "phases": [{**_fields(p), "change": p.change} for p in board],
             "flow_since": before, "flow": flow}  # fmt: skip
    return ["phase", "customers", "turnover 12 m", "change", "days in phase"], rows, whole


def _phases_found(args: argparse.Namespace, before: date) -> tuple[Any, Any]:
    if args.facts is not None:
        from koers.analyse.figures.file_figures import lifecycle_of_file  # noqa: PLC0415 -- slow import

        return lifecycle_of_file(args.facts, as_of=args.as_of, before=before, out=args.out)
    from koers.analyse.figures.customers import phase_board_of, phase_flow_of  # noqa: PLC0415 -- after set-up

    board = phase_board_of(actor=_actor(), as_of=args.as_of)
    return board, phase_flow_of(actor=_actor(), before=before, as_of=args.as_of)


def _rfm(args: argparse.Namespace) -> Answer:
    cells, members, count = _rfm_found(args)
    rows: list[list[object]] = [
        [f"{c.recency}-{c.frequency}-{c.money}", c.customers, c.turnover] for c in cells
    ]
    whole = {
        "period": _period(args),
        "cells": cells,
        "customers": members,
        "customers_count": count,
    }
    return ["R-F-M", "customers", "turnover"], rows, whole


def _rfm_found(args: argparse.Namespace) -> tuple[Any, Any, int]:
    if args.facts is not None:
        from koers.analyse.figures.file_figures import rfm_of_file  # noqa: PLC0415 -- slow import

        return rfm_of_file(args.facts, period=_period(args), limit=args.limit, out=args.out)
    from koers.analyse.figures.customers import rfm_members_of, rfm_of  # noqa: PLC0415 -- after set-up

    period = _period(args)
    return rfm_of(actor=_actor(), period=period), *rfm_members_of(actor=_actor(), period=period, limit=args.limit)  # fmt: skip


def _attainment(args: argparse.Namespace) -> Answer:
    from koers.plan.figures.attainment import attainment_of  # noqa: PLC0415 -- after set-up

    by = args.by[0] if args.by else "total"
    found = attainment_of(actor=_actor(), today=args.as_of, by=by, start=args.start)
    rows: list[list[object]] = [
        [a.label or "all", a.period_start, a.period_end, a.target, a.actual, _percent(a.share)]
        for a in found
    ]
    whole = {
        "by": by,
        "periods": [
            {
                **({"key": a.key, by: a.label} if by != "total" else {}),
                "period_start": a.period_start,
                "period_end": a.period_end,
                "target": a.target,
                "actual": a.actual,
                "share": a.share,
                "gap": a.gap,
                "elapsed": a.elapsed,
            }
            for a in found
        ],
    }
    return [by, "start", "end (excluded)", "target", "actual", "attainment %"], rows, whole


def _variance(args: argparse.Namespace) -> Answer:
    from koers.control.figures.variance import variance_of  # noqa: PLC0415 -- after set-up
    from koers.core.periods import Period, year_before  # noqa: PLC0415 -- after set-up

    after = _period(args)
    before = year_before(after)
    if args.against_from or args.against_to:
        before = Period(args.against_from or before.start, args.against_to or before.end)
    if len(args.by) > 1:
        raise SystemExit("koers analyse variance: --by takes one dimension.")
    by = args.by[0] if args.by else "group"
    found = variance_of(actor=_actor(), before=before, after=after, by=by, measure=args.measure)
    names = list(found.total.effects)
    rows: list[list[object]] = [
        [row.label or "(unknown)", row.before, row.after, row.change, *row.effects.values()]
        for row in found.rows[: args.limit]
    ]
    rows.append(["total", found.total.before, found.total.after, found.total.change,
                 *found.total.effects.values()])  # fmt: skip
    whole = {
        "before": before,
        "after": after,
        "measure": args.measure,
        "by": by,
        "rows": [
            {"key": row.key, by: row.label, **_change(row)} for row in found.rows[: args.limit]
        ],
        "groups": len(found.rows),
        "total": _change(found.total),
        "lines_without_cost": found.lines_without_cost,
    }
    return [by, "before", "after", "change", *(str(name) for name in names)], rows, whole


def _change(row: object) -> dict[str, object]:
    values = _fields(row)
    return {
        "before": values["before"],
        "after": values["after"],
        "change": row.change,  # type: ignore[attr-defined]
        "volume": row.volume,  # type: ignore[attr-defined]
        **values["effects"],  # type: ignore[dict-item]
    }


def _fields(result: object) -> dict[str, object]:
    values: dict[str, object] = plain(result)  # type: ignore[assignment]
    return values


def _percent(share: object) -> float | None:
    return None if share is None else round(float(share) * 100, 1)  # type: ignore[arg-type]


FIGURES: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "turnover": _turnover,
    "pyramid": _pyramid,
    "movement": _movement,
    "lifecycle": _lifecycle,
    "rfm": _rfm,
    "attainment": _attainment,
    "variance": _variance,
    "winrate": win_rate,
    "funnel": funnel,
    "win-probability": win_probability,
}
