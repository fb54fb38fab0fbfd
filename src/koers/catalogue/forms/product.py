"""What may be entered about a product?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.catalogue.models import Product, ProductGroup
from koers.core.entry import DecimalEntryField


class ProductForm(forms.Form):
    """A product."""

    code = forms.CharField(label=_("Code"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Product.Kind.choices)
    group = forms.ModelChoiceField(
        ProductGroup.objects.all(), label=_("Product group"), required=False
    )
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    list_price = DecimalEntryField(
        label=_("List price"), min_value=0, max_digits=14, decimal_places=4, required=False
    )
    is_active = forms.BooleanField(label=_("For sale"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CostForm(forms.Form):
    """A cost from a day on."""

    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    cost = DecimalEntryField(label=_("Cost per unit"), min_value=0, max_digits=14, decimal_places=4)
