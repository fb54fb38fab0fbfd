"""Under which address does each screen of analysis live?"""

from django.urls import path

from koers.analyse.views import (
    figure,
    formula,
    life_cycle,
    overview,
    pyramid,
    rfm,
    rule_set,
    turnover,
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
    path("figures/<str:name>/", figure.figure, name="figure"),
    path("company/<int:company_id>/history/", overview.company_history, name="company_history"),
    path("rules/", rule_set.rule_set, name="rule_set"),
    path("formulas/", formula.formula_list, name="formula_list"),
    path("formulas/<str:formula_id>/", formula.formula_detail, name="formula_detail"),
]
