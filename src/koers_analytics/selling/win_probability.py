"""Can past deals tell which open ones will be won? Learned, judged on later deals, or refused.

A model that is no better than the base rate on deals it has not seen is not used: "no signal".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import copysign, log1p, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from koers_analytics.selling.proportions import LEVEL, Interval, wilson

if TYPE_CHECKING:
    import numpy as np

HOLD_OUT = 0.25
LEAST_DEALS = 200
LEAST_OF_EACH = 30
RARE = 20
MOSTLY = 0.9
LEAST_OPEN = 20
BINS = 10
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
FOLDS = 4

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal with what is known of it; ``won`` and ``decided_on`` are None while it is open."""

    key: int
    won: bool | None
    decided_on: date | None
    known: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A column that was left out of learning, and why."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Deals of about the same predicted chance (mean), and the share that was won, with interval."""

    deals: int
    predicted: float
    won: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned and how well it told later deals apart.

    ``verdict`` is "signal", "no signal" or "too few deals". AUC 0.5 is tossing a coin; Brier scores
    are mean squared errors of the chance. ``gain`` is the base rate's Brier minus the model's.
    ``chances`` holds open deals by key only where there is signal.
    """

    verdict: str
    learned_from: int
    judged_on: int
    judged_since: date | None
    base_rate: float | None
    auc: float | None
    auc_interval: Interval | None
    brier: float | None
    brier_base: float | None
    gain_interval: Interval | None
    calibration: tuple[CalibrationBin, ...]
    columns: tuple[str, ...]
    excluded: tuple[Excluded, ...]
    chances: Mapping[int, float]


def learn(deals: Sequence[Deal], level: float = LEVEL) -> Learned:
    """Learn from the first three quarters of the decided deals by day, judge on the last quarter.

    Regularised logistic regression on one column per category (rare ones together), its strength
    chosen on earlier against later deals within the first part. Loads scikit-learn, so it is not
    for the web process. Signal: the lower end of the AUC's interval (DeLong and others, 1988) lies
    above one half and so does that of the gain in Brier score above zero.
    """
    decided = sorted((d for d in deals if d.won is not None and d.decided_on), key=lambda d: (d.decided_on, d.key))  # fmt: skip
    still = [deal for deal in deals if deal.won is None]
    columns, excluded = usable_columns(decided, still)
    first, later = split_by_day(decided)
    enough = len(decided) >= LEAST_DEALS and all(
        LEAST_OF_EACH <= sum(bool(d.won) for d in part) <= len(part) - LEAST_OF_EACH
        for part in (first, later)
    )
    if not enough or not columns:
        return _too_few(decided, first, later, columns, excluded)
    chances = _fit_and_predict(first, later, columns)
    won = [bool(deal.won) for deal in later]
    base = sum(bool(deal.won) for deal in first) / len(first)
    auc, auc_interval = area_under_curve(won, chances, level)
    errors = [(p - w) ** 2 for p, w in zip(chances, won, strict=True)]
    gains = [(base - w) ** 2 - e for w, e in zip(won, errors, strict=True)]
    gain_interval = _mean_interval(gains, level)
    signal = auc_interval.low > 1 / 2 and gain_interval.low > 0
    return Learned(
        verdict="signal" if signal else "no signal",
        learned_from=len(first),
        judged_on=len(later),
        judged_since=later[0].decided_on,
        base_rate=base,
        auc=auc,
        auc_interval=auc_interval,
        brier=sum(errors) / len(errors),
        brier_base=(sum(errors) + sum(gains)) / len(errors),
        gain_interval=gain_interval,
        calibration=tuple(calibration(won, chances)),
        columns=tuple(columns),
        excluded=tuple(excluded),
        chances=_chances_of(decided, still, columns) if signal and still else {},
    )


def usable_columns(
    decided: Sequence[Deal], still: Sequence[Deal]
) -> tuple[list[str], list[Excluded]]:
    """Columns to learn from, and those left out: filled in after the result, or always the same.

    Nothing, an empty text and an amount of zero count as not filled in.
    """
    names = sorted({name for deal in (*decided, *still) for name in deal.known})
    kept: list[str] = []
    excluded: list[Excluded] = []
    for name in names:
        reason = _fault(name, decided, still)
        if reason:
            excluded.append(Excluded(name, reason))
        else:
            kept.append(name)
    return kept, excluded


def _fault(name: str, decided: Sequence[Deal], still: Sequence[Deal]) -> str:
    filled = [deal for deal in decided if deal.known.get(name)]
    if not filled:
        return "never filled in"
    won, all_won = sum(bool(deal.won) for deal in filled), sum(bool(deal.won) for deal in decided)
    when_open = sum(bool(deal.known.get(name)) for deal in still) / len(still) if still else 0.0
    one_sided = max(won, len(filled) - won) / len(filled) >= MOSTLY
    two_sided = max(all_won, len(decided) - all_won) / len(decided) < MOSTLY
    if one_sided and two_sided and when_open <= 1 - MOSTLY:
        return f"filled in only after the result: {max(won, len(filled) - won)} of {len(filled)} filled ones have one result"  # fmt: skip
    if len(still) >= LEAST_OPEN and len(filled) / len(decided) >= MOSTLY and when_open <= 1 - MOSTLY:  # fmt: skip
        return "filled in only after the result: open deals do not have it"
    if len({deal.known.get(name) for deal in decided}) == 1:
        return "the same for all deals"
    return ""


def split_by_day(decided: Sequence[Deal]) -> tuple[list[Deal], list[Deal]]:
    """The earlier three quarters and the later quarter; deals of one day stay together."""
    if not decided:
        return [], []
    day = decided[int(len(decided) * (1 - HOLD_OUT))].decided_on
    first = [deal for deal in decided if deal.decided_on < day]  # type: ignore[operator]
    return first, list(decided[len(first) :])


def area_under_curve(
    won: Sequence[bool], chances: Sequence[float], level: float = LEVEL
) -> tuple[float, Interval]:
    """Chance that a won deal was given a higher chance than a lost one, ties half, with interval.

    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845, by mid-ranks.
    """
    import numpy as np  # noqa: PLC0415 -- slow import
    from scipy.stats import rankdata  # noqa: PLC0415 -- slow import

    truth, given = np.asarray(won, dtype=bool), np.asarray(chances, dtype=float)
    higher, lower = given[truth], given[~truth]
    ranks = rankdata(np.concatenate([higher, lower]))
    of_won = (ranks[: len(higher)] - rankdata(higher)) / len(lower)
    of_lost = 1 - (ranks[len(higher) :] - rankdata(lower)) / len(higher)
    auc = float(of_won.mean())
    spread = sqrt(of_won.var(ddof=1) / len(higher) + of_lost.var(ddof=1) / len(lower))
    half = NormalDist().inv_cdf((1 + level) / 2) * spread
    return auc, Interval(max(0.0, auc - half), min(1.0, auc + half))


def calibration(won: Sequence[bool], chances: Sequence[float]) -> list[CalibrationBin]:
    """Deals in ten equal parts by predicted chance; equal chances are never divided."""
    pairs = sorted(zip(chances, won, strict=True))
    bins: list[list[tuple[float, bool]]] = []
    for place, pair in enumerate(pairs):
        is_next = place * BINS // len(pairs) >= len(bins)
        if is_next and (not bins or bins[-1][-1][0] != pair[0]):
            bins.append([])
        bins[-1].append(pair)
    found = []
    for each in bins:
        wins = sum(result for _chance, result in each)
        interval = wilson(wins, len(each)) or Interval(0.0, 1.0)
        found.append(CalibrationBin(len(each), sum(p for p, _r in each) / len(each), wins / len(each), interval))  # fmt: skip
    return found


def _chances_of(
    decided: Sequence[Deal], still: Sequence[Deal], columns: Sequence[str]
) -> dict[int, float]:
    found = _fit_and_predict(decided, still, columns)
    return {deal.key: chance for deal, chance in zip(still, found, strict=True)}


def _fit_and_predict(
    first: Sequence[Deal], others: Sequence[Deal], columns: Sequence[str]
) -> list[float]:
    """Chances of other deals by a model fitted on the first ones, which stand in order of day."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- slow import
    from sklearn.metrics import log_loss  # noqa: PLC0415 -- slow import
    from sklearn.model_selection import TimeSeriesSplit  # noqa: PLC0415 -- slow import

    encode = _encoder(first, columns)
    x, y = encode(first), np.asarray([bool(deal.won) for deal in first])
    losses = dict.fromkeys(STRENGTHS, 0.0)
    for train, test in TimeSeriesSplit(FOLDS).split(x):
        if len(set(y[train])) == 1:
            continue
        for strength in STRENGTHS:
            model = LogisticRegression(C=strength, max_iter=2000).fit(x[train], y[train])
            losses[strength] += log_loss(
                y[test], model.predict_proba(x[test]), labels=[False, True]
            )
    best = min(STRENGTHS, key=lambda strength: (losses[strength], strength))
    model = LogisticRegression(C=best, max_iter=2000).fit(x, y)
    return [float(chance) for chance in model.predict_proba(encode(others))[:, 1]]


