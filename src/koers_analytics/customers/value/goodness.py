"""How well does a value model tell what customers do: inside its data and on days it has not seen?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from koers_analytics.customers.value.customer_table import PurchaseTimes
from koers_analytics.customers.value.fitting import Floats
from koers_analytics.customers.value.histories import Histories
from koers_analytics.customers.value.purchase_interval import purchase_limits
from koers_analytics.customers.value.repeat_buying import RepeatBuyingModel


@dataclass(frozen=True, slots=True)
class CountRow:
    """Customers with so many repeat purchases; the last row holds that many or more."""

    repeats: int
    actual: float
    expected: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Repeat purchases of all customers up to and including a day, counted and expected."""

    day: date
    actual: float
    expected: float


@dataclass(frozen=True, slots=True)
class HoldoutScore:
    """A model fitted until a day, against what happened afterwards.

    ``curve_error`` is the mean, ``curve_error_max`` the largest distance between the expected and
    actual cumulative curve over the weeks held out, as a share of the actual curve at that week;
    ``total_error`` is expected over actual purchases of the hold-out, less 1. ``mae`` and ``rmse``
    are per customer, in purchase days. ``score`` chooses: mae over mean purchases, plus curve_error
    plus the size of total_error; smaller is better. ``inside`` is the share of customers whose
    purchases in the hold-out lie in their own interval of four times in five, ``inside_told`` the
    share the model itself tells: more than 0.8, for purchases are whole numbers.
    """

    model: str
    actual: float
    expected: float
    total_error: float
    mae: float
    rmse: float
    curve_error: float
    curve_error_max: float
    score: float
    inside: float | None = None
    inside_told: float | None = None


def repeat_counts(
    model: RepeatBuyingModel, histories: Histories, *, most: int = 7
) -> list[CountRow]:
    """Actual and expected numbers of customers with 0, 1, ... ``most`` or more repeat purchases."""
    groups, _ = Histories(
        np.zeros_like(histories.age), np.zeros_like(histories.age), histories.age,
        histories.customers, histories.unit_days,
    ).grouped()  # fmt: skip
    expected = np.zeros(most)
    for age, customers in zip(groups.age, groups.customers, strict=True):
        expected += customers * model.repeat_chances(float(age), most - 1)
    capped = np.minimum(histories.frequency, most).astype(np.intp)
    actual = np.bincount(capped, weights=histories.customers, minlength=most + 1)
    last = histories.total - expected.sum()
    return [
        CountRow(k, float(actual[k]), float(expected[k] if k < most else last))
        for k in range(most + 1)
    ]


def tracking(
    model: RepeatBuyingModel, times: PurchaseTimes, *, step_days: int = 7
) -> list[CurvePoint]:
    """Cumulative repeat purchases, counted from the first purchase of all, a point a week.

    The weeks are laid so that one ends at the split, between what was learned from and what was
    held out. Expected is what the model tells of customers of whom only the first day is known.
    """
    start, split = int(times.first_days.min()), times.split.toordinal()
    until = times.until.toordinal()
    days = np.arange(split - (split - start) // step_days * step_days, until + 1, step_days)
    if days[-1] != until:
        days = np.append(days, until)
    order = np.argsort(times.repeat_days)
    cumulative = np.concatenate([[0.0], np.cumsum(times.repeat_counts[order])])
    actual = cumulative[np.searchsorted(times.repeat_days[order], days, side="right")]
    longest = int(days[-1]) - start
    per_day = model.expected_since_first(np.arange(longest + 1) / model.unit_days_)
    since = days[:, None] - times.first_days[None, :]
    expected = np.where(since > 0, per_day[np.maximum(since, 0)], 0.0) @ times.first_counts
    return [
        CurvePoint(date.fromordinal(int(day)), float(seen), float(told))
        for day, seen, told in zip(days, actual, expected, strict=True)
    ]


def counts_side_by_side(
    models: Sequence[RepeatBuyingModel], histories: Histories
) -> list[dict[str, object]]:
    """Per number of repeat purchases: customers counted, and expected by each model."""
    tables = {model.name: repeat_counts(model, histories) for model in models}
    first = next(iter(tables.values()))
    return [
        {"repeats": row.repeats, "or_more": row is first[-1], "actual": row.actual,
         "expected": {name: rows[place].expected for name, rows in tables.items()}}
        for place, row in enumerate(first)
    ]  # fmt: skip


def curves_side_by_side(
    models: Sequence[RepeatBuyingModel], times: PurchaseTimes
) -> list[dict[str, object]]:
    """Per week: repeat purchases counted and expected by each model, up to its end and within it."""
    curves = {model.name: tracking(model, times) for model in models}
    first = next(iter(curves.values()))
    rows: list[dict[str, object]] = []
    for place, point in enumerate(first):
        told = {name: curve[place].expected for name, curve in curves.items()}
        last = {name: curve[place - 1].expected if place else 0.0 for name, curve in curves.items()}
        rows.append({
            "until": point.day, "held_out": point.day > times.split,
            "actual": point.actual, "expected": told,
            "actual_week": point.actual - (first[place - 1].actual if place else 0.0),
            "expected_week": {name: told[name] - last[name] for name in told},
        })  # fmt: skip
    return rows


def holdout_score(
    model: RepeatBuyingModel, seen: Histories, later: Floats, times: PurchaseTimes
) -> HoldoutScore:
    """Judge a model fitted on ``seen`` by the purchases of the same customers afterwards.

    A row of ``seen`` stands for its number of customers, which all bought ``later`` times.
    """
    unit = model.unit_days_
    ahead = (times.until - times.split).days / unit
    groups, place = seen.grouped()
    expected_each = model.expected_purchases(ahead, groups.frequency, groups.recency, groups.age)
    told = expected_each[place]
    alive = model.p_alive(groups.frequency, groups.recency, groups.age)
    limits = purchase_limits(alive, expected_each, model.parameters_["r"] + groups.frequency)
    error = told - later
    share = seen.customers / seen.total
    points = [point for point in tracking(model, times) if point.day > times.split]
    gaps = np.asarray([abs(p.expected - p.actual) / max(p.actual, 1.0) for p in points])
    actual, expected = float(later @ seen.customers), float(told @ seen.customers)
    total_error = expected / max(actual, 1.0) - 1
    mae = float(np.abs(error) @ share)
    mean = max(float(later @ share), 1e-9)
    return HoldoutScore(
        model=model.name,
        actual=actual,
        expected=expected,
        total_error=total_error,
        mae=mae,
        rmse=float(np.sqrt(error**2 @ share)),
        curve_error=float(gaps.mean()),
        curve_error_max=float(gaps.max()),
        score=mae / mean + float(gaps.mean()) + abs(total_error),
        inside=float(((limits.low[place] <= later) & (later <= limits.high[place])) @ share),
        inside_told=float(limits.told[place] @ share),
    )


def best(scores: Sequence[HoldoutScore]) -> HoldoutScore:
    """The smallest score; the first of equals."""
    return min(scores, key=lambda score: score.score)


def halfway(start: date, end: date) -> date:
    """The day that leaves the last three tenths of the time for judging."""
    return start + timedelta(days=round((end - start).days * 0.7))
