"""Where are a company's offices, shops and warehouses?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord


class Site(ImportedRecord):
    """An address of a company; degrees of latitude and longitude where they are known."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visiting address")
        DELIVERY = "delivery", _("Delivery address")
        INVOICE = "invoice", _("Invoice address")

    company = models.ForeignKey("customers.Company", on_delete=models.CASCADE, related_name="sites")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VISIT)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("company", "kind", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="site_lies_on_the_earth",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, self.postcode, self.city) if part)
