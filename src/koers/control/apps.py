"""How Django finds the control stage."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "koers.control"
    label = "control"
    default_auto_field = "django.db.models.BigAutoField"
