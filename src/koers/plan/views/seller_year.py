"""How many days and hours does each seller have in a year, and who is away when?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koers.core import formats
from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError, StaleVersionError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.tables import Column, ListState, page_of
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.seller_year import (
    FIRST_YEAR,
    LAST_YEAR,
    add_absence,
    remove_absence,
    set_seller_year,
)
from koers.plan.figures.seller_year import (
    SellerCapacity,
    calendar_year,
    capacities_of,
    overload,
    workloads_of,
)
from koers.plan.forms.seller_year import AbsenceForm, SellerYearsForm
from koers.plan.models import Absence
from koers.plan.queries.seller_year import (
    absences_in,
    may_change_year,
    seller_with_a_year,
    sellers_with_a_year,
)
from koers.plan.views.effort import tabs
from koers.plan.views.visit_norm import period_of_visits

COLUMNS = (
    ("name", "person__full_name"), ("kind", "kind"), ("from", "starts_on"), ("last", "ends_on"),
)  # fmt: skip
SHOWN = 10


@dataclass(frozen=True)
class YearRow:
    """A seller's year beside the work the norms ask of it."""

    person: User
    capacity: SellerCapacity
    load: float
    level: float | None
    may_change: bool

    @property
    def use(self) -> float | None:
        """Hours the norms ask as a share of the hours there are (F6.4, in hours)."""
        return self.load / self.capacity.hours if self.capacity.hours else None


def seller_years(request: HttpRequest) -> HttpResponse:
    """Days and hours of the sellers one sees, filled in on the spot, and their absences."""
    actor, today = actor_of(request), timezone.localdate()
    year = _year(request, today.year)
    people = list(sellers_with_a_year(actor))
    known = capacities_of([each.pk for each in people], year)
    own = [each for each in people if may_change_year(actor, each.pk)]
    step = request.POST.get("step", request.GET.get("step", "")) if request.method == "POST" else ""
    form = SellerYearsForm(request.POST if step == "years" else None, people=own, known=known)
    absence = AbsenceForm(request.POST if step == "away" else None, people=own, today=today)
    if request.method == "POST":
        answer = _changed(request, actor, year, step, form, absence)
        if answer is not None:
            return answer
    rows = rows_of(actor, people, known)
    state = ListState.from_request(request, columns=_columns(), default_sort="from")
    away = absences_in([each.pk for each in people], calendar_year(year)).select_related("person")
    summed = sum(each.capacity.hours for each in rows), sum(each.load for each in rows)
    context: dict[str, Any] = {
        "rows": [(each, form.cells(each.person.pk), form.weekdays(each.person.pk), form.version(each.person.pk), form.wrong(each.person.pk)) if each.may_change else (each, None, None, None, []) for each in rows],
        "form": form, "absence": absence, "state": state, "page": page_of(away, state), "tabs": tabs("capacity"), "year": year,
        "years": [today.year - 1, today.year, today.year + 1], "may_edit": bool(own), "may_remove": {each.pk for each in own}, "hours": summed[0], "load": summed[1],
        "days": sum(each.capacity.found.days for each in rows), "use": summed[1] / summed[0] if summed[0] else None, "overload": overload_of(rows),
        "query": f"?year={year}", "urls": {name: reverse("plan:seller_year_figure", args=[name]) + f"?year={year}" for name in FIGURES},
    }  # fmt: skip
    return render(request, "plan/seller_year/list.html", context, status=400 if request.method == "POST" else 200)  # fmt: skip


def rows_of(actor: Actor, people: list[User], known: dict[int, SellerCapacity]) -> list[YearRow]:
    """The sellers with their days, and hours the norms ask of each today."""
    period, day = period_of_visits()
    loads = workloads_of(actor=actor, people=[each.pk for each in people], period=period, day=day)
    return [
        YearRow(each, known[each.pk], *loads.get(each.pk, (0.0, None)), may_change_year(actor, each.pk))
        for each in people
    ]  # fmt: skip


def overload_of(rows: list[YearRow]) -> float | None:
    """By how much the seller who has to do most of what he can does more than the average (F6.8)."""
    return overload([each.use for each in rows if each.use is not None])


