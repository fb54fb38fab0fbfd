"""How is the pipeline shown per month, and everybody's chance of target, down to the deals?"""

from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.charts import Chart, Series
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.pipeline_forecast import (
    PipelineRow,
    TargetChance,
    chances_of,
    deals_of,
    pipeline_of,
    records_of,
)
from koers.plan.forms.pipeline_forecast import BASES, PipelineQuestion, question_from
from koers.plan.queries.pipeline_forecast import (
    CATEGORIES,
    LATER,
    LEVELS,
    NO_DATE,
    OVERDUE,
    StageRecord,
    in_slot,
    members_of,
    open_opportunities,
)
from koers.plan.views.pipeline_week import week_words
from koers.sell.models import ForecastCategory, Opportunity

SURE = 0.995
KEPT = tuple(Filter(name, "") for name in ("per", "chances", "unit", "slot", "category"))
COLUMNS = (
    Column("name", gettext_lazy("Opportunity"), "name"), Column("company", gettext_lazy("Customer")), Column("owner", gettext_lazy("Owner")),
    Column("stage", gettext_lazy("Stage"), "stage__position"), Column("amount", gettext_lazy("Amount"), "amount", numeric=True),
    Column("expected", gettext_lazy("Expected close date"), "expected_close_on"),
)  # fmt: skip
METHODS = {
    "steady": gettext_lazy("the pace of the last year"),
    "house": gettext_lazy("the pace of the last year times the season of the house"),
    "own": gettext_lazy("the same stretch a year before times the growth since"),
}


def pipeline_forecast(request: HttpRequest) -> HttpResponse:
    """Months of expected closing by category, and the chance of target per person, team or unit."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    asked = question_from(request.GET)
    today = analysis_day(timezone.localdate())
    deals = deals_of(actor=actor, today=today, by_record=asked.basis == "record")
    found = pipeline_of(deals, today)
    chances = chances_of(actor=actor, today=today, level=asked.level, deals=deals)
    context = {
        "asked": asked, "found": found, "chances": chances, "currency": reporting_currency(), "today": today, "level": LEVELS[asked.level],
        "rows": [_month(row, asked) for row in found.rows], "total": _month(found.total, asked), "heads": [category.label for category in CATEGORIES],
        "levels": [{"label": label, "url": asked.query(per=name) or "?", "current": name == asked.level, "count": None} for name, label in LEVELS.items()],
        "bases": [(name, label, name == asked.basis) for name, label in BASES.items()], "drawing": _drawing(found.rows, asked),
        "people": [_person(each, asked, chances.period) for each in chances.rows] if chances else [],
        "whole": _person(chances.total, asked, chances.period) if chances else None,
        "week": week_words(actor, asked.level, today),
        "records": [_record(record, interval) for record, interval in records_of(actor=actor)], "weighted_url": reverse("plan:pipeline_weighted_figure") + asked.query(),
    }  # fmt: skip
    return render(request, "plan/pipeline_forecast/detail.html", context)


def _deals_url(asked: PipelineQuestion, **more: object) -> str:
    return reverse("plan:pipeline_forecast_deals") + asked.query(**more)


def _month(row: PipelineRow, asked: PipelineQuestion) -> dict[str, Any]:
    return {
        "row": row, "label": slot_words(row.slot), "url": _deals_url(asked, slot=row.slot),
        "figure_url": reverse("plan:pipeline_weighted_figure") + asked.query(slot=row.slot),
        "cells": [(str(category.label), row.categories[category], _deals_url(asked, slot=row.slot, category=category)) for category in CATEGORIES],
    }  # fmt: skip


def slot_words(slot: str) -> str:
    """A row of the pipeline in words."""
    named = {OVERDUE: _("Overdue"), LATER: _("Later"), NO_DATE: _("Without a date"), "": _("Total")}
    if slot in named:
        return named[slot]
    if slot.startswith("period:"):
        return _("expected before %(day)s") % {"day": formats.day(date.fromisoformat(slot[7:]))}
    return formats.month(date.fromisoformat(slot))


def _sold_url(each: TargetChance, asked: PipelineQuestion, period: Period) -> str:
    """Order lines of a seller or team; a unit's lines go by product, so they would be others."""
    if each.key is None or asked.level == "sbu":
        return ""
    return f"{reverse('analyse:lines')}?from={period.start}&to={period.last_day}&{asked.level}={each.key}"


