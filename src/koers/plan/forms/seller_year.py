"""What may be entered of a seller's year, and of days away?"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.entry import DecimalEntryField
from koers.organisation.models import User
from koers.plan.figures.seller_year import SellerCapacity
from koers.plan.forms.effort import DAY, entry_attributes
from koers.plan.forms.visit_norm import WeekdaysField
from koers.plan.models import Absence
from koers.plan.models.seller_year import MOST_DAYS

DAYS = ("leave_days", "sick_days", "other_days")
WORDS = {
    "weekdays": gettext_lazy("Working days of the week"), "hours_a_day": gettext_lazy("Hours a day"), "leave_days": gettext_lazy("Leave, days"),
    "sick_days": gettext_lazy("Sickness, days"), "other_days": gettext_lazy("Other work, days"),
}  # fmt: skip


class SellerYearsForm(forms.Form):
    """The sellers one sees, each with days off per kind, hours a day and weekdays."""

    def __init__(
        self, data: Any, *, people: Sequence[User], known: dict[int, SellerCapacity]
    ) -> None:
        super().__init__(data)
        self.people, self.known = people, known
        for person in people:
            said = known[person.pk].said
            for name in DAYS:
                label = f"{WORDS[name]}, {person.full_name}"
                self.fields[f"{name}-{person.pk}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=MOST_DAYS, initial=getattr(said, name), widget=forms.TextInput(attrs=entry_attributes(label)),
                )  # fmt: skip
            label = f"{WORDS['hours_a_day']}, {person.full_name}"
            self.fields[f"hours_a_day-{person.pk}"] = DecimalEntryField(
                label=label, min_value=Decimal("0.25"), max_value=Decimal(16), max_digits=4, decimal_places=2, initial=said.hours_a_day,
                widget=forms.TextInput(attrs=entry_attributes(label)),
            )  # fmt: skip
            self.fields[f"weekdays-{person.pk}"] = WeekdaysField(
                label=f"{WORDS['weekdays']}, {person.full_name}", initial=said.weekdays, error_messages={"required": _("Choose at least one working day of the week.")},
            )  # fmt: skip
            self.fields[f"version-{person.pk}"] = forms.IntegerField(
                required=False, initial=said.version if said.pk else None, widget=forms.HiddenInput
            )

    def cells(self, person_id: int) -> list[tuple[str, forms.BoundField]]:
        """The fields of one seller, as they stand beside each other."""
        names = (*DAYS, "hours_a_day")
        return [(str(WORDS[name]), self[f"{name}-{person_id}"]) for name in names]

    def weekdays(self, person_id: int) -> forms.BoundField:
        """The days of the week of one seller."""
        return self[f"weekdays-{person_id}"]

    def version(self, person_id: int) -> forms.BoundField:
        """The version that was read of one seller's year."""
        return self[f"version-{person_id}"]

    def wrong(self, person_id: int) -> list[str]:
        """What is wrong with what was said of one seller."""
        fields = [*(cell for _label, cell in self.cells(person_id)), self.weekdays(person_id)]
        return [str(error) for each in fields for error in each.errors]

    def changed(self) -> Iterator[tuple[int, dict[str, Any], int | None]]:
        """Per seller whose fields were changed: the values, and the version they were read in."""
        for person in self.people:
            names = {each: f"{each}-{person.pk}" for each in (*DAYS, "hours_a_day", "weekdays")}
            if set(names.values()) & set(self.changed_data):
                values = {each: self.cleaned_data[field] for each, field in names.items()}
                yield person.pk, values, self.cleaned_data[f"version-{person.pk}"]


class AbsenceForm(forms.Form):
    """Who is away, why in one word, from when and until which day."""

    person = forms.TypedChoiceField(label=gettext_lazy("Seller"), coerce=int)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Absence.Kind.choices)
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)

    def __init__(self, data: Any, *, people: Sequence[User], today: date) -> None:
        super().__init__(data, initial={"starts_on": today, "last_day": today})
        self.fields["person"].choices = [(each.pk, each.full_name) for each in people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        found = super().clean() or {}
        if found.get("starts_on") and found.get("last_day") and found["last_day"] < found["starts_on"]:  # fmt: skip
            self.add_error("last_day", _("The last day cannot lie before the first."))
        return found

    def values(self) -> dict[str, Any]:
        """The absence as it is kept; its end is excluded."""
        data = self.cleaned_data
        return {
            "person_id": data["person"], "kind": data["kind"], "starts_on": data["starts_on"], "ends_on": data["last_day"] + timedelta(days=1),
        }  # fmt: skip
