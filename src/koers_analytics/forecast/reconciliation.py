"""How do forecasts of parts and of their sums become one set that adds up, exactly?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MOST_NODES_FOR_COVARIANCE = 400
FEWEST_ERRORS = 8
ROUNDS = 50
HAIR = 1e-6


def one_step_covariance(errors: Sequence[Numbers], scales: Sequence[float]) -> tuple[Numbers, str]:
    """Covariance of the nodes' one-step errors, and the name of its kind.

    MinT: the sample covariance shrunk towards its diagonal (Schäfer and Strimmer 2005), for at most
    400 nodes with eight common errors or more. WLS: the squared mean absolute errors alone.
    """
    variances = np.array([scale**2 for scale in scales])
    floor = max(float(variances.mean()) * 1e-8, 1e-12)
    common = min(len(one) for one in errors)
    if len(errors) > MOST_NODES_FOR_COVARIANCE or common < FEWEST_ERRORS:
        return np.diag(np.maximum(variances, floor)), "WLS"
    sample = np.array([one[len(one) - common :] for one in errors])
    covariance = sample @ sample.T / common
    spread = np.sqrt(np.maximum(np.diag(covariance), floor))
    standard = sample / spread[:, None]
    correlation = standard @ standard.T / common
    noise = ((standard**2) @ (standard**2).T / common - correlation**2) / max(common - 1, 1)
    off = ~np.eye(len(sample), dtype=bool)
    signal = float((correlation[off] ** 2).sum())
    kept = 1 - min(1.0, max(0.05, float(noise[off].sum()) / signal)) if signal > 0 else 0.0
    shrunk = kept * covariance
    np.fill_diagonal(shrunk, spread**2)
    return shrunk, "MinT"


def reconcile(base: Numbers, sums: Numbers, covariance: Numbers, floor: NDArray[np.bool_]) -> Numbers:  # fmt: skip
    """The lowest series' values whose sums lie nearest to all base forecasts, in the covariance's measure.

    ``base`` has a row per node and a column per step; series with ``floor`` stay at 0 or above: those
    that fall below are held at 0 and the others are solved again, until none falls.
    """
    weighted = np.linalg.solve(covariance, sums)
    left, right = sums.T @ weighted, weighted.T @ base
    ridge = HAIR**2 * float(np.trace(left)) / len(left)
    left = left + ridge * np.eye(len(left))
    lowest = np.asarray(np.linalg.solve(left, right), dtype=np.float64)
    for step in np.flatnonzero((lowest[floor] < 0).any(axis=0)).tolist():
        lowest[:, step] = _held(left, right[:, step], lowest[:, step], floor)
    return lowest


def _held(left: Numbers, right: Numbers, values: Numbers, floor: NDArray[np.bool_]) -> Numbers:
    free = np.ones(len(values), dtype=bool)
    for _round in range(ROUNDS):
        fallen = floor & free & (values < 0)
        if not fallen.any():
            break
        free &= ~fallen
        values = np.zeros(len(values))
        if free.any():
            values[free] = np.linalg.solve(left[np.ix_(free, free)], right[free])
    return np.where(floor, np.maximum(values, 0), values)


def in_cents(lowest: Numbers, children: Sequence[Sequence[int]]) -> Numbers:
    """Whole cents of every node from the total down; each sum is that of its parts exactly.

    The total is rounded; every sum is handed to its parts by largest remainder. ``children`` names the
    parts of every sum, the total first; nodes behind them are the rows of ``lowest``.
    """
    count = len(children)
    exact = np.zeros((count + len(lowest), lowest.shape[1]))
    exact[count:] = lowest * 100
    for place in range(count - 1, -1, -1):
        exact[place] = exact[list(children[place])].sum(axis=0)
    cents = np.zeros_like(exact)
    cents[0] = np.rint(exact[0])
    for place in range(count):
        parts = list(children[place])
        cents[parts] = largest_remainder(exact[parts], cents[place])
    return cents


def largest_remainder(parts: Numbers, totals: Numbers) -> Numbers:
    """Whole numbers next to ``parts`` (a column per step) that add up to ``totals``."""
    whole = np.floor(parts + HAIR)
    rest = parts - whole
    rank = np.argsort(np.argsort(-rest, axis=0, kind="stable"), axis=0, kind="stable")
    missing = totals - whole.sum(axis=0)
    each = np.floor(missing / len(parts))
    return np.asarray(whole + each + (rank < missing - each * len(parts)), dtype=np.float64)
