"""Which period and row are asked for, and what is typed as a call or in its place?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import UnknownPeriodError
from koers.core import formats
from koers.core.entry import DecimalEntryField
from koers.plan.actions.forecast_call import CallEntry
from koers.plan.models import ForecastCall
from koers.plan.models.forecast_call import COMPANY, PERSON, TEAM, UNIT
from koers.plan.queries.call_period import (
    LATE,
    QUARTER,
    START,
    CallPeriod,
    month_period,
    period_named,
)
from koers.plan.queries.forecast_call import Place, Said

CENT = Decimal("0.01")
AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "min_value": 0, "required": False}
CATEGORIES = tuple(ForecastCall.Category)
STOOD = {
    START: gettext_lazy("as they stood on the first day"),
    LATE: gettext_lazy("as they stood two weeks before the end"),
}
Standing = Mapping[Place, Said]


@dataclass(frozen=True, slots=True)
class CallQuestion:
    """A period, which calls of the past count, and the row that is asked for, if one is."""

    period: CallPeriod
    stood: str
    unit: str = ""
    edit: str = ""

    def query(self, **more: object) -> str:
        """The same question as the end of an address."""
        values: dict[str, object] = {"period": self.period.key}
        if self.stood != START:
            values["stood"] = self.stood
        values |= {key: value for key, value in more.items() if value not in (None, "")}
        return f"?{urlencode(values)}"


def call_question(data: QueryDict, *, today: date) -> CallQuestion:
    """Read the address; what is unknown is refused, not guessed."""
    text, stood = data.get("period", ""), data.get("stood", "") or START
    period = period_named(text) if text else month_period(today)
    if period is None:
        raise _refusal(text)
    if stood not in STOOD:
        raise _refusal(stood)
    units = [data.get(name, "") for name in ("unit", "edit")]
    for unit in units:
        level, _dash, key = unit.partition("-")
        if unit and not (level in (PERSON, TEAM, UNIT, COMPANY) and key.isascii() and key.isdigit() and len(key) < 18):  # fmt: skip
            raise _refusal(unit)
    return CallQuestion(period, stood, *units)


def period_words(asked: CallPeriod) -> str:
    """A month or quarter as people say it."""
    start = asked.period.start
    if asked.kind == QUARTER:
        return _("Q%(quarter)s %(year)s") % {"quarter": (start.month + 2) // 3, "year": start.year}
    return formats.month(start)


class OwnCallsForm(forms.Form):
    """Per period what I commit to, what it may be at best, and a note; empty says nothing."""

    def __init__(
        self, data: QueryDict | None, *, periods: Sequence[CallPeriod], unit: str, said: Standing
    ) -> None:
        super().__init__(data)
        self.periods, self._unit, self._said = list(periods), unit, said
        for each in periods:
            words = period_words(each)
            for category in CATEGORIES:
                now = self._now(each, category)
                label = f"{category.label}, {words}"
                self.fields[f"{category}-{each.key}"] = DecimalEntryField(label=label, initial=_shown(now), **AMOUNT)  # fmt: skip
                self.fields[f"seen-{category}-{each.key}"] = _seen(now)
            note = self._now(each, ForecastCall.Category.COMMIT)
            self.fields[f"note-{each.key}"] = forms.CharField(
                label=_("Note, %(period)s") % {"period": words}, max_length=300, required=False,
                initial=note.reason if note else "", widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip

    def _now(self, period: CallPeriod, category: str) -> Said | None:
        return self._said.get((self._unit, period.period, category, False))

    def clean(self) -> dict[str, Any]:
        """What is sure is never more than what may be at best."""
        data = super().clean() or {}
        for each in self.periods:
            commit, best = (data.get(f"{category}-{each.key}") for category in CATEGORIES)
            if commit is not None and best is not None and commit > best:
                self.add_error(f"best_case-{each.key}", _("The best case is at least what you commit to."))  # fmt: skip
        return data

    def entries(self) -> list[CallEntry]:
        """All that was typed; what says the same as before is left out when it is kept."""
        data, found = self.cleaned_data, []
        for each in self.periods:
            for category in CATEGORIES:
                note = data[f"note-{each.key}"] if category == ForecastCall.Category.COMMIT else ""
                amount, seen = (
                    data[f"{category}-{each.key}"],
                    data[f"seen-{category}-{each.key}"] or 0,
                )
                if amount is None and seen == 0 and not (note and self._now(each, category)):
                    continue
                found.append(CallEntry(each, str(category), amount, note, seen))
        return found

    def rows(self) -> list[tuple[CallPeriod, list[tuple[str, Any, Any]], Any]]:
        """Period, amounts with what was seen of them, and note, as they stand beside each other."""
        return [
            (each, [(str(category.label), self[f"{category}-{each.key}"], self[f"seen-{category}-{each.key}"]) for category in CATEGORIES],
             self[f"note-{each.key}"])
            for each in self.periods
        ]  # fmt: skip

    def go_on_from(self, entry: CallEntry, number: int) -> None:
        """After a clash: the next save takes the place of the figure that is shown now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[f"seen-{entry.category}-{entry.period.key}"] = str(number)
        self.data = data


class CallOverrideForm(forms.Form):
    """Another figure in place of a call or a sum, and why; empty takes an earlier one away."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the reason for the other figure.")},
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None, *, period: CallPeriod, unit: str, said: Standing
    ) -> None:
        super().__init__(data)
        self._period = period
        self._now = {str(category): said.get((unit, period.period, str(category), True)) for category in CATEGORIES}  # fmt: skip
        for category in CATEGORIES:
            now = self._now[category]
            label = _("%(category)s instead") % {"category": category.label}
            self.fields[str(category)] = DecimalEntryField(
                label=label, initial=_shown(now), **AMOUNT
            )
            self.fields[f"seen-{category}"] = _seen(now)
        counted = next((each for each in self._now.values() if each and each.amount is not None), None)  # fmt: skip
        self.fields["reason"].initial = counted.reason if counted else ""
        self.fields[str(CATEGORIES[0])].widget.attrs["autofocus"] = True
        self.order_fields([*map(str, CATEGORIES), "reason"])

    def entries(self) -> list[CallEntry]:
        """Amounts that differ from what counts now; of the same amounts only another reason is new."""
        data, found = self.cleaned_data, []
        for category in CATEGORIES:
            now, amount, seen = (
                self._now[category],
                data[str(category)],
                data[f"seen-{category}"] or 0,
            )
            stale = seen != (now.number if now else 0)
            if stale or amount != (now.amount if now else None) or (amount is not None and now and now.reason != data["reason"]):  # fmt: skip
                found.append(CallEntry(self._period, str(category), amount, data["reason"], seen))
        return found

    def go_on_from(self, entry: CallEntry, number: int) -> None:
        """After a clash: the next save takes the place of the figure that is shown now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[f"seen-{entry.category}"] = str(number)
        self.data = data


def _shown(said: Said | None) -> Decimal | None:
    return said.amount.quantize(CENT) if said and said.amount is not None else None


def _seen(said: Said | None) -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False, initial=said.number if said else 0)  # fmt: skip


def _refusal(value: str) -> UnknownPeriodError:
    return UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": value[:40]})