def _year(request: HttpRequest, this: int) -> int:
    text = request.GET.get("year", "")
    year = record_key(text) if text else this
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": text[:40]})
    return year


def _columns() -> list[Column]:
    labels = (_("Seller"), _("Kind"), _("From"), _("Last day"))
    found = [Column(name, label, sort) for (name, sort), label in zip(COLUMNS, labels, strict=True)]
    return [*found, Column("remove", _("Remove"), numeric=True)]


def _changed(
    request: HttpRequest, actor: Actor, year: int, step: str, form: SellerYearsForm, absence: AbsenceForm
) -> HttpResponse | None:  # fmt: skip
    """Do what was posted; None with the errors in the forms where it cannot be done."""
    require(actor, Right.EDIT_CUSTOMERS)
    back, now = redirect(f"{reverse('plan:seller_years')}?year={year}"), timezone.now()
    if step == "remove":
        said = remove_absence(actor=actor, absence_id=record_key(request.POST.get("absence", "")) or 0, at=now)  # fmt: skip
        query = "&".join(f"{name}={value}" for name, value in said.items())
        messages.success(request, _("The absence has been removed."), extra_tags=f"{reverse('plan:seller_years')}?step=again&year={year}&{query}")  # fmt: skip
        return back
    if step == "again":
        _again(request, actor)
        messages.success(request, _("The absence has been entered."))
        return back
    asked: Any = absence if step == "away" else form
    if not asked.is_valid():
        return None
    try:
        if step == "away":
            add_absence(actor=actor, at=now, **absence.values())
            messages.success(request, _("The absence has been entered."))
        else:
            said_of = list(form.changed())
            for person_id, values, version in said_of:
                set_seller_year(actor=actor, person_id=person_id, year=year, values=values, version=version, at=now)  # fmt: skip
            words = ngettext("%(number)d line has been saved.", "%(number)d lines have been saved.", len(said_of))  # fmt: skip
            messages.success(request, words % {"number": len(said_of)} if said_of else _("Nothing was changed."))  # fmt: skip
    except StaleVersionError:
        asked.add_error(None, _("Somebody else changed this year meanwhile. Open the page again to see the change, then make yours."))  # fmt: skip
        return None
    except RuleError as refusal:
        asked.add_error(None, str(refusal))
        return None
    return back


def _again(request: HttpRequest, actor: Actor) -> None:
    """Enter an absence that was just removed."""
    form = AbsenceForm(
        {
            "person": request.GET.get("person_id", ""), "kind": request.GET.get("kind", ""), "starts_on": request.GET.get("starts_on", ""),
            "last_day": request.GET.get("ends_on", ""),
        },
        people=list(sellers_with_a_year(actor)), today=timezone.localdate(),
    )  # fmt: skip
    if not form.is_valid():
        raise NotFoundError(_("This absence does not exist."))
    values = form.values()
    add_absence(actor=actor, at=timezone.now(), **(values | {"ends_on": values["ends_on"] - timedelta(days=1)}))  # fmt: skip


FIGURES = ("days", "hours", "use", "overload", "level")


