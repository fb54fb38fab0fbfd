"""How is the range divided?"""

from django.db import models
from django.db.models.functions import Coalesce

from koers.core.models import ImportedRecord


class ProductGroup(ImportedRecord):
    """A node of the product tree; the top level is the category."""

    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    business_unit = models.ForeignKey(
        "organisation.BusinessUnit",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="product_groups",
    )

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                Coalesce("parent", 0), "name", name="product_group_name_once_per_parent"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="group_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name
