"""To whom does a new lead go, where nobody looks after that company yet?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord


class LeadTurn(models.TextChoices):
    """Who of the sellers is next."""

    LOAD = "load", _("Fewest open leads")
    TURN = "turn", _("In turn: whose last lead was longest ago")


class LeadRule(VersionedRecord):
    """How leads are given out; there is one, and without it the fewest open leads decide.

    ``by_territory`` looks first among those who sell where most customers of the lead's town are.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    turn = models.CharField(max_length=4, choices=LeadTurn, default=LeadTurn.LOAD)
    by_territory = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(only=True), name="one_lead_rule"),
            models.CheckConstraint(
                condition=models.Q(turn__in=LeadTurn.values), name="lead_turn_is_known"
            ),
        )

    def __str__(self) -> str:
        return str(_("Giving out leads"))
