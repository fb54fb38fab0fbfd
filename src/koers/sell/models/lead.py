"""Who may become a customer, and how far is that?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord
from koers.core.money import AmountField
from koers.customers.models import Consent


class LeadStatus(models.TextChoices):
    """How far a lead is; a converted or disqualified one is decided.

    A suspect one came from the web and looks like spam: it is kept, but is nobody's and in no
    figure until somebody says that it is a real one.
    """

    SUSPECT = "suspect", _("Suspect")
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


class Suspicion(models.TextChoices):
    """What about a message from the web looks like spam."""

    TRAP = "trap", _("a field was filled in that people do not see")
    FAST = "fast", _("sent within 3 seconds")
    LINK = "link", _("a web address or code stands where a name belongs")
    LINKS = "links", _("more than two web addresses in the question")
    FLOOD = "flood", _("very many messages came by this form at once")


OPEN_LEADS = (LeadStatus.NEW, LeadStatus.WORKING)
UNDECIDED = (LeadStatus.SUSPECT, *OPEN_LEADS)


class Lead(ImportedRecord):
    """A possible customer (S2.20); ``score`` is the sum of the points in ``queries/lead_score.py``.

    ``company``, ``contact`` and ``opportunity`` are what it became; ``made`` names those that the
    conversion made, so that it can be taken back. ``proposed_because`` says why it has its owner.

    Of a message from the web are ``web_form``, ``sent_at``, ``suspect_because`` (words of
    ``Suspicion`` with spaces between), ``submission`` (a digest, so that what is sent twice is kept
    once) and the consent that was given with it: the very sentence, and for which channel.
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
    web_form = models.ForeignKey(
        "sell.WebForm",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="leads",
    )
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspect_because = models.CharField(max_length=40, blank=True, editable=False)
    submission = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    consent_text = models.CharField(max_length=300, blank=True, editable=False)
    consent_channel = models.CharField(
        max_length=5, choices=Consent.Channel, blank=True, editable=False
    )

    class Meta:
        ordering = ("-received_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~(models.Q(company_name="") & models.Q(last_name="")),
                name="lead_has_a_name",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=LeadStatus.SUSPECT) | ~models.Q(suspect_because=""),
                name="lead_suspect_says_why",
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
            models.Index(fields=["web_form", "sent_at"], name="leads_of_web_form"),
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

    @property
    def is_undecided(self) -> bool:
        """Whether it is still to be decided, be it whether it is a real one."""
        return self.status in UNDECIDED

    @property
    def suspicions(self) -> list[str]:
        """What about it looks like spam, in words."""
        return [str(Suspicion(word).label) for word in self.suspect_because.split()]
