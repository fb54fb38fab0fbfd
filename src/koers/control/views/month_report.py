"""How does the management team get its month on one page: on screen, as PDF, as workbook?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from koers.analyse.forms.period import UnknownPeriodError
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.month_report import Goal, MonthReport, Sold, month_report
from koers.control.views.action_item import new_item_url
from koers.control.views.variance_words import effect_label
from koers.core import formats
from koers.core.exports import xlsx_response
from koers.core.periods import Period, add_months, year_before
from koers.core.typesetting import pdf_of
from koers.organisation.policies import Right, may, require
from koers.organisation.queries.organisation import the_organisation
from koers.organisation.requests import actor_of

TEMPLATE = Path(__file__).resolve().parent.parent / "templates/control/month_report/report.typ"
MONTHS_BACK = 24
CLEAN = dict.fromkeys(range(32), " ")


@dataclass(frozen=True)
class ReportCell:
    """A value, how it is written, and where it opens."""

    value: Decimal | str | None
    kind: str = "money"
    url: str = ""
    opens_panel: bool = False

    @property
    def text(self) -> str:
        """The value in the reader's language."""
        if self.value is None:
            return formats.EN_DASH
        if isinstance(self.value, str):
            return self.value
        if self.kind == "change":
            return formats.signed(formats.share(self.value), self.value)
        if self.kind == "share":
            return formats.share(self.value)
        return formats.money(self.value, reporting_currency(), digits=0)


@dataclass(frozen=True)
class ReportTable:
    """A table of the page; the first cell of a row names it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[ReportCell]]


def report(request: HttpRequest) -> HttpResponse:
    """One page of a month; ``?file=pdf`` or ``xlsx`` gives the same as a file."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    today = analysis_day(timezone.localdate())
    latest = add_months(today.replace(day=1), -1)
    months = [add_months(latest, -back) for back in range(MONTHS_BACK)]
    month = _chosen(request.GET.get("month", ""), latest)
    found = month_report(actor=actor, month=month, today=today)
    tables = _tables(found, sees_cost=may(actor, Right.SEE_COST))
    file = request.GET.get("file", "")
    if file == "pdf":
        return _pdf(tables, month)
    if file == "xlsx":
        require(actor, Right.EXPORT)
        return _xlsx(tables, month)
    context = {
        "month": month, "months": [(each.isoformat()[:7], formats.month(each)) for each in months], "chosen": month.isoformat()[:7], "tables": tables,
        "may_export": may(actor, Right.EXPORT), "new_item_url": _new_item(month), "has_sales": any(each.turnover or each.before for each in found.sold),
    }  # fmt: skip
    return render(request, "control/month_report/detail.html", context)


def _new_item(month: date) -> str:
    url = f"{reverse('control:month_report')}?month={month:%Y-%m}"
    label = _("Sales report of %(month)s") % {"month": formats.month(month)}
    return new_item_url(source="report", source_label=label, source_url=url)


def _chosen(text: str, latest: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01") if text else latest
    except ValueError as error:
        raise UnknownPeriodError(_("“%(value)s” is no month.") % {"value": text[:40]}) from error


def _tables(found: MonthReport, *, sees_cost: bool) -> list[ReportTable]:
    names = {"month": formats.month(found.month.start), "year": _("The year so far")}
    tables = [
        ReportTable(_("Turnover and margin"), _heads(_("Period"), sees_cost=sees_cost), [_sold(each, names[each.label], sees_cost=sees_cost) for each in found.sold]),
        ReportTable(_("Business units, the year so far"), _heads(_("Business unit"), sees_cost=sees_cost),
                    [_sold(each, each.label or _("(unknown)"), sees_cost=sees_cost) for each in found.units]),
        ReportTable(_("Target and budget"), [_("Goal"), _("Amount"), _("Actual"), _("Attainment")], [_goal(each) for each in found.goals]),
        ReportTable(_("Why the month differs from last year"), [_("Effect"), _("Amount")], [_effect(found, name, value) for name, value in found.effects.items()]),
        ReportTable(_("Customers that changed most, the year so far"), [_("Customer"), _("Now"), _("Year before"), _("Change")], [
            [ReportCell(each.name, "text", reverse("customers:company_detail", args=[each.company_id])), ReportCell(each.after), ReportCell(each.before),
             ReportCell(each.after - each.before)]
            for each in found.movers
        ]),
    ]  # fmt: skip
    return [table for table in tables if table.rows]


def _heads(first: str, *, sees_cost: bool) -> list[str]:
    costed = [_("Contribution"), _("Margin"), _("Margin, year before")] if sees_cost else []
    return [first, _("Turnover"), _("Year before"), _("Change"), *costed]


def _sold(each: Sold, name: str, *, sees_cost: bool) -> list[ReportCell]:
    query = _query(each.period) + (f"&sbu={each.key}" if each.key is not None else "")

    def panel(figure: str) -> str:
        return reverse("analyse:figure", args=[figure]) + query

    costed = [
        ReportCell(each.contribution, "money", panel("contribution"), opens_panel=True), ReportCell(each.margin, "share", panel("margin"), opens_panel=True),
        ReportCell(each.margin_before, "share"),
    ] if sees_cost else []  # fmt: skip
    return [ReportCell(name, "text"), ReportCell(each.turnover, "money", panel("turnover"), opens_panel=True), ReportCell(each.before), ReportCell(each.change, "change"), *costed]  # fmt: skip


def _query(period: Period) -> str:
    return f"?from={period.start.isoformat()}&to={period.last_day.isoformat()}"


def _goal(each: Goal) -> list[ReportCell]:
    names = {"target": _("Target"), "budget": _("Budget")}
    urls = {"target": reverse("plan:attainment"), "budget": reverse("plan:budget_list")}
    name = f"{each.name or names[each.label]}, {formats.period(each.period.start, each.period.last_day)}"
    return [ReportCell(name, "text", urls[each.label]), ReportCell(each.goal), ReportCell(each.actual), ReportCell(each.attainment, "share")]  # fmt: skip


def _effect(found: MonthReport, name: str, value: Decimal) -> list[ReportCell]:
    before = year_before(found.month)
    query = _query(found.month) + f"&against_from={before.start.isoformat()}&against_to={before.last_day.isoformat()}"  # fmt: skip
    url = reverse("control:variance_figure", args=[name]) + query
    return [ReportCell(effect_label(name), "text"), ReportCell(value, "money", url, opens_panel=True)]  # fmt: skip


def _pdf(tables: list[ReportTable], month: date) -> HttpResponse:
    house = the_organisation()
    data: dict[str, Any] = {
        "language": (translation.get_language() or "en")[:2], "sender": house.name if house else "Koers",
        "title": _("Sales report of %(month)s") % {"month": formats.month(month)},
        "made": _("Made on %(moment)s") % {"moment": formats.moment(timezone.now())},
        "tables": [
            {"title": table.title, "heads": list(table.heads), "rows": [[cell.text.translate(CLEAN) for cell in row] for row in table.rows]}
            for table in tables
        ],
    }  # fmt: skip
    answer = HttpResponse(pdf_of(TEMPLATE, data), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="report-{month:%Y-%m}.pdf"'
    return answer


def _xlsx(tables: list[ReportTable], month: date) -> HttpResponse:
    rows = [
        [table.title, row[0].text, head, cell.value]
        for table in tables
        for row in table.rows
        for head, cell in zip(table.heads[1:], row[1:], strict=True)
    ]
    return xlsx_response(f"report-{month:%Y-%m}", [_("Part"), _("Line"), _("Figure"), _("Value")], rows)  # fmt: skip
