"""What may be entered as a visit norm, and as an exception to it?"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.entry import DecimalEntryField
from koers.customers.models.company import CustomerClass, Phase
from koers.plan.models import VisitException, VisitNorm
from koers.plan.models.visit_norm import MINUTES_IN_DAY, MOST_VISITS

CLASSES = ("A", "B", "C", "D", CustomerClass.PROSPECT, CustomerClass.INACTIVE)
PHASED = CLASSES[:4]
PHASES = (Phase.START, Phase.GROWTH, Phase.SATURATION, Phase.REVITALISATION, Phase.FAREWELL)
# Visits a year, minutes of talk and unit of each class before anybody set a norm; a start, no measurement.
START = {
    "A": (24, 75, Decimal("1.5")), "B": (12, 60, Decimal("1.2")), "C": (6, 45, Decimal(1)), "D": (2, 30, Decimal("0.7")),
}  # fmt: skip
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def weekday_choices() -> list[tuple[str, str]]:
    """Monday to Sunday, short, in the reader's language."""
    names = get_day_names("abbreviated", locale=formats.locale())
    return [(str(number), names[number - 1]) for number in range(1, 8)]


class WeekdaysField(forms.MultipleChoiceField):
    """Days of the week as digits, 1 for Monday."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, choices=weekday_choices, **options)

    def prepare_value(self, value: Any) -> Any:
        """Digits as a list."""
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """A list as digits in their order."""
        return "".join(sorted(super().clean(value)))


class NormSetForm(forms.Form):
    """Norms per class, with another number of visits in a phase where there is one."""

    starts_on = forms.DateField(label=gettext_lazy("In force from"), widget=DAY)
    travel_minutes = forms.IntegerField(
        label=gettext_lazy("Travel per visit, minutes"), min_value=0, max_value=MINUTES_IN_DAY
    )
    waiting_minutes = forms.IntegerField(
        label=gettext_lazy("Waiting per visit, minutes"), min_value=0, max_value=MINUTES_IN_DAY
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, norms: list[VisitNorm] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {(each.customer_class, each.phase): each for each in norms or ()}
        for name in CLASSES:
            label = _class_label(name)
            norm = known.get((name, ""))
            start = (norm.visits, norm.minutes, norm.unit) if norm else (None, None, None)
            if norms is None:
                start = START.get(name, start)
            visits, minutes, unit = start
            self.fields[f"visits_{name}"] = _whole(_("Visits a year, %(name)s") % {"name": label}, 0, MOST_VISITS, visits)  # fmt: skip
            self.fields[f"minutes_{name}"] = _whole(_("Minutes per visit, %(name)s") % {"name": label}, 1, MINUTES_IN_DAY, minutes)  # fmt: skip
            self.fields[f"unit_{name}"] = DecimalEntryField(
                label=_("Visit unit, %(name)s") % {"name": label}, min_value=Decimal("0.01"), max_value=99, max_digits=4,
                decimal_places=2, required=False, initial=unit,
            )  # fmt: skip
            self.fields[f"weekdays_{name}"] = WeekdaysField(
                label=_("Allowed days, %(name)s") % {"name": label}, required=False, initial=norm.weekdays if norm else "12345",
            )  # fmt: skip
        for name in PHASED:
            for phase in PHASES:
                norm = known.get((name, phase))
                label = _("Visits a year, %(name)s in %(phase)s") % {
                    "name": name,
                    "phase": phase.label,
                }
                self.fields[f"visits_{name}_{phase}"] = _whole(label, 0, MOST_VISITS, norm.visits if norm else None)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A class with visits needs minutes and days; one without is left out whole."""
        data = super().clean() or {}
        for name in CLASSES:
            has_phase = any(
                data.get(f"visits_{name}_{phase}") is not None for phase in PHASES if name in PHASED
            )
            if data.get(f"visits_{name}") is None:
                if has_phase:
                    self.add_error(f"visits_{name}", _("Give the class itself a norm too."))
                continue
            if data.get(f"minutes_{name}") is None and f"minutes_{name}" not in self.errors:
                self.add_error(f"minutes_{name}", _("Say how long a visit takes."))
            if not data.get(f"weekdays_{name}"):
                self.add_error(f"weekdays_{name}", _("Allow at least one day of the week."))
        return data

    def values(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """What holds for the version as a whole, and the norms."""
        names = ("starts_on", "travel_minutes", "waiting_minutes", "note")
        return {name: self.cleaned_data[name] for name in names}, list(self._norms())

    def _norms(self) -> Iterator[dict[str, Any]]:
        data = self.cleaned_data
        for name in CLASSES:
            visits = {"": data[f"visits_{name}"]}
            visits |= {str(phase): data[f"visits_{name}_{phase}"] for phase in PHASES if name in PHASED}  # fmt: skip
            rest = {
                "minutes": data[f"minutes_{name}"],
                "unit": data[f"unit_{name}"] or Decimal(1),
                "weekdays": data[f"weekdays_{name}"],
            }
            for phase, number in visits.items():
                if number is not None:
                    yield {"customer_class": str(name), "phase": phase, "visits": number, **rest}

    @property
    def head(self) -> list[forms.BoundField]:
        """What holds for the version as a whole."""
        return [self[name] for name in ("starts_on", "travel_minutes", "waiting_minutes", "note", "version")]  # fmt: skip

    @property
    def class_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """A class with its visits, minutes, unit and days."""
        return [
            (_class_label(name), [self[f"{each}_{name}"] for each in ("visits", "minutes", "unit", "weekdays")])
            for name in CLASSES
        ]  # fmt: skip

    @property
    def phase_rows(self) -> list[tuple[str, list[tuple[forms.BoundField, Any]]]]:
        """A class with its visits per phase."""
        return [
            (name, [(self[f"visits_{name}_{phase}"], phase.label) for phase in PHASES])
            for name in PHASED
        ]


class ExceptionForm(forms.Form):
    """What differs for one customer; what is left empty follows the norm."""

    visits = forms.IntegerField(
        label=gettext_lazy("Visits a year"), min_value=0, max_value=MOST_VISITS, required=False
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes per visit"),
        min_value=1,
        max_value=MINUTES_IN_DAY,
        required=False,
    )
    weekdays = WeekdaysField(
        label=gettext_lazy("Allowed days"), required=False,
        help_text=gettext_lazy("Choose none to follow the norm."),
    )  # fmt: skip
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), widget=DAY, required=False,
        help_text=gettext_lazy("Empty: until further notice."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """The exception as it is kept; its end is excluded."""
        data = self.cleaned_data
        last = data["last_day"]
        kept = {name: data[name] for name in ("visits", "minutes", "weekdays", "starts_on")}
        return kept | {
            "reason": data["reason"].strip(),
            "ends_on": last + timedelta(days=1) if last else None,
        }

    @staticmethod
    def initial_of(found: VisitException) -> dict[str, Any]:
        """What the form starts with for an exception that is known."""
        names = ("visits", "minutes", "weekdays", "starts_on", "reason", "version")
        last = found.ends_on - timedelta(days=1) if found.ends_on else None
        return {name: getattr(found, name) for name in names} | {"last_day": last}


def _class_label(name: str) -> str:
    return str(CustomerClass(name).label)


def _whole(label: str, least: int, most: int, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, initial=initial
    )
