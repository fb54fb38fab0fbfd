"""What may be entered as rules for pyramid and life cycle?"""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from koers.core.entry import DecimalEntryField
from koers.serve.models.feedback import DRIVER_WORDS, THEMES

ACTED = ("win_back", "keep", "grow", "reprice", "let_go")


class PyramidRuleForm(forms.Form):
    """Classes by rank (F2.4) or by turnover (F2.6)."""

    method = forms.ChoiceField(
        label=_("Class by"),
        choices=[
            ("rank", _("rank among customers (F2.4)")),
            ("limits", _("turnover limits (F2.6)")),
        ],
    )
    cut_a = DecimalEntryField(
        label=_("A: first … % of customers"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
    )
    cut_b = DecimalEntryField(
        label=_("B: up to … %"), min_value=Decimal("0.01"), max_value=100, decimal_places=2
    )
    cut_c = DecimalEntryField(
        label=_("C: up to … %"), min_value=Decimal("0.01"), max_value=100, decimal_places=2
    )
    limit_a = DecimalEntryField(label=_("A: turnover above"), min_value=0)
    limit_b = DecimalEntryField(label=_("B: turnover above"), min_value=0)
    limit_c = DecimalEntryField(label=_("C: turnover above"), min_value=0)

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """Form values of stored rules."""
        cuts = dict(
            zip(
                ("cut_a", "cut_b", "cut_c"),
                (Decimal(cut) / 100 for cut in values["cuts"]),
                strict=True,
            )
        )
        return {
            "method": values["method"],
            **cuts,
            **dict(zip(("limit_a", "limit_b", "limit_c"), values["limits"], strict=True)),
        }

    def values(self) -> dict[str, Any]:
        """Rules to store: shares of customers in basis points."""
        data = self.cleaned_data
        return {
            "method": data["method"],
            "cuts": [int(data[name] * 100) for name in ("cut_a", "cut_b", "cut_c")],
            "limits": [str(data[name]) for name in ("limit_a", "limit_b", "limit_c")],
        }


class LifecycleRuleForm(forms.Form):
    """The thresholds of domain 4.1."""

    start_months = forms.IntegerField(
        label=_("Start phase lasts at most (months)"), min_value=1, max_value=36
    )
    growth_above = DecimalEntryField(
        label=_("Growth: turnover rises by more than (%)"), max_value=1000, decimal_places=2
    )
    decline_below = DecimalEntryField(
        label=_("Revitalisation: turnover changes by less than (%)"),
        min_value=-100,
        decimal_places=2,
    )
    flat_quarters = forms.IntegerField(
        label=_("Saturation: flat for (quarters)"), min_value=1, max_value=8
    )
    lost_months = forms.IntegerField(
        label=_("Farewell: no order for (months)"), min_value=1, max_value=60
    )
    wallet_fall = DecimalEntryField(
        label=_("Revitalisation: share of wallet falls in a year by (points)"), min_value=Decimal("0.1"),
        max_value=100, decimal_places=2, required=False, help_text=_("Leave empty to leave this rule out."),
    )  # fmt: skip
    wallet_months = forms.IntegerField(
        label=_("What a customer is known to buy holds for (months)"), min_value=1, max_value=120
    )

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """Form values of stored rules, shares as per cent."""
        return {
            **values,
            "growth_above": Decimal(str(values["growth_above"])) * 100,
            "decline_below": Decimal(str(values["decline_below"])) * 100,
            "wallet_fall": None
            if values["wallet_fall"] is None
            else Decimal(str(values["wallet_fall"])) * 100,
        }

    def values(self) -> dict[str, Any]:
        """Rules to store, per cent as shares."""
        data = self.cleaned_data
        return {
            **data,
            "growth_above": str(data["growth_above"] / 100),
            "decline_below": str(data["decline_below"] / 100),
            "wallet_fall": None if data["wallet_fall"] is None else str(data["wallet_fall"] / 100),
        }


def _hours(label: Any) -> DecimalEntryField:
    return DecimalEntryField(
        label=label, min_value=Decimal("0.1"), max_value=1000, decimal_places=1
    )


def _per_cent(label: Any, *, least: int = 0) -> DecimalEntryField:
    return DecimalEntryField(label=label, min_value=least, max_value=100, decimal_places=1)


class NextBestRuleForm(forms.Form):
    """Hours and chances behind 'next best customer'."""

    win_back_hours = _hours(_("Win back: hours"))
    win_back_chance = _per_cent(_("Win back: works in (%)"))
    keep_hours = _hours(_("Keep: hours"))
    keep_chance = _per_cent(_("Keep: works in (%)"))
    grow_hours = _hours(_("Grow: hours"))
    grow_chance = _per_cent(_("Grow: works in (%)"))
    reprice_hours = _hours(_("Reprice: hours"))
    reprice_chance = _per_cent(_("Reprice: works in (%)"))
    let_go_hours = _hours(_("Let go: hours a visit takes"))
    hour_cost = DecimalEntryField(label=_("Cost of an hour"), min_value=0, decimal_places=2)
    peer_share = _per_cent(_("Grow: bought by at least (%) of comparable customers"), least=1)

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """Form values of stored rules, shares as per cent."""
        shown: dict[str, Any] = {
            "hour_cost": values["hour_cost"],
            "peer_share": _percent(values["peer_share"]),
        }
        for name in ACTED:
            shown[f"{name}_hours"] = values[name]["hours"]
            shown[f"{name}_chance"] = _percent(values[name]["chance"])
        return shown

    def values(self) -> dict[str, Any]:
        """Rules to store, per cent as shares."""
        data = self.cleaned_data
        kept: dict[str, Any] = {
            name: {
                "hours": str(data[f"{name}_hours"]),
                "chance": str(data.get(f"{name}_chance", Decimal(100)) / 100),
            }
            for name in ACTED
        }
        return {
            **kept,
            "hour_cost": str(data["hour_cost"]),
            "peer_share": str(data["peer_share"] / 100),
        }


def _percent(share: str) -> Decimal:
    return (Decimal(share) * 100).quantize(Decimal("0.1"))


class FeedbackRuleForm(forms.Form):
    """Importance of the themes (F5.5) and weights of the drivers of customer equity (F1.3)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in THEMES.items():
            self.fields[name] = _per_cent(_weight(_("Satisfaction"), label))
        for name, label in DRIVER_WORDS.items():
            self.fields[name] = _per_cent(_weight(_("Customer equity"), label))

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """Form values of stored weights, shares as per cent."""
        both = {**values["themes"], **values["drivers"]}
        return {name: _percent(share) for name, share in both.items()}

    def values(self) -> dict[str, Any]:
        """Weights to store, per cent as shares."""
        shares = {name: str(value / 100) for name, value in self.cleaned_data.items()}
        return {
            "themes": {name: shares[name] for name in THEMES},
            "drivers": {name: shares[name] for name in DRIVER_WORDS},
        }


HEALTH_PARTS = {
    "recency": _("Recency"), "trend": _("Trend of turnover"), "feedback": _("Last answer"), "contact": _("Last contact"),
}  # fmt: skip


class HealthRuleForm(forms.Form):
    """Weights of the parts of the health score, and where a part counts as 0."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weights = {name: _per_cent(_weight(_("Weight"), label)) for name, label in HEALTH_PARTS.items()}  # fmt: skip
        self.fields = {**weights, **self.fields}

    silence_none = DecimalEntryField(
        label=_("A silence counts as 0 from … times the rhythm or norm"), min_value=Decimal("1.1"), max_value=20, decimal_places=1
    )  # fmt: skip
    fall_none = _per_cent(_("A fall of turnover counts as 0 from (%)"), least=1)
    trend_months = forms.IntegerField(
        label=_("Trend: the last … months against a year before"), min_value=1, max_value=12
    )
    feedback_months = forms.IntegerField(
        label=_("An answer holds for (months)"), min_value=1, max_value=60
    )
    contact_days = forms.IntegerField(
        label=_("Contact without a visit norm: every … days"), min_value=1, max_value=730
    )

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """Form values of stored rules, shares as per cent."""
        plain = ("silence_none", "trend_months", "feedback_months", "contact_days")
        return {
            **{name: _percent(values["weights"][name]) for name in HEALTH_PARTS},
            **{name: values[name] for name in plain},
            "fall_none": -_percent(values["trend_none"]),
        }

    def values(self) -> dict[str, Any]:
        """Rules to store, per cent as shares."""
        data = self.cleaned_data
        return {
            "weights": {name: str(data[name] / 100) for name in HEALTH_PARTS},
            "silence_none": str(data["silence_none"]), "trend_none": str(-data["fall_none"] / 100),
            **{name: data[name] for name in ("trend_months", "feedback_months", "contact_days")},
        }  # fmt: skip


def _weight(group: Any, label: Any) -> Any:
    return format_lazy("{group}: {label} (%)", group=group, label=label)
