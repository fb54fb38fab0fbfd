"""Under which address does each stage live?"""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
