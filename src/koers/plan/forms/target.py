"""What may be entered as a target?"""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.catalogue.models import ProductGroup
from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField
from koers.organisation.models import Territory, User
from koers.organisation.models.user import SELLING_ROLES

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TargetForm(forms.Form):
    """A target; the last day is entered, as people read it, and the end excluded is computed."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False)
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label=_("Territory"), required=False
    )
    product_group = forms.ModelChoiceField(
        ProductGroup.objects.all(), label=_("Product group"), required=False
    )
    period_start = forms.DateField(label=_("Quota date (first day)"), widget=DAY)
    last_day = forms.DateField(
        label=_("Last day"), widget=DAY, help_text=_("The day before the next quota date.")
    )
    amount = DecimalEntryField(label=_("Target"), min_value=0, max_digits=16, decimal_places=2)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(role__in=SELLING_ROLES, is_active=True)
        if actor.visible_people is not None:
            people = people.filter(pk__in=actor.visible_people)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the last day into the end that is excluded."""
        data = super().clean() or {}
        if data.get("last_day"):
            data["period_end"] = data["last_day"] + timedelta(days=1)
        return data


class CopyForm(forms.Form):
    """The next period, and by how much targets rise."""

    period_start = forms.DateField(label=_("Quota date (first day)"), widget=DAY)
    last_day = forms.DateField(label=_("Last day"), widget=DAY)
    growth = DecimalEntryField(
        label=_("Rise (%)"), initial=0, min_value=-100, max_value=1000, decimal_places=2
    )
