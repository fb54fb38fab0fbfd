"""What may be entered about price lists and limits of discount?"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.catalogue.queries.price_list import products_meant
from koers.core.typed_choice import TypedChoiceField
from koers.organisation.models import Role

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PriceListForm(forms.Form):
    """A price list; the last day is entered, as people read it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    last_day = forms.DateField(label=_("Last day"), widget=DAY, required=False)

    def values(self) -> dict[str, Any]:
        """Values of the list; its end is excluded."""
        data = self.cleaned_data
        last = data["last_day"]
        until = last + timedelta(days=1) if last else None
        return {"name": data["name"], "valid_from": data["valid_from"], "valid_until": until}


class PriceForm(forms.Form):
    """The price of a product from a quantity on."""

    product = TypedChoiceField(
        label=_("Product"), url_name="catalogue:product_options", options_id="product-options"
    )
    from_quantity = forms.DecimalField(
        label=_("From quantity"),
        min_value=Decimal("0.0001"),
        max_digits=14,
        decimal_places=4,
        initial=1,
    )
    price = forms.DecimalField(
        label=_("Price per unit"), min_value=0, max_digits=14, decimal_places=4, required=False,
        help_text=_("Empty takes this price off the list."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].find = products_meant  # type: ignore[attr-defined]


class DiscountPolicyForm(forms.Form):
    """The limit per role, in percent."""

    def __init__(self, *args: Any, limits: dict[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role, limit in limits.items():
            self.fields[role] = forms.DecimalField(
                label=Role(role).label,
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=limit * 100,
            )

    def values(self) -> dict[str, Decimal]:
        """Limits as shares of 0-1."""
        return {role: value / 100 for role, value in self.cleaned_data.items()}
