"""How Django finds the develop stage."""

from django.apps import AppConfig


class DevelopConfig(AppConfig):
    name = "koers.develop"
    label = "develop"
    default_auto_field = "django.db.models.BigAutoField"
