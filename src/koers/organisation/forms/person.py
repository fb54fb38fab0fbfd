"""What may be entered about a person, a pairing and the organisation?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.organisation.models import BusinessUnit, Role, Team, Territory, User


class PersonForm(forms.Form):
    """A person of the organisation."""

    full_name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Without an address there is no log-in.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False)
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label=_("Territory"), required=False
    )
    business_unit = forms.ModelChoiceField(
        BusinessUnit.objects.all(), label=_("Business unit"), required=False
    )
    is_active = forms.BooleanField(label=_("Has access"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewPersonForm(forms.Form):
    """A person who gets a log-in."""

    full_name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters."),
    )


class PairingForm(forms.Form):
    """An inside rep and the account manager he or she supports."""

    inside_rep = forms.ModelChoiceField(User.objects.none(), label=_("Inside rep"))
    account_manager = forms.ModelChoiceField(User.objects.none(), label=_("Account manager"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True)
        managers = people.filter(role__in=[Role.ACCOUNT_MANAGER, Role.SALESPERSON])
        self.fields["inside_rep"].queryset = people.filter(role=Role.INSIDE_SALES)  # type: ignore[attr-defined]
        self.fields["account_manager"].queryset = managers  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    """The organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    base_currency = forms.CharField(label=_("Currency of all figures"), min_length=3, max_length=3)
    version = forms.IntegerField(widget=forms.HiddenInput)
