"""How Django finds the demo stage."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "koers.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
