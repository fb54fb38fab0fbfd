"""What is stored of plans: targets, and forecasts as they were given."""

from koers.plan.models.forecast import (
    ForecastOverride,
    ForecastPoint,
    ForecastRun,
    ForecastSeries,
)
from koers.plan.models.target import Target

__all__ = ["ForecastOverride", "ForecastPoint", "ForecastRun", "ForecastSeries", "Target"]
