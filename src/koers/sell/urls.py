"""Under which address does each screen of selling live?"""

from django.urls import path

from koers.sell.views import opportunity, order

app_name = "sell"
urlpatterns = [
    path("orders/", order.order_list, name="order_list"),
    path("orders/<int:order_id>/", order.order_detail, name="order_detail"),
    path("company/<int:company_id>/orders/", order.company_orders, name="company_orders"),
    path("opportunities/", opportunity.opportunity_list, name="opportunity_list"),
    path("opportunities/hit-rate/", opportunity.hit_rate_figure, name="hit_rate"),
    path(
        "opportunities/<int:opportunity_id>/",
        opportunity.opportunity_detail,
        name="opportunity_detail",
    ),
]
