"""What may be entered as terms of retention?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.core.privacy.retention import LONGEST_MONTHS, SHORTEST_MONTHS, Subject
from koers.home.queries.retention import HOLDINGS
from koers.organisation.queries.retention import Terms


class TermsForm(forms.Form):
    """Whole months per subject, and whether Koers lets go by itself each night."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for subject in Subject:
            self.fields[subject.value] = forms.IntegerField(
                label=str(HOLDINGS[subject].label),
                min_value=SHORTEST_MONTHS, max_value=LONGEST_MONTHS,
                help_text=_("Months from: %(moment)s.") % {"moment": HOLDINGS[subject].counted_from},
            )  # fmt: skip
        self.fields["is_nightly"] = forms.BooleanField(
            label=_("Let go by itself each night at 3"), required=False,
            help_text=_("From the coming night on, by these terms. Off until you tick this."),
        )  # fmt: skip

    @staticmethod
    def initial_of(terms: Terms) -> dict[str, Any]:
        """Form values of the terms in force."""
        months = {subject.value: terms.months[subject] for subject in Subject}
        return {**months, "number": terms.number, "is_nightly": terms.is_nightly}

    def months(self) -> dict[Subject, int]:
        """The terms entered."""
        return {subject: self.cleaned_data[subject.value] for subject in Subject}
