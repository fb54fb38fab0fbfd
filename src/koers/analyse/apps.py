"""How Django finds the analyse stage."""

from django.apps import AppConfig


class AnalyseConfig(AppConfig):
    name = "koers.analyse"
    label = "analyse"
    default_auto_field = "django.db.models.BigAutoField"
