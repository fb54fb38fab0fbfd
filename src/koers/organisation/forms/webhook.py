"""What may be entered for a new webhook?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.core.audit_words import noun_label
from koers.organisation.queries.webhook import NOUNS


def noun_choices() -> list[tuple[str, str]]:
    """The kinds of records of which changes can be told."""
    return [(noun, noun_label(noun, 2)) for noun in NOUNS]


class WebhookForm(forms.Form):
    """Name, address, and of which records."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program is it for?"))
    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("Begins with https://"))
    nouns = forms.MultipleChoiceField(
        label=_("Changes of"), choices=noun_choices, widget=forms.CheckboxSelectMultiple
    )
