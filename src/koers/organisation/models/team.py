"""Who works with whom, and who leads?"""

from django.conf import settings
from django.db import models

from koers.core.models import ImportedRecord


class Team(ImportedRecord):
    """A node of the team tree; the lead sees this team and all below it."""

    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_teams",
    )
    business_unit = models.ForeignKey(
        "organisation.BusinessUnit",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="teams",
    )

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="team_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name
