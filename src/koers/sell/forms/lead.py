"""What may be entered about a lead, and what does it become?"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField
from koers.customers.models import Company, Contact
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.sell.actions.lead_conversion import Conversion
from koers.sell.actions.opportunity import OpportunityValues
from koers.sell.forms.activity import DAY, CompanyField
from koers.sell.forms.opportunity import NextStepFields
from koers.sell.models import Lead, LeadSource, LeadTurn, Opportunity, Stage, StageKind

NEW, NONE, OTHER = "new", "none", "other"


class LeadForm(forms.Form):
    """A lead; without an owner it is given to somebody by rule."""

    company_name = forms.CharField(label=_("Company"), max_length=200, required=False)
    first_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=120, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
    need = forms.CharField(
        label=_("What is needed?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4_000
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Source"), choices=LeadSource.choices)
    source_detail = forms.CharField(
        label=_("Which fair, campaign or reference?"), max_length=120, required=False
    )
    cost = DecimalEntryField(
        label=_("Cost of this lead"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    received_on = forms.DateField(label=_("Received on"), widget=DAY)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("By rule")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_visible_to(actor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A lead has the name of a company or of a person."""
        data = super().clean() or self.cleaned_data
        if not data.get("company_name") and not data.get("last_name") and not self.errors:
            self.add_error(
                "company_name", ValidationError(_("Say which company or which person it is."))
            )
        return data

    def values(self) -> dict[str, Any]:
        """Values of the lead itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class LeadRuleForm(forms.Form):
    """To whom new leads go."""

    turn = forms.ChoiceField(
        label=_("Who is next?"), choices=LeadTurn.choices, widget=forms.RadioSelect
    )
    by_territory = forms.BooleanField(
        label=_("First among those who sell where most customers of the lead's town are"),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Values of the rule itself."""
        return {name: self.cleaned_data[name] for name in ("turn", "by_territory")}


class DisqualifyForm(forms.Form):
    """Why it will not become a customer."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class ConversionForm(NextStepFields):
    """Company, contact and opportunity: each new or existing, chosen separately."""

    company_choice = forms.ChoiceField(label=_("Company"), widget=forms.RadioSelect)
    company = CompanyField(label=_("Another company"), required=False)
    contact_choice = forms.ChoiceField(label=_("Contact"), widget=forms.RadioSelect)
    opportunity_choice = forms.ChoiceField(label=_("Opportunity"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("What is it about?"), max_length=200, required=False)
    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=_("Stage"), required=False, empty_label=None
    )
    amount = DecimalEntryField(
        label=_("Amount"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    field_order = ("company_choice", "company", "contact_choice", "opportunity_choice", "name", "stage", "amount", "next_step",
                   "next_on", "next_kind")  # fmt: skip

    def __init__(
        self, *args: Any, actor: Actor, lead: Lead, companies: list[Company], contacts: list[Contact],
        opportunities: list[Opportunity], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.lead = lead
        self.fields["company"].actor = actor  # type: ignore[attr-defined]
        self._choose("company_choice", [
            *((str(c.pk), _("Existing: %(name)s") % {"name": _place(c)}) for c in companies),
            (NEW, _("New: %(name)s") % {"name": str(lead)}), (OTHER, _("Another existing company")),
        ])  # fmt: skip
        people = [(str(c.pk), _("Existing: %(name)s") % {"name": f"{c} ({c.company})"}) for c in contacts]  # fmt: skip
        if lead.last_name:
            people.append((NEW, _("New: %(name)s") % {"name": lead.person}))
        self._choose("contact_choice", [*people, (NONE, _("No contact"))])
        deals = [(str(o.pk), _("Existing: %(name)s") % {"name": f"{o} ({o.company})"}) for o in opportunities]  # fmt: skip
        self._choose("opportunity_choice", [
            (NEW, _("New opportunity")), *deals, (NONE, _("No opportunity yet")),
        ])  # fmt: skip
        stages = Stage.objects.filter(kind=StageKind.OPEN)
        self.fields["stage"].queryset = stages  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields[name].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        """A new opportunity has a name, a stage and a next step; another company is named."""
        data = super().clean()
        if data.get("company_choice") == OTHER and not data.get("company") and "company" not in self.errors:  # fmt: skip
            self.add_error("company", ValidationError(_("Which company?")))
        if data.get("opportunity_choice") == NEW:
            for name, words in (
                ("name", _("What is it about?")),
                ("next_step", _("Say what happens next, and when.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(words))
        return data

    def conversion(self) -> Conversion:
        """The choices as the action takes them."""
        data = self.cleaned_data
        company = data["company_choice"]
        company_id = data["company"].pk if company == OTHER else None
        deal = None
        if data["opportunity_choice"] == NEW:
            deal = OpportunityValues(name=data["name"], stage=data["stage"], amount=data["amount"])
        return Conversion(
            company_id=int(company) if company.isdigit() else company_id,
            contact_id=_key(data["contact_choice"]), with_contact=data["contact_choice"] == NEW,
            opportunity_id=_key(data["opportunity_choice"]), opportunity=deal, next_step=self.step() if deal else None,
        )  # fmt: skip


def _key(choice: str) -> int | None:
    return int(choice) if choice.isdigit() else None


def _place(company: Company) -> str:
    return f"{company.name} ({company.city})" if company.city else company.name
