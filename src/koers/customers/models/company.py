"""Which companies do we sell to, or want to?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord
from koers.core.money import AmountField

LIVING = models.Q(deleted_at=None)


class CustomerClass(models.TextChoices):
    """Class in the customer pyramid (S2.16, F2.4)."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    INACTIVE = "inactive", _("Inactive")
    PROSPECT = "prospect", _("Prospect")


class Phase(models.TextChoices):
    """Phase in the customer life cycle (S2.19-25)."""

    PROSPECT = "prospect", _("Acquisition")
    START = "start", _("Start")
    GROWTH = "growth", _("Growth")
    SATURATION = "saturation", _("Saturation")
    REVITALISATION = "revitalisation", _("Revitalisation")
    FAREWELL = "farewell", _("Farewell")


class Company(ImportedRecord):
    """A customer or prospect; class, phase and figures are stamped by the last analysis."""

    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subsidiaries"
    )
    segment = models.ForeignKey(
        "customers.Segment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="companies",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="companies",
    )
    territory = models.ForeignKey(
        "organisation.Territory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="companies",
    )
    business_unit = models.ForeignKey(
        "organisation.BusinessUnit",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="companies",
    )
    industry = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    website = models.CharField(max_length=200, blank=True)
    registration_number = models.CharField(max_length=40, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    notice_given_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    customer_class = models.CharField(
        max_length=8, choices=CustomerClass, blank=True, editable=False
    )
    phase = models.CharField(max_length=14, choices=Phase, blank=True, editable=False)
    phase_since = models.DateField(null=True, blank=True, editable=False)
    turnover_12m = AmountField(default=0, editable=False)
    contribution_12m = AmountField(null=True, blank=True, editable=False)
    first_order_on = models.DateField(null=True, blank=True, editable=False)
    last_order_on = models.DateField(null=True, blank=True, editable=False)
    figures_as_of = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "companies"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="company_is_not_its_own_parent"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="company_has_a_name"),
        )
        indexes = (
            # Every order of the list walks an index of living companies that ends in the id; those
            # by name and turnover hold the owner too, so that a seller's far page reads no rows.
            models.Index(
                fields=["name", "id", "owner"], name="companies_by_name", condition=LIVING
            ),
            models.Index(
                fields=["turnover_12m", "id", "owner"],
                name="companies_by_turnover",
                condition=LIVING,
            ),
            models.Index(
                fields=["contribution_12m", "id"],
                name="companies_by_contribution",
                condition=LIVING,
            ),
            models.Index(
                fields=["last_order_on", "id"], name="companies_by_last_order", condition=LIVING
            ),
            models.Index(fields=["city", "id"], name="companies_by_city", condition=LIVING),
            models.Index(fields=["country", "id"], name="companies_by_country", condition=LIVING),
            models.Index(
                fields=["owner", "name", "id"], name="companies_of_owner", condition=LIVING
            ),
            models.Index(
                fields=["owner", "turnover_12m", "id"],
                name="companies_of_owner_top",
                condition=LIVING,
            ),
            models.Index(
                fields=["customer_class", "turnover_12m", "id"],
                name="companies_by_class",
                condition=LIVING,
            ),
            models.Index(
                fields=["phase", "turnover_12m", "id"], name="companies_by_phase", condition=LIVING
            ),
            models.Index(
                fields=["segment", "turnover_12m", "id"],
                name="companies_of_segment",
                condition=LIVING,
            ),
            models.Index(
                fields=["territory", "turnover_12m", "id"],
                name="companies_of_territory",
                condition=LIVING,
            ),
        )

    def __str__(self) -> str:
        return self.name
