"""What may be entered for a new token?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.organisation.models import ApiToken


class ApiTokenForm(forms.Form):
    """Name, scope and how long it works."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program is it for?"))
    scope = forms.ChoiceField(label=_("Scope"), choices=ApiToken.Scope.choices)
    days = forms.IntegerField(label=_("Works for (days)"), min_value=1, max_value=366, initial=90)
