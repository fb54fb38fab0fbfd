"""For which part of the company does the economics desk compute, with which inputs, and what is decided?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.forms.period import Scope, UnknownPeriodError, scope_from, selects
from koers.catalogue.models import ProductGroup
from koers.core.actor import Actor
from koers.core.entry import DecimalEntryField, record_key
from koers.core.errors import NotFoundError
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.models import User
from koers.plan.queries.economic_decision import deciders_for
from koers.sell.forms.activity import CompanyField

HUNDRED = Decimal(100)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

INPUTS = {
    "turnover": _l("Turnover in the period"), "orders": _l("Orders in the period"), "share": _l("Contribution share, %"),
    "fixed": _l("Fixed costs in the period"), "profit": _l("Wanted profit in the period"), "discount": _l("Discount, %"), "rise": _l("Price rise, %"),
    "paid": _l("Turnover paid early"), "due": _l("Term of payment, days"), "early": _l("Days within which the discount holds"), "rate": _l("Interest a year, %"),
    "unit_cost": _l("Cost per unit"), "margin": _l("Margin on the price, %"), "vat": _l("VAT, %"), "invest": _l("Investment now"),
    "extra": _l("Extra turnover a year"), "running": _l("Extra costs a year"), "years": _l("Years"), "cost": _l("Cost of the sellers in the period"),
    "visits": _l("Visits made in the period"), "visit_cost": _l("Cost of a visit"), "order_cost": _l("Cost of handling an order"),
}  # fmt: skip


@dataclass(frozen=True)
class DeskScope:
    """Period and choices of an analysis, with a product group or a customer where one is chosen."""

    scope: Scope
    group: ProductGroup | None
    company: Company | None

    @property
    def chosen(self) -> dict[str, int]:
        """Every choice by its name."""
        found = dict(self.scope.chosen)
        if self.group is not None:
            found["group"] = self.group.pk
        if self.company is not None:
            found["company"] = self.company.pk
        return found

    @property
    def filters(self) -> dict[str, Any]:
        """Keyword arguments of a fact filter."""
        found = dict(self.scope.filters)
        if self.group is not None:
            found["group_ids"] = (self.group.pk,)
        if self.company is not None:
            found["company_ids"] = (self.company.pk,)
        return found

    def query(self, **more: object) -> str:
        """The same scope as the end of an address."""
        extra = {"group": self.group and self.group.pk, "company": self.company and self.company.pk}
        return self.scope.query(**extra, **more)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The same scope as hidden fields of a form."""
        return parse_qsl(self.query()[1:])

    def words(self, actor: Actor) -> list[str]:
        """What was chosen, in words."""
        found = [
            label
            for each in selects(self.scope, actor.visible_people)
            if each.name != "period"
            for key, label in each.options
            if key == each.chosen
        ]
        return [*found, *(str(each) for each in (self.group, self.company) if each is not None)]


def desk_scope(data: QueryDict, *, actor: Actor, today: date) -> DeskScope:
    """Read the scope; a customer comes by number, or by the words typed in the field."""
    company: Company | None = None
    words = data.get("company", "").strip()
    if words:
        key = record_key(words)
        company = company_for(actor=actor, company_id=key) if key else _typed_company(words, actor)
    group = None
    if text := data.get("group", ""):
        group = ProductGroup.objects.filter(pk=_key(text)).first()
        if group is None:
            raise NotFoundError(_("This product group does not exist."))
    return DeskScope(scope_from(data, today=today), group, company)


def _key(text: str) -> int:
    key = record_key(text)
    if key is None:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": text[:40]})
    return key


def _typed_company(text: str, actor: Actor) -> Company | None:
    field = CompanyField(required=False)
    field.actor = actor
    try:
        found: Company | None = field.clean(text)
    except ValidationError as error:
        raise UnknownPeriodError(error.messages[0]) from error
    return found


class DeskForm(forms.Form):
    """The inputs of one calculator; what is empty or not in the address keeps its starting value."""

    def __init__(
        self, data: QueryDict, *, calculator: Any, start: Mapping[str, Decimal | None]
    ) -> None:
        fields = {ask.key: _field(ask) for ask in calculator.asks}
        self.start, self.asks = start, calculator.asks
        typed = {key: data[key] for key in fields if data.get(key, "").strip()}
        super().__init__(self.beginning() | typed)
        self.fields.update(fields)

    def beginning(self) -> dict[str, str]:
        """Each starting value as one types it; shares in percent."""
        found = {}
        for ask in self.asks:
            found[ask.key] = as_typed(self.start[ask.key], ask.unit)
        return found

    def clean(self) -> dict[str, Any]:
        """Shares as 0-1; who pays early pays before the term."""
        found = super().clean() or {}
        for ask in self.asks:
            if ask.unit == "share" and found.get(ask.key) is not None:
                found[ask.key] /= HUNDRED
        early, due = found.get("early"), found.get("due")
        if early is not None and due is not None and early >= due:
            self.add_error("early", _("Early payment comes before the term of payment."))
        return found

    @property
    def inputs(self) -> dict[str, Decimal | None]:
        """What is computed with."""
        return {ask.key: self.cleaned_data[ask.key] for ask in self.asks}

    @property
    def own(self) -> dict[str, str]:
        """Inputs somebody set otherwise, as they were typed."""
        if not self.is_valid():
            return {ask.key: str(self.data[ask.key]) for ask in self.asks if self.data[ask.key]}
        return {
            key: str(self.data[key])
            for key, value in self.inputs.items()
            if value != self.start[key] and value is not None
        }


def as_typed(value: Decimal | None, unit: str) -> str:
    """A value as one types it in the reader's language; shares in percent."""
    if value is None:
        return ""
    return str(DecimalEntryField().prepare_value(value * HUNDRED if unit == "share" else value))


def _field(ask: Any) -> DecimalEntryField:
    most = ask.most * 100 if ask.unit == "share" else ask.most
    least, places = (1, 0) if ask.unit in ("years", "days") else (0, 2)
    return DecimalEntryField(
        label=INPUTS[ask.key], min_value=least, max_value=Decimal(str(round(most, 2))), max_digits=16, decimal_places=places, required=False,
    )  # fmt: skip


class DecisionForm(forms.Form):
    """Under which name is a calculation kept, what was decided, by whom, and when is it looked at again?"""

    name = forms.CharField(label=_l("Name"), max_length=200)
    decision = forms.CharField(
        label=_l("What is decided?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000
    )  # fmt: skip
    decided_by = forms.ModelChoiceField(User.objects.none(), label=_l("Decided by"), empty_label=None)  # fmt: skip
    decided_on = forms.DateField(label=_l("Decided on"), widget=DAY)
    review_on = forms.DateField(
        label=_l("Control date"), widget=DAY, help_text=_l("From this day on it asks what became of it.")
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_by"].queryset = deciders_for(actor)  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    """What became of a decision."""

    outcome = forms.CharField(
        label=_l("What became of it?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000
    )  # fmt: skip
