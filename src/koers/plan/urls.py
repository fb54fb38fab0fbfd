"""Under which address does each screen of planning live?"""

from django.urls import path

from koers.plan.views import (
    attainment,
    budget,
    forecast,
    forecast_accuracy,
    goal,
    goal_edit,
    key_success_factor,
    key_success_factor_edit,
    pipeline_forecast,
    planning_session,
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
    path("goals/", goal.goal_list, name="goal_list"),
    path("goals/new/", goal_edit.goal_create, name="goal_create"),
    path("goals/<int:goal_id>/", goal.goal_detail, name="goal_detail"),
    path("goals/<int:goal_id>/figure/", goal.goal_figure, name="goal_figure"),
    path("goals/<int:goal_id>/edit/", goal_edit.goal_edit, name="goal_edit"),
    path("goals/<int:goal_id>/move/", goal_edit.goal_move, name="goal_move"),
    path("goals/<int:goal_id>/measure/", goal_edit.goal_measure, name="goal_measure"),
    path("goals/<int:goal_id>/close/", goal_edit.goal_close, name="goal_close"),
    path("goals/<int:goal_id>/reopen/", goal_edit.goal_reopen, name="goal_reopen"),
    path("goals/<int:goal_id>/remove/", goal_edit.goal_remove, name="goal_remove"),
    path("goals/<int:goal_id>/restore/", goal_edit.goal_restore, name="goal_restore"),
    path("key-success-factors/", key_success_factor.factor_list, name="factor_list"),
    path("key-success-factors/new/", key_success_factor_edit.factor_create, name="factor_create"),
    path(
        "key-success-factors/<int:factor_id>/",
        key_success_factor.factor_detail,
        name="factor_detail",
    ),
    path(
        "key-success-factors/<int:factor_id>/figure/",
        key_success_factor.factor_figure,
        name="factor_figure",
    ),
    path(
        "key-success-factors/<int:factor_id>/edit/",
        key_success_factor_edit.factor_edit,
        name="factor_edit",
    ),
    path(
        "key-success-factors/<int:factor_id>/move/",
        key_success_factor_edit.factor_move,
        name="factor_move",
    ),
    path(
        "key-success-factors/<int:factor_id>/measure/",
        key_success_factor_edit.factor_measure,
        name="factor_measure",
    ),
    path(
        "key-success-factors/<int:factor_id>/remove/",
        key_success_factor_edit.factor_remove,
        name="factor_remove",
    ),
    path(
        "key-success-factors/<int:factor_id>/restore/",
        key_success_factor_edit.factor_restore,
        name="factor_restore",
    ),
    path("sessions/", planning_session.session_list, name="session_list"),
    path("sessions/new/", planning_session.session_create, name="session_create"),
    path("sessions/<int:session_id>/", planning_session.session_detail, name="session_detail"),
    path("sessions/<int:session_id>/edit/", planning_session.session_edit, name="session_edit"),
    path(
        "sessions/<int:session_id>/decide/", planning_session.session_decide, name="session_decide"
    ),
    path("sessions/<int:session_id>/sign/", planning_session.session_sign, name="session_sign"),
    path(
        "sessions/<int:session_id>/remove/", planning_session.session_remove, name="session_remove"
    ),
    path(
        "sessions/<int:session_id>/restore/",
        planning_session.session_restore,
        name="session_restore",
    ),
    path(
        "sessions/decisions/<int:decision_id>/remove/",
        planning_session.decision_remove,
        name="session_decision_remove",
    ),
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
