"""How Django finds the organisation stage."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils import timezone


class OrganisationConfig(AppConfig):
    name = "koers.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every log-in carries the moment it was last seen."""
        from allauth.account.signals import user_logged_in  # noqa: PLC0415 - models are not there yet

        user_logged_in.connect(_begin_to_watch)


def _begin_to_watch(request: HttpRequest, **_given: Any) -> None:
    from koers.organisation.actions.log_in import SEEN  # noqa: PLC0415 - models are not there yet

    request.session[SEEN] = timezone.now().timestamp()
