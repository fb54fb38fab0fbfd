"""What will still be sold until a day, by the pace so far, and how far was that off in the past?

Three ways to go on are tried at every earlier moment of which the outcome is known: the pace of the
last year; that pace times the season of the whole house; the own stretch a year before times the
growth since. The closest is used, and the errors it made then tell how unsure it is now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter

Numbers = NDArray[np.float64]
YEAR = 364  # whole weeks, so that weekdays fall together
EVERY = 28
FEWEST, MOST = 6, 26
STEADY, HOUSE, OWN = "steady", "house", "own"
NEEDED = {STEADY: YEAR, HOUSE: YEAR + YEAR // 2, OWN: 2 * YEAR}  # days of past before a forecast
MOST_GROWTH = 2.0
PLACES = 99


@dataclass(frozen=True, slots=True)
class Daily:
    """Turnover per day in whole currency units, ``values[0]`` on ``first``; a day without is 0."""

    first: date
    values: Numbers

    def __add__(self, other: "Daily") -> "Daily":
        first = min(self.first, other.first)
        end = max(self.end, other.end)
        both = np.zeros(end - first.toordinal())
        for one in (self, other):
            start = (one.first - first).days
            both[start : start + len(one.values)] += one.values
        return Daily(first, both)

    @property
    def end(self) -> int:
        """Ordinal of the day after the last."""
        return self.first.toordinal() + len(self.values)


@dataclass(frozen=True, slots=True)
class RunRate:
    """Turnover still to come in a stretch: ``expected`` plus one of ``errors``, each as likely.

    ``errors`` are the 99 middle hundredths of Student's t; ``windows`` past stretches told how wide;
    ``method`` is steady, house (season of the house) or own (own season).
    """

    expected: float
    errors: Numbers
    method: str
    windows: int

    def widened(self, factor: float) -> "RunRate":
        """The same with errors ``factor`` times as large."""
        return RunRate(self.expected, self.errors * factor, self.method, self.windows)


def daily_turnover(facts: Facts, flt: FactFilter, *, start: date, end: date) -> dict[int, Daily]:
    """Turnover per seller and day from ``start`` up to, not including, ``end``."""
    where, values = flt.where()
    found = facts.rows(
        f"""SELECT l.seller_id, l.order_date, sum(l.net_e4) / 10000.0 FROM {LINE_SOURCE}
            WHERE {where} AND l.net_e4 IS NOT NULL AND l.seller_id IS NOT NULL
              AND l.order_date >= ? AND l.order_date < ?
            GROUP BY ALL ORDER BY 1, 2""",
        [*values, start, end],
    )
    by_seller: dict[int, list[tuple[date, float]]] = {}
    for seller, day, net in found:
        by_seller.setdefault(seller, []).append((day, float(net)))
    return {seller: daily_of(dict(rows), end) for seller, rows in by_seller.items()}


def daily_of(amounts: Mapping[date, float], end: date) -> Daily:
    """Amounts by day as a row of days from the first one up to, not including, ``end``."""
    first = min(amounts)
    values = np.zeros(max((end - first).days, 0))
    for day, amount in amounts.items():
        if day < end:
            values[(day - first).days] += amount
    return Daily(first, values)


def run_rate(daily: Daily, today: date, days: int, house: Daily | None = None) -> RunRate | None:
    """What comes in the ``days`` from ``today`` on; None where the past is too short to judge it.

    At least six past stretches of the same length, each four weeks from the next, must have a year
    before them. Only what was known at the start of a stretch is used to forecast it. The mean error
    is made good; the spread is that of a new outcome after so few (Student's t, with stretches that
    overlap counted for the part that is their own).
    """
    if days <= 0:
        return RunRate(0.0, np.zeros(1), STEADY, 0)
    own = _Past(daily, house or daily)
    at = today.toordinal() - daily.first.toordinal()
    origins = [at - days - EVERY * step for step in range(MOST)]
    tested = {
        method: own.errors([each for each in origins if each >= needed], days, method)
        for method, needed in NEEDED.items()
    }
    if len(tested[STEADY]) < FEWEST:
        return None
    usable = {name: errors for name, errors in tested.items() if len(errors) >= FEWEST}
    shared = min(len(errors) for errors in usable.values())
    method = min(usable, key=lambda name: float(np.abs(usable[name][:shared]).mean()))
    errors = usable[method]
    level = own.level(at, days)
    expected = own.expected(at, days, method) + float(errors.mean()) * level
    return RunRate(expected, _spread(errors, days) * level, method, len(errors))


def _spread(errors: Numbers, days: int) -> Numbers:
    """Hundredths of what a new error may be, around 0."""
    own = max(len(errors) * min(1.0, EVERY / days), 3.0)
    width = float(errors.std(ddof=1)) * (1 + 1 / own) ** 0.5
    places = [width * _student((k + 1) / (PLACES + 1), own - 1) for k in range(PLACES)]
    return np.array(places, dtype=np.float64)


def _student(part: float, freedom: float) -> float:
    """Quantile of Student's t by its series in 1/freedom (Abramowitz and Stegun 26.7.5)."""
    z = NormalDist().inv_cdf(part)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def past_errors(
    daily: Daily, today: date, days: int, house: Daily | None = None, level: float = 0.8
) -> list[float]:
    """How far past outcomes lay from what would have been said then, in half widths of its limits.

    Each of up to 26 stretches is judged by what was known at its start. Limits that hold what they
    promise have the share ``level`` of these at 1 or below.
    """
    found: list[float] = []
    first = daily.first.toordinal()
    for step in range(MOST):
        start = today.toordinal() - days - EVERY * step
        if days <= 0 or start <= first:
            break
        said = run_rate(_until(daily, start), date.fromordinal(start), days, _until(house or daily, start))  # fmt: skip
        if said is None:
            break
        half = float(np.quantile(said.errors, (1 + level) / 2))
        actual = float(daily.values[start - first : start - first + days].sum())
        found.append(abs(actual - said.expected) / half if half > 0 else float(actual != said.expected))  # fmt: skip
    return found


