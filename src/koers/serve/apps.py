"""How Django finds the serve stage."""

from django.apps import AppConfig


class ServeConfig(AppConfig):
    name = "koers.serve"
    label = "serve"
    default_auto_field = "django.db.models.BigAutoField"
