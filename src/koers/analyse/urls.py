"""Under which address does each screen of analysis live?"""

from django.urls import path

from koers.analyse.views import (
    campaign,
    cohorts,
    figure,
    formula,
    life_cycle,
    next_best,
    overview,
    pyramid,
    rfm,
    rule_set,
    turnover,
    value,
    value_figure,
)

app_name = "analyse"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("pyramid/", pyramid.pyramid, name="pyramid"),
    path("pyramid/customers/", pyramid.pyramid_members, name="pyramid_members"),
    path("movers/", pyramid.movers, name="movers"),
    path("life-cycle/", life_cycle.life_cycle, name="life_cycle"),
    path("life-cycle/<str:phase>/", life_cycle.phase_members, name="phase_members"),
    path("turnover/", turnover.turnover, name="turnover"),
    path("lines/", turnover.lines, name="lines"),
    path("rfm/", rfm.rfm, name="rfm"),
    path("value/", value.value, name="value"),
    path("value/equity/", value.equity, name="equity"),
    path("value/trust/", value.trust, name="value_trust"),
    path("value/again/", value.ask_value, name="ask_value"),
    path("value/figures/<str:headline>/", value_figure.value_figure, name="value_figure"),
    path("campaigns/", campaign.campaign_list, name="campaign_list"),
    path("campaigns/new/<str:source>/", campaign.campaign_create, name="campaign_create"),
    path("campaigns/<int:campaign_id>/", campaign.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:campaign_id>/effect/", campaign.campaign_figure, name="campaign_figure"),
    path("campaigns/<int:campaign_id>/stop/", campaign.campaign_stop, name="campaign_stop"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/retention/", cohorts.retention_figure, name="retention_figure"),
    path("next/", next_best.next_best, name="next_best"),
    path("cross-sell/", next_best.cross_sell, name="cross_sell"),
    path("figures/<str:name>/", figure.figure, name="figure"),
    path("company/<int:company_id>/history/", overview.company_history, name="company_history"),
    path("company/<int:company_id>/value/", value.company_value, name="company_value"),
    path("rules/", rule_set.rule_set, name="rule_set"),
    path("formulas/", formula.formula_list, name="formula_list"),
    path("formulas/<str:formula_id>/", formula.formula_detail, name="formula_detail"),
]
