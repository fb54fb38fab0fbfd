"""Which territories (rayons) divide the market?"""

from django.db import models

from koers.core.models import ImportedRecord


class Territory(ImportedRecord):
    """A node of the territory tree, e.g. country, region, rayon."""

    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "territories"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="territory_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name
