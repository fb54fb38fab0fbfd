"""Over which period, for whom, and against what does the Postma board compare?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.forms.period import Scope, UnknownPeriodError, scope_from
from koers.core.entry import DecimalEntryField

HUNDRED = Decimal(100)
AGAINST = {
    "all": _l("Mean of all sellers"), "team": _l("Mean of the own team"), "before": _l("The own year before"), "norm": _l("A norm of my own"),
}  # fmt: skip
NORMS = {
    "days": (_l("Sales days in the period"), 366, 2), "visits_a_day": (_l("Visits a day"), 100, 2), "orders_a_visit": (_l("Orders per visit"), 1000, 4),
    "order": (_l("Mean order"), 10**10, 2), "share": (_l("Contribution share, %"), 100, 2),
}  # fmt: skip


@dataclass(frozen=True)
class PostmaQuestion:
    """The scope, without a seller, and what stands beside each seller."""

    scope: Scope
    against: str

    def query(self, **more: object) -> str:
        """The same question as the end of an address."""
        against = None if self.against == "all" else self.against
        return self.scope.query(**{"against": against, **more})


def postma_question(data: QueryDict, *, today: date) -> PostmaQuestion:
    """Read the address; a seller is chosen on the board, not above it."""
    plain = data.copy()
    plain.pop("seller", None)
    against = plain.get("against", "") or "all"
    if against not in AGAINST:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": against[:40]})
    return PostmaQuestion(scope_from(plain, today=today), against)


class NormForm(forms.Form):
    """A norm for each factor of the chain; it starts at the mean of all."""

    def __init__(self, data: QueryDict, *, start: dict[str, Decimal]) -> None:
        fields = {
            name: DecimalEntryField(label=label, min_value=0, max_value=most, max_digits=16, decimal_places=places)
            for name, (label, most, places) in NORMS.items()
        }  # fmt: skip
        shown = {name: field.prepare_value(start[name]) for name, field in fields.items()}
        super().__init__({name: data.get(name, shown[name]) for name in fields})
        self.fields.update(fields)

    def factors(self) -> list[Decimal]:
        """The norm in the order of the chain; the share as 0-1."""
        found = [self.cleaned_data[name] for name in NORMS]
        return [*found[:-1], found[-1] / HUNDRED]

    @property
    def typed(self) -> dict[str, Any]:
        """What the address carries along."""
        return dict(self.data)
