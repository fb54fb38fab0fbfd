"""Under which address does each screen of analysis live?"""

from django.urls import path

from koers.analyse.views import formula

app_name = "analyse"
urlpatterns = [
    path("formulas/", formula.formula_list, name="formula_list"),
    path("formulas/<str:formula_id>/", formula.formula_detail, name="formula_detail"),
]
