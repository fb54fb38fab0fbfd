"""What was ordered, by whom, from whom, at which price and cost?"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord
from koers.core.money import AmountField, QuantityField


class Order(ImportedRecord):
    """An order, or a credit note tied to its order where that is known."""

    number = models.CharField(max_length=60)
    source = models.ForeignKey(
        "core.SourceSystem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    company = models.ForeignKey(
        "customers.Company", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
    )
    territory = models.ForeignKey(
        "organisation.Territory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
    )
    ordered_on = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    is_credit = models.BooleanField(default=False, verbose_name=_("credit note"))
    credit_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="credits"
    )

    class Meta:
        ordering = ("-ordered_on", "-id")
        constraints = (
            models.UniqueConstraint(
                "number", Coalesce("source", 0), name="order_number_once_per_source"
            ),
            models.CheckConstraint(
                condition=models.Q(credit_of=None) | models.Q(is_credit=True),
                name="only_a_credit_has_an_original",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-ordered_on"], name="orders_of_company"),
            models.Index(fields=["seller", "-ordered_on"], name="orders_of_seller"),
            models.Index(fields=["-ordered_on", "-id"], name="orders_by_date"),
        )

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One product on an order: quantity, prices, discount, and the cost at the time.

    ``discount`` and ``net`` and ``cost`` are totals of the line; credit lines are negative.
    """

    order = models.ForeignKey("sell.Order", on_delete=models.CASCADE, related_name="lines")
    position = models.CharField(max_length=60)
    product = models.ForeignKey(
        "catalogue.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="order_lines",
    )
    description = models.CharField(max_length=200, blank=True)
    is_fee = models.BooleanField(default=False)
    quantity = QuantityField()
    list_price = AmountField(null=True, blank=True)
    discount = AmountField(default=0)
    net = AmountField()
    cost = AmountField(null=True, blank=True)
    fingerprint = models.BigIntegerField(default=0, editable=False)
    import_run = models.ForeignKey(
        "core.ImportRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=["order", "position"], name="order_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"
