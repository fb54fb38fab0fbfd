"""Who called what for which month or quarter, and what did a manager put in its place?"""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from koers.core.money import AmountField

PERSON, TEAM, UNIT, COMPANY = "person", "team", "unit", "company"
EMPTY = {"person": None, "team": None, "business_unit": None}


def _only(level: str, name: str = "") -> models.Q:
    """The one link a level has."""
    links = {f"{link}__isnull": link != name for link in EMPTY}
    return models.Q(level=level, **links)


class ForecastCall(models.Model):
    """A seller's call, or a manager's override of a level; never changed, the highest number counts.

    ``former`` is what counted before it; an empty amount withdraws what was said.
    """

    class Level(models.TextChoices):
        PERSON = PERSON, _("Seller")
        TEAM = TEAM, _("Team")
        UNIT = UNIT, _("Business unit")
        COMPANY = COMPANY, _("Company")

    class Category(models.TextChoices):
        COMMIT = "commit", _("Commit")
        BEST_CASE = "best_case", _("Best case")

    level = models.CharField(max_length=10, choices=Level)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    team = models.ForeignKey(
        "organisation.Team", on_delete=models.CASCADE, null=True, related_name="+"
    )
    business_unit = models.ForeignKey(
        "organisation.BusinessUnit", on_delete=models.CASCADE, null=True, related_name="+"
    )
    is_override = models.BooleanField()
    category = models.CharField(max_length=10, choices=Category)
    number = models.PositiveIntegerField()
    period_start = models.DateField()
    period_end = models.DateField()
    amount = AmountField(null=True)
    former = AmountField(null=True)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=["period_start", "period_end"], name="calls_by_period"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")),
                name="called_period_is_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(is_override=False) | ~models.Q(reason=""),
                name="override_of_call_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(is_override=True) | models.Q(level=PERSON),
                name="only_a_person_calls",
            ),
            models.CheckConstraint(
                condition=_only(PERSON, "person")
                | _only(TEAM, "team")
                | _only(UNIT, "business_unit")
                | _only(COMPANY),
                name="call_is_of_its_level",
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0),
                name="call_is_not_negative",
            ),
            models.UniqueConstraint(
                "level",
                Coalesce("person", 0),
                Coalesce("team", 0),
                Coalesce("business_unit", 0),
                "period_start",
                "period_end",
                "category",
                "is_override",
                "number",
                name="one_call_per_number",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.period_start:%Y-%m-%d} {self.amount}"

    @property
    def last_day(self) -> date:
        """Last day inside the period."""
        return self.period_end - timedelta(days=1)

    @property
    def unit(self) -> str:
        """What it is about, as addresses write it: person-3, team-5, unit-1, company-0."""
        return f"{self.level}-{self.person_id or self.team_id or self.business_unit_id or 0}"
