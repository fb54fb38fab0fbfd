"""Who looked at which record, and when? At most one row per person, record, door and hour."""

from django.conf import settings
from django.db import models


class RecordRead(models.Model):
    """Somebody saw a record within an hour, on screen or over the API."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    noun = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    hour = models.DateTimeField()

    class Meta:
        ordering = ("-hour", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "noun", "object_id", "channel", "hour"], name="record_read_once_an_hour"
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["noun", "object_id", "-hour", "-id"], name="reads_of_record"),
            models.Index(fields=["-hour", "-id"], name="reads_by_hour"),
        )

    def __str__(self) -> str:
        return f"{self.noun} {self.object_id} {self.hour:%Y-%m-%d %H}"
