"""Under which address does each screen of the catalogue live?"""

from django.urls import path

from koers.catalogue.views import product

app_name = "catalogue"
urlpatterns = [
    path("", product.product_list, name="product_list"),
    path("new/", product.product_create, name="product_create"),
    path("<int:product_id>/", product.product_detail, name="product_detail"),
    path("<int:product_id>/edit/", product.product_edit, name="product_edit"),
]
