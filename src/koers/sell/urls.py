"""Under which address does each screen of selling live?"""

from django.urls import path

from koers.sell.views import (
    activity,
    activity_list,
    offer,
    opportunity,
    opportunity_board,
    opportunity_edit,
    order,
    order_entry,
    quote,
    stage_move,
)

app_name = "sell"
urlpatterns = [
    path("orders/", order.order_list, name="order_list"),
    path("orders/new/", order_entry.order_create, name="order_create"),
    path("orders/<int:order_id>/", order.order_detail, name="order_detail"),
    path("orders/<int:order_id>/credit/", order_entry.order_credit, name="order_credit"),
    path("company/<int:company_id>/reorder/", order_entry.company_reorder, name="company_reorder"),
    path("quotes/", quote.quote_list, name="quote_list"),
    path("quotes/new/", quote.quote_create, name="quote_create"),
    path("quotes/<int:quote_id>/", quote.quote_detail, name="quote_detail"),
    path("quotes/<int:quote_id>/edit/", quote.quote_edit, name="quote_edit"),
    path("quotes/<int:quote_id>/move/", quote.quote_move, name="quote_move"),
    path("quotes/<int:quote_id>/pdf/", quote.quote_document, name="quote_document"),
    path("offer/<str:secret>/", offer.offer, name="offer"),
    path("offer/<str:secret>/pdf/", offer.offer_pdf, name="offer_pdf"),
    path("company/<int:company_id>/orders/", order.company_orders, name="company_orders"),
    path("activities/", activity_list.activity_list, name="activity_list"),
    path("activities/views/save/", activity_list.activity_view_save, name="activity_view_save"),
    path("activities/week/", activity_list.activity_week, name="activity_week"),
    path("activities/due/", activity_list.activities_due, name="activities_due"),
    path("activities/new/", activity.activity_create, name="activity_create"),
    path("activities/log/", activity.activity_log, name="activity_log"),
    path("activities/companies/", activity.company_options, name="company_options"),
    path("activities/<int:activity_id>/", activity.activity_detail, name="activity_detail"),
    path("activities/<int:activity_id>/edit/", activity.activity_edit, name="activity_edit"),
    path("activities/<int:activity_id>/finish/", activity.activity_finish, name="activity_finish"),
    path("activities/<int:activity_id>/cancel/", activity.activity_cancel, name="activity_cancel"),
    path("activities/<int:activity_id>/reopen/", activity.activity_reopen, name="activity_reopen"),
    path(
        "company/<int:company_id>/activities/",
        activity_list.company_activities,
        name="company_activities",
    ),
    path(
        "opportunities/<int:opportunity_id>/activities/",
        activity_list.opportunity_activities,
        name="opportunity_activities",
    ),
    path("opportunities/", opportunity.opportunity_list, name="opportunity_list"),
    path("opportunities/new/", opportunity_edit.opportunity_create, name="opportunity_create"),
    path("opportunities/bin/", opportunity_edit.opportunity_bin_list, name="opportunity_bin_list"),
    path("opportunities/board/", opportunity_board.opportunity_board, name="opportunity_board"),
    path("opportunities/hit-rate/", opportunity.hit_rate_figure, name="hit_rate"),
    path(
        "opportunities/<int:opportunity_id>/",
        opportunity.opportunity_detail,
        name="opportunity_detail",
    ),
    path(
        "opportunities/<int:opportunity_id>/edit/",
        opportunity_edit.opportunity_edit,
        name="opportunity_edit",
    ),
    path(
        "opportunities/<int:opportunity_id>/undo/",
        opportunity_edit.opportunity_undo,
        name="opportunity_undo",
    ),
    path(
        "opportunities/<int:opportunity_id>/bin/",
        opportunity_edit.opportunity_bin,
        name="opportunity_bin",
    ),
    path(
        "opportunities/<int:opportunity_id>/restore/",
        opportunity_edit.opportunity_restore,
        name="opportunity_restore",
    ),
    path(
        "opportunities/<int:opportunity_id>/moves/",
        stage_move.opportunity_moves,
        name="opportunity_moves",
    ),
    path(
        "opportunities/<int:opportunity_id>/move/",
        stage_move.opportunity_drop,
        name="opportunity_drop",
    ),
    path(
        "opportunities/<int:opportunity_id>/move/<int:stage_id>/",
        stage_move.opportunity_move,
        name="opportunity_move",
    ),
    path(
        "company/<int:company_id>/opportunities/",
        opportunity.company_opportunities,
        name="company_opportunities",
    ),
]
