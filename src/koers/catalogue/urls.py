"""Under which address does each screen of the catalogue live?"""

from django.urls import path

from koers.catalogue.views import price_list, product

app_name = "catalogue"
urlpatterns = [
    path("", product.product_list, name="product_list"),
    path("new/", product.product_create, name="product_create"),
    path("options/", price_list.product_options, name="product_options"),
    path("price-lists/", price_list.price_list_list, name="price_list_list"),
    path("price-lists/new/", price_list.price_list_create, name="price_list_create"),
    path(
        "price-lists/<int:price_list_id>/", price_list.price_list_detail, name="price_list_detail"
    ),
    path("discount-policy/", price_list.discount_policy, name="discount_policy"),
    path("<int:product_id>/", product.product_detail, name="product_detail"),
    path("<int:product_id>/edit/", product.product_edit, name="product_edit"),
]