def _encoder(deals: Sequence[Deal], columns: Sequence[str]) -> Any:
    """A function from deals to a matrix: categories as 0-1 columns, numbers as logs with mean 0."""
    import numpy as np  # noqa: PLC0415 -- slow import

    parts: list[tuple[str, Any]] = []
    for name in columns:
        values = [deal.known.get(name) for deal in deals]
        numbers = [value for value in values if isinstance(value, (int, float))]
        if numbers:
            logs = np.sign(numbers) * np.log1p(np.abs(np.asarray(numbers, dtype=float)))
            parts.append((name, (float(logs.mean()), float(logs.std()) or 1.0)))
            continue
        counts: dict[Value, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        parts.extend((name, value) for value in sorted(counts, key=str) if counts[value] >= RARE)

    def encode(rows: Sequence[Deal]) -> "np.ndarray[Any, Any]":
        cells = np.zeros((len(rows), len(parts)))
        for column, (name, part) in enumerate(parts):
            for row, deal in enumerate(rows):
                cells[row, column] = _cell(deal.known.get(name), part)
        return cells

    return encode


def _cell(value: Value, part: Any) -> float:
    if not isinstance(part, tuple):
        return float(value == part)
    if not isinstance(value, (int, float)):
        return 0.0
    mean, spread = part
    return float((copysign(log1p(abs(value)), value) - mean) / spread)


def _mean_interval(values: Sequence[float], level: float) -> Interval:
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    half = NormalDist().inv_cdf((1 + level) / 2) * sqrt(variance / len(values))
    return Interval(mean - half, mean + half)


def _too_few(
    decided: Sequence[Deal],
    first: Sequence[Deal],
    later: Sequence[Deal],
    columns: Sequence[str],
    excluded: Sequence[Excluded],
) -> Learned:
    base = sum(bool(deal.won) for deal in decided) / len(decided) if decided else None
    return Learned(
        "too few deals", len(first), len(later), later[0].decided_on if later else None, base, None, None,
        None, None, None, (), tuple(columns), tuple(excluded), {},
    )  # fmt: skip
