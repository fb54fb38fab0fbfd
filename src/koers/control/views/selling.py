"""How are win rates, funnel, cycle time and velocity shown, down to their deals?"""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import UnknownPeriodError, selects
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.selling import (
    contacts_of,
    funnel_of,
    needed_of,
    other_currencies,
    speed_of,
    win_rates_of,
)
from koers.control.forms.selling import SellingQuestion, group_key, question_from
from koers.control.queries.selling import (
    DIVISIONS,
    deal_day,
    deals_of,
    in_group,
    open_stages,
    opened_in,
    passing,
)
from koers.control.views.variance import page_of_rows
from koers.core.actor import Actor
from koers.core.money import from_e4
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.models import Opportunity
from koers.sell.queries.opportunity import pipeline_choices

OUTCOMES = {
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
    "open": gettext_lazy("Open"),
    "decided": gettext_lazy("Won and lost"),
}
WAYS = {
    "reached": gettext_lazy("Reached"),
    "went_on": gettext_lazy("Went on"),
    "lost": gettext_lazy("Lost here"),
    "still": gettext_lazy("Stand here"),
}
COLUMNS = (
    Column("name", gettext_lazy("Opportunity"), "name"), Column("company", gettext_lazy("Customer")), Column("owner", gettext_lazy("Owner")),
    Column("stage", gettext_lazy("Stage"), "stage__position"), Column("amount", gettext_lazy("Amount"), "amount", numeric=True),
    Column("opened", gettext_lazy("Opened"), "opened_on"), Column("close", gettext_lazy("Closed"), "closed_on"),
)  # fmt: skip
KEPT = tuple(
    Filter(name, "")
    for name in ("period", "from", "to", "sbu", "team", "seller", "territory", "by", "pipeline", "target", "key", "stage", "result")
)  # fmt: skip


def selling(request: HttpRequest) -> HttpResponse:
    """Tiles, the funnel of one pipeline, and the win rate per group."""
    actor, asked = allowed(request)
    found = win_rates_of(actor=actor, period=asked.period, by=asked.by, choices=asked.choices)
    total = found.total
    speed = speed_of(actor=actor, period=asked.period, choices=asked.choices, total=total)
    state = ListState.from_request(request, columns=[Column("deals", _("Deals"), "deals")], default_sort="-deals", filters=KEPT)  # fmt: skip
    page = page_of_rows(found.rows, state)
    pipelines = pipeline_choices()
    context: dict[str, Any] = {
        "asked": asked, "scope": asked.scope, "selects": selects(asked.scope, actor.visible_people), "tabs": _tabs(asked),
        "division": DIVISIONS[asked.by][2], "found": found, "total": total, "won_amount": from_e4(total.won_e4), "speed": speed, "contacts": contacts_of(total.rate),
        "currency": reporting_currency(), "state": state, "page": page, "rows": [_row(row, asked, found.share_of_won(row)) for row in page.rows],
        "urls": {name: figure_url(asked, name) for name in ("win_rate", "cycle", "velocity", "contacts", "won")},
        "others": other_currencies(actor=actor, period=asked.period, choices=asked.choices),
        "pipelines": pipelines, "has_deals": bool(pipelines) and bool(total.decided or total.open),
    }  # fmt: skip
    if pipelines:
        context |= _funnel(actor, asked, total)
    return render(request, "control/selling/detail.html", context)


def allowed(request: HttpRequest) -> tuple[Actor, SellingQuestion]:
    """Who asks for what; everybody who may read customers sees the figures of the visible deals."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    return actor, question_from(request.GET, today=deal_day(timezone.localdate()))


def figure_url(asked: SellingQuestion, name: str, **more: object) -> str:
    """Address of a figure's panel."""
    return reverse("control:selling_figure", args=[name]) + asked.query(**more)


def deals_url(asked: SellingQuestion, **more: object) -> str:
    """Address of the deals behind a figure."""
    return reverse("control:selling_deals") + asked.query(**more)


def chosen_pipeline(asked: SellingQuestion) -> int:
    """The pipeline of the funnel: the one asked for, or the first."""
    keys = [int(key) for key, _name in pipeline_choices()]
    if asked.pipeline is None and keys:
        return keys[0]
    if asked.pipeline not in keys:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": asked.pipeline})
    return int(asked.pipeline or 0)


