"""What may be entered as a key success factor, and as a measurement of it?"""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField
from koers.organisation.models import User
from koers.plan.forms.goal import HUNDRED, VALUE, day_input
from koers.plan.models import Goal, KeySuccessFactor
from koers.plan.queries.goal import goals_visible_to, owners_for_goals

Unit = KeySuccessFactor.Unit
VALUES = ("threshold", "start_value", "ambition")


class FactorForm(forms.Form):
    """A factor; a percentage is entered as 25 and stored as a share."""

    title = forms.CharField(label=gettext_lazy("Factor"), max_length=200)
    factor_class = forms.ChoiceField(
        label=gettext_lazy("Class"), choices=KeySuccessFactor.Class.choices,
        help_text=gettext_lazy("Hygiene: vital for continuity, passes or fails. Visionary: vital for success, on its way to an ambition."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"))
    goal = forms.ModelChoiceField(Goal.objects.none(), label=gettext_lazy("Goal it serves"), required=False)  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=Unit.choices)
    figure = forms.ChoiceField(
        label=gettext_lazy("Measured by"), required=False, choices=[("", gettext_lazy("By hand")), *KeySuccessFactor.Figure.choices],
        help_text=gettext_lazy("Koers counts a figure itself, of all customers over the last 12 months."),
    )  # fmt: skip
    bound = forms.ChoiceField(
        label=gettext_lazy("Passes with"), required=False, choices=[("", "–"), *KeySuccessFactor.Bound.choices]
    )  # fmt: skip
    threshold = DecimalEntryField(
        label=gettext_lazy("Threshold"), required=False, help_text=gettext_lazy("Of a hygiene factor; a percentage as 25."), **VALUE
    )  # fmt: skip
    start_value = DecimalEntryField(
        label=gettext_lazy("Starts at"), required=False, initial=0, help_text=gettext_lazy("Of a visionary factor."), **VALUE
    )  # fmt: skip
    ambition = DecimalEntryField(
        label=gettext_lazy("Ambition"), required=False, help_text=gettext_lazy("Of a visionary factor; a percentage as 25."), **VALUE
    )  # fmt: skip
    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=Goal.Step.choices)
    control_on = forms.DateField(
        label=gettext_lazy("Control date"), widget=day_input(), help_text=gettext_lazy("When it is looked at next; from that day on it stands out.")
    )  # fmt: skip
    detail = forms.CharField(label=gettext_lazy("Explanation"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_for_goals(actor)  # type: ignore[attr-defined]
        self.fields["goal"].queryset = goals_visible_to(actor).order_by("path")  # type: ignore[attr-defined]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A percentage as a share, and what the other class asks left out."""
        data = super().clean() or {}
        if data.get("start_value") is None:
            data["start_value"] = 0
        if data.get("factor_class") == KeySuccessFactor.Class.HYGIENE:
            if data.get("threshold") is None and "threshold" not in self.errors:
                self.add_error("threshold", _("A hygiene factor has a threshold."))
            if not data.get("bound"):
                self.add_error("bound", _("Say on which side of the threshold it passes."))
            data["ambition"] = None
        elif data.get("factor_class"):
            if data.get("ambition") is None and "ambition" not in self.errors:
                self.add_error("ambition", _("A visionary factor has an ambition."))
            data["threshold"], data["bound"] = None, ""
        if data.get("unit") == Unit.SHARE:
            data |= {name: data[name] / HUNDRED for name in VALUES if data.get(name) is not None}
        return data

    def values(self) -> dict[str, Any]:
        """What the factor says."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def initial_of_factor(factor: KeySuccessFactor) -> dict[str, Any]:
    """A stored factor as one types it."""
    factor_of_unit = HUNDRED if factor.unit == Unit.SHARE else 1
    found = {name: getattr(factor, name) for name in FactorForm.base_fields}
    found |= {"owner": factor.owner_id, "goal": factor.goal_id}
    return found | {name: found[name] * factor_of_unit for name in VALUES if found[name] is not None}  # fmt: skip


class FactorMeasureForm(forms.Form):
    """How a factor stands on a day."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    value = DecimalEntryField(label=gettext_lazy("Measured"), **VALUE)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, factor: KeySuccessFactor, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": today})
        super().__init__(*args, **kwargs)
        self.unit = factor.unit
        if factor.unit == Unit.SHARE:
            self.fields["value"].help_text = _("In percent.")

    def clean_value(self) -> Any:
        """A percentage as a share."""
        value = self.cleaned_data["value"]
        return value / HUNDRED if self.unit == Unit.SHARE else value
