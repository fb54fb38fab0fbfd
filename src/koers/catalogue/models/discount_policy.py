"""How much discount may each role give without asking?"""

from django.db import models

from koers.core.models import VersionedRecord
from koers.organisation.models import Role


class DiscountPolicy(VersionedRecord):
    """The largest discount on a line, as a share of 0-1, that a role may give by itself."""

    role = models.CharField(max_length=20, choices=Role, unique=True)
    limit = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        ordering = ("role",)
        verbose_name_plural = "discount policies"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(limit__gte=0) & models.Q(limit__lte=1),
                name="discount_limit_is_a_share",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.limit}"
