"""Which filters, columns and order did a user keep under a name?"""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A list as its owner wants to see it again; shared views are read by all."""

    page = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["page", "owner", "name"], name="saved_view_name_once_per_owner"
            ),
        )

    def __str__(self) -> str:
        return self.name
