"""What may be estimated of visits, assumed per class, and asked of a division of visits?"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.entry import DecimalEntryField
from koers.core.periods import add_months
from koers.plan.actions.effort import EstimateValues
from koers.plan.models.visit_norm import MOST_VISITS
from koers.plan.queries.effort import CLASSES, SHARES, ClassCurve

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LIMITS = ("least_visits", "most_visits")
HUNDRED = Decimal(100)
WORDS = {
    "none": gettext_lazy("No visits"), "half": gettext_lazy("Half as many"), "more": gettext_lazy("1½ times as many"),
    "most": gettext_lazy("Endless"), "least_visits": gettext_lazy("At least"), "most_visits": gettext_lazy("At most"),
}  # fmt: skip


class GroupedEntryField(DecimalEntryField):
    """An amount shown with its thousands apart, and read back that way."""

    def prepare_value(self, value: Any) -> Any:
        """Write a stored amount as the reader's language does."""
        return formats.number(value) if isinstance(value, Decimal) else super().prepare_value(value)


def entry_attributes(label: str, placeholder: str = "") -> dict[str, str]:
    """What a narrow field of a table says to a screen reader, and shows while it is empty."""
    return {
        "aria-label": label, "placeholder": placeholder, "autocomplete": "off", "inputmode": "decimal",
    }  # fmt: skip


class EstimatesForm(forms.Form):
    """The customers of one page of the list, each with four estimates and two limits."""

    def __init__(
        self, data: Any, *, companies: Sequence[Any], assumed: dict[str, ClassCurve]
    ) -> None:
        super().__init__(data)
        self.companies, self.assumed = companies, assumed
        for company in companies:
            known = getattr(company, "effort_estimate", None)
            for name in (*SHARES, *LIMITS):
                label = f"{WORDS[name]}, {company.name}"
                attributes = entry_attributes(label, self._placeholder(company, name))
                initial = getattr(known, name, None)
                self.fields[f"{name}-{company.pk}"] = (
                    forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_VISITS, initial=initial, widget=forms.TextInput(attrs=attributes))
                    if name in LIMITS
                    else GroupedEntryField(label=label, required=False, min_value=0, max_digits=16, decimal_places=2, initial=initial, widget=forms.TextInput(attrs=attributes))
                )  # fmt: skip
            self.fields[f"version-{company.pk}"] = forms.IntegerField(
                required=False, initial=getattr(known, "version", None), widget=forms.HiddenInput
            )

    def _placeholder(self, company: Any, name: str) -> str:
        """What the class assumes, where nothing is filled in."""
        curve = self.assumed.get(company.customer_class)
        if curve is None:
            return ""
        if name in LIMITS:
            return formats.number(getattr(curve, name), 0)
        if company.turnover_12m <= 0 or not company.now_visits:
            return ""
        return formats.number(getattr(curve, name) * company.turnover_12m, 0)

    @property
    def rows(self) -> Iterator[tuple[Any, list[tuple[str, forms.BoundField]], forms.BoundField, list[str]]]:  # fmt: skip
        """A customer with its fields, the version it was read in, and what is wrong with them."""
        for company in self.companies:
            cells = [(str(WORDS[name]), self[f"{name}-{company.pk}"]) for name in (*SHARES, *LIMITS)]  # fmt: skip
            wrong = [str(error) for _label, cell in cells for error in cell.errors]
            yield company, cells, self[f"version-{company.pk}"], wrong

    def changed(self) -> dict[int, EstimateValues]:
        """What was said of the customers whose fields were changed."""
        found = {}
        for company in self.companies:
            names = [f"{name}-{company.pk}" for name in (*SHARES, *LIMITS)]
            if any(name in self.changed_data for name in names):
                none, half, more, most, least, limit = (self.cleaned_data[name] for name in names)
                found[company.pk] = EstimateValues(none, half, more, most, least, limit, self.cleaned_data[f"version-{company.pk}"])  # fmt: skip
        return found


class ClassCurvesForm(forms.Form):
    """What is assumed per class: four shares in percent of today's turnover, and two limits."""

    def __init__(self, data: Any, *, assumed: dict[str, ClassCurve]) -> None:
        super().__init__(data)
        for key in CLASSES:
            curve = assumed[key]
            for name in SHARES:
                label = _("%(what)s, class %(name)s, percent") % {"what": WORDS[name], "name": key}
                self.fields[f"{name}_{key}"] = DecimalEntryField(
                    label=label, min_value=0, max_value=1000, max_digits=6, decimal_places=2, initial=getattr(curve, name) * HUNDRED,
                    widget=forms.TextInput(attrs=entry_attributes(label)),
                )  # fmt: skip
            for name in LIMITS:
                label = _("%(what)s, class %(name)s") % {"what": WORDS[name], "name": key}
                self.fields[f"{name}_{key}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=MOST_VISITS, initial=getattr(curve, name), widget=forms.TextInput(attrs=entry_attributes(label)),
                )  # fmt: skip
            self.fields[f"version_{key}"] = forms.IntegerField(required=False, initial=curve.version, widget=forms.HiddenInput)  # fmt: skip

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]], forms.BoundField]]:
        """A class with its fields."""
        return [
            (key, [(str(WORDS[name]), self[f"{name}_{key}"]) for name in (*SHARES, *LIMITS)], self[f"version_{key}"])
            for key in CLASSES
        ]  # fmt: skip

    def values(self) -> dict[str, dict[str, Any]]:
        """Per class the shares of one, the limits and the version."""
        data = self.cleaned_data
        return {
            key: {name: data[f"{name}_{key}"] / HUNDRED for name in SHARES}
            | {name: data[f"{name}_{key}"] for name in (*LIMITS, "version")}
            for key in CLASSES
        }


class AcceptForm(forms.Form):
    """From when until when a division is in force."""

    starts_on = forms.DateField(label=gettext_lazy("In force from"), widget=DAY)
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)

    def __init__(self, data: Any, *, today: date) -> None:
        last = add_months(today, 12) - timedelta(days=1)
        super().__init__(data, initial={"starts_on": today, "last_day": last})

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        found = super().clean() or {}
        if found.get("starts_on") and found.get("last_day") and found["last_day"] < found["starts_on"]:  # fmt: skip
            self.add_error("last_day", _("The last day cannot lie before the first."))
        return found

    @property
    def ends_on(self) -> date:
        """The day after the last."""
        last: date = self.cleaned_data["last_day"]
        return last + timedelta(days=1)
