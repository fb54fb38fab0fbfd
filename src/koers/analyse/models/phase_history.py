"""In which life-cycle phase was a customer, from when until when?"""

from django.db import models

from koers.customers.models import Phase


class PhaseInterval(models.Model):
    """A stretch of time in one phase; the current one has no end."""

    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="phase_history"
    )
    phase = models.CharField(max_length=14, choices=Phase)
    start = models.DateField()
    end = models.DateField(null=True)

    class Meta:
        ordering = ("company", "start")
        constraints = (
            models.UniqueConstraint(fields=["company", "start"], name="one_phase_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.company_id} {self.phase} {self.start}"
