"""Which number comes next, without gaps?"""

from django.db import models


class NumberSeries(models.Model):
    """The last number given out in a series; it rises in the transaction of the record itself."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return f"{self.name} {self.last}"
