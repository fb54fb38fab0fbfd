"""How much does a customer buy a year of what we can supply, by whomever?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import ImportedRecord
from koers.core.money import AmountField


class Wallet(ImportedRecord):
    """What a customer was known, on a day, to buy a year of what we can supply, from all suppliers together."""

    class Source(models.TextChoices):
        CUSTOMER = "customer", pgettext_lazy("source of a wallet", "The customer said so")
        REPORT = "report", pgettext_lazy("source of a wallet", "Annual report or accounts")
        TENDER = "tender", pgettext_lazy("source of a wallet", "Tender or request for quotes")
        RESEARCH = "research", pgettext_lazy("source of a wallet", "Market research")
        ESTIMATE = "estimate", pgettext_lazy("source of a wallet", "Our own estimate")

    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="wallets"
    )
    day = models.DateField(_("day"))
    amount = AmountField(_("purchases a year"))
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=10, choices=Source)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-day", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="wallet_is_more_than_nothing"
            ),
        )
        indexes = (models.Index(fields=["company", "day"], name="wallets_of_company"),)

    @property
    def written_by(self) -> object | None:
        """Who wrote it down, or brought it in from a file."""
        return self.made_by or (self.import_run.started_by if self.import_run else None)

    def __str__(self) -> str:
        return f"{self.company} {self.day.isoformat()}"
