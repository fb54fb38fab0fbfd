"""Which other program is told of changes, how far has it been told, and how did that go?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core import outbound


class Webhook(models.Model):
    """A receiver of changes. The audit trail is its outbox: ``told_up_to`` says how far it has been read.

    ``sending_up_to`` fixes what is being sent until it is taken, so that a repeated message is
    the same message.
    """

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80)
    nouns = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    told_up_to = models.BigIntegerField()
    sending_up_to = models.BigIntegerField(null=True)
    test_asked = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=["name"], name="webhook_name_is_unique"),
            models.CheckConstraint(
                condition=models.Q(sending_up_to__isnull=True)
                | models.Q(sending_up_to__gt=models.F("told_up_to")),
                name="webhook_sends_what_was_not_told",
            ),
        )

    def __str__(self) -> str:
        return self.name


class WebhookCall(models.Model):
    """One call of a receiver: what was sent and what it said."""

    class Failure(models.TextChoices):
        """Why there was no answer."""

        REFUSED = outbound.Failure.REFUSED, _("internal address, not allowed")
        UNKNOWN_NAME = outbound.Failure.UNKNOWN_NAME, _("no machine has this name")
        TIMEOUT = outbound.Failure.TIMEOUT, _("no answer in time")
        CERTIFICATE = outbound.Failure.CERTIFICATE, _("certificate not trusted")
        UNREACHABLE = outbound.Failure.UNREACHABLE, _("no connection")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    message_id = models.CharField(max_length=80)
    changes = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    failure = models.CharField(max_length=12, choices=Failure, blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.message_id}: {self.status or self.failure}"

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300
