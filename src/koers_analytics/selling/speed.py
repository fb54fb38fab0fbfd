"""How long do deals take, and how much does the pipeline yield a day (F12.3)?"""

from collections.abc import Mapping
from dataclasses import dataclass

from koers_analytics.formulas import run_formula

QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class CycleTime:
    """Days from opening to decision: how many deals, their mean and quartiles."""

    deals: int
    mean: float | None
    lower: int | None
    median: int | None
    upper: int | None


def cycle_time(deals_by_days: Mapping[int, int]) -> CycleTime:
    """Cycle time from the number of deals per length in days; a negative length is a wrong date.

    Quartiles are the smallest length that at least that part of the deals does not exceed.
    """
    kept = {days: deals for days, deals in deals_by_days.items() if days >= 0 and deals > 0}
    deals = sum(kept.values())
    if not deals:
        return CycleTime(0, None, None, None, None)
    lower, median, upper = (_quantile(kept, deals, share) for share in QUARTERS)
    mean = sum(days * count for days, count in kept.items()) / deals
    return CycleTime(deals, mean, lower, median, upper)


def velocity(
    *, open_deals: int, rate: float | None, mean_won: float | None, days: float | None
) -> float | None:
    """Amount a day: open deals × win rate × mean amount of a won deal ÷ mean cycle in days (F12.3)."""
    if rate is None or mean_won is None or not days:
        return None
    found = run_formula("F12.3", {"n": open_deals, "win": rate, "value": mean_won, "days": days})
    return None if found is None else float(found)


def _quantile(counts: Mapping[int, int], deals: int, share: float) -> int:
    passed = 0
    for days in sorted(counts):
        passed += counts[days]
        if passed >= share * deals:
            return days
    raise AssertionError(share)
