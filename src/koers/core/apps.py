"""How Django finds the core stage."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "koers.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
