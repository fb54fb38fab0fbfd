"""By which rules are customers classed and phased? Every change is a new version."""

from django.db import models


class RuleSet(models.Model):
    """A version of the pyramid, life-cycle, RFM, next-best-customer, feedback or health rules; the latest one is in force."""

    class Kind(models.TextChoices):
        PYRAMID = "pyramid"
        LIFECYCLE = "lifecycle"
        RFM = "rfm"
        NEXT_BEST = "next_best"
        FEEDBACK = "feedback"
        HEALTH = "health"

    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveIntegerField()
    values = models.JSONField()
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "-number")
        constraints = (
            models.UniqueConstraint(fields=["kind", "number"], name="rule_set_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} v{self.number}"
