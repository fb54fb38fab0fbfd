"""Which work runs in the background, how far is it, and who asked for it?"""

from django.conf import settings
from django.db import models


class Job(models.Model):
    """Work of over a second. At least once: a lease that is not renewed is taken over."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    task = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    unique_key = models.CharField(max_length=120, blank=True)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    cancel_asked = models.BooleanField(default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["status", "lease_until", "id"], name="jobs_to_take"),)
        constraints = (
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(status__in=["waiting"]) & ~models.Q(unique_key=""),
                name="one_waiting_job_per_key",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.pk} {self.status}"
