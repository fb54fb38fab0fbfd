"""Under which address does each screen of development live?"""

from django.urls import path

from koers.develop.views import scorecard

app_name = "develop"
urlpatterns = [path("", scorecard.overview, name="overview")]
