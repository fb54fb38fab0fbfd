"""What may be entered as an answer of a customer, and for a link that asks for one?"""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.core.actor import Actor
from koers.customers.models import Company, Contact
from koers.serve.models.feedback import HIGHEST, ITEMS, SCORES, THEMES
from koers.serve.queries.feedback import contacts_of

CHOICES = [("", _("no answer")), *((number, str(number)) for number in range(HIGHEST + 1))]
NPS_QUESTION = _("How likely is it that you would recommend us to a colleague? (0 not at all, 10 certainly)")  # fmt: skip


def _score(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=CHOICES, coerce=int, empty_value=None, required=False
    )


class ScoresForm(forms.Form):
    """The questions themselves: what a customer sees who opens a link."""

    nps = _score(NPS_QUESTION)
    comment = forms.CharField(
        label=_("Why? What should we do better?"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {**THEMES, **ITEMS}.items():
            self.fields[name] = _score(label)
        self.order_fields([*self.first_fields(), "nps", *THEMES, *ITEMS, "comment"])

    def first_fields(self) -> tuple[str, ...]:
        """Fields that stand before the questions."""
        return ()

    def values(self) -> dict[str, Any]:
        """What the actions need."""
        return {name: self.cleaned_data[name] for name in (*SCORES, "comment")}


class FeedbackForm(ScoresForm):
    """An answer written down: the questions, and who answered when."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = contacts_of(actor, company)  # type: ignore[attr-defined]

    def first_fields(self) -> tuple[str, ...]:
        """Who answered when."""
        return ("day", "contact")

    def values(self) -> dict[str, Any]:
        """What the actions need."""
        return {**super().values(), "day": self.cleaned_data["day"], "contact": self.cleaned_data["contact"]}  # fmt: skip


class RequestForm(forms.Form):
    """For whom a link is, and until when."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False)
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actor: Actor, company: Company, today: date, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = contacts_of(actor, company)  # type: ignore[attr-defined]
        self.fields["valid_until"].widget.attrs["min"] = today.isoformat()
