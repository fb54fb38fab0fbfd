"""What did a contact say about being called and mailed, when, and how can that be proven?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import VersionedRecord


class Consent(VersionedRecord):
    """One line of the ledger: the latest line on a channel holds, a restriction until it is lifted.

    Lines are never changed; what was written down by mistake is struck out and stays readable.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", pgettext_lazy("channel of consent", "Telephone")
        MAIL = "mail", pgettext_lazy("channel of consent", "E-mail")
        ALL = "all", pgettext_lazy("channel of consent", "Telephone and e-mail")

    class Said(models.TextChoices):
        GIVEN = "given", pgettext_lazy("said on consent", "Gave consent")
        WITHDRAWN = "withdrawn", pgettext_lazy("said on consent", "Withdrew consent")
        OBJECTED = "objected", pgettext_lazy("said on consent", "Objects (art. 21)")
        RESTRICTED = "restricted", pgettext_lazy("said on consent", "Asked to restrict (art. 18)")
        LIFTED = "lifted", pgettext_lazy("said on consent", "Restriction lifted")

    class Purpose(models.TextChoices):
        OFFERS = "offers", pgettext_lazy("purpose of consent", "Offers and news")
        RESEARCH = "research", pgettext_lazy("purpose of consent", "Research among customers")

    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.CASCADE, related_name="consents"
    )
    said = models.CharField(_("what was said"), max_length=10, choices=Said)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.OFFERS)
    said_on = models.DateField(_("said on"))
    proof = models.CharField(_("proof"), max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )  # fmt: skip
    made_at = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-said_on", "-id")
        constraints = (
            models.CheckConstraint(condition=~models.Q(proof=""), name="consent_has_a_proof"),
        )
        indexes = (models.Index(fields=["contact", "said_on"], name="consents_of_contact"),)

    def __str__(self) -> str:
        return (
            f"{self.get_said_display()} · {self.get_channel_display()} · {self.said_on.isoformat()}"
        )
