"""How Django finds the catalogue stage."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "koers.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
