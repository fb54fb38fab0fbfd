"""What may be entered about an action item, and what of it comes from the figure it follows from?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.control.models import ActionItem
from koers.control.queries.action_item import owners_for
from koers.core.actor import Actor
from koers.organisation.models import User
from koers.sell.forms.activity import DAY, CompanyField

ORIGIN = ("source", "source_label", "source_url", "source_key")


class ActionItemForm(forms.Form):
    """What, by whom, before when; the origin travels in hidden fields."""

    title = forms.CharField(label=_("What must be done?"), max_length=200)
    detail = forms.CharField(
        label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4_000
    )  # fmt: skip
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it?"), empty_label=None)
    due_on = forms.DateField(label=_("Ready on"), widget=DAY)
    follow_up_on = forms.DateField(
        label=_("Follow up on"), widget=DAY, required=False, help_text=_("From this day on it is shown as asking for a follow-up.")
    )  # fmt: skip
    company = CompanyField(label=_("Company"), required=False)
    source = forms.ChoiceField(
        choices=ActionItem.Source.choices, widget=forms.HiddenInput, required=False
    )
    source_label = forms.CharField(max_length=200, widget=forms.HiddenInput, required=False)
    source_url = forms.CharField(max_length=500, widget=forms.HiddenInput, required=False)
    source_key = forms.CharField(max_length=120, widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_for(actor)  # type: ignore[attr-defined]
        self.fields["company"].actor = actor  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the item itself says."""
        left = (*ORIGIN, "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in left}

    def origin(self) -> dict[str, Any]:
        """Where it comes from; set when it is made, and never changed."""
        found = {name: self.cleaned_data[name] for name in ORIGIN}
        return {**found, "source": found["source"] or ActionItem.Source.FREE}


class DecideForm(forms.Form):
    """What came of it."""

    result = forms.CharField(label=_("Result"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000)  # fmt: skip
