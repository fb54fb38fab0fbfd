"""Which strategic business units (SBU, S1.04) carry their own goals, budget and team?"""

from django.db import models

from koers.core.models import ImportedRecord


class BusinessUnit(ImportedRecord):
    """A strategic business unit with profit responsibility."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
