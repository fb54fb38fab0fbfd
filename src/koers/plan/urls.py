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
    visit_calendar,
    visit_calendar_figure,
    visit_exception,
    visit_norm,
    visit_norm_figure,
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
    path("calendar/", visit_calendar.visit_calendar, name="visit_calendar"),
    path("calendar/move/", visit_calendar.calendar_move, name="calendar_move"),
    path("calendar/accept/", visit_calendar.calendar_accept, name="calendar_accept"),
    path("calendar/undo/", visit_calendar.calendar_undo, name="calendar_undo"),
    path("calendar/renew/", visit_calendar.calendar_renew, name="calendar_renew"),
    path(
        "calendar/figures/<str:name>/",
        visit_calendar_figure.calendar_figure,
        name="calendar_figure",
    ),
    path("visits/", visit_norm.visit_list, name="visit_list"),
    path("visits/sellers/", visit_norm.visit_sellers, name="visit_sellers"),
    path("visits/figures/<str:name>/", visit_norm_figure.visit_figure, name="visit_figure"),
    path(
        "visits/customers/<int:company_id>/",
        visit_exception.visit_exception,
        name="visit_exception",
    ),
    path(
        "visits/customers/<int:company_id>/figure/",
        visit_norm_figure.customer_figure,
        name="visit_customer_figure",
    ),
    path(
        "visits/customers/<int:company_id>/remove/",
        visit_exception.visit_exception_remove,
        name="visit_exception_remove",
    ),
    path(
        "visits/customers/<int:company_id>/undo/",
        visit_exception.visit_exception_undo,
        name="visit_exception_undo",
    ),
    path("visits/norms/", visit_norm.visit_norm_list, name="visit_norm_list"),
    path("visits/norms/new/", visit_norm.visit_norm_create, name="visit_norm_create"),
    path("visits/norms/<int:norm_set_id>/", visit_norm.visit_norm_detail, name="visit_norm_detail"),
    path(
        "visits/norms/<int:norm_set_id>/edit/", visit_norm.visit_norm_edit, name="visit_norm_edit"
    ),
    path(
        "visits/norms/<int:norm_set_id>/remove/",
        visit_norm.visit_norm_remove,
        name="visit_norm_remove",
    ),
    path("attainment/", attainment.attainment, name="attainment"),
    path("attainment/figure/", attainment.attainment_figure, name="attainment_figure"),
]
