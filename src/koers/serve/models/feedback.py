"""What do customers say of us: would they recommend us, how satisfied are they, and why do they stay?"""

import secrets
from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import ImportedRecord, VersionedRecord

HIGHEST = 10
# Themes of satisfaction (F5.5), and what the three drivers of customer equity consist of on the
# customer's side (S1.32-34); each is a field of ``Feedback`` with a score of 0-10.
THEMES = {
    "theme_product": pgettext_lazy("theme", "Products"),
    "theme_delivery": pgettext_lazy("theme", "Delivery"),
    "theme_service": pgettext_lazy("theme", "Service"),
    "theme_advice": pgettext_lazy("theme", "Contact and advice"),
    "theme_price": pgettext_lazy("theme", "Price for what one gets"),
}
DRIVERS = {
    "value": {
        "value_economic": _("Economic benefits"),
        "value_functional": _("Functional benefits"),
        "value_psychological": _("Psychological benefits"),
    },
    "brand": {
        "brand_reliability": _("Reliability of the brand"),
        "brand_reputation": _("Reputation of the brand"),
        "brand_values": _("Values of the brand"),
        "brand_belonging": _("Feeling at home with the brand"),
    },
    "relation": {
        "relation_benefits": _("Benefits of the relation"),
        "relation_reasons": _("Reasons to stay"),
    },
}
DRIVER_WORDS = {
    "value": _("Value equity"),
    "brand": _("Brand equity"),
    "relation": _("Relationship equity"),
}
ITEMS = {name: word for items in DRIVERS.values() for name, word in items.items()}
SCORES = ("nps", *THEMES, *ITEMS)


class Channel(models.TextChoices):
    """How an answer reached us."""

    HAND = "hand", pgettext_lazy("channel of an answer", "Written down")
    LINK = "link", pgettext_lazy("channel of an answer", "By link")
    IMPORT = "import", pgettext_lazy("channel of an answer", "From a file")


def score_field(label: object) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A score of 0-10, or no answer."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(HIGHEST)]  # type: ignore[arg-type]
    )  # fmt: skip


class Feedback(ImportedRecord):
    """One answer of a customer on a day; what was not answered is empty."""

    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="feedback"
    )
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="feedback"
    )  # fmt: skip
    day = models.DateField(_("day"))
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.HAND, editable=False)
    nps = score_field(_("would recommend us"))
    theme_product = score_field(THEMES["theme_product"])
    theme_delivery = score_field(THEMES["theme_delivery"])
    theme_service = score_field(THEMES["theme_service"])
    theme_advice = score_field(THEMES["theme_advice"])
    theme_price = score_field(THEMES["theme_price"])
    value_economic = score_field(ITEMS["value_economic"])
    value_functional = score_field(ITEMS["value_functional"])
    value_psychological = score_field(ITEMS["value_psychological"])
    brand_reliability = score_field(ITEMS["brand_reliability"])
    brand_reputation = score_field(ITEMS["brand_reputation"])
    brand_values = score_field(ITEMS["brand_values"])
    brand_belonging = score_field(ITEMS["brand_belonging"])
    relation_benefits = score_field(ITEMS["relation_benefits"])
    relation_reasons = score_field(ITEMS["relation_reasons"])
    comment = models.TextField(_("comment"), blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-day", "-id")
        verbose_name_plural = "feedback"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(**{f"{name}__lte": HIGHEST}) | models.Q(**{name: None}) for name in SCORES)
                ),
                name="feedback_scores_from_zero_to_ten",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["day", "id"], name="feedback_by_day"),
            models.Index(fields=["company", "day"], name="feedback_of_company"),
        )

    def __str__(self) -> str:
        return f"{self.company} {self.day.isoformat()}"


def new_token() -> str:
    """A secret nobody guesses."""
    return secrets.token_urlsafe(32)


class FeedbackRequest(VersionedRecord):
    """A link with which one customer may answer once, until a day."""

    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="feedback_requests"
    )
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made on"))
    valid_until = models.DateField(_("valid until"))
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.OneToOneField(
        Feedback, on_delete=models.SET_NULL, null=True, blank=True, related_name="request", editable=False
    )  # fmt: skip
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return str(self.company)

    def is_open(self, today: date) -> bool:
        """Whether it can still be answered."""
        return not self.answered_at and not self.withdrawn_at and today <= self.valid_until
