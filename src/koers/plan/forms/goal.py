"""What may be entered as a goal, as a measurement of it, and as how it ended?"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField
from koers.organisation.models import BusinessUnit, User
from koers.plan.models import Goal
from koers.plan.queries.goal import owners_for_goals, parents_for_goals

HUNDRED = 100
VALUE: dict[str, Any] = {"max_digits": 14, "decimal_places": 4}


def day_input() -> forms.DateInput:
    """A day, as browsers take it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ParentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Goals in the order of the tree, each with its level."""

    def label_from_instance(self, obj: Any) -> str:
        """The title, set in by its depth."""
        return f"{'– ' * obj.depth}{obj.title} ({obj.get_level_display()})"


class GoalForm(forms.Form):
    """A goal; a percentage is entered as 25 and stored as a share, the last day as people read it."""

    title = forms.CharField(label=gettext_lazy("What do we want to reach?"), max_length=200)
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=Goal.Level.choices, coerce=int)  # fmt: skip
    business_unit = forms.ModelChoiceField(
        BusinessUnit.objects.all(), label=gettext_lazy("Business unit"), required=False,
        help_text=gettext_lazy("Only for a goal of a business unit."),
    )  # fmt: skip
    parent = ParentField(
        Goal.objects.none(), label=gettext_lazy("Contributes to"), required=False,
        help_text=gettext_lazy("A goal of a higher level, whose period holds this one's."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"))
    horizon = forms.ChoiceField(label=gettext_lazy("Term"), choices=Goal.Horizon.choices)
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=day_input())
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=day_input())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Goal.Kind.choices)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), required=False, choices=[choice for choice in Goal.Unit.choices if choice[0] != Goal.Unit.LEVEL],
        help_text=gettext_lazy("Of a quantitative goal."),
    )  # fmt: skip
    figure = forms.ChoiceField(
        label=gettext_lazy("Measured by"), required=False, choices=[("", gettext_lazy("By hand")), *Goal.Figure.choices],
        help_text=gettext_lazy("Koers counts a figure itself from the first day on: of the owner for a person's goal, of the unit for a unit's, of all for others."),
    )  # fmt: skip
    rubric = forms.CharField(
        label=gettext_lazy("Rubric"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Of a qualitative goal: 2 to 7 levels, one a line, the lowest first."),
    )  # fmt: skip
    start_value = DecimalEntryField(
        label=gettext_lazy("Starts at"), initial=0, help_text=gettext_lazy("Of a qualitative goal the number of the level, from 1."), **VALUE
    )  # fmt: skip
    target_value = DecimalEntryField(
        label=gettext_lazy("Target"), help_text=gettext_lazy("A percentage as 25, a level by its number."), **VALUE
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
        self.fields["parent"].queryset = parents_for_goals(actor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The end that is excluded, the unit of a rubric, and a percentage as a share."""
        data = super().clean() or {}
        if data.get("last_day"):
            data["ends_on"] = data["last_day"] + timedelta(days=1)
        if data.get("kind") == Goal.Kind.QUALITATIVE:
            data["unit"] = Goal.Unit.LEVEL
        elif not data.get("unit"):
            self.add_error("unit", _("Choose in which unit the goal is measured."))
        if data.get("unit") == Goal.Unit.SHARE:
            for name in ("start_value", "target_value"):
                if data.get(name) is not None:
                    data[name] = data[name] / HUNDRED
        return data

    def values(self) -> dict[str, Any]:
        """What the goal says."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "last_day")}  # fmt: skip


def initial_of(goal: Goal) -> dict[str, Any]:
    """A stored goal as one types it."""
    factor = HUNDRED if goal.unit == Goal.Unit.SHARE else 1
    found = {name: getattr(goal, name) for name in GoalForm.base_fields if name != "last_day"}
    return found | {
        "last_day": goal.last_day, "owner": goal.owner_id, "parent": goal.parent_id, "business_unit": goal.business_unit_id,
        "start_value": goal.start_value * factor, "target_value": goal.target_value * factor,
    }  # fmt: skip


class MoveForm(forms.Form):
    """The step of the cycle, and when the goal is looked at next."""

    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=Goal.Step.choices)
    control_on = forms.DateField(label=gettext_lazy("Next control date"), widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MeasureForm(forms.Form):
    """How far the goal is; of a qualitative goal a level of its rubric."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    value = DecimalEntryField(label=gettext_lazy("Measured"), **VALUE)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, goal: Goal, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": today})
        super().__init__(*args, **kwargs)
        self.unit = goal.unit
        if goal.unit == Goal.Unit.LEVEL:
            levels = enumerate(goal.rubric_levels, start=1)
            self.fields["value"] = forms.TypedChoiceField(
                label=_("Measured"), coerce=int, choices=[(place, f"{place}. {words}") for place, words in levels]
            )  # fmt: skip
        elif goal.unit == Goal.Unit.SHARE:
            self.fields["value"].help_text = _("In percent.")

    def clean_value(self) -> Any:
        """A percentage as a share."""
        value = self.cleaned_data["value"]
        return value / HUNDRED if self.unit == Goal.Unit.SHARE else value


class CloseForm(forms.Form):
    """How it ended, and what came of it."""

    status = forms.ChoiceField(
        label=gettext_lazy("How did it end?"), choices=[choice for choice in Goal.Status.choices if choice[0] != Goal.Status.OPEN]
    )  # fmt: skip
    result = forms.CharField(label=gettext_lazy("Result"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000)  # fmt: skip
