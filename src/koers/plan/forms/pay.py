"""What may be entered as a pay plan, as a question to the simulator, and about a statement?"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField
from koers.organisation.models import Role, Team, User
from koers.plan.forms.goal import day_input
from koers.plan.models import PayPlan
from koers.plan.models.pay_plan import PAID_ROLES
from koers.plan.queries.pay import paid_sellers, pay_plans_visible_to

TIERS = 4
HUNDRED = Decimal(100)
MONEY: dict[str, Any] = {"min_value": 0, "max_digits": 14, "decimal_places": 2}
PERCENT: dict[str, Any] = {"min_value": 0, "max_digits": 7, "decimal_places": 2}
SHARES = ("bonus_from", "team_from")
KEPT = ("period", "measure", "base", "quota_from", "quota", "tier_by", "accelerator", "cap", "bonus", "bonus_from", "team_bonus", "team_from")  # fmt: skip


class TermsForm(forms.Form):
    """The terms of a plan over a period; percentages are entered as 5 and stored as shares."""

    period = forms.ChoiceField(label=gettext_lazy("Paid per"), choices=PayPlan.Period.choices)
    base = DecimalEntryField(label=gettext_lazy("Base pay per period"), **MONEY)
    measure = forms.ChoiceField(label=gettext_lazy("Measured by"), choices=PayPlan.Measure.choices)
    quota_from = forms.ChoiceField(label=gettext_lazy("Quota from"), choices=PayPlan.QuotaFrom.choices)  # fmt: skip
    quota = DecimalEntryField(label=gettext_lazy("Quota per period"), required=False, help_text=gettext_lazy("Only for a fixed amount."), **MONEY)  # fmt: skip
    tier_by = forms.ChoiceField(
        label=gettext_lazy("Tiers by"), choices=PayPlan.TierBy.choices, help_text=gettext_lazy("Whether borders are amounts, or percentages of the quota.")
    )  # fmt: skip
    accelerator = DecimalEntryField(
        label=gettext_lazy("Accelerator"), min_value=1, max_value=100, max_digits=5, decimal_places=2, help_text=gettext_lazy("Times the rate above quota; 1 for none.")
    )  # fmt: skip
    cap = DecimalEntryField(label=gettext_lazy("Cap on variable pay"), required=False, **MONEY)
    bonus = DecimalEntryField(label=gettext_lazy("Bonus"), required=False, **MONEY)
    bonus_from = DecimalEntryField(label=gettext_lazy("Bonus from an attainment of (%)"), required=False, **PERCENT)  # fmt: skip
    team_bonus = DecimalEntryField(label=gettext_lazy("Team bonus"), required=False, **MONEY)
    team_from = DecimalEntryField(label=gettext_lazy("Team bonus from an attainment of the team of (%)"), required=False, **PERCENT)  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, TIERS + 1):
            if place > 1:
                self.fields[f"start_{place}"] = DecimalEntryField(label=_("Tier %(place)s from") % {"place": place}, required=False, **MONEY)  # fmt: skip
            self.fields[f"rate_{place}"] = DecimalEntryField(
                label=_("Rate of tier %(place)s (%%)") % {"place": place}, required=False, min_value=0, max_value=100, max_digits=6, decimal_places=3
            )  # fmt: skip

    @property
    def head(self) -> list[Any]:
        """Everything but the tiers and what lies above them."""
        return [self[name] for name in ("period", "base", "measure", "quota_from", "quota", "tier_by")]  # fmt: skip

    @property
    def extras(self) -> list[Any]:
        """What comes on top of the tiers."""
        return [self[name] for name in ("accelerator", "cap", "bonus", "bonus_from", "team_bonus", "team_from")]  # fmt: skip

    @property
    def tier_rows(self) -> list[tuple[int, Any, Any]]:
        """Per tier its border (the first begins at nothing) and its rate."""
        return [(place, self[f"start_{place}"] if place > 1 else None, self[f"rate_{place}"]) for place in range(1, TIERS + 1)]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Tiers in order, and no quota that contradicts the rest."""
        data = super().clean() or {}
        data["tiers"] = self._tiers(data)
        self._check_quota(data)
        for name in ("bonus", "team_bonus"):
            data[name] = data.get(name) or Decimal(0)
        for name in SHARES:
            value = data.get(name)
            data[name] = Decimal(1) if value is None else value / HUNDRED
        return data

    def _check_quota(self, data: dict[str, Any]) -> None:
        source = data.get("quota_from")
        if source == PayPlan.QuotaFrom.FIXED and not data.get("quota"):
            self.add_error("quota", _("Give the quota as an amount."))
        if source != PayPlan.QuotaFrom.FIXED:
            data["quota"] = None
        if source == PayPlan.QuotaFrom.TARGETS and data.get("measure") == PayPlan.Measure.CONTRIBUTION:  # fmt: skip
            self.add_error("quota_from", _("Targets are turnover; give a fixed quota, or measure by turnover."))  # fmt: skip
        if source == PayPlan.QuotaFrom.NONE:
            if data.get("tier_by") == PayPlan.TierBy.ATTAINMENT:
                self.add_error("quota_from", _("Tiers by attainment need a quota."))
            if data.get("bonus") or (data.get("accelerator") or 1) > 1:
                self.add_error("quota_from", _("A bonus or an accelerator needs a quota."))

    def _tiers(self, data: dict[str, Any]) -> list[list[str]]:
        found: list[list[str]] = []
        unit = HUNDRED if data.get("tier_by") == PayPlan.TierBy.ATTAINMENT else Decimal(1)
        last = Decimal(-1)
        for place in range(1, TIERS + 1):
            start, rate = data.get(f"start_{place}"), data.get(f"rate_{place}")
            begins = Decimal(0) if place == 1 else start
            if begins is None and rate is None:
                continue
            if rate is None:
                if place > 1:
                    self.add_error(f"rate_{place}", _("Give the rate of this tier."))
                continue
            if begins is None:
                self.add_error(f"start_{place}", _("Say from where this tier begins."))
            elif begins <= last or (place > 1 and not found):
                self.add_error(f"start_{place}", _("Each tier begins above the one before it."))
            else:
                last = begins
                found.append([f"{(begins / unit).normalize():f}", f"{(rate / HUNDRED).normalize():f}"])  # fmt: skip
        return found

    def terms(self) -> dict[str, Any]:
        """The terms as a plan stores them."""
        return {name: self.cleaned_data[name] for name in (*KEPT, "tiers")}


