"""Where does a round start, and when does the day begin and end?"""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from koers.core.entry import DecimalEntryField
from koers.plan.figures.day_route import RoundHours

PLACE = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
START = {"begins": "08:30", "ends": "17:30", "lunch": "30"}
USUAL = RoundHours(510, 1050, 30)


class RoundForm(forms.Form):
    """What is not in the address keeps its usual value."""

    start = forms.CharField(
        label=_("Start and end"), max_length=40, required=False,
        help_text=_("Latitude and longitude of home or office, e.g. 52.0907, 5.1214."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Back at the latest"), widget=forms.TimeInput(attrs={"type": "time"}))  # fmt: skip
    lunch = DecimalEntryField(label=_("Lunch, minutes"), min_value=0, max_value=120, max_digits=3, decimal_places=0)  # fmt: skip

    def __init__(self, data: QueryDict, *, start: str) -> None:
        given = {name: data.get(name, usual) for name, usual in START.items()}
        super().__init__(given | {"start": data.get("start", start)})

    def clean_start(self) -> tuple[float, float] | None:
        """Degrees, or nothing."""
        text = str(self.cleaned_data["start"])
        if not text.strip():
            return None
        found = PLACE.fullmatch(text)
        place = (float(found[1]), float(found[2])) if found else (91.0, 0.0)
        if abs(place[0]) > 90 or abs(place[1]) > 180:
            raise forms.ValidationError(_("Write latitude and longitude with points, e.g. 52.0907, 5.1214."))  # fmt: skip
        return place

    def clean(self) -> dict[str, Any]:
        """A day begins before it ends."""
        found = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["begins"] >= found["ends"]:
            self.add_error("ends", _("The day must end after it begins."))
        return found

    def hours(self) -> RoundHours:
        """The hours; the usual ones where what was filled in is wrong."""
        if not self.is_valid():
            return USUAL
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        return RoundHours(begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute, int(self.cleaned_data["lunch"]))  # fmt: skip
