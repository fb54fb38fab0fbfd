"""Who decides about an opportunity at the customer (DMU), and how do they stand towards us?"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import VersionedRecord


class BuyingRole(models.TextChoices):
    """The part somebody plays in buying."""

    INITIATOR = "initiator", _("Initiator")
    USER = "user", pgettext_lazy("buying role", "User")
    INFLUENCER = "influencer", _("Influencer")
    BUYER = "buyer", _("Buyer")
    DECIDER = "decider", _("Decider")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    APPROVER = "approver", _("Approver")


class Stance(models.IntegerChoices):
    """How somebody stands towards our offer."""

    OPPONENT = -2, _("Opponent")
    DOUBTFUL = -1, _("Has doubts")
    NEUTRAL = 0, _("Neutral")
    POSITIVE = 1, _("Positive")
    SUPPORTER = 2, _("Supporter")


NEEDED = (BuyingRole.USER, BuyingRole.INFLUENCER, BuyingRole.BUYER, BuyingRole.DECIDER)
MOST_INFLUENCE = 5


class BuyingCentreMember(VersionedRecord):
    """A contact in the buying centre of an opportunity.

    ``roles`` lists keys of ``BuyingRole``, in their order; one who was taken out stays with a day, so
    that it can be undone.
    """

    opportunity = models.ForeignKey(
        "sell.Opportunity", on_delete=models.CASCADE, related_name="buying_centre"
    )
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.CASCADE, related_name="buying_centres"
    )
    roles = models.JSONField(_("roles"), default=list, blank=True)
    influence = models.PositiveSmallIntegerField(
        _("influence"), default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_INFLUENCE)]
    )  # fmt: skip
    stance = models.SmallIntegerField(_("stance"), choices=Stance, default=Stance.NEUTRAL)
    interest = models.CharField(_("personal interest"), max_length=300, blank=True)
    message = models.TextField(_("our message"), blank=True)
    counterpart = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("our counterpart"),
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-influence", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["opportunity", "contact"], name="contact_once_in_a_buying_centre"
            ),
            models.CheckConstraint(
                condition=models.Q(influence__gte=1, influence__lte=MOST_INFLUENCE),
                name="influence_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=models.Q(stance__gte=-2, stance__lte=2), name="stance_from_minus_two_to_two"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def role_labels(self) -> list[str]:
        """The roles in words."""
        return [str(BuyingRole(role).label) for role in self.roles]
