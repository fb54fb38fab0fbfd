"""What may be entered to start a campaign?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.analyse.actions.campaign import CampaignValues
from koers.core.entry import DecimalEntryField
from koers.sell.models import ActivityKind


class CampaignForm(forms.Form):
    """One activity for the first so many customers of a list."""

    name = forms.CharField(label=_("Name"), max_length=120)
    customers = forms.IntegerField(label=_("How many customers"), min_value=1, max_value=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityKind.choices)
    subject = forms.CharField(label=_("What to do"), max_length=200)
    due_on = forms.DateField(
        label=_("Due on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    control = DecimalEntryField(
        label=_("Control group: per cent left alone"), min_value=0, max_value=50, decimal_places=0,
        help_text=_("Drawn by lot. Without it nobody can tell whether the action helped."),
    )  # fmt: skip
    measure_days = forms.IntegerField(label=_("Measure over (days)"), min_value=7, max_value=730)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()

    def clean_due_on(self) -> date:
        """A day that has passed is refused."""
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("This day has passed; choose today or later."))
        return day

    def values(self, source: str) -> CampaignValues:
        """What the action needs."""
        data = self.cleaned_data
        return CampaignValues(
            name=data["name"], source=source, kind=data["kind"], subject=data["subject"], due_on=data["due_on"],
            measure_days=data["measure_days"], control_share=Decimal(data["control"]) / 100,
        )  # fmt: skip
