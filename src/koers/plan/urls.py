"""Under which address does each screen of planning live?"""

from django.urls import path

from koers.plan.views import attainment, target

app_name = "plan"
urlpatterns = [
    path("targets/", target.target_list, name="target_list"),
    path("targets/new/", target.target_create, name="target_create"),
    path("targets/copy/", target.target_copy, name="target_copy"),
    path("targets/<int:target_id>/", target.target_edit, name="target_edit"),
    path("targets/<int:target_id>/remove/", target.target_remove, name="target_remove"),
    path("attainment/", attainment.attainment, name="attainment"),
    path("attainment/figure/", attainment.attainment_figure, name="attainment_figure"),
]
