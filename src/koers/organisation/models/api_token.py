"""Which programs may act for whom, how far, and until when?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A program's key: only its digest is stored, and it always expires."""

    class Scope(models.TextChoices):
        """How far the program may go; never further than its person."""

        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="api_token_expires_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=["read", "write"]), name="api_token_scope_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"
