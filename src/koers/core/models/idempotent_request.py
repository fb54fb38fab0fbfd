"""Which creating calls were already answered, and how?"""

from django.conf import settings
from django.db import models


class IdempotentRequest(models.Model):
    """The answer to a call that carried an Idempotency-Key; the same call gets it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_idempotency_key"),
        )

    def __str__(self) -> str:
        return self.key
