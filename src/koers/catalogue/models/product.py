"""What do we sell, at which list price and cost?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord
from koers.core.money import AmountField


class Product(ImportedRecord):
    """Goods, or a fee (postage, bank charge) that turnover figures leave out."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods")
        FEE = "fee", _("Fee")

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.GOODS)
    group = models.ForeignKey(
        "catalogue.ProductGroup",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
    )
    unit = models.CharField(max_length=20, blank=True)
    list_price = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=["name", "id"], name="products_by_name"),)

    def __str__(self) -> str:
        return self.name


class ProductCost(ImportedRecord):
    """Variable cost per unit from a date until the next entry."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="costs")
    valid_from = models.DateField()
    cost = AmountField()
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ("product", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=["product", "valid_from"], name="one_cost_per_product_and_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.valid_from} {self.cost}"