def _person(each: TargetChance, asked: PipelineQuestion, period: Period) -> dict[str, Any]:
    unit = {"unit": each.key, "slot": f"period:{period.end.isoformat()}"}
    return {
        "row": each, "label": each.label or _("Total"), "chance": chance_words(each.chance), "url": _deals_url(asked, **unit),
        "figure_url": reverse("plan:pipeline_chance_figure") + asked.query(unit=each.key), "tone": chance_tone(each.chance),
        "target_url": reverse("plan:attainment"), "sold_url": _sold_url(each, asked, period),
        "reach": each.expected / each.target if each.expected is not None and each.target else None,
    }  # fmt: skip


def _record(record: StageRecord, interval: tuple[float, float] | None) -> dict[str, Any]:
    off = interval is not None and record.given is not None and not interval[0] <= record.given <= interval[1]  # fmt: skip
    return {
        "name": record.name, "given": record.given, "won": record.won, "decided": record.decided, "interval": interval,
        "rate": record.won / record.decided if record.decided else None, "is_few": record.is_few, "is_off": off,
    }  # fmt: skip


def chance_words(chance: float | None) -> str:
    """A chance as people say it: never quite none, never quite sure."""
    if chance is None:
        return ""
    if chance < 1 - SURE:
        return _("below %(share)s") % {"share": formats.share(1 - SURE, 1)}
    if chance > SURE:
        return _("above %(share)s") % {"share": formats.share(SURE, 1)}
    return formats.share(chance, 0)


def chance_tone(chance: float | None) -> str:
    """The colour of a chance: good from 70 %, bad below 30 %."""
    if chance is None:
        return "outline"
    return "good" if chance >= 0.7 else "warn" if chance >= 0.3 else "bad"


def _drawing(rows: tuple[PipelineRow, ...], asked: PipelineQuestion) -> Chart:
    urls = {category: [_deals_url(asked, slot=row.slot, category=category) for row in rows] for category in CATEGORIES}  # fmt: skip
    bars = [Series(str(category.label), [row.categories[category] for row in rows], urls[category]) for category in CATEGORIES]  # fmt: skip
    line = Series(_("Weighted"), [row.weighted for row in rows], kind="line")
    return Chart("bar", [slot_words(row.slot) for row in rows], [*bars, line], stacked=True, format="money", digits=0, currency=reporting_currency())  # fmt: skip


def pipeline_forecast_deals(request: HttpRequest) -> HttpResponse:
    """The open deals behind an amount."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    asked = question_from(request.GET)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="expected", filters=KEPT)
    rows = _rows(asked, open_opportunities(actor)).select_related("company", "owner", "stage")
    words = [slot_words(asked.slot) if asked.slot else _("Open deals")]
    if asked.category:
        words.append(str(ForecastCategory(asked.category).label))
    context = {
        "asked": asked, "state": state, "page": page_of(rows, state), "title": " · ".join(words),
        "parent_url": reverse("plan:pipeline_forecast") + asked.query(),
    }  # fmt: skip
    return render(request, "plan/pipeline_forecast/deals.html", context)


def _rows(asked: PipelineQuestion, deals: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Deals that count, of the asked unit, row and category."""
    found = deals.filter(amount__isnull=False, stage__forecast_category__in=[asked.category] if asked.category else CATEGORIES)  # fmt: skip
    if asked.slot:
        found = in_slot(found, asked.slot, analysis_day(timezone.localdate()))
    if asked.unit is not None:
        owners = set(found.order_by().values_list("owner_id", flat=True)) - {None}
        parts = members_of(asked.level, [owner for owner in owners if owner is not None])
        found = found.filter(owner_id__in=[owner for owner, (key, _label) in parts.items() if key == asked.unit])  # fmt: skip
    return found


