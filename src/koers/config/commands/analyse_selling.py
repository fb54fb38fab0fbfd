"""How are win rates and funnels printed on the command line?"""

import argparse
from typing import TYPE_CHECKING, Any

from koers.config.commands.output import plain, say

if TYPE_CHECKING:
    from koers.core.periods import Period

Answer = tuple[list[str], list[list[object]], object]


def add_selling_arguments(parser: argparse.ArgumentParser) -> None:
    """What win rates and funnels need beside period and division."""
    parser.add_argument(
        "--level", type=float, default=0.95, help="winrate: level of the intervals (default 0.95)"
    )
    parser.add_argument(
        "--interval",
        choices=["wilson", "jeffreys"],
        default="wilson",
        help="winrate: kind of interval",
    )
    parser.add_argument("--pipeline", default="", help="funnel: name of the pipeline")
    parser.add_argument("--target", type=float, help="funnel: amount to be won; works backward")


def win_rate(args: argparse.Namespace) -> Answer:
    """Win rate per group; without --from and --to over all decided deals."""
    from koers.control.figures.selling import win_rates_of  # noqa: PLC0415 -- after set-up
    from koers.control.queries.selling import DIVISIONS  # noqa: PLC0415 -- after set-up
    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up

    if len(args.by) > 1 or (args.by and args.by[0] not in DIVISIONS):
        raise SystemExit(f"koers analyse winrate: --by takes one of {', '.join(DIVISIONS)}.")
    if not 0 < args.level < 1:
        raise SystemExit("koers analyse winrate: --level is a share between 0 and 1, such as 0.95.")
    by = args.by[0] if args.by else ""
    period = _period(args) if args.start or args.end else None
    found = win_rates_of(
        actor=system_actor(Channel.COMMAND),
        period=period,
        by=by,
        level=args.level,
        method=args.interval,
    )
    rows: list[list[object]] = [
        [row.label or "(unknown)", row.won, row.decided, row.open, *_percents(row), _remark(row)]
        for row in (found.rows[: args.limit] if by else ())
    ]
    total = found.total
    rows.append(["total", total.won, total.decided, total.open, *_percents(total), _remark(total)])
    if found.after_result and not args.json:
        say(f"{by} is filled in only after the result: it cannot explain or predict it.")
    whole = {
        "period": period,
        "by": by,
        "level": found.level,
        "interval": found.method,
        "filled_in_after_result": found.after_result,
        "rows": [_row(row) for row in found.rows[: args.limit]] if by else [],
        "groups": len(found.rows) if by else 0,
        "total": _row(total),
    }
    return [by or "", "won", "decided", "open", "win rate %", "from %", "to %", ""], rows, whole


def funnel(args: argparse.Namespace) -> Answer:
    """Conversion per stage of the deals opened in the period; with --target backward (F2.9)."""
    from koers.control.figures.selling import funnel_of, needed_of, win_rates_of  # noqa: PLC0415 -- after set-up
    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up
    from koers.sell.queries.opportunity import pipeline_choices  # noqa: PLC0415 -- after set-up

    pipelines = pipeline_choices()
    chosen = [key for key, name in pipelines if name == args.pipeline] if args.pipeline else [key for key, _name in pipelines]  # fmt: skip
    if not chosen:
        names = ", ".join(name for _key, name in pipelines) or "none yet"
        raise SystemExit(f"koers analyse funnel: no such pipeline; there are: {names}.")
    period = _period(args)
    found, unknown = funnel_of(
        actor=system_actor(Channel.COMMAND), period=period, pipeline_id=int(chosen[0]), choices={}
    )
    total = win_rates_of(
        actor=system_actor(Channel.COMMAND), period=period, choices={"pipeline": int(chosen[0])}
    ).total
    needed = [] if args.target is None else needed_of(args.target, total.mean_won_e4, found)
    by_label = {each.label: each.deals for each in needed}
    rows: list[list[object]] = [
        [s.label, s.reached, s.went_on, s.lost_here, s.still_here, _percent(s.conversion),
         *((None, None) if s.interval is None else (_percent(s.interval.low), _percent(s.interval.high))),
         *([by_label.get(s.label)] if args.target is not None else [])]
        for s in found.steps
    ]  # fmt: skip
    rows.append(["won", found.won, None, None, None, None, None, None,
                 *([by_label.get("")] if args.target is not None else [])])  # fmt: skip
    whole = {
        "period": period,
        "pipeline": dict(pipelines)[chosen[0]],
        "steps": found.steps,
        "won": found.won,
        "lost": found.lost,
        "open": found.open,
        "through": found.through,
        "deals_without_history": unknown,
        "mean_won": None if total.mean_won_e4 is None else total.mean_won_e4 / 10_000,
        "target": args.target,
        "needed": [{"stage": each.label or "won", "deals": each.deals} for each in needed],
    }
    heads = ["stage", "reached", "went on", "lost", "still here", "conversion %", "from %", "to %"]
    return [*heads, *(["needed"] if args.target is not None else [])], rows, whole


def _period(args: argparse.Namespace) -> "Period":
    from koers.core.periods import Period, add_months  # noqa: PLC0415 -- after set-up

    end = args.end or args.as_of
    return Period(args.start or add_months(end, -12), end)


def _row(row: Any) -> dict[str, object]:
    values: dict[str, Any] = plain(row)  # type: ignore[assignment]
    for name in ("won", "open"):
        values[f"{name}_amount"] = values.pop(f"{name}_e4") / 10_000
    values["decided"] = row.decided
    return values


def _percents(row: Any) -> list[float | None]:
    interval = row.interval
    ends = (None, None) if interval is None else (interval.low, interval.high)
    return [_percent(share) for share in (row.rate, *ends)]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def _remark(row: Any) -> str:
    words = ["few deals"] if row.is_few else []
    return ", ".join(words + (["differs from the rest"] if row.differs else []))
