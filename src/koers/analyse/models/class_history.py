"""In which pyramid class was a customer, and since when?"""

from django.db import models

from koers.core.money import AmountField
from koers.customers.models import CustomerClass


class ClassChange(models.Model):
    """The class a customer moved into at an analysis, with the turnover that decided it."""

    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="class_history"
    )
    as_of = models.DateField()
    customer_class = models.CharField(max_length=8, choices=CustomerClass)
    turnover_12m = AmountField()

    class Meta:
        ordering = ("company", "as_of")
        constraints = (
            models.UniqueConstraint(fields=["company", "as_of"], name="one_class_per_day"),
        )

    def __str__(self) -> str:
        return f"{self.company_id} {self.customer_class} {self.as_of}"
