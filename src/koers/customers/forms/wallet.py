"""What may be entered about what a customer buys a year?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.core.entry import DecimalEntryField
from koers.customers.models import Wallet


class WalletForm(forms.Form):
    """Purchases of a year of what we can supply, from all suppliers together."""

    amount = DecimalEntryField(
        label=_("Purchases a year of what we can supply"), min_value=Decimal("0.01"), max_digits=16, decimal_places=2,
        help_text=_("From all suppliers together, us included."),
    )  # fmt: skip
    currency = forms.RegexField(
        r"^\s*[A-Za-z]{3}\s*$", label=_("Currency"), max_length=3,
        error_messages={"invalid": _("A currency has three letters, e.g. EUR.")},
    )  # fmt: skip
    day = forms.DateField(
        label=_("Known on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.ChoiceField(label=_("Source"), choices=Wallet.Source.choices)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_currency(self) -> str:
        """Currency codes are capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()

    def values(self) -> dict[str, Any]:
        """What the actions need."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
