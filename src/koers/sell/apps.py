"""How Django finds the sell stage."""

from django.apps import AppConfig


class SellConfig(AppConfig):
    name = "koers.sell"
    label = "sell"
    default_auto_field = "django.db.models.BigAutoField"
