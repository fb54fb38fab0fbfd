"""How Django finds the customers stage."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "koers.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