def widening(errors: list[float], level: float = 0.8) -> float:
    """By how much limits must be wider for the share ``level`` of past outcomes to lie within, 1 or more.

    The conformal quantile of ``past_errors``: with few of them it is the largest.
    """
    if not errors:
        return 1.0
    rank = min(int(np.ceil((len(errors) + 1) * level)), len(errors))
    return max(1.0, sorted(errors)[rank - 1])


def _until(daily: Daily, end: int) -> Daily:
    return Daily(daily.first, daily.values[: max(end - daily.first.toordinal(), 0)])


class _Past:
    """Running totals of a series and of its house, by days since the series began."""

    def __init__(self, daily: Daily, house: Daily) -> None:
        self._totals = np.concatenate(([0.0], np.cumsum(daily.values)))
        self._house = np.concatenate(([0.0], np.cumsum(house.values)))
        self._shift = daily.first.toordinal() - house.first.toordinal()

    def errors(self, origins: list[int], days: int, method: str) -> Numbers:
        """Outcome less forecast at each origin, as a share of the usual turnover of such a stretch."""
        found = []
        for at in origins:
            level = self.level(at, days)
            actual = self._own(at, at + days)
            found.append((actual - self.expected(at, days, method)) / level if level > 0 else 0.0)
        return np.array(found, dtype=np.float64)

    def expected(self, at: int, days: int, method: str) -> float:
        """What one of the methods says at an origin."""
        if method == STEADY:
            return self.level(at, days)
        if method == HOUSE:
            usual = self._of_house(at - YEAR - YEAR // 2, at - YEAR // 2) * days / YEAR
            season = self._of_house(at - YEAR, at - YEAR + days) / usual if usual > 0 else 1.0
            return self.level(at, days) * min(max(season, 0.0), MOST_GROWTH)
        now, before = self._own(at - YEAR, at), self._own(at - 2 * YEAR, at - YEAR)
        growth = now / before if before > 0 else 1.0
        return self._own(at - YEAR, at - YEAR + days) * min(max(growth, 1 / MOST_GROWTH), MOST_GROWTH)  # fmt: skip

    def level(self, at: int, days: int) -> float:
        """What a stretch of so many days brings at the pace of the year before it."""
        return self._own(at - YEAR, at) * days / YEAR

    def _own(self, start: int, end: int) -> float:
        return _between(self._totals, start, end)

    def _of_house(self, start: int, end: int) -> float:
        return _between(self._house, start + self._shift, end + self._shift)


def _between(totals: Numbers, start: int, end: int) -> float:
    last = len(totals) - 1
    return float(totals[min(max(end, 0), last)] - totals[min(max(start, 0), last)])
