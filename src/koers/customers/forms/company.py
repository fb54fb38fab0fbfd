"""What may be entered about a company and a contact?"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as NumberError

from koers.core.actor import Actor
from koers.customers.models import Segment
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import BusinessUnit, Territory, User

KVK_DIGITS = 8


class CompanyForm(forms.Form):
    """A company."""

    name = forms.CharField(label=_("Name"), max_length=200)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Account manager"), required=False)
    segment = forms.ModelChoiceField(Segment.objects.all(), label=_("Segment"), required=False)
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label=_("Territory"), required=False
    )
    business_unit = forms.ModelChoiceField(
        BusinessUnit.objects.all(), label=_("Business unit"), required=False
    )
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    country = forms.CharField(
        label=_("Country code"), max_length=2, required=False, help_text=_("Two letters, e.g. NL.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    registration_number = forms.CharField(label=_("KvK number"), max_length=40, required=False)
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    notes = forms.CharField(
        label=_("Notes"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=10_000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_visible_to(actor)  # type: ignore[attr-defined]

    def clean_vat_number(self) -> str:
        """Refuse a VAT number whose check digits are wrong."""
        text = str(self.cleaned_data["vat_number"]).replace(" ", "").upper()
        if text:
            try:
                vat.validate(text)
            except NumberError as error:
                raise ValidationError(
                    _("This is not a valid VAT number, e.g. NL123456782B90.")
                ) from error
        return text

    def clean_registration_number(self) -> str:
        """Refuse a Dutch KvK number that has not eight digits."""
        text = str(self.cleaned_data["registration_number"]).replace(" ", "")
        if (
            text
            and self.data.get("country", "NL") in ("", "NL")
            and not (text.isdigit() and len(text) == KVK_DIGITS)
        ):
            raise ValidationError(_("A KvK number has eight digits."))
        return text

    def clean_country(self) -> str:
        """Country codes are capitals."""
        return str(self.cleaned_data["country"]).upper()

    def values(self) -> dict[str, Any]:
        """Values of the company itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ContactForm(forms.Form):
    """A contact."""

    first_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=120)
    job_title = forms.CharField(label=_("Function"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=60, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
