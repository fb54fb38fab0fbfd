"""How are the parameters of a value model found, and how sure are they?

All parameters are positive, so the search runs over their logarithms. Gradients are exact; the
second derivatives that give the standard errors are differences of exact gradients, on large data
those of the coarsened data, corrected by every step taken on all of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import optimize
from threadpoolctl import threadpool_limits

Floats: TypeAlias = npt.NDArray[np.float64]
Objective: TypeAlias = Callable[[Floats], tuple[float, Floats]]

LOG_BOUND = 9.2  # parameters stay between 1e-4 and 1e4, in the scaled time unit
NEARLY_FLAT = 1e-7
VERY_FLAT = 1e-9
IMPOSSIBLE = 1e10


class TooFewPurchasesError(ValueError):
    """The purchases cannot tell the parameters of a model, for instance because nobody bought twice."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the log-likelihood is highest, as logarithms of the parameters."""

    logs: Floats
    log_likelihood: float
    hessian: Floats  # of minus the log-likelihood per customer
    covariance: Floats  # of the logarithms; nan where the data leave a parameter open
    converged: bool
    at_bound: bool  # a parameter ran to the edge: the data do not hold it
    evaluations: int

    def edge(self) -> npt.NDArray[np.bool_]:
        """Which parameters stand at the edge."""
        return np.asarray(np.abs(self.logs) > LOG_BOUND - 1.0)


def maximise(
    objective: Objective,
    starts: Sequence[Floats],
    *,
    customers: float,
    near: Maximum | None = None,
) -> Maximum:
    """Climb from every start and polish the best with Newton steps.

    ``objective`` gives the log-likelihood and its gradient to the logarithms. ``customers``
    scales it, so that the tolerance does not depend on the size of the data. ``near`` is the
    maximum of nearly the same data: Newton steps from there, and a climb only when they fail.

    Raises
    ------
    TooFewPurchasesError
        When no start leads to a finite likelihood.
    """
    # Vectors of this size gain nothing from more threads, and idle ones would wait in a busy loop.
    with threadpool_limits(limits=1, user_api="blas"):
        return _climb(_Loss(objective, customers), starts, near)


def _climb(loss: "_Loss", starts: Sequence[Floats], near: Maximum | None) -> Maximum:
    if near is not None and np.isfinite(near.hessian).all():
        place, hessian = _polished(loss, near.logs, near.hessian, steps=12, flat=NEARLY_FLAT)
        if np.abs(place.slope).max() < NEARLY_FLAT:
            return _maximum(loss, place, hessian)
        starts = [place.logs]
    best: optimize.OptimizeResult | None = None
    for start in starts:
        found = optimize.minimize(
            loss, start, jac=True, method="L-BFGS-B",
            bounds=[(-LOG_BOUND, LOG_BOUND)] * len(start),
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7},
        )  # fmt: skip
        if best is None or found.fun < best.fun - 1e-9:
            best = found
    if best is None or best.fun >= IMPOSSIBLE / 10:
        raise TooFewPurchasesError("The likelihood of these purchases is not finite.")
    top = np.asarray(best.x, dtype=np.float64)
    place, _hessian = _polished(loss, top, _second_derivatives(loss, top), steps=8)
    return _maximum(loss, place, _second_derivatives(loss, place.logs, place.slope))


class _Loss:
    """Minus the log-likelihood per customer, counting how often it is asked."""

    def __init__(self, objective: Objective, customers: float) -> None:
        self.objective = objective
        self.customers = customers
        self.evaluations = 0

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        self.evaluations += 1
        value, slope = self.objective(logs)
        if not np.isfinite(value) or not np.isfinite(slope).all():
            return IMPOSSIBLE, np.zeros_like(logs)
        return -value / self.customers, -slope / self.customers


@dataclass(frozen=True, slots=True)
class _Place:
    logs: Floats
    value: float
    slope: Floats


def _polished(
    loss: _Loss, logs: Floats, hessian: Floats, *, steps: int, flat: float = VERY_FLAT
) -> tuple[_Place, Floats]:
    """Quasi-Newton steps as long as they flatten the slope, and the matrix they end with."""
    place = _Place(logs, *loss(logs))
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 0:
        return place, hessian
    for _step in range(steps):
        if np.abs(place.slope).max() < flat:
            break
        candidate = place.logs - np.linalg.solve(hessian, place.slope)
        if np.abs(candidate).max() > LOG_BOUND:
            break
        tried = _Place(candidate, *loss(candidate))
        worse = tried.value > place.value + 1e-12
        if worse or np.abs(tried.slope).max() >= np.abs(place.slope).max():
            break
        hessian = _updated(hessian, tried.logs - place.logs, tried.slope - place.slope)
        place = tried
    return place, hessian


def _updated(hessian: Floats, step: Floats, change: Floats) -> Floats:
    """The BFGS update: the matrix that explains the last change of slope, nearest to the one before."""
    curved = float(step @ change)
    if curved <= 1e-14 * float(np.linalg.norm(step) * np.linalg.norm(change)):
        return hessian
    pulled = hessian @ step
    return np.asarray(
        hessian + np.outer(change, change) / curved - np.outer(pulled, pulled) / (step @ pulled)
    )


def _maximum(loss: _Loss, place: _Place, hessian: Floats) -> Maximum:
    return Maximum(
        logs=place.logs,
        log_likelihood=-place.value * loss.customers,
        hessian=hessian,
        covariance=_covariance(hessian, loss.customers),
        converged=bool(np.abs(place.slope).max() < 1e-5),
        at_bound=bool((np.abs(place.logs) > LOG_BOUND - 1.0).any()),
        evaluations=loss.evaluations,
    )


def _second_derivatives(loss: _Loss, logs: Floats, slope: Floats | None = None) -> Floats:
    """Differences of exact gradients: to both sides, or ahead only where the slope is known."""
    step = 1e-4 if slope is None else 1e-5
    rows = []
    for index in range(len(logs)):
        move = np.zeros_like(logs)
        move[index] = step
        ahead = loss(logs + move)[1]
        behind, width = (loss(logs - move)[1], 2 * step) if slope is None else (slope, step)
        rows.append((ahead - behind) / width)
    hessian = np.asarray(rows)
    return np.asarray((hessian + hessian.T) / 2, dtype=np.float64)


def _covariance(hessian: Floats, customers: float) -> Floats:
    nothing = np.full_like(hessian, np.nan)
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 1e-12:
        return nothing
    return np.asarray(np.linalg.inv(hessian) / customers, dtype=np.float64)
