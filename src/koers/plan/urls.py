"""Under which address does each screen of planning live?"""

from django.urls import path

from koers.plan.views import (
    attainment,
    budget,
    forecast,
    forecast_accuracy,
    pipeline_forecast,
    target,
    team_size,
    team_size_figure,
)

app_name = "plan"
urlpatterns = [
    path("targets/", target.target_list, name="target_list"),
    path("targets/new/", target.target_create, name="target_create"),
    path("targets/copy/", target.target_copy, name="target_copy"),
    path("targets/<int:target_id>/", target.target_edit, name="target_edit"),
    path("targets/<int:target_id>/remove/", target.target_remove, name="target_remove"),
    path("budgets/", budget.budget_list, name="budget_list"),
    path("budgets/new/", budget.budget_create, name="budget_create"),
    path("budgets/<int:budget_id>/", budget.budget_detail, name="budget_detail"),
    path("budgets/<int:budget_id>/figure/", budget.budget_figure, name="budget_figure"),
    path("budgets/<int:budget_id>/spread/", budget.budget_spread, name="budget_spread"),
    path("budgets/<int:budget_id>/move/", budget.budget_move, name="budget_move"),
    path("budgets/<int:budget_id>/copy/", budget.budget_copy, name="budget_copy"),
    path("budgets/parts/<int:part_id>/", budget.budget_part, name="budget_part"),
    path("budgets/parts/<int:part_id>/propose/", budget.budget_propose, name="budget_propose"),
    path("forecasts/", forecast.forecast_list, name="forecast_list"),
    path("forecasts/new/", forecast.forecast_create, name="forecast_create"),
    path("forecasts/<int:forecast_id>/", forecast.forecast_detail, name="forecast_detail"),
    path("forecasts/points/<int:point_id>/", forecast.forecast_override, name="forecast_override"),
    path("forecasts/accuracy/", forecast_accuracy.forecast_accuracy, name="forecast_accuracy"),
    path("forecasts/accuracy/figure/", forecast_accuracy.accuracy_figure, name="accuracy_figure"),
    path("size/", team_size.team_size, name="team_size"),
    path("size/figures/<str:method>/", team_size_figure.team_size_figure, name="team_size_figure"),
    path("pipeline-forecast/", pipeline_forecast.pipeline_forecast, name="pipeline_forecast"),
    path(
        "pipeline-forecast/deals/",
        pipeline_forecast.pipeline_forecast_deals,
        name="pipeline_forecast_deals",
    ),
    path(
        "pipeline-forecast/weighted/",
        pipeline_forecast.weighted_figure,
        name="pipeline_weighted_figure",
    ),
    path(
        "pipeline-forecast/chance/", pipeline_forecast.chance_figure, name="pipeline_chance_figure"
    ),
    path("attainment/", attainment.attainment, name="attainment"),
    path("attainment/figure/", attainment.attainment_figure, name="attainment_figure"),
]
