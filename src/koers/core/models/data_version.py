"""Has this part of the data changed since the facts were built?"""

from django.db import models


class DataVersion(models.Model):
    """A counter per part ('order_line:2012-03', 'company', …), raised in the writing transaction."""

    part = models.CharField(max_length=60, primary_key=True)
    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.part} {self.number}"
