"""Which market segments do we tell apart?"""

from django.db import models

from koers.core.models import ImportedRecord


class Segment(ImportedRecord):
    """A group of customers with alike needs."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
