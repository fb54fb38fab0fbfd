"""Who are we, and in which currency do we report?"""

from django.db import models

from koers.core.models import VersionedRecord


class Organisation(VersionedRecord):
    """The one company that uses this installation."""

    name = models.CharField(max_length=200)
    base_currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(max_length=2, default="NL")
    is_demo = models.BooleanField(default=False)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(only=True), name="one_organisation"),
        )

    def __str__(self) -> str:
        return self.name
