"""On which terms is who paid, from which day on?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.money import AmountField
from koers.organisation.models import Role

PAID_ROLES = ((Role.ACCOUNT_MANAGER.value, Role.ACCOUNT_MANAGER.label), (Role.SALESPERSON.value, Role.SALESPERSON.label))  # fmt: skip


class PayPlan(models.Model):
    """A version of the pay of a role, a team or a person (E-PayPlan, F6.12); it is never changed.

    It holds from ``starts_on`` until the next one of the same scope; a person's goes before that of
    the team, a team's before that of the role. Amounts are per period; ``tiers`` holds pairs of
    exact texts (from, rate), the borders in amounts or as attainments; shares are 0-1.
    """

    class Period(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")

    class Measure(models.TextChoices):
        TURNOVER = "turnover", _("Turnover")
        CONTRIBUTION = "contribution", _("Contribution")

    class QuotaFrom(models.TextChoices):
        TARGETS = "targets", pgettext_lazy("quota", "The targets of the seller")
        FIXED = "fixed", pgettext_lazy("quota", "A fixed amount")
        NONE = "none", pgettext_lazy("quota", "No quota")

    class TierBy(models.TextChoices):
        AMOUNT = "amount", _("Amount sold")
        ATTAINMENT = "attainment", _("Attainment of the quota")

    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=PAID_ROLES, blank=True)
    team = models.ForeignKey(
        "organisation.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="pay_plans"
    )  # fmt: skip
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_plans"
    )  # fmt: skip
    starts_on = models.DateField()
    period = models.CharField(max_length=7, choices=Period)
    measure = models.CharField(max_length=12, choices=Measure)
    base = AmountField()
    quota_from = models.CharField(max_length=7, choices=QuotaFrom)
    quota = AmountField(null=True, blank=True)
    tier_by = models.CharField(max_length=10, choices=TierBy)
    tiers = models.JSONField(default=list)
    accelerator = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    cap = AmountField(null=True, blank=True)
    bonus = AmountField(default=0)
    bonus_from = models.DecimalField(max_digits=6, decimal_places=4, default=1)
    team_bonus = AmountField(default=0)
    team_from = models.DecimalField(max_digits=6, decimal_places=4, default=1)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)

    class Meta:
        ordering = ("-starts_on", "name", "id")
        constraints = (
            models.CheckConstraint(
                condition=(~models.Q(role="") & models.Q(team=None, person=None))
                | (models.Q(role="", person=None) & models.Q(team__isnull=False))
                | (models.Q(role="", team=None) & models.Q(person__isnull=False)),
                name="pay_plan_is_for_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(base__gte=0, bonus__gte=0, team_bonus__gte=0, accelerator__gte=1)
                & (models.Q(cap=None) | models.Q(cap__gte=0)),
                name="pay_plan_takes_nothing_away",
            ),
            models.CheckConstraint(
                condition=models.Q(quota_from="fixed", quota__isnull=False, quota__gt=0)
                | (~models.Q(quota_from="fixed") & models.Q(quota=None)),
                name="pay_plan_fixed_quota_has_an_amount",
            ),
            models.CheckConstraint(
                condition=~models.Q(quota_from="targets") | models.Q(measure="turnover"),
                name="pay_plan_targets_are_turnover",
            ),
            models.UniqueConstraint(
                fields=["role", "starts_on"], condition=~models.Q(role=""), name="one_pay_plan_per_role_and_day"
            ),
            models.UniqueConstraint(
                fields=["team", "starts_on"], condition=models.Q(team__isnull=False), name="one_pay_plan_per_team_and_day"
            ),
            models.UniqueConstraint(
                fields=["person", "starts_on"], condition=models.Q(person__isnull=False), name="one_pay_plan_per_person_and_day"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def scope_label(self) -> str:
        """For whom it is, in words."""
        return str(self.person or self.team or self.get_role_display())
