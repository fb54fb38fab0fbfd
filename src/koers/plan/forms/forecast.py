"""What may be asked of a forecast, and what may be put in its place?"""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.entry import DecimalEntryField
from koers.core.periods import add_months
from koers.plan.models import ForecastRun

MONTHS_BACK = 24
HORIZONS = (3, 6, 12, 18, 24)


class ForecastForm(forms.Form):
    """Per what, from which month, how far ahead."""

    division = forms.ChoiceField(
        label=gettext_lazy("Total and per"), choices=ForecastRun.Division.choices
    )
    first_month = forms.ChoiceField(
        label=gettext_lazy("First month"),
        help_text=gettext_lazy(
            "Only what was sold before this month is used. An earlier month shows how good the forecast would have been."
        ),
    )
    horizon = forms.TypedChoiceField(
        label=gettext_lazy("Months ahead"), coerce=int, choices=[(each, each) for each in HORIZONS], initial=12
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = today.replace(day=1)
        months = [add_months(this, -back) for back in range(MONTHS_BACK + 1)]
        self.fields["first_month"].choices = [(each.isoformat(), formats.month(each)) for each in months]  # type: ignore[attr-defined]  # fmt: skip
        self.fields["first_month"].initial = this.isoformat()

    def clean_first_month(self) -> date:
        """The chosen month's first day."""
        return date.fromisoformat(self.cleaned_data["first_month"])


class OverrideForm(forms.Form):
    """Another figure and why."""

    value = DecimalEntryField(label=gettext_lazy("Forecast"), max_digits=16, decimal_places=2)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What do you know that the past does not show?"),
    )  # fmt: skip

    def clean_reason(self) -> str:
        """A reason of more than spaces."""
        reason = str(self.cleaned_data["reason"]).strip()
        if not reason:
            raise forms.ValidationError(_("Give the reason for the other figure."))
        return reason
