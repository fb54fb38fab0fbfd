"""What do we want to reach, from the company down to a person, before when, and how is it controlled?"""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import VersionedRecord
from koers.core.money import E4Field

KEY_DIGITS = 10


class Goal(VersionedRecord):
    """A goal (S1.03) with a step of the cycle and a control date (S1.02); its period excludes its end.

    Values are in ``unit``: an amount of money, a number, a share 0-1, or a level of the rubric, from 1.
    """

    class Level(models.IntegerChoices):
        COMPANY = 1, pgettext_lazy("level of a goal", "Company")
        UNIT = 2, pgettext_lazy("level of a goal", "Business unit")
        MARKETING = 3, pgettext_lazy("level of a goal", "Marketing")
        SALES = 4, pgettext_lazy("level of a goal", "Sales")
        PERSON = 5, pgettext_lazy("level of a goal", "Person")

    class Kind(models.TextChoices):
        QUANTITATIVE = "quantitative", _("Quantitative")
        QUALITATIVE = "qualitative", _("Qualitative")

    class Horizon(models.TextChoices):
        SHORT = "short", _("Short term")
        LONG = "long", _("Long term")

    class Unit(models.TextChoices):
        MONEY = "money", pgettext_lazy("unit of a goal", "Amount of money")
        NUMBER = "number", pgettext_lazy("unit of a goal", "Number")
        SHARE = "share", pgettext_lazy("unit of a goal", "Percentage")
        LEVEL = "level", pgettext_lazy("unit of a goal", "Level of the rubric")

    class Figure(models.TextChoices):
        TURNOVER = "turnover", _("Turnover")
        CONTRIBUTION = "contribution", _("Contribution")
        NEW_CUSTOMERS = "new_customers", _("New customers")
        VISITS = "visits", _("Visits made")

    class Step(models.TextChoices):
        ANALYSE = "analyse", pgettext_lazy("step of the cycle", "Analyse")
        PLAN = "plan", pgettext_lazy("step of the cycle", "Plan")
        ELABORATE = "elaborate", pgettext_lazy("step of the cycle", "Elaborate")
        CONTROL = "control", pgettext_lazy("step of the cycle", "Control")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("status of a goal", "Open")
        REACHED = "reached", pgettext_lazy("status of a goal", "Reached")
        MISSED = "missed", pgettext_lazy("status of a goal", "Not reached")
        DROPPED = "dropped", pgettext_lazy("status of a goal", "Dropped")

    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=60, editable=False, default="")
    level = models.PositiveSmallIntegerField(choices=Level)
    business_unit = models.ForeignKey(
        "organisation.BusinessUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="goals"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    horizon = models.CharField(max_length=5, choices=Horizon)
    starts_on = models.DateField()
    ends_on = models.DateField()
    unit = models.CharField(max_length=6, choices=Unit)
    currency = models.CharField(max_length=3, blank=True)
    rubric = models.TextField(blank=True)
    start_value = E4Field(default=Decimal(0))
    target_value = E4Field()
    figure = models.CharField(max_length=13, choices=Figure, blank=True)
    step = models.CharField(max_length=9, choices=Step, default=Step.ANALYSE)
    control_on = models.DateField()
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN)
    result = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("path", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="goal_level_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(level=1) | models.Q(parent=None),
                name="goal_of_the_company_is_at_the_top",
            ),
            models.CheckConstraint(
                condition=models.Q(level=2, business_unit__isnull=False)
                | (~models.Q(level=2) & models.Q(business_unit=None)),
                name="goal_of_a_unit_names_the_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="goal_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(target_value=models.F("start_value")),
                name="goal_has_a_way_to_go",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="qualitative", unit="level", figure="")
                & ~models.Q(rubric="")
                | models.Q(kind="quantitative", unit__in=["money", "number", "share"], rubric=""),
                name="goal_is_measured_by_rubric_or_unit",
            ),
            models.CheckConstraint(
                condition=~models.Q(unit="money") | ~models.Q(currency=""),
                name="goal_in_money_has_a_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", result="", closed_at=None)
                | models.Q(status__in=["reached", "missed", "dropped"], closed_at__isnull=False)
                & ~models.Q(result=""),
                name="goal_closes_with_a_result",
            ),
        )
        indexes = (
            models.Index(fields=["path"], name="goals_as_a_tree"),
            models.Index(fields=["owner", "status", "control_on"], name="goals_of_owner"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> date:
        """Last day inside the period, for people who read 'up to and including'."""
        return self.ends_on - timedelta(days=1)

    @property
    def depth(self) -> int:
        """Steps below the top of its tree, from 0."""
        return max(len(self.path) // KEY_DIGITS - 1, 0)

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.status == self.Status.OPEN

    @property
    def rubric_levels(self) -> list[str]:
        """What each level of the rubric means, the lowest first."""
        return [line.strip() for line in self.rubric.splitlines() if line.strip()]

    def is_control_due(self, today: date) -> bool:
        """Whether its control date has come and it is still open."""
        return self.is_open and self.control_on <= today

    def is_control_overdue(self, today: date) -> bool:
        """Whether it should have been controlled before today."""
        return self.is_open and self.control_on < today


class GoalMeasurement(models.Model):
    """How far a goal measured by hand was on a day; one per day, the last day counts."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measurements")
    day = models.DateField()
    value = E4Field()
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(fields=["goal", "day"], name="one_measurement_of_a_goal_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.goal} {self.day.isoformat()}"
