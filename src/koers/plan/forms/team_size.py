"""What may be entered to compute the size of the field force?"""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.entry import DecimalEntryField
from koers.plan.figures.team_size import CLASSES

PER_CLASS = {
    "customers": (gettext_lazy("Customers"), 200_000),
    "visits": (gettext_lazy("Visits a year per customer"), 366),
    "minutes": (gettext_lazy("Minutes of talk per visit"), 1440),
}
GROUPS = (
    (gettext_lazy("Time"), (
        ("travel_minutes", gettext_lazy("Travel per visit, minutes"), 1440), ("waiting_minutes", gettext_lazy("Waiting per visit, minutes"), 1440),
        ("hours_a_day", gettext_lazy("Hours a day"), 24), ("visits_a_day", gettext_lazy("Visits a day"), 100),
        ("standard_minutes", gettext_lazy("Standard visit (visit unit 1), minutes of talk"), 1440),
    )),
    (gettext_lazy("Sales days (F6.5)"), (
        ("working_days", gettext_lazy("Working days"), 366), ("leave_days", gettext_lazy("Leave and public holidays"), 366),
        ("sick_days", gettext_lazy("Sickness"), 366), ("other_days", gettext_lazy("Meetings, training, trade shows"), 366),
    )),
    (gettext_lazy("Money"), (
        ("turnover", gettext_lazy("Turnover a year"), 10**12), ("sales_share", gettext_lazy("Part of turnover for salespeople, %"), 100),
        ("seller_cost", gettext_lazy("Cost of a salesperson a year"), 10**9), ("visit_share", gettext_lazy("Part of contribution that visits bring, %"), 100),
    )),
)  # fmt: skip


class TeamSizeForm(forms.Form):
    """All inputs of the five methods; what is not in the address keeps its starting value."""

    def __init__(self, data: QueryDict, *, start: dict[str, Decimal]) -> None:
        fields: dict[str, DecimalEntryField] = {}
        for name, (label, most) in PER_CLASS.items():
            for each in CLASSES:
                words = _("%(input)s, class %(name)s") % {"input": label, "name": each}
                fields[f"{name}_{each}"] = _field(words, most)
        for _title, group in GROUPS:
            fields |= {key: _field(label, most) for key, label, most in group}
        super().__init__({key: data[key] if key in data else field.prepare_value(start[key]) for key, field in fields.items()})  # fmt: skip
        self.fields.update(fields)

    def clean(self) -> dict[str, Any]:
        """Days taken off are at most the working days."""
        found = super().clean() or {}
        names = ("working_days", "leave_days", "sick_days", "other_days")
        days = [found[name] for name in names if found.get(name) is not None]
        if len(days) == len(names) and sum(days[1:], Decimal(0)) > days[0]:
            self.add_error("working_days", _("More days are taken off than there are working days."))  # fmt: skip
        return found

    @property
    def class_rows(self) -> list[tuple[str, list[tuple[forms.BoundField, Any]]]]:
        """Class, and its inputs with their column, as they stand beside each other."""
        return [
            (each, [(self[f"{name}_{each}"], label) for name, (label, _most) in PER_CLASS.items()])
            for each in CLASSES
        ]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The other inputs, under their headings."""
        return [(title, [self[key] for key, _label, _most in group]) for title, group in GROUPS]


def _field(label: Any, most: int) -> DecimalEntryField:
    return DecimalEntryField(label=label, min_value=0, max_value=most, max_digits=15, decimal_places=2)  # fmt: skip
