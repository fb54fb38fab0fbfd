"""What was a currency worth in another on a day?"""

from django.db import models

from koers.core.models.record import ImportedRecord


class ExchangeRate(ImportedRecord):
    """Value of one unit of ``currency`` in the base currency, from ``valid_on`` until the next rate."""

    currency = models.CharField(max_length=3)
    base = models.CharField(max_length=3)
    valid_on = models.DateField()
    rate_e8 = models.BigIntegerField(help_text="Rate in hundred-millionths, exact.")

    class Meta:
        ordering = ("base", "currency", "valid_on")
        constraints = (
            models.UniqueConstraint(
                fields=["base", "currency", "valid_on"], name="one_rate_per_currency_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(rate_e8__gt=0), name="exchange_rate_is_positive"
            ),
        )

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate_e8 / 10**8:.8f} {self.base} ({self.valid_on})"
