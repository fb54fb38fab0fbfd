"""What may be entered as our own scores of the drivers of customer equity?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _l

from koers.analyse.actions.equity_score import AssessmentValues, ItemScore
from koers.analyse.models import EquityAssessment
from koers.analyse.models.equity_score import HIGHEST, OWN_ITEMS, OWN_WORDS
from koers.core.entry import DecimalEntryField
from koers.customers.models import Segment

HUNDRED = Decimal(100)


class AssessmentForm(forms.Form):
    """Per item a score, a weight within its driver, and on what it rests."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_l("Segment"), required=False, empty_label=_l("All customers")
    )
    day = forms.DateField(
        label=_l("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_l("Note"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.order_by("name")  # type: ignore[attr-defined]
        for name, word in OWN_WORDS.items():
            self.fields[name] = DecimalEntryField(
                label=format_lazy("{item}: {what}", item=word, what=_l("score 0-10")), min_value=0, max_value=HIGHEST,
                max_digits=3, decimal_places=1, required=False,
            )  # fmt: skip
            self.fields[f"{name}_weight"] = DecimalEntryField(
                label=format_lazy("{item}: {what}", item=word, what=_l("weight in %")), min_value=0, max_value=100,
                max_digits=5, decimal_places=2, required=False,
            )  # fmt: skip
            self.fields[f"{name}_basis"] = forms.CharField(
                label=format_lazy("{item}: {what}", item=word, what=_l("what it rests on")), max_length=200, required=False
            )  # fmt: skip

    @staticmethod
    def initial_of(found: EquityAssessment) -> dict[str, Any]:
        """Form values of what is stored, weights in percent."""
        values: dict[str, Any] = {
            "version": found.version, "segment": found.segment_id, "day": found.day, "note": found.note,
        }  # fmt: skip
        for each in found.scores.all():
            weight = None if each.weight is None else each.weight * HUNDRED
            values |= {each.item: each.score, f"{each.item}_weight": weight, f"{each.item}_basis": each.basis}  # fmt: skip
        return values

    def clean(self) -> dict[str, Any]:
        """A weight or a reason without a score is refused, for it would be lost."""
        data = super().clean() or {}
        for name in OWN_WORDS:
            alone = data.get(name) is None and (data.get(f"{name}_weight") or data.get(f"{name}_basis"))  # fmt: skip
            if alone and name not in self.errors:
                self.add_error(name, _l("Give a score from 0 to 10, or empty the weight and the words beside it."))  # fmt: skip
        return data

    def rows_of(self, driver: str) -> Iterator[tuple[str, str, list[BoundField]]]:
        """Per item of a driver: its name, its word and its three fields."""
        for name, word in OWN_ITEMS[driver].items():
            yield name, str(word), [self[name], self[f"{name}_weight"], self[f"{name}_basis"]]

    def values(self) -> AssessmentValues:
        """What the action needs; weights as shares."""
        data = self.cleaned_data
        scores = {
            name: ItemScore(data[name], _share(data[f"{name}_weight"]), data[f"{name}_basis"].strip())
            for name in OWN_WORDS
            if data[name] is not None
        }  # fmt: skip
        return AssessmentValues(data["segment"], data["day"], scores, data["note"])


def _share(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / HUNDRED
