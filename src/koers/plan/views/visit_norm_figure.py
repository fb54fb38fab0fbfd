"""How is a figure of visits laid open: of one customer, of one seller, of all?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.visit_norm import seller_loads
from koers.plan.models import VisitNormSet
from koers.plan.queries.visit_norm import (
    customer_with_norm,
    customers_matching,
    customers_with_norm,
    effective_norm,
    norms_of,
    norms_on,
)
from koers.plan.views.visit_norm import period_of_visits
from koers.sell.models import ActivityKind, ActivityStatus
from koers.sell.queries.activity import activities_visible_to

SHOWN = 10
# Title, formula, how it is made, unit.
FIGURES = {
    "visits": (gettext_lazy("Visits the norms ask"), "F6.2", gettext_lazy("visits = Σ norm of each customer"), gettext_lazy("visits a year")),
    "units": (gettext_lazy("Visit units the norms ask"), "F6.3", gettext_lazy("task = Σ norm × visit unit"), gettext_lazy("units a year")),
    "hours": (gettext_lazy("Hours the norms ask"), "F6.1", gettext_lazy("hours = Σ norm × (travel + waiting + talk minutes) ÷ 60"), gettext_lazy("hours a year")),
    "level": (gettext_lazy("Visit performance level"), "F6.14", gettext_lazy("level = visits made ÷ norm"), ""),
    "kept": (gettext_lazy("Norm visits made where they were due"), "F6.14", gettext_lazy("share = Σ the smaller of visits made and norm, per customer ÷ Σ norm"), ""),
}  # fmt: skip


def visit_figure(request: HttpRequest, name: str) -> HttpResponse:
    """The panel of a figure over all customers one sees, or over those of one seller."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    if name not in FIGURES:
        raise NotFoundError(_("There is no such figure."))
    period, day = period_of_visits()
    sellers, load = seller_loads(actor=actor, period=period, day=day)
    key = request.GET.get("owner", "")
    filters = []
    if key:
        found = [each for each in sellers if str(each.key or "none") == key]
        if not found:
            raise NotFoundError(_("There is no such figure."))
        load, filters = found[0].load, [found[0].name or _("Without an owner")]
    title, formula, expression, unit = FIGURES[name]
    norm_set = norms_on(day)
    everybody = customers_with_norm(actor, norms=norms_of(norm_set), period=period, day=day)
    rows: Any = customers_matching(everybody, q="", choices={"owner": key})
    first = rows.exclude(norm=None).order_by("gap", "pk")[:SHOWN]
    value, parts = _value_and_parts(name, load, norm_set)
    panel = FigurePanel(
        title=str(title), formula_id=formula, formula_url=reverse("analyse:formula_detail", args=[formula]), expression=str(expression), value=value,
        unit=str(unit), parts=parts, period=period, filters=filters, notes=_notes(name, load.without_norm),
        rows_url=reverse("plan:visit_list") + (f"?owner={key}" if key else ""), rows_count=load.customers,
        columns=[_("Company"), _("Norm"), _("Visits made")], rows=[(row.name, row.norm, row.actual) for row in first], numeric_columns=frozenset({1, 2}),
    )  # fmt: skip
    return render_figure(request, panel)


def _value_and_parts(
    name: str, load: Any, norm_set: VisitNormSet | None
) -> tuple[str | None, list[tuple[str, str]]]:
    customers = (_("Customers with a norm"), formats.number(load.customers, 0))
    asked = formats.number(load.visits, 0)
    if name == "visits":
        return asked, [customers]
    if name == "units":
        return formats.number(load.units, 1), [customers, (_("Visits"), asked)]
    if name == "hours":
        around = [
            (_("Travel per visit, minutes"), formats.number(norm_set.travel_minutes if norm_set else 0, 0)),
            (_("Waiting per visit, minutes"), formats.number(norm_set.waiting_minutes if norm_set else 0, 0)),
        ]  # fmt: skip
        return formats.number(load.hours, 0), [customers, (_("Visits"), asked), *around]
    share = load.level if name == "level" else load.kept_share
    made = formats.number(load.actual if name == "level" else load.kept, 0)
    parts = [(_("Numerator: visits made"), made), (_("Denominator: norm"), asked), customers]
    return None if share is None else formats.share(share), parts


def _notes(name: str, without_norm: int) -> list[str]:
    notes = []
    if name in ("level", "kept"):
        notes.append(_("The norm is that of today's class and phase; customers who came in the year have it whole."))  # fmt: skip
        if without_norm:
            notes.append(_("Not counted: %(count)s visits at customers without a norm.") % {"count": formats.number(without_norm, 0)})  # fmt: skip
    if name == "level":
        notes.append(_("Visits beyond the norm of one customer hide those another one missed; see the share made where they were due."))  # fmt: skip
    return notes


def customer_figure(request: HttpRequest, company_id: int) -> HttpResponse:
    """The panel of one customer: which norm holds and why, and the visits that were made."""
    actor = actor_of(request)
    period, day = period_of_visits()
    norm_set = norms_on(day)
    row = customer_with_norm(actor, company_id=company_id, norms=norms_of(norm_set), period=period, day=day)  # fmt: skip
    holds = effective_norm(row, day=day)
    parts = [(_("Numerator: visits made"), str(row.actual)), (_("Denominator: norm"), formats.EN_DASH if row.norm is None else str(row.norm))]  # fmt: skip
    if holds.norm:
        of_phase = f", {holds.norm.get_phase_display()}" if holds.norm.phase else ""
        parts.append((_("Norm of class %(name)s") % {"name": f"{holds.norm.get_customer_class_display()}{of_phase}"}, str(holds.norm.visits)))  # fmt: skip
    notes = []
    if holds.exception:
        notes.append(_("Exception since %(day)s: %(reason)s") % {"day": formats.day(holds.exception.starts_on), "reason": holds.exception.reason})  # fmt: skip
    if row.norm is None:
        notes.append(_("No norm holds for this class, so there is nothing to compare with."))
    elif not row.norm:
        notes.append(_("The norm is 0 visits, so there is nothing to divide by."))
    share = row.actual / row.norm if row.norm else None
    visits = activities_visible_to(actor).filter(company=row, kind=ActivityKind.VISIT, status=ActivityStatus.DONE)  # fmt: skip
    visits = visits.filter(day__gte=period.start, day__lt=period.end).order_by("-day", "-pk")
    panel = FigurePanel(
        title=row.name, formula_id="F6.14", formula_url=reverse("analyse:formula_detail", args=["F6.14"]), expression=_("level = visits made ÷ norm"),
        value=None if share is None else formats.share(share), parts=parts, notes=notes, period=period,
        rows_url=reverse("sell:activity_list") + f"?company={row.pk}&kind=visit&status=done", rows_count=row.actual,
        columns=[_("Day"), _("Subject"), _("Owner")], rows=[(formats.day(each.day), each.subject, str(each.owner or "")) for each in visits[:SHOWN]],
    )  # fmt: skip
    return render_figure(request, panel)
