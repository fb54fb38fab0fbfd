"""What is stored of plans: targets, budgets, and forecasts as they were given."""

from koers.plan.models.budget import Budget, BudgetCell, BudgetPart
from koers.plan.models.forecast import (
    ForecastOverride,
    ForecastPoint,
    ForecastRun,
    ForecastSeries,
)
from koers.plan.models.target import Target

__all__ = [
    "Budget",
    "BudgetCell",
    "BudgetPart",
    "ForecastOverride",
    "ForecastPoint",
    "ForecastRun",
    "ForecastSeries",
    "Target",
]
