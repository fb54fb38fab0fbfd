"""Who may become a customer, and how far is that?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord
from koers.core.money import AmountField


class LeadStatus(models.TextChoices):
    """How far a lead is; a converted or disqualified one is decided."""

    NEW = "new", _("New")
    WORKING = "working", _("In progress")
    CONVERTED = "converted", _("Converted")
    DISQUALIFIED = "disqualified", _("Disqualified")


class LeadSource(models.TextChoices):
    """Where a lead came from."""

    REFERENCE = "reference", _("Reference")
    CUSTOMER = "customer", _("Existing customer")
    FAIR = "fair", _("Trade fair")
    WEBSITE = "website", _("Website")
    CAMPAIGN = "campaign", _("Campaign")
    ADVERTISEMENT = "advertisement", _("Advertisement")
    COLD = "cold", _("Cold calling")
    LIST = "list", _("Bought list")
    OTHER = "other", _("Other")


OPEN_LEADS = (LeadStatus.NEW, LeadStatus.WORKING)


class Lead(ImportedRecord):
    """A possible customer (S2.20); ``score`` is the sum of the points in ``queries/lead_score.py``.

    ``company``, ``contact`` and ``opportunity`` are what it became; ``made`` names those that the
    conversion made, so that it can be taken back. ``proposed_because`` says why it has its owner.
    """

    company_name = models.CharField(max_length=200, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=160, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=120, blank=True)
    need = models.TextField(blank=True)
    source = models.CharField(max_length=13, choices=LeadSource, default=LeadSource.OTHER)
    source_detail = models.CharField(max_length=120, blank=True)
    cost = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
    )
    proposed_because = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=LeadStatus, default=LeadStatus.NEW)
    disqualified_because = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True, blank=True, editable=False)
    score = models.PositiveIntegerField(default=0, editable=False)
    company = models.ForeignKey(
        "customers.Company",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
    )
    opportunity = models.ForeignKey(
        "sell.Opportunity",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
    )
    made = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ("-received_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~(models.Q(company_name="") & models.Q(last_name="")),
                name="lead_has_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=LeadStatus.values), name="lead_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=LeadSource.values), name="lead_source_is_known"
            ),
        )
        indexes = (
            models.Index(fields=["-received_on", "-id"], name="leads_by_date"),
            models.Index(fields=["status", "-score", "id"], name="leads_by_score"),
            models.Index(fields=["owner", "status"], name="leads_of_owner"),
        )

    def __str__(self) -> str:
        return self.company_name or self.person

    @property
    def person(self) -> str:
        """The person's name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status in OPEN_LEADS
