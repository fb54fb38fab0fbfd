"""What may be entered about a pipeline and its stages?"""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.core.entry import DecimalEntryField
from koers.sell.models import ForecastCategory, GateField, Stage, StageKind

HUNDRED = Decimal(100)
OPEN_CATEGORIES = [pair for pair in ForecastCategory.choices if pair[0] != ForecastCategory.CLOSED]


class PipelineForm(forms.Form):
    """A pipeline itself."""

    name = forms.CharField(label=_("Name"), max_length=80)
    contact_norm_days = forms.IntegerField(
        label=_("Days without contact before a deal cools"), min_value=1, max_value=365, initial=21
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Values of the pipeline itself."""
        return {name: self.cleaned_data[name] for name in ("name", "contact_norm_days")}


class StageForm(forms.Form):
    """A stage; of a decided one only the name can be changed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    probability = DecimalEntryField(
        label=_("Chance to win (%)"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    expected_days = forms.IntegerField(
        label=_("Usual days in this stage"), min_value=1, max_value=3650, required=False
    )
    forecast_category = forms.ChoiceField(label=_("Forecast"), choices=OPEN_CATEGORIES)
    required_fields = forms.MultipleChoiceField(
        label=_("Must be filled in before a deal enters"), choices=GateField.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, stage: Stage | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_open = stage is None or stage.kind == StageKind.OPEN
        if not self.is_open:
            for name in ("probability", "expected_days", "forecast_category", "required_fields"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """Values of the stage itself; the chance as a share."""
        data = self.cleaned_data
        if not self.is_open:
            return {"name": data["name"]}
        share = None if data["probability"] is None else data["probability"] / HUNDRED
        names = ("name", "expected_days", "forecast_category", "required_fields")
        return {name: data[name] for name in names} | {"probability": share}


def initial_of(stage: Stage) -> dict[str, Any]:
    """A stage as its form shows it."""
    names = ("name", "expected_days", "forecast_category", "required_fields", "version")
    percent = None if stage.probability is None else stage.probability * HUNDRED
    return {name: getattr(stage, name) for name in names} | {"probability": percent}
