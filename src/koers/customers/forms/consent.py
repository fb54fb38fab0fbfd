"""What may be entered about what a contact said on being called and mailed?"""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.customers.models import Consent


class ConsentForm(forms.Form):
    """One line of the ledger."""

    said = forms.ChoiceField(label=_("What was said"), choices=Consent.Said.choices)
    channel = forms.ChoiceField(label=_("Channel"), choices=Consent.Channel.choices)
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Consent.Purpose.choices,
        help_text=_("An objection and a restriction hold for every purpose."),
    )  # fmt: skip
    said_on = forms.DateField(
        label=_("Said on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    proof = forms.CharField(
        label=_("How, and the text shown"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E.g. “by telephone to Ann”, or the form with its text. Who calls or mails must be able to prove it."),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said_on"].widget.attrs["max"] = today.isoformat()
