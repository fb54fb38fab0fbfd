"""Under which address does each screen of control live?"""

from django.urls import path

from koers.control.views import month_report, overview, variance, variance_figure

app_name = "control"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("report/", month_report.report, name="month_report"),
    path("variance/", variance.variance, name="variance"),
    path("variance/rows/", variance.variance_rows, name="variance_rows"),
    path("variance/figures/<str:effect>/", variance_figure.variance_figure, name="variance_figure"),
]
