"""Under which address does each stage live?"""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from koers.config.api import api

STAGES = (
    ("organisation/", "organisation"),
    ("customers/", "customers"),
    ("products/", "catalogue"),
    ("sell/", "sell"),
    ("serve/", "serve"),
    ("analyse/", "analyse"),
    ("plan/", "plan"),
    ("develop/", "develop"),
    ("control/", "control"),
    ("demo/", "demo"),
    ("", "home"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "account/sessions/",
        RedirectView.as_view(pattern_name="organisation:log_in_list"),
        name="usersessions_list",
    ),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("", include("koers.core.urls")),
    *(
        path(address, include(f"koers.{stage}.urls"))
        for address, stage in STAGES
        if find_spec(f"koers.{stage}.urls")
    ),
]
