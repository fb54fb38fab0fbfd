"""What does a customer need, wish or expect of a deal, who said so, and what do we answer?"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import VersionedRecord

MOST_IMPORTANT = 5


class NeedKind(models.TextChoices):
    """A need must be met, a wish is welcome, an expectation is taken for granted."""

    NEED = "need", pgettext_lazy("kind of need", "Need")
    WISH = "wish", _("Wish")
    EXPECTATION = "expectation", _("Expectation")


class NeedStatus(models.TextChoices):
    """How far our answer meets it."""

    NOT = "not", _("Not met")
    PARTLY = "partly", _("Partly met")
    MET = "met", _("Met")


PARTS_MET = {NeedStatus.NOT: Decimal(0), NeedStatus.PARTLY: Decimal("0.5"), NeedStatus.MET: Decimal(1)}  # fmt: skip


class Need(VersionedRecord):
    """Something the customer wants from an opportunity, in the customer's words.

    ``product`` and ``answer`` are what we offer for it; one that was taken out stays with a day, so
    that it can be undone.
    """

    opportunity = models.ForeignKey(
        "sell.Opportunity", on_delete=models.CASCADE, related_name="needs"
    )
    kind = models.CharField(max_length=11, choices=NeedKind, default=NeedKind.NEED)
    text = models.CharField(max_length=300)
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    importance = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_IMPORTANT)]
    )
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=6, choices=NeedStatus, default=NeedStatus.NOT)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-importance", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(importance__gte=1, importance__lte=MOST_IMPORTANT),
                name="need_importance_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=NeedKind.values, status__in=NeedStatus.values),
                name="need_choices_are_known",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="need_says_something"),
        )

    def __str__(self) -> str:
        return self.text
