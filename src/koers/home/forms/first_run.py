"""What does the first person enter?"""

from django import forms
from django.utils.translation import gettext_lazy as _

CURRENCIES = [(code, code) for code in ("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN")]


class FirstRunForm(forms.Form):
    """The organisation and its first administrator."""

    organisation = forms.CharField(label=_("Name of your organisation"), max_length=200)
    base_currency = forms.ChoiceField(
        label=_("Currency you report in"), choices=CURRENCIES, initial="EUR"
    )
    full_name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("Your e-mail address"), help_text=_("You log in with it."))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), min_length=12,
                               help_text=_("At least 12 characters."))  # fmt: skip