def _tabs(asked: SellingQuestion) -> list[dict[str, object]]:
    return [
        {"label": words, "url": f"{asked.query(by=name)}#list", "current": name == asked.by, "count": None}
        for name, (_column, _label, words) in DIVISIONS.items()
    ]  # fmt: skip


def _row(row: Any, asked: SellingQuestion, part: float | None) -> dict[str, Any]:
    key = row.key if row.key not in (None, "") else "none"
    return {
        "row": row, "label": row.label or _("(unknown)"), "url": figure_url(asked, "win_rate", key=key),
        "part": part, "part_url": figure_url(asked, "mix", key=key),
        "mean": None if row.mean_won_e4 is None else from_e4(row.mean_won_e4),
        "links": [(label, getattr(row, name), deals_url(asked, key=key, result=name))
                  for name, label in OUTCOMES.items() if name != "decided"],
    }  # fmt: skip


def _funnel(actor: Actor, asked: SellingQuestion, total: Any) -> dict[str, Any]:
    pipeline = chosen_pipeline(asked)
    found, unknown = funnel_of(actor=actor, period=asked.period, pipeline_id=pipeline, choices=asked.choices)  # fmt: skip
    inside = win_rates_of(actor=actor, period=asked.period, choices=asked.choices | {"pipeline": pipeline}).total  # fmt: skip
    needed = needed_of(float(asked.target), inside.mean_won_e4, found) if asked.target else []
    by_label = {each.label: each.deals for each in needed}
    steps = [
        {"step": step, "needed": by_label.get(step.label), "url": figure_url(asked, "conversion", stage=stage.pk),
         "links": [(label, getattr(step, field), deals_url(asked, stage=stage.pk, result=way))
                   for (way, label), field in zip(WAYS.items(), ("reached", "went_on", "lost_here", "still_here"), strict=True)]}
        for step, stage in zip(found.steps, open_stages(pipeline), strict=True)
    ]  # fmt: skip
    return {
        "funnel": found, "steps": steps, "unknown": unknown, "pipeline": str(pipeline), "needed_won": by_label.get(""),
        "mean_won": None if inside.mean_won_e4 is None else from_e4(inside.mean_won_e4),
    }  # fmt: skip


def selling_deals(request: HttpRequest) -> HttpResponse:
    """The deals behind a win rate or a step of the funnel."""
    actor, asked = allowed(request)
    rows, title = rows_behind(request, actor, asked)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-opened", filters=KEPT)
    shown = rows.select_related("company", "owner", "stage")
    context = {
        "asked": asked, "state": state, "page": page_of(shown, state), "title": title, "parent_url": reverse("control:selling") + asked.query(),
    }  # fmt: skip
    return render(request, "control/selling/deals.html", context)


def rows_behind(
    request: HttpRequest, actor: Actor, asked: SellingQuestion
) -> tuple[QuerySet[Opportunity], str]:
    """Deals of a group and result, or of a cell of the funnel, and what they are."""
    result = request.GET.get("result", "")
    if request.GET.get("stage"):
        stage = asked_stage(request, asked)
        if result not in WAYS:
            raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": result[:40]})
        deals = opened_in(actor, period=asked.period, choices=asked.choices)
        return passing(deals, stage=stage, outcome=result), f"{stage.name} · {WAYS[result]}"
    result = result or "decided"
    if result not in OUTCOMES:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": result[:40]})
    deals = group_deals(request, actor, asked)
    kinds = ("won", "lost") if result == "decided" else (result,)
    return deals.filter(stage_kind__in=kinds), str(OUTCOMES[result])


def group_deals(
    request: HttpRequest, actor: Actor, asked: SellingQuestion
) -> QuerySet[Opportunity]:
    """Deals of the asked group, or all where none is asked for."""
    deals = deals_of(actor, period=asked.period, choices=asked.choices)
    text = request.GET.get("key", "")
    if not text:
        return deals
    return in_group(deals, asked.by, None if text == "none" else group_key(asked.by, text))


def asked_stage(request: HttpRequest, asked: SellingQuestion) -> Any:
    """The stage a step of the funnel is about."""
    text = request.GET.get("stage", "")
    for stage in open_stages(chosen_pipeline(asked)):
        if str(stage.pk) == text:
            return stage
    raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": text[:40]})


def by_amount(deals: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """The largest first, those without an amount last."""
    return deals.order_by(F("amount").desc(nulls_last=True), "-pk")
