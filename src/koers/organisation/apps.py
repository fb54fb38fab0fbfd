"""How Django finds the organisation stage."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "koers.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"
