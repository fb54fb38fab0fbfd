"""Under which address does each screen of control live?"""

from django.urls import path

from koers.control.views import (
    month_report,
    overview,
    selling,
    selling_figure,
    variance,
    variance_figure,
)

app_name = "control"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("report/", month_report.report, name="month_report"),
    path("selling/", selling.selling, name="selling"),
    path("selling/deals/", selling.selling_deals, name="selling_deals"),
    path("selling/figures/<str:figure>/", selling_figure.selling_figure, name="selling_figure"),
    path("variance/", variance.variance, name="variance"),
    path("variance/rows/", variance.variance_rows, name="variance_rows"),
    path("variance/figures/<str:effect>/", variance_figure.variance_figure, name="variance_figure"),
]
