"""Under which address does each screen of service live?"""

from django.urls import path

from koers.serve.views import overview

app_name = "serve"
urlpatterns = [path("", overview.overview, name="overview")]
