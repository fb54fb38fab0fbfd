"""What kind of purchase is an opportunity to the customer, and how do we sell it?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord


class BuyingSituation(models.TextChoices):
    """The three classes of purchase (S2.33)."""

    NEW_TASK = "new_task", _("New task")
    MODIFIED = "modified", _("Modified rebuy")
    STRAIGHT = "straight", _("Straight rebuy")


class SellingRole(models.TextChoices):
    """The five selling roles, from transaction to integrated (S1.11)."""

    TRANSACTIONAL = "transactional", _("Transactional selling")
    SOLUTION = "solution", _("Solution selling")
    CONSULTATIVE = "consultative", _("Consultative selling")
    STRATEGIC = "strategic", _("Strategic selling")
    INTEGRATED = "integrated", _("Integrated selling")


class CentreDepth(models.TextChoices):
    """How much of the buying centre must be known."""

    NONE = "none", _("Not needed")
    DECIDER = "decider", _("Who decides")
    FULL = "full", _("All roles")


class SellingChannel(models.TextChoices):
    """Through which door such a sale usually goes."""

    ONLINE = "online", _("Online")
    INSIDE = "inside", _("Inside sales")
    VISIT = "visit", _("Visits")
    TEAM = "team", _("Account team")


class SellingTemplate(VersionedRecord):
    """How we sell in one buying situation and one role, where that is not the usual way.

    ``steps`` has a step a line; ``all_blocks`` asks for customer, buying centre, buying process and
    problems (S1.16).
    """

    situation = models.CharField(max_length=8, choices=BuyingSituation)
    role = models.CharField(max_length=13, choices=SellingRole)
    steps = models.TextField(blank=True)
    channel = models.CharField(max_length=6, choices=SellingChannel)
    centre_depth = models.CharField(max_length=7, choices=CentreDepth)
    needs_analysis = models.BooleanField()
    all_blocks = models.BooleanField()

    class Meta:
        ordering = ("situation", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["situation", "role"], name="selling_template_once_per_situation_and_role"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    situation__in=BuyingSituation.values,
                    role__in=SellingRole.values,
                    channel__in=SellingChannel.values,
                    centre_depth__in=CentreDepth.values,
                ),
                name="selling_template_choices_are_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_situation_display()} · {self.get_role_display()}"

    @property
    def step_list(self) -> list[str]:
        """The steps, one by one."""
        return [line.strip() for line in self.steps.splitlines() if line.strip()]
