"""Which customers do we act on together, and whom do we leave alone to see whether it helps?"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord
from koers.sell.models import ActivityKind


class Campaign(VersionedRecord):
    """One activity planned for many customers on a day, with a control group drawn by lot.

    ``source`` tells where the customers came from, as 'phase:growth' or 'next:keep'; the effect is
    measured over ``measure_days`` from ``started_on``.
    """

    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=40, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=ActivityKind)
    subject = models.CharField(_("subject"), max_length=200)
    due_on = models.DateField(_("due on"))
    started_on = models.DateField(_("started on"))
    measure_days = models.PositiveIntegerField(
        _("days to measure"), validators=[MinValueValidator(7), MaxValueValidator(730)]
    )
    control_share = models.DecimalField(_("control group"), max_digits=3, decimal_places=2)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="campaigns"
    )
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-started_on", "-id")

    def __str__(self) -> str:
        return self.name


class CampaignMember(models.Model):
    """A customer of a campaign; the control group has no activity."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="campaigns"
    )
    is_control = models.BooleanField()
    activity = models.ForeignKey(
        "sell.Activity", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "company"], name="company_once_in_a_campaign"
            ),
        )

    def __str__(self) -> str:
        return f"{self.company} · {self.campaign}"
