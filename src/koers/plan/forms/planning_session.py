"""What may be entered of a planning session, and of a decision in it?"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.actor import Actor
from koers.organisation.models import User
from koers.plan.forms.goal import ParentField, day_input
from koers.plan.models import Goal, PlanningSession
from koers.plan.queries.goal import goals_visible_to, owners_for_goals


def notes() -> forms.Textarea:
    """Room for a step of the agenda."""
    return forms.Textarea(attrs={"rows": 4})


LONG: dict[str, Any] = {"required": False, "max_length": 8_000}


class SessionForm(forms.Form):
    """A session: who, when, where, and the agenda of four steps."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    held_on = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    participants = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Participants"), widget=forms.CheckboxSelectMultiple
    )
    analysed = forms.CharField(label=gettext_lazy("Analyse: where do we stand?"), widget=notes(), **LONG)  # fmt: skip
    planned = forms.CharField(label=gettext_lazy("Plan: what do we want to reach?"), widget=notes(), **LONG)  # fmt: skip
    elaborated = forms.CharField(label=gettext_lazy("Elaborate: how do we do it?"), widget=notes(), **LONG)  # fmt: skip
    controlled = forms.CharField(label=gettext_lazy("Control: how do we follow it?"), widget=notes(), **LONG)  # fmt: skip
    next_control_on = forms.DateField(label=gettext_lazy("Next control date"), widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, there: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = owners_for_goals(actor) | User.objects.filter(pk__in=list(there))
        self.fields["participants"].queryset = people.distinct().order_by("full_name")  # type: ignore[attr-defined]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The next control lies after the session."""
        data = super().clean() or {}
        if data.get("held_on") and data.get("next_control_on") and data["next_control_on"] <= data["held_on"]:  # fmt: skip
            self.add_error("next_control_on", _("Choose a day after the session."))
        return data

    def values(self) -> dict[str, Any]:
        """What the session itself says."""
        left = ("version", "participants")
        return {name: value for name, value in self.cleaned_data.items() if name not in left}


def initial_of_session(session: PlanningSession) -> dict[str, Any]:
    """A stored session as one types it."""
    found = {name: getattr(session, name) for name in SessionForm.base_fields if name != "participants"}  # fmt: skip
    return found | {"participants": list(session.participants.values_list("person_id", flat=True))}


class DecisionForm(forms.Form):
    """What was decided, in which step, for which goal."""

    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=Goal.Step.choices)
    text = forms.CharField(label=gettext_lazy("Decision"), max_length=500)
    goal = ParentField(Goal.objects.none(), label=gettext_lazy("Goal"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals_visible_to(actor).order_by("path")  # type: ignore[attr-defined]  # fmt: skip
