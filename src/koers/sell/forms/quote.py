"""What may be entered about a quote or an order, beside its lines?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.catalogue.models import PriceList
from koers.core.actor import Actor
from koers.customers.models import Company, Contact
from koers.sell.forms.activity import DAY, CompanyField
from koers.sell.models import Opportunity
from koers.sell.models.quote import Language
from koers.sell.queries.activity import contacts_to_choose, opportunities_to_choose


class QuoteForm(forms.Form):
    """The head of a quote."""

    company = CompanyField(label=_("Company"))
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False)
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), label=_("Opportunity"), required=False
    )
    price_list = forms.ModelChoiceField(
        PriceList.objects.none(), label=_("Price list"), required=False, empty_label=_("List prices")
    )  # fmt: skip
    quoted_on = forms.DateField(label=_("Date"), widget=DAY)
    valid_until = forms.DateField(label=_("Valid up to and including"), widget=DAY)
    promised_on = forms.DateField(label=_("Promised delivery date"), widget=DAY, required=False)
    language = forms.ChoiceField(label=_("Language of the document"), choices=Language.choices)
    note = forms.CharField(
        label=_("Text on the quote"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4_000
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        company: Company | None,
        lists: Any,
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].actor = actor  # type: ignore[attr-defined]
        self.fields["price_list"].queryset = lists  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["company"]
        if company is None:
            del self.fields["contact"], self.fields["opportunity"]
            return
        self.fields["contact"].queryset = contacts_to_choose(company)  # type: ignore[attr-defined]
        choices = opportunities_to_choose(actor, company)
        self.fields["opportunity"].queryset = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Values of the quote itself."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "company")
        }


class OrderForm(forms.Form):
    """The head of an order entered by hand."""

    company = CompanyField(label=_("Company"))
    ordered_on = forms.DateField(label=_("Date"), widget=DAY)
    promised_on = forms.DateField(label=_("Promised delivery date"), widget=DAY, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].actor = actor  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """Who accepts."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    agreed = forms.BooleanField(label=_("I accept this quote on behalf of my company."))
