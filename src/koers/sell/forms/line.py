"""What may be entered as the lines of a quote or an order?"""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from koers.catalogue.queries.price_list import product_words, products_meant
from koers.core.typed_choice import TypedChoiceField
from koers.sell.models import OrderLine, QuoteLine, VatCode
from koers.sell.queries.pricing import LineWish

MOST_LINES = 200
HUNDRED = Decimal(100)


class LineForm(forms.Form):
    """A product, how many, and the discount in percent; an empty line is left out."""

    product = TypedChoiceField(
        label=_("Product"), url_name="catalogue:product_options", options_id="product-options", required=False
    )  # fmt: skip
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=Decimal("0.0001"), max_digits=14, decimal_places=4, required=False
    )  # fmt: skip
    discount = forms.DecimalField(
        label=_("Discount (%)"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    vat_code = forms.ChoiceField(label=_("VAT"), choices=VatCode.choices, required=False)
    bundle = forms.CharField(label=_("System"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].find = products_meant  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label
            if name in ("quantity", "discount"):
                field.widget.attrs["class"] = "num"

    def clean(self) -> dict[str, Any]:
        """A product has a quantity, and a quantity a product."""
        data = dict(self.cleaned_data)
        if data.get("product") and data.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", ValidationError(_("How many?")))
        if data.get("quantity") and not data.get("product") and "product" not in self.errors:
            self.add_error("product", ValidationError(_("Of what?")))
        return data


LineFormSet = forms.formset_factory(
    LineForm, extra=3, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


def wishes_of(formset: Any) -> list[LineWish]:
    """The lines that were filled in."""
    return [
        LineWish(
            data["product"], data["quantity"], (data["discount"] or Decimal(0)) / HUNDRED,
            data["bundle"].strip(), data["vat_code"] or VatCode.STANDARD,
        )
        for data in (form.cleaned_data for form in formset)
        if data.get("product")
    ]  # fmt: skip


def initial_of_quote(lines: list[QuoteLine]) -> list[dict[str, Any]]:
    """Lines of a quote as the formset shows them."""
    return [
        {
            "product": product_words(line.product), "quantity": plain(line.quantity), "vat_code": line.vat_code,
            "discount": plain(line.discount_share * HUNDRED), "bundle": line.bundle,
        }
        for line in lines
    ]  # fmt: skip


def initial_of_order(lines: list[OrderLine]) -> list[dict[str, Any]]:
    """Goods of an order that are still for sale, as the formset shows them; the discount starts anew."""
    return [
        {"product": product_words(line.product), "quantity": plain(line.quantity)}
        for line in lines
        if line.product and line.product.is_active and not line.is_fee and line.quantity > 0
    ]


def plain(value: Decimal) -> str:
    """Without zeros at the end: 2, 0.5."""
    return f"{value.normalize():f}"