def terms_as_typed(plan: PayPlan) -> dict[str, Any]:
    """Stored terms as one types them."""
    found: dict[str, Any] = {name: getattr(plan, name) for name in KEPT}
    found |= {name: found[name] * HUNDRED for name in SHARES}
    unit = HUNDRED if plan.tier_by == PayPlan.TierBy.ATTAINMENT else Decimal(1)
    for place, (start, rate) in enumerate(plan.tiers, 1):
        if place > 1:
            found[f"start_{place}"] = Decimal(start) * unit
        found[f"rate_{place}"] = Decimal(rate) * HUNDRED
    return found


START: dict[str, Any] = {
    "period": PayPlan.Period.QUARTER, "measure": PayPlan.Measure.TURNOVER, "quota_from": PayPlan.QuotaFrom.TARGETS,
    "tier_by": PayPlan.TierBy.ATTAINMENT, "accelerator": Decimal(1), "bonus_from": HUNDRED, "team_from": HUNDRED,
}  # fmt: skip


class PayPlanForm(TermsForm):
    """A plan: for whom, from which day, and its terms."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    who = forms.ChoiceField(label=gettext_lazy("For"))
    starts_on = forms.DateField(
        label=gettext_lazy("In force from"), widget=day_input(), help_text=gettext_lazy("The first day of a period; it replaces the plan of before.")
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    field_order = ("name", "who", "starts_on", "note")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = list(paid_sellers(actor))
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (_("Role"), [(f"role:{role}", label) for role, label in PAID_ROLES]),
            (_("Team"), [(f"team:{team.pk}", team.name) for team in Team.objects.order_by("name")]),
            (_("Person"), [(f"person:{each.pk}", each.full_name) for each in sellers]),
        ]

    @property
    def about(self) -> list[Any]:
        """Name, scope and first day."""
        return [self[name] for name in ("name", "who", "starts_on", "note")]

    def values(self) -> dict[str, Any]:
        """The plan as it is stored."""
        kind, key = self.cleaned_data["who"].split(":")
        scope: dict[str, Any] = {"role": "", "team": None, "person": None}
        if kind == "role":
            scope["role"] = Role(key).value
        else:
            scope[kind] = (Team if kind == "team" else User).objects.get(pk=int(key))
        data = self.cleaned_data
        return self.terms() | scope | {name: data[name] for name in ("name", "starts_on", "note")}


def who_of(plan: PayPlan) -> str:
    """The scope as the form names it."""
    if plan.person_id is not None:
        return f"person:{plan.person_id}"
    return f"team:{plan.team_id}" if plan.team_id is not None else f"role:{plan.role}"


class SimulatorForm(TermsForm):
    """Terms to try, on how many past periods, for the sellers of which plan."""

    plan = forms.ModelChoiceField(
        PayPlan.objects.none(), label=gettext_lazy("Start from plan"), required=False, empty_label=gettext_lazy("All sellers, an empty plan")
    )  # fmt: skip
    count = forms.IntegerField(label=gettext_lazy("Past periods"), min_value=1, max_value=12, initial=4)  # fmt: skip

    @property
    def head(self) -> list[Any]:
        """The terms, and over how many periods they are tried."""
        return [self["count"], *super().head]

    def __init__(self, data: Any, *, actor: Actor) -> None:
        plans = pay_plans_visible_to(actor)
        super().__init__(data)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]


def simulator_data(data: Any, plan: PayPlan | None) -> Any:
    """What is typed; before anything is, the terms of the chosen plan."""
    if "base" in data:
        return data
    start = terms_as_typed(plan) if plan else START | {"base": Decimal(0)}
    form = TermsForm()
    found = data.copy()
    for name, value in start.items():
        shown = form.fields[name].prepare_value(value)
        found[name] = "" if shown is None else str(shown)
    found.setdefault("count", "4")
    return found


class CloseForm(forms.Form):
    """Which days of the period the seller was there, and what was read."""

    first = forms.DateField(label=gettext_lazy("There from"), widget=day_input())
    last = forms.DateField(label=gettext_lazy("up to and including"), widget=day_input())
    seal = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """At least a day."""
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("Choose a day on or after the first one."))
        return data

    def there(self) -> tuple[date, date]:
        """The stretch, its end excluded."""
        return self.cleaned_data["first"], self.cleaned_data["last"] + timedelta(days=1)


class SplitForm(forms.Form):
    """Up to three sellers and their shares of an order; without any the whole is of who sold it."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in (1, 2, 3):
            self.fields[f"person_{place}"] = forms.ModelChoiceField(paid_sellers(actor), label=_("Seller %(place)s") % {"place": place}, required=False)  # fmt: skip
            self.fields[f"share_{place}"] = DecimalEntryField(
                label=_("Share of seller %(place)s (%%)") % {"place": place}, required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A seller with each share."""
        data = super().clean() or {}
        for place in (1, 2, 3):
            person, share = data.get(f"person_{place}"), data.get(f"share_{place}")
            if (person is None) != (not share):
                self.add_error(f"share_{place}", _("Give a seller and a share above 0, or neither."))  # fmt: skip
        return data

    def shares(self) -> list[tuple[int, Decimal]]:
        """Sellers with their shares of 0-1."""
        data = self.cleaned_data
        return [(data[f"person_{place}"].pk, data[f"share_{place}"] / HUNDRED) for place in (1, 2, 3) if data.get(f"person_{place}")]  # fmt: skip
