"""Do customers stay, and what are they worth together, from a file of orders or from the facts? Needs no Django set-up."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koers.analyse.figures.order_file import RefusedFile, plain_model

if TYPE_CHECKING:
    from koers_analytics.customers.value.equity import Bridge, Equity

GROUPS = {"segment": "c.segment", "owner": "o.name", "territory": "t.name", "sbu": "b.name"}


def cohorts_of(
    connection: Any, source: str, *, as_of: date, step: str, silence: int, out: Path | None
) -> dict[str, Any]:
    """F5.1 over the last year beside cohort curves and the survival of all customers.

    ``as_of`` is the last day that counts. Raises ``RefusedFile`` where nobody bought.
    """
    from koers_analytics.customers.cohorts import cohorts, mean_curve, retention, write_cohorts  # noqa: PLC0415 -- slow import
    from koers_analytics.customers.survival import survival  # noqa: PLC0415 -- slow import
    from koers_analytics.customers.value.customer_value import nobody_bought  # noqa: PLC0415 -- slow import

    try:
        cells = cohorts(connection, source, as_of=as_of, step=step)
        stayed = survival(connection, source, as_of=as_of, silence=silence)
    except ValueError as error:
        raise RefusedFile(str(error)) from error
    if not cells:
        raise RefusedFile(nobody_bought(connection, source, as_of))
    if out is not None:
        write_cohorts(cells, out)
    kept = retention(connection, source, as_of=as_of)
    return {
        "as_of": as_of,
        "step": step,
        "customers": stayed.customers,
        "retention": {
            "formula": "F5.1", "start": kept.start, "end": kept.end, "customers_start": kept.customers_start,
            "customers_new": kept.customers_new, "customers_end": kept.customers_end, "retention": kept.share,
            "churn": None if kept.share is None else 1 - kept.share,
        },
        "cohorts": [_cohort(cells, start) for start in sorted({cell.cohort for cell in cells})],
        "mean_curve": [
            {"period": k, "share": share, "customers": size} for k, share, size in mean_curve(cells)
        ],
        "survival": {
            "silence_days": stayed.silence, "customers": stayed.customers, "censored": stayed.censored,
            "median_days": stayed.median_days,
            "curve": [
                {"days": s.days, "at_risk": s.at_risk, "left": s.left, "share": s.share, "low": s.low, "high": s.high}
                for s in stayed.steps
            ],
        },
    }  # fmt: skip


def _cohort(cells: list[Any], start: date) -> dict[str, Any]:
    own = [cell for cell in cells if cell.cohort == start]
    return {
        "cohort": start, "size": own[0].size,
        "periods": [
            {"period": c.period, "customers": c.customers, "share": c.share, "spent": c.spent, "whole": c.whole}
            for c in own
        ],
    }  # fmt: skip


def equity_of(
    connection: Any,
    source: str,
    *,
    as_of: date,
    since: date | None,
    horizon: int,
    holdout: date | None,
    model: str | None,
    out: Path | None,
    by: str = "",
) -> dict[str, Any]:
    """Customer equity at the end of ``as_of``, its bridge from ``since``, and its parts ``by`` a group.

    Raises ``RefusedFile`` where the purchases cannot tell a model, or nobody bought up to ``since``.
    """
    from koers_analytics.customers.value.customer_value import (  # noqa: PLC0415 -- slow import
        MODELS,
        ValueSettings,
        write_values,
    )
    from koers_analytics.customers.value.equity import equity  # noqa: PLC0415 -- slow import

    try:
        found = equity(
            connection, source, as_of=as_of, before=since, settings=ValueSettings(horizon_days=horizon),
            holdout=holdout, names=[model] if model else list(MODELS),
        )  # fmt: skip
    except ValueError as error:
        raise RefusedFile(str(error)) from error
    if out is not None:
        write_values(found.value, out)
    return {
        "as_of": as_of,
        "horizon_days": horizon,
        "discount_a_year": found.value.settings.discount,
        "equity": found.total,
        "customers": found.customers,
        "expected_alive": found.expected_alive,
        "top_20_share": found.top_20_share,
        **({"by": by, "groups": _groups(connection, found, by)} if by else {}),
        "bridge": _bridge(found.bridge),
        "model": found.value.model.name,
        **plain_model(found.value.model),
    }


def _bridge(bridge: "Bridge | None") -> dict[str, Any] | None:
    if bridge is None:
        return None
    return {
        "since": bridge.before, "until": bridge.after, "start": bridge.start,
        "parts": [{"kind": p.kind, "customers": p.customers, "change": p.change} for p in bridge.parts],
        "end": bridge.end,
    }  # fmt: skip


def _groups(connection: Any, found: "Equity", by: str) -> list[Mapping[str, Any]]:
    """Equity per group of the facts' customers, the largest first; the groups add up to the whole."""
    import pyarrow as pa

    from koers_analytics.customers.value.equity import cents, money  # noqa: PLC0415 -- slow import

    values = pa.table({"customer": found.value.table.customer, "cents": cents(found.value.scores.clv)})  # fmt: skip
    connection.register("equity_values", values)
    rows = connection.execute(
        f"""SELECT {GROUPS[by]} AS name, count(*), sum(v.cents)::BIGINT FROM equity_values v
            JOIN company c ON c.company_id = v.customer LEFT JOIN person o ON o.person_id = c.owner_id
            LEFT JOIN territory t ON t.territory_id = c.territory_id LEFT JOIN sbu b ON b.sbu_id = c.sbu_id
            GROUP BY ALL ORDER BY 3 DESC, 1"""  # noqa: S608 -- names come from GROUPS
    ).fetchall()
    connection.unregister("equity_values")
    total = sum(row[2] for row in rows)
    return [
        {
            by: name or None, "customers": customers, "equity": money(value),
            "share": None if not total else Decimal(value) / Decimal(total),
        }
        for name, customers, value in rows
    ]  # fmt: skip
