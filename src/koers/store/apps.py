"""How Django finds the store stage."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "koers.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
