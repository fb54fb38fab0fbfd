"""How do class, phase and 12-month figures reach the companies they belong to?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from koers.customers.models import Company

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """Figures of one company; amounts in ten-thousandths."""

    company_id: int
    customer_class: str
    phase: str
    phase_since: date | None
    turnover_12m: int
    contribution_12m: int | None
    last_order_on: date | None
    figures_as_of: date


def stamp_companies(*, stamps: Sequence[Stamp], as_of: date) -> int:
    """Write the stamps that differ from what a company carries; returns how many did.

    These are computed columns, so neither the version nor the audit trail moves: nobody edits them.
    """
    changed = 0
    for first in range(0, len(stamps), BATCH):
        batch = stamps[first : first + BATCH]
        known = _known(batch)
        rows: list[tuple[str | int | None, ...]] = []
        for stamp in batch:
            now = known.get(stamp.company_id)
            if now is None or _same(now, stamp):
                continue
            rows.append(
                (stamp.customer_class, stamp.phase, _iso(stamp.phase_since), stamp.turnover_12m,
                 stamp.contribution_12m, _iso(stamp.last_order_on), _iso(as_of), stamp.company_id)
            )  # fmt: skip
        _update(rows)
        changed += len(rows)
    return changed


def _known(stamps: Sequence[Stamp]) -> dict[int, tuple[object, ...]]:
    """What the companies between the lowest and the highest id of some stamps carry now."""
    ids = [stamp.company_id for stamp in stamps]
    rows = Company.objects.filter(pk__gte=min(ids), pk__lte=max(ids)).values_list(
        "id", "customer_class", "phase", "phase_since", "turnover_12m", "contribution_12m", "last_order_on"
    )  # fmt: skip
    return {row[0]: row[1:] for row in rows.iterator()}


def _same(now: tuple[object, ...], stamp: Stamp) -> bool:
    customer_class, phase, since, turnover, contribution, last = now
    return (
        (customer_class, phase, since, last)
        == (stamp.customer_class, stamp.phase, stamp.phase_since, stamp.last_order_on)
        and int(turnover * 10_000) == stamp.turnover_12m  # type: ignore[operator]
        and (None if contribution is None else int(contribution * 10_000)) == stamp.contribution_12m  # type: ignore[operator]
    )


def _update(rows: list[tuple[str | int | None, ...]]) -> None:
    if not rows:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE customers_company SET customer_class = %s, phase = %s, phase_since = %s, turnover_12m = %s,"
            " contribution_12m = %s, last_order_on = %s, figures_as_of = %s WHERE id = %s",
            rows,
        )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
