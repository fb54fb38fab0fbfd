"""Which prices hold for whom, from when until when, and from which quantity on?"""

from datetime import date, timedelta

from django.db import models

from koers.core.models import ImportedRecord
from koers.core.money import AmountField, QuantityField


class PriceList(ImportedRecord):
    """A list of prices in one currency; its period excludes ``valid_until``, which may be open."""

    name = models.CharField(max_length=120, unique=True)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="price_list_period_is_not_empty",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date | None:
        """Last day inside the period; None where it has no end."""
        return None if self.valid_until is None else self.valid_until - timedelta(days=1)


class PriceBreak(models.Model):
    """The price per unit of a product from a quantity on."""

    price_list = models.ForeignKey(
        "catalogue.PriceList", on_delete=models.CASCADE, related_name="breaks"
    )
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="price_breaks"
    )
    from_quantity = QuantityField(default=1)
    price = AmountField()

    class Meta:
        ordering = ("product__name", "product", "from_quantity")
        constraints = (
            models.UniqueConstraint(
                fields=["price_list", "product", "from_quantity"],
                name="one_price_per_product_and_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0) & models.Q(from_quantity__gt=0),
                name="price_break_is_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.price_list_id} {self.product_id} {self.from_quantity}: {self.price}"
