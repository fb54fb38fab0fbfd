"""Under which address does each screen of control live?"""

from django.urls import path

from koers.control.views import (
    action_item,
    call_outcome,
    month_report,
    overview,
    postma,
    postma_figure,
    selling,
    selling_figure,
    variance,
    variance_figure,
)

app_name = "control"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("actions/", action_item.action_item_list, name="action_item_list"),
    path("actions/new/", action_item.action_item_create, name="action_item_create"),
    path("actions/due/", action_item.action_items_due, name="action_items_due"),
    path("actions/<int:item_id>/", action_item.action_item_detail, name="action_item_detail"),
    path("actions/<int:item_id>/edit/", action_item.action_item_edit, name="action_item_edit"),
    path(
        "actions/<int:item_id>/decide/", action_item.action_item_decide, name="action_item_decide"
    ),
    path(
        "actions/<int:item_id>/reopen/", action_item.action_item_reopen, name="action_item_reopen"
    ),
    path("postma/", postma.postma, name="postma"),
    path("postma/<int:user_id>/", postma.postma_seller, name="postma_seller"),
    path(
        "postma/<int:user_id>/figures/<str:figure>/",
        postma_figure.postma_figure,
        name="postma_figure",
    ),
    path("report/", month_report.report, name="month_report"),
    path("selling/", selling.selling, name="selling"),
    path("selling/deals/", selling.selling_deals, name="selling_deals"),
    path("selling/figures/<str:figure>/", selling_figure.selling_figure, name="selling_figure"),
    path("talks/", call_outcome.call_outcome_list, name="call_outcome_list"),
    path("talks/figure/", call_outcome.call_outcome_figure, name="call_outcome_figure"),
    path("variance/", variance.variance, name="variance"),
    path("variance/rows/", variance.variance_rows, name="variance_rows"),
    path("variance/figures/<str:effect>/", variance_figure.variance_figure, name="variance_figure"),
]
