"""What kind of purchase is an opportunity to the customer, and how do we sell it?"""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
