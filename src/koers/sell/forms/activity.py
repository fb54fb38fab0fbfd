"""What may be entered about an activity?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from koers.core.actor import Actor
from koers.customers.models import Company, Contact
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import companies_visible_to
from koers.organisation.models import User
from koers.sell.models import Activity, ActivityKind, ActivityOutcome, Opportunity
from koers.sell.queries.activity import contacts_to_choose, opportunities_to_choose
from koers.sell.queries.commitment import Commitment, lacking_of_promise, names_at, owes_promise

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
COMMITMENT = ("commitment", "commitment_on", "commitment_by")
COMPANY_INPUT = {
    "list": "company-options",
    "autocomplete": "off",
    "hx-get": reverse_lazy("sell:company_options"),
    "hx-trigger": "input changed delay:200ms",
    "hx-target": "#company-options",
    "hx-swap": "innerHTML",
}


def company_words(company: Company) -> str:
    """A company as it stands in the field: its name and its number, which tells namesakes apart."""
    return f"{company.name} #{company.pk}"


class CompanyField(forms.CharField):
    """A company by its name, or by the number behind it where several share the name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=220, widget=forms.TextInput(attrs=dict(COMPANY_INPUT)), **kwargs
        )
        self.actor: Actor | None = None

    def clean(self, value: Any) -> Any:
        """The company, or None for an empty field."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        assert self.actor is not None  # noqa: S101 -- set by the form
        found = companies_visible_to(self.actor)
        _name, mark, number = text.rpartition("#")
        if mark and number.isascii() and number.isdigit() and len(number) < 18:
            companies = list(found.filter(pk=int(number))[:1])
        else:
            companies = list(found.filter(name__iexact=text)[:2])
        if len(companies) != 1:
            raise ValidationError(_("Choose one of the companies that appear while you type."))
        return companies[0]


class CommitmentFields(forms.Form):
    """What the customer agreed to do; asked where the outcome is an advance (S1.21)."""

    commitment = forms.CharField(
        label=_("What will the customer do?"), max_length=200, required=False,
        help_text=_("Without an action of the customer it is a continuation, not an advance."),
    )  # fmt: skip
    commitment_on = forms.DateField(label=_("Done on"), widget=DAY, required=False)
    commitment_by = forms.CharField(
        label=_("Who does it?"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"list": "commitment-people", "autocomplete": "off"}),
        help_text=_("Somebody at the customer, or one of us."),
    )  # fmt: skip
    people: Sequence[str] = ()

    def check_promise(self, outcome: str) -> None:
        """Each field that is missing says what to do."""
        data = self.cleaned_data
        if set(COMMITMENT) & set(self.errors):
            return
        promise = Commitment(data.get("commitment", ""), data.get("commitment_on"), data.get("commitment_by", ""))  # fmt: skip
        for name, words in lacking_of_promise(outcome, promise):
            self.add_error(name, ValidationError(str(words)))

    def promise(self) -> Commitment | None:
        """What was filled in, or nothing."""
        data = self.cleaned_data
        if not data.get("commitment"):
            return None
        return Commitment(data["commitment"], data["commitment_on"], data["commitment_by"])


class ActivityForm(CommitmentFields):
    """An activity to plan or to change."""

    field_order = ("kind", "subject", "company", "opportunity", "contacts", "day", "start_time", "minutes", "owner", "outcome", *COMMITMENT, "report")  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityKind.choices)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    company = CompanyField(label=_("Company"), required=False)
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), label=_("Opportunity"), required=False
    )
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        label=_("Participants"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.DateField(label=_("Day"), widget=DAY)
    start_time = forms.TimeField(label=_("Time"), widget=CLOCK, required=False)
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=1440, required=False
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "–"), *ActivityOutcome.choices], required=False
    )
    report = forms.CharField(
        label=_("Report"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=20_000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, actor: Actor, company: Company | None = None, stored: Activity | None = None,
        is_done: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.stored, self.is_done, self.people = stored, is_done, names_at(company)
        self.fields["company"].actor = actor  # type: ignore[attr-defined]
        self.fields["owner"].queryset = owners_visible_to(actor)  # type: ignore[attr-defined]
        if company is None:
            del self.fields["opportunity"], self.fields["contacts"]
        else:
            choices = opportunities_to_choose(actor, company)
            self.fields["opportunity"].queryset = choices  # type: ignore[attr-defined]
            self.fields["contacts"].queryset = contacts_to_choose(company)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is done and called an advance has a commitment."""
        outcome = self.cleaned_data.get("outcome", "")
        owed = self.is_done if self.stored is None else owes_promise(self.stored, outcome)
        self.check_promise(outcome if owed else "")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Values of the activity itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ActivityLogForm(CommitmentFields):
    """What was done, in under a minute: kind, company, outcome, next step."""

    field_order = ("kind", "company", "subject", "outcome", *COMMITMENT, "report", "day", "next_step", "next_on", "key")  # fmt: skip

    kind = forms.ChoiceField(
        label=_("Kind"), choices=ActivityKind.choices, widget=forms.RadioSelect
    )
    company = CompanyField(label=_("Company"))
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "–"), *ActivityOutcome.choices], required=False
    )
    report = forms.CharField(
        label=_("Report"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
    )
    day = forms.DateField(label=_("Day"), widget=DAY)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("Next step on"), widget=DAY, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, *args: Any, actor: Actor, company: Company | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = names_at(company)
        self.fields["company"].actor = actor  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A next step has a day, and a day has a next step; an advance has a commitment."""
        self.check_promise(self.cleaned_data.get("outcome", ""))
        return step_is_whole(self)


class ActivityFinishForm(CommitmentFields):
    """How it ended and what comes next; where the outcome is left open, the planned one holds."""

    field_order = ("outcome", *COMMITMENT, "report", "next_step", "next_on")

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "–"), *ActivityOutcome.choices], required=False
    )
    report = forms.CharField(
        label=_("Report"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
    )
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("Next step on"), widget=DAY, required=False)

    def __init__(self, *args: Any, activity: Activity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity = activity
        self.people = names_at(activity.company) if activity else []

    def clean(self) -> dict[str, Any]:
        """A next step has a day, and a day has a next step; an advance has a commitment."""
        kept = self.activity
        stored_promise = kept is not None and bool(kept.commitment)
        if not (stored_promise and not self.cleaned_data.get("commitment")):
            self.check_promise(self.cleaned_data.get("outcome") or (kept.outcome if kept else ""))
        return step_is_whole(self)


def step_is_whole(form: forms.Form) -> dict[str, Any]:
    """Cleaned data; a next step without a day, or a day without a step, is an error of the form."""
    data = dict(form.cleaned_data)
    if data.get("next_step") and not data.get("next_on") and "next_on" not in form.errors:
        form.add_error("next_on", ValidationError(_("On which day?")))
    if data.get("next_on") and not data.get("next_step") and "next_step" not in form.errors:
        form.add_error("next_step", ValidationError(_("What is the next step?")))
    return data