def seller_year_figure(request: HttpRequest, name: str) -> HttpResponse:
    """The panel of days, hours or use: of one seller, or of all one sees."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    if name not in FIGURES:
        raise NotFoundError(_("There is no such figure."))
    year = _year(request, timezone.localdate().year)
    text = request.GET.get("seller", "")
    people = [seller_with_a_year(actor=actor, person_id=record_key(text) or 0)] if text else list(sellers_with_a_year(actor))  # fmt: skip
    rows = rows_of(actor, people, capacities_of([each.pk for each in people], year))
    return render_figure(request, _panel(name, year, rows, people[0].full_name if text else ""))


def _panel(name: str, year: int, rows: list[YearRow], who: str) -> FigurePanel:
    days, hours, load = (sum(each) for each in zip(*((row.capacity.found.days, row.capacity.hours, row.load) for row in rows), strict=True)) if rows else (0.0, 0.0, 0.0)  # fmt: skip
    counted = [row.capacity.found for row in rows]
    common: dict[str, Any] = {
        "period": calendar_year(year), "filters": [who or _("All sellers one sees"), str(year)], "rows_url": reverse("plan:seller_years") + f"?year={year}",
        "rows_count": len(rows),
    }  # fmt: skip
    if name == "days":
        taken = {kind: sum(each.taken[kind] for each in counted) for kind in ("leave", "sickness", "other")}  # fmt: skip
        dated = {kind: sum(each.dated[kind] for each in counted) for kind in taken}
        parts = [
            (_("Weekdays they work"), formats.number(sum(each.weekdays for each in counted), 0)), (_("− public holidays"), formats.number(sum(each.holidays for each in counted), 0)),
            *((f"− {Absence.Kind(kind).label}" + (f" ({_('of which dated')}: {formats.number(dated[kind], 0)})" if dated[kind] else ""), formats.number(number, 0)) for kind, number in taken.items()),
        ]  # fmt: skip
        return _filled(("F6.5", _("Sales days"), _("sales days = working days − leave − sickness − other work")), formats.number(days, 0), parts, common, [(row.person.full_name, formats.number(row.capacity.found.days, 0)) for row in rows], _("Days"), notes=[_("Days expected of a kind count until more of them are dated; a dated day counts once, and only on a working day.")], unit=_("days"))  # fmt: skip
    if name == "hours":
        parts = [(_("Sales days"), formats.number(days, 0)), (_("Hours a day, on average"), formats.number(hours / days, 2) if days else formats.EN_DASH)]  # fmt: skip
        return _filled(("F6.4", _("Hours for visits"), _("hours = Σ sales days × hours a day")), formats.number(hours, 0), parts, common, [(row.person.full_name, formats.number(row.capacity.hours, 0)) for row in rows], _("Hours"), unit=_("hours"))  # fmt: skip
    if name == "overload":
        found = overload_of(rows)
        uses = sorted((row for row in rows if row.use is not None), key=lambda row: -(row.use or 0))
        parts = [(_("Numerator: the highest use"), formats.share(uses[0].use or 0)), (_("Denominator: the mean use"), formats.share(sum(row.use or 0 for row in uses) / len(uses)))] if uses else []  # fmt: skip
        return _filled(("F6.8", _("Overload"), _("overload = highest use ÷ mean use − 1")), None if found is None else formats.share(found), parts, common, [(row.person.full_name, formats.share(row.use or 0)) for row in uses], _("Use"), notes=[] if found is not None else [_("Two sellers with hours are needed.")])  # fmt: skip
    if name == "level":
        return _level(rows, common)
    parts = [(_("Numerator: hours the norms ask"), formats.number(load, 0)), (_("Denominator: hours for visits"), formats.number(hours, 0))]  # fmt: skip
    return _filled(("F6.4", _("Use of the capacity"), _("use = hours the norms ask ÷ hours for visits")), formats.share(load / hours) if hours else None, parts, common, [(row.person.full_name, formats.EN_DASH if row.use is None else formats.share(row.use)) for row in rows], _("Use"))  # fmt: skip


def _level(rows: list[YearRow], common: dict[str, Any]) -> FigurePanel:
    """Visits made against the norm, per seller; the whole stands under visits per seller."""
    shown = [(row.person.full_name, formats.EN_DASH if row.level is None else formats.share(row.level)) for row in rows]  # fmt: skip
    value = formats.share(rows[0].level) if len(rows) == 1 and rows[0].level is not None else None
    period, _day = period_of_visits()
    notes = [] if value else [_("Choose one seller; the level of all together stands under visits per seller.")]  # fmt: skip
    return _filled(("F6.14", _("Visit performance level"), _("level = visits made ÷ norm")), value, [], common | {"period": period, "rows_url": reverse("plan:visit_sellers")}, shown, _("Level"), notes=notes)  # fmt: skip


def _filled(
    head: tuple[str, str, str], value: str | None, parts: list[tuple[str, str]], common: dict[str, Any],
    rows: list[tuple[str, str]], column: str, *, notes: list[str] | None = None, unit: str = "",
) -> FigurePanel:  # fmt: skip
    return FigurePanel(
        title=head[1], formula_id=head[0], formula_url=reverse("analyse:formula_detail", args=[head[0]]), expression=head[2], value=value, unit=unit, parts=parts,
        notes=notes or [], columns=[_("Seller"), column], rows=rows[:SHOWN], numeric_columns=frozenset({1}), **common,
    )  # fmt: skip
