"""What may be entered about an opportunity, and when it goes to another stage?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.catalogue.queries.price_list import products_meant
from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField
from koers.core.typed_choice import TypedChoiceField
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.sell.actions.activity import NextStep
from koers.sell.forms.activity import DAY, CompanyField, step_is_whole
from koers.sell.models import GATE_FIELDS, ActivityKind, Opportunity, Stage, StageKind

LONGEST_REASON = 200


class NextStepFields(forms.Form):
    """What happens next, and on which day; both or neither."""

    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("Next step on"), widget=DAY, required=False)
    next_kind = forms.ChoiceField(
        label=_("Kind of next step"), choices=ActivityKind.choices, initial=ActivityKind.CALL, required=False
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A next step has a day, and a day has a next step."""
        return step_is_whole(self)

    def step(self) -> NextStep | None:
        """The step as actions take it."""
        data = self.cleaned_data
        if not data.get("next_step"):
            return None
        return NextStep(data["next_step"], data["next_on"], data["next_kind"] or ActivityKind.TASK)


class OpportunityForm(forms.Form):
    """An opportunity itself; where it stands is changed by moving it."""

    name = forms.CharField(label=_("What is it about?"), max_length=200)
    company = CompanyField(label=_("Customer"), required=False)
    product = TypedChoiceField(
        label=_("Product"), url_name="catalogue:product_options", options_id="product-options", required=False
    )  # fmt: skip
    amount = DecimalEntryField(
        label=_("Amount"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    expected_close_on = forms.DateField(label=_("Expected close date"), widget=DAY, required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False)
    competitor = forms.CharField(label=_("Competitor"), max_length=120, required=False)
    need = forms.CharField(
        label=_("Need: which problem must be solved?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4_000,
    )
    buying_process = forms.CharField(
        label=_("Buying process: how and when do they decide?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4_000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, actor: Actor, opportunity: Opportunity | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].actor = actor  # type: ignore[attr-defined]
        self.fields["product"].find = products_meant  # type: ignore[attr-defined]
        people = owners_visible_to(actor)
        if opportunity is not None and opportunity.owner_id:
            people = people | User.objects.filter(pk=opportunity.owner_id)
        self.fields["owner"].queryset = people.order_by("full_name")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Values of the opportunity itself."""
        names = (
            "name",
            "company",
            "product",
            "amount",
            "expected_close_on",
            "owner",
            "competitor",
            "need",
            "buying_process",
        )
        return {name: self.cleaned_data[name] for name in names}


class NewOpportunityForm(NextStepFields, OpportunityForm):
    """A new opportunity with its first stage and the step that comes next."""

    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage"), empty_label=None)
    field_order = ("name", "company", "stage", "amount", "expected_close_on", "product", "owner",
                   "next_step", "next_on", "next_kind", "competitor", "need", "buying_process")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = Stage.objects.filter(  # type: ignore[attr-defined]
            kind=StageKind.OPEN
        ).select_related("pipeline")
        several = Stage.objects.values("pipeline").distinct().count() > 1
        if several:
            self.fields["stage"].label_from_instance = _with_pipeline  # type: ignore[attr-defined]
        for name in ("next_step", "next_on"):
            self.fields[name].required = True


class MoveForm(NextStepFields):
    """What is still needed before an opportunity enters a stage; fields it has no use for are left out."""

    amount = DecimalEntryField(
        label=_("Amount"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    expected_close_on = forms.DateField(label=_("Expected close date"), widget=DAY, required=False)
    product = TypedChoiceField(
        label=_("Product"), url_name="catalogue:product_options", options_id="product-options", required=False
    )  # fmt: skip
    company = CompanyField(label=_("Customer"), required=False)
    lost_reason = forms.CharField(
        label=_("Lost reason"), max_length=LONGEST_REASON, required=False,
        widget=forms.TextInput(attrs={"list": "lost-reasons", "autocomplete": "off"}),
    )  # fmt: skip
    competitor = forms.CharField(label=_("Competitor"), max_length=120, required=False)
    need = forms.CharField(
        label=_("Need: which problem must be solved?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4_000
    )  # fmt: skip
    buying_process = forms.CharField(
        label=_("Buying process: how and when do they decide?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4_000
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("lost_reason", "competitor", "company", "product", "amount", "expected_close_on", "need", "buying_process",
                   "next_step", "next_on", "next_kind")  # fmt: skip

    def __init__(
        self, *args: Any, actor: Actor, stage: Stage, missing: set[str], needs_step: bool, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["company"].actor = actor  # type: ignore[attr-defined]
        self.fields["product"].find = products_meant  # type: ignore[attr-defined]
        asked = set(missing)
        if stage.kind == StageKind.LOST:
            asked |= {"lost_reason", "competitor"}
        if stage.kind == StageKind.WON:
            asked |= {"amount"}
        if stage.kind == StageKind.OPEN:
            asked |= {"next_step", "next_on", "next_kind"}
        for name in list(self.fields):
            if name not in asked | {"version"}:
                del self.fields[name]
        required = set(missing) | {"lost_reason"} | ({"amount"} if stage.kind == "won" else set())
        if needs_step:
            required |= {"next_step", "next_on"}
        for name in required & set(self.fields):
            self.fields[name].required = True

    def gate_values(self) -> dict[str, Any]:
        """Fields of the opportunity itself that were filled in on the way."""
        names = [name for name in GATE_FIELDS if name in self.fields]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


def _with_pipeline(stage: Stage) -> str:
    return f"{stage.pipeline}: {stage.name}"
