"""When does a seller work, and on which days not?"""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from koers.core.entry import DecimalEntryField
from koers.plan.figures.visit_calendar import WorkingDay

DAY = r"(\d{1,2})-(\d{1,2})-(\d{4})"
STRETCH = re.compile(rf"{DAY}(?:\s*(?:–|until|t/m|tot en met|\.\.)\s*{DAY})?")
LONGEST = 366
START = {"begins": "08:30", "hours": "8", "off": ""}
MINUTES_IN_DAY = 24 * 60


class WorkingDayForm(forms.Form):
    """What is not in the address keeps its usual value."""

    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}))
    hours = DecimalEntryField(label=_("Hours a day"), min_value=Decimal(1), max_value=Decimal(16), max_digits=4, decimal_places=2)  # fmt: skip
    off = forms.CharField(
        label=_("Days off"), required=False, max_length=300,
        help_text=_("E.g. 24-12-2026, 28-12-2026 until 31-12-2026. Public holidays are known."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: QueryDict) -> None:
        super().__init__({name: data.get(name, usual) for name, usual in START.items()})

    def clean_off(self) -> frozenset[date]:
        """Each day off."""
        found: set[date] = set()
        for part in str(self.cleaned_data["off"]).split(","):
            if part.strip():
                found |= _days(part.strip())
        return frozenset(found)

    def clean(self) -> dict[str, Any]:
        """A day ends before midnight."""
        found = super().clean() or {}
        if found.get("begins") is not None and found.get("hours") is not None:
            begins = found["begins"].hour * 60 + found["begins"].minute
            if begins + int(found["hours"] * 60) > MINUTES_IN_DAY:
                self.add_error("hours", _("The working day must end before midnight."))
        return found

    def hours_of_work(self) -> WorkingDay:
        """The working day; the usual one where what was filled in is wrong."""
        if not self.is_valid():
            return WorkingDay(510, 480)
        begins = self.cleaned_data["begins"]
        return WorkingDay(begins.hour * 60 + begins.minute, int(self.cleaned_data["hours"] * 60), self.cleaned_data["off"])  # fmt: skip


def _days(text: str) -> set[date]:
    """The days of a day, or of a stretch of days with both ends."""
    found = STRETCH.fullmatch(text)
    wrong = forms.ValidationError(_("“%(value)s” is no day. Write days as 24-12-2026, and a stretch as 28-12-2026 until 31-12-2026."), params={"value": text[:40]})  # fmt: skip
    if found is None:
        raise wrong
    parts = [int(each) for each in found.groups() if each]
    try:
        days = [date(year, month, day) for day, month, year in zip(parts[::3], parts[1::3], parts[2::3], strict=True)]  # fmt: skip
    except ValueError:
        raise wrong from None
    length = (days[-1] - days[0]).days
    if not 0 <= length < LONGEST:
        raise wrong
    return {days[0] + timedelta(days=number) for number in range(length + 1)}
