"""How Django finds the home stage."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "koers.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"
