"""What may be entered in a budget?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.entry import DecimalEntryField
from koers.core.periods import add_months
from koers.plan.models import Budget, BudgetCell

CENT = Decimal("0.01")
AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "min_value": 0}


class BudgetForm(forms.Form):
    """A new budget: its name, per what, and the first of its twelve months."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    division = forms.ChoiceField(label=gettext_lazy("Per"), choices=Budget.Division.choices)
    first_month = forms.ChoiceField(
        label=gettext_lazy("First month"), help_text=gettext_lazy("A budget has twelve months.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = today.replace(day=1)
        months = [add_months(this, step) for step in range(-12, 15)]
        self.fields["first_month"].choices = [(each.isoformat(), formats.month(each)) for each in months]  # type: ignore[attr-defined]  # fmt: skip
        self.fields["first_month"].initial = date(today.year + 1, 1, 1).isoformat()

    def clean_first_month(self) -> date:
        """The chosen month's first day."""
        return date.fromisoformat(self.cleaned_data["first_month"])


class SpreadForm(forms.Form):
    """A year from above: an amount by history or equally, or a growth on last year."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Way to spread"),
        choices=(
            ("history", gettext_lazy("An amount, by last year's months")),
            ("equal", gettext_lazy("An amount, equally")),
            ("growth", gettext_lazy("Last year, raised by a percentage")),
        ),
    )
    amount = DecimalEntryField(
        label=gettext_lazy("Amount, or rise in percent"), max_digits=16, decimal_places=2
    )

    def clean(self) -> dict[str, Any]:
        """A rise as a share of one; an amount not below zero."""
        data = super().clean() or {}
        if data.get("amount") is not None:
            if data.get("rule") == "growth":
                data["amount"] = data["amount"] / 100
            elif data["amount"] < 0:
                self.add_error("amount", _("A budget cannot be below zero."))
        return data


class ProposalForm(forms.Form):
    """What a part says it can sell in the year."""

    amount = DecimalEntryField(label=gettext_lazy("Proposal for the year"), **AMOUNT)


class CopyForm(forms.Form):
    """The name of a new version."""

    name = forms.CharField(label=gettext_lazy("Name of the new version"), max_length=100)


class PartForm(forms.Form):
    """The twelve months of a part, each with a lock."""

    def __init__(self, *args: Any, cells: list[BudgetCell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = [cell.month for cell in cells]
        for cell in cells:
            name, words = cell.month.isoformat(), formats.month(cell.month)
            self.fields[f"amount-{name}"] = DecimalEntryField(label=words, initial=cell.turnover.quantize(CENT), **AMOUNT)  # fmt: skip
            self.fields[f"lock-{name}"] = forms.BooleanField(
                label=_("Lock %(month)s") % {"month": words}, required=False, initial=cell.is_locked
            )

    @property
    def rows(self) -> list[tuple[date, Any, Any]]:
        """Month, amount and lock, as they stand beside each other."""
        return [(month, self[f"amount-{month.isoformat()}"], self[f"lock-{month.isoformat()}"]) for month in self.months]  # fmt: skip
