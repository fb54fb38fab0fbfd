"""How Django finds the plan stage."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "koers.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"