def weighted_figure(request: HttpRequest) -> HttpResponse:
    """The panel of a weighted amount (F4.7), with the largest deals behind it."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    asked = question_from(request.GET)
    today, currency = analysis_day(timezone.localdate()), reporting_currency()
    deals = deals_of(actor=actor, today=today, by_record=asked.basis == "record")
    rows = pipeline_of(deals, today)
    row = next((each for each in rows.rows if each.slot == asked.slot), rows.total if not asked.slot else None)  # fmt: skip
    if row is None:
        raise NotFoundError(_("There is no such figure."))
    shown = _rows(asked, open_opportunities(actor)).select_related("company", "stage")
    chance_of = {deal.pk: deal.chance for deal in deals}
    panel = FigurePanel(
        title=_("Weighted pipeline"), formula_id="F4.7", formula_url=reverse("analyse:formula_detail", args=["F4.7"]),
        expression=_("weighted = Σ amount × chance"), value=formats.money(row.weighted, currency),
        parts=[(_("Open deals"), formats.number(row.deals, 0)), (_("Amount"), formats.money(row.amount, currency)), (_("Chances"), str(BASES[asked.basis]))],
        filters=[slot_words(row.slot)] if row.slot else [],
        notes=[_("With few deals the outcome is all or nothing: look at the chance and the limits, too.")] if row.deals < 10 else [],
        rows_url=_deals_url(asked, slot=asked.slot), rows_count=row.deals, columns=[_("Opportunity"), _("Customer"), _("Amount"), _("Chance")],
        rows=[(deal.name, deal.company or formats.EN_DASH, formats.money(deal.amount, deal.currency), _share(chance_of.get(deal.pk)))
              for deal in shown.order_by(F("amount").desc(), "pk")[:8]],
        numeric_columns=frozenset({2, 3}),
    )  # fmt: skip
    return render_figure(request, panel)


def _share(chance: Any) -> str:
    return formats.EN_DASH if chance is None else formats.share(chance, 0)


def chance_figure(request: HttpRequest) -> HttpResponse:
    """The panel of a chance of target: what was sold, what the pace brings, and the open deals."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    asked = question_from(request.GET)
    today, currency = analysis_day(timezone.localdate()), reporting_currency()
    deals = deals_of(actor=actor, today=today, by_record=asked.basis == "record")
    chances = chances_of(actor=actor, today=today, level=asked.level, deals=deals)
    rows = [*chances.rows, chances.total] if chances else []
    row = next((each for each in rows if each.key == asked.unit), None)
    if chances is None or row is None:
        raise NotFoundError(_("There is no such target."))

    def money(value: Any) -> str:
        return formats.EN_DASH if value is None else formats.money(value, currency, digits=0)

    notes = []
    if row.chance is None:
        notes.append(_("The past is too short: six earlier stretches of the same length are needed, each with a year before it."))  # fmt: skip
    parts = [
        (_("Target"), money(row.target)), (_("Sold so far"), money(row.actual)), (_("Still to come by the pace of other orders"), money(row.rest)),
        (_("Weighted deals due in the period"), money(row.weighted)), (_("Expected"), money(row.expected)),
        (_("Four in five outcomes lie between"), f"{money(row.low)} – {money(row.high)}"),
    ]  # fmt: skip
    if row.chance is not None:
        parts += [
            (_("The pace"), str(METHODS[row.method])), (_("Tested on earlier stretches"), formats.number(row.windows, 0)),
            (_("Limits widened, so that four in five past outcomes lay within"), f"× {formats.number(row.widened, 2)}"),
        ]  # fmt: skip
    panel = FigurePanel(
        title=_("Chance of making target"), formula_id="F4.7", formula_url=reverse("analyse:formula_detail", args=["F4.7"]),
        expression=_("chance that sold + pace + won deals ≥ target"), value=chance_words(row.chance) or None, parts=parts,
        period=chances.period, filters=[row.label or _("all with a target of their own"), str(BASES[asked.basis])], notes=notes,
        rows_url=_deals_url(asked, unit=asked.unit, slot=f"period:{chances.period.end.isoformat()}"), rows_count=row.deals,
    )  # fmt: skip
    return render_figure(request, panel)
