"""What may be entered about an address of a company?"""

import math
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.customers.models import Site

DUTCH_POSTCODE = re.compile(r"(\d{4})\s*([A-Za-z]{2})")


class SiteForm(forms.Form):
    """An address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Site.Kind.choices)
    street = forms.CharField(
        label=_("Street and number"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("Province or region"), max_length=120, required=False)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country code"),
        max_length=2,
        required=False,
        help_text=_("Two letters, e.g. NL."),
        error_messages={"invalid": _("A country code has two letters, e.g. NL.")},
    )
    latitude = forms.CharField(
        label=_("Latitude"), max_length=20, required=False,
        help_text=_("Degrees as on a map, e.g. 52.0907. With them Koers plans visits and rounds."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    longitude = forms.CharField(
        label=_("Longitude"), max_length=20, required=False, help_text=_("E.g. 5.1214."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_country(self) -> str:
        """Country codes are capitals."""
        return str(self.cleaned_data["country"]).upper()

    def clean_postcode(self) -> str:
        """A Dutch postcode is written 1234 AB; others stay as they are."""
        text = str(self.cleaned_data["postcode"])
        found = DUTCH_POSTCODE.fullmatch(text)
        abroad = self.data.get("country", "").upper() not in ("", "NL")
        return text if found is None or abroad else f"{found[1]} {found[2].upper()}"

    def clean_latitude(self) -> float | None:
        """Degrees north."""
        return _degrees(self.cleaned_data["latitude"], 90)

    def clean_longitude(self) -> float | None:
        """Degrees east."""
        return _degrees(self.cleaned_data["longitude"], 180)

    def clean(self) -> dict[str, Any]:
        """Refuse an address that says nothing of where it is."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("street", "postcode", "city")):
            self.add_error("street", _("Fill in a street, a postcode or a city."))
        known = {name for name in ("latitude", "longitude") if data.get(name) is not None}
        if len(known) == 1 and not {"latitude", "longitude"} & set(self.errors):
            missing = ({"latitude", "longitude"} - known).pop()
            self.add_error(missing, _("Give both latitude and longitude, or neither."))
        return data

    def values(self) -> dict[str, Any]:
        """Values of the address itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _degrees(text: str, most: float) -> float | None:
    """Degrees with a point or a comma; nothing where nothing was filled in."""
    if not text.strip():
        return None
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        found = math.nan
    if not -most <= found <= most:
        raise forms.ValidationError(
            _("Fill in degrees between −%(most)s and %(most)s, e.g. 52.0907.") % {"most": most}
        )
    return round(found, 6)
