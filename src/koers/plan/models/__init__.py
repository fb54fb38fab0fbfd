"""What is stored of plans: goals, key success factors, planning sessions, targets, budgets, visit norms, pay plans and statements, forecasts as they were given, and calls."""

from koers.plan.models.budget import Budget, BudgetCell, BudgetPart
from koers.plan.models.economic_decision import EconomicDecision
from koers.plan.models.effort import (
    EffortClassCurve,
    EffortEstimate,
    EffortLine,
    EffortRun,
    EffortSeller,
)
from koers.plan.models.forecast import (
    ForecastOverride,
    ForecastPoint,
    ForecastRun,
    ForecastSeries,
)
from koers.plan.models.forecast_call import ForecastCall
from koers.plan.models.goal import Goal, GoalMeasurement
from koers.plan.models.key_success_factor import FactorMeasurement, KeySuccessFactor
from koers.plan.models.pay_plan import PayPlan
from koers.plan.models.pay_statement import OrderSplit, PayDispute, PayStatement
from koers.plan.models.planning_session import (
    PlanningSession,
    SessionDecision,
    SessionParticipant,
)
from koers.plan.models.seller_year import Absence, SellerYear
from koers.plan.models.target import Target
from koers.plan.models.visit_norm import VisitException, VisitNorm, VisitNormSet

__all__ = [
    "Absence",
    "Budget",
    "BudgetCell",
    "BudgetPart",
    "EconomicDecision",
    "EffortClassCurve",
    "EffortEstimate",
    "EffortLine",
    "EffortRun",
    "EffortSeller",
    "FactorMeasurement",
    "ForecastCall",
    "ForecastOverride",
    "ForecastPoint",
    "ForecastRun",
    "ForecastSeries",
    "Goal",
    "GoalMeasurement",
    "KeySuccessFactor",
    "OrderSplit",
    "PayDispute",
    "PayPlan",
    "PayStatement",
    "PlanningSession",
    "SellerYear",
    "SessionDecision",
    "SessionParticipant",
    "Target",
    "VisitException",
    "VisitNorm",
    "VisitNormSet",
]
