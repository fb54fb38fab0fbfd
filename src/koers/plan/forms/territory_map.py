"""What does a seller cost a year, and what colours the territories?"""

from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from koers.core.entry import DecimalEntryField
from koers.plan.figures.team_size import START

MEASURES = {
    "territory": _("Territory"), "hours": _("Workload"), "turnover": _("Turnover"), "coverage": _("Visits made ÷ norm"), "result": _("Break-even"),
}  # fmt: skip


class TerritoryMapForm(forms.Form):
    """What is not in the address keeps its usual value."""

    seller_cost = DecimalEntryField(label=_("Cost of a salesperson a year"), min_value=Decimal(1), max_value=Decimal(10**9), max_digits=12, decimal_places=2)  # fmt: skip
    by = forms.ChoiceField(label=_("Colour by"), choices=list(MEASURES.items()))

    def __init__(self, data: QueryDict) -> None:
        usual = self.base_fields["seller_cost"].prepare_value(Decimal(START["seller_cost"]))
        super().__init__({"seller_cost": data.get("seller_cost", usual), "by": data.get("by", "result")})  # fmt: skip

    @property
    def cost(self) -> Decimal:
        """The cost entered; the usual one where what was filled in is wrong."""
        found = self.cleaned_data.get("seller_cost") if self.is_valid() else None
        return Decimal(START["seller_cost"]) if found is None else Decimal(found)

    @property
    def measure(self) -> str:
        """What colours the territories."""
        return str(self.cleaned_data.get("by") or "result") if self.is_valid() else "result"
