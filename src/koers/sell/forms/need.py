"""What may be entered about what a customer wants from an opportunity?"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from koers.catalogue.queries.price_list import products_meant
from koers.core.typed_choice import TypedChoiceField
from koers.customers.models import Contact
from koers.sell.actions.need import NeedValues
from koers.sell.models import NeedKind, NeedStatus, Opportunity
from koers.sell.models.need import MOST_IMPORTANT
from koers.sell.queries.need import speakers

IMPORTANCES = [(MOST_IMPORTANT, _("5 – decisive")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 – little"))]  # fmt: skip
NAMES = ("kind", "text", "contact", "importance", "product", "answer", "status")


class NeedForm(forms.Form):
    """What the customer wants, who said it, and our answer."""

    text = forms.CharField(label=_("In the customer's words"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=NeedKind.choices, initial=NeedKind.NEED)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who said it"), required=False)
    importance = forms.TypedChoiceField(label=_("Importance"), choices=IMPORTANCES, coerce=int, initial=3)  # fmt: skip
    status = forms.ChoiceField(label=_("How far is it met?"), choices=NeedStatus.choices, initial=NeedStatus.NOT)  # fmt: skip
    product = TypedChoiceField(
        label=_("Our answer: product"), url_name="catalogue:product_options", options_id="product-options", required=False
    )  # fmt: skip
    answer = forms.CharField(label=_("Our answer in words"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, opportunity: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].find = products_meant  # type: ignore[attr-defined]
        self.fields["contact"].queryset = speakers(opportunity)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is met, is met with something."""
        data = self.cleaned_data
        is_met = data.get("status", NeedStatus.NOT) != NeedStatus.NOT
        if is_met and not (data.get("answer") or data.get("product")) and "product" not in self.errors:  # fmt: skip
            self.add_error("answer", ValidationError(_("With what is it met? Name a product, or say it in words.")))  # fmt: skip
        return data

    def values(self) -> NeedValues:
        """What the actions need."""
        return NeedValues(**{name: self.cleaned_data[name] for name in NAMES})
