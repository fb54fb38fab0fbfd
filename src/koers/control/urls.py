"""Under which address does each screen of control live?"""

from django.urls import path

from koers.control.views import overview

app_name = "control"
urlpatterns = [path("", overview.overview, name="overview")]
