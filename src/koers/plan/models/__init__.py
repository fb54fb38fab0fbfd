"""What is stored of plans: goals, key success factors, targets, budgets, visit norms, and forecasts as they were given."""

from koers.plan.models.budget import Budget, BudgetCell, BudgetPart
from koers.plan.models.economic_decision import EconomicDecision
from koers.plan.models.forecast import (
    ForecastOverride,
    ForecastPoint,
    ForecastRun,
    ForecastSeries,
)
from koers.plan.models.goal import Goal, GoalMeasurement
from koers.plan.models.key_success_factor import FactorMeasurement, KeySuccessFactor
from koers.plan.models.target import Target
from koers.plan.models.visit_norm import VisitException, VisitNorm, VisitNormSet

__all__ = [
    "Budget",
    "BudgetCell",
    "BudgetPart",
    "EconomicDecision",
    "FactorMeasurement",
    "ForecastOverride",
    "ForecastPoint",
    "ForecastRun",
    "ForecastSeries",
    "Goal",
    "GoalMeasurement",
    "KeySuccessFactor",
    "Target",
    "VisitException",
    "VisitNorm",
    "VisitNormSet",
]
