"""How Django finds the sell stage."""

from django.apps import AppConfig


class SellConfig(AppConfig):
    name = "koers.sell"
    label = "sell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the customers."""
        import koers.sell.receivers  # noqa: F401, PLC0415 -- models must be loaded first
