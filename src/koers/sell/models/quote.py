"""What did we offer, at which price, in which version, and what did the customer answer?"""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord
from koers.core.money import AmountField, QuantityField
from koers.sell.models.vat import VatCode


class QuoteStatus(models.TextChoices):
    """Where a version of a quote stands."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    REPLACED = "replaced", _("Replaced by a newer version")


ALLOWED_MOVES: dict[str, frozenset[str]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.WAITING, QuoteStatus.APPROVED}),
    QuoteStatus.WAITING: frozenset({QuoteStatus.DRAFT, QuoteStatus.APPROVED}),
    QuoteStatus.APPROVED: frozenset({QuoteStatus.DRAFT, QuoteStatus.SENT}),
    QuoteStatus.SENT: frozenset({QuoteStatus.ACCEPTED, QuoteStatus.DECLINED, QuoteStatus.REPLACED}),
    QuoteStatus.DECLINED: frozenset({QuoteStatus.REPLACED}),
    QuoteStatus.ACCEPTED: frozenset(),
    QuoteStatus.REPLACED: frozenset(),
}


class Language(models.TextChoices):
    """Language of the document."""

    DUTCH = "nl", _("Dutch")
    ENGLISH = "en", _("English")


class Quote(VersionedRecord):
    """One version of a quote; a sent one never changes, the next revision takes its place."""

    number = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=1)
    company = models.ForeignKey(
        "customers.Company", on_delete=models.PROTECT, related_name="quotes"
    )
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes"
    )
    opportunity = models.ForeignKey(
        "sell.Opportunity", on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
    )
    price_list = models.ForeignKey(
        "catalogue.PriceList",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="quotes",
    )
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=2, choices=Language, default=Language.DUTCH)
    quoted_on = models.DateField()
    valid_until = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=QuoteStatus, default=QuoteStatus.DRAFT)
    note = models.TextField(blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_from = models.CharField(max_length=45, blank=True)
    nonce = models.CharField(max_length=43, blank=True, editable=False)
    order = models.OneToOneField(
        "sell.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="quote"
    )

    class Meta:
        ordering = ("-quoted_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=["number", "revision"], name="quote_revision_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=QuoteStatus.values), name="quote_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("quoted_on")),
                name="quote_is_valid_on_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(order=None) | models.Q(status="accepted"),
                name="only_an_accepted_quote_has_an_order",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-quoted_on"], name="quotes_of_company"),
            models.Index(fields=["-quoted_on", "-id"], name="quotes_by_date"),
            models.Index(fields=["status", "-quoted_on"], name="quotes_by_status"),
        )

    def __str__(self) -> str:
        return self.number if self.revision == 1 else f"{self.number}-{self.revision}"

    def has_expired(self, today: date) -> bool:
        """Whether it was sent and its last day has passed."""
        return self.status == QuoteStatus.SENT and self.valid_until < today


class QuoteLine(models.Model):
    """A product offered: price per unit before discount, discount as a share, net of the line in cents.

    Lines of one system (S2.09) carry its name in ``bundle``.
    """

    quote = models.ForeignKey("sell.Quote", on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    bundle = models.CharField(max_length=120, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.PROTECT, related_name="quote_lines"
    )
    quantity = QuantityField()
    unit_price = AmountField()
    discount_share = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    net = AmountField()
    vat_code = models.CharField(max_length=8, choices=VatCode, default=VatCode.STANDARD)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        ordering = ("quote", "position")
        constraints = (
            models.UniqueConstraint(fields=["quote", "position"], name="quote_position_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="quote_quantity_is_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(discount_share__gte=0) & models.Q(discount_share__lte=1),
                name="quote_discount_is_a_share",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quote_id}/{self.position}"
