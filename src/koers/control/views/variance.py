"""How is the difference between two periods shown: as a bridge, per group, and down to its rows?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.forms.period import UnknownPeriodError, selects
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.variance import Inside, variance_of
from koers.control.forms.comparison import (
    AGAINST,
    DIVISIONS,
    MEASURES,
    Comparison,
    comparison_from,
)
from koers.control.views.action_item import new_item_url
from koers.control.views.variance_words import WORDS, effect_label, inner_division
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Step, Waterfall
from koers.core.exports import csv_response, xlsx_response
from koers.core.tables import Column, ListState, Page
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of


def variance(request: HttpRequest) -> HttpResponse:
    """The bridge from before to after, and the same effects per group."""
    actor, asked = allowed(request)
    found = variance_of(actor=actor, by=asked.by, **asked.arguments)
    used = [name for name in WORDS if any(row.effects[name] for row in (found.total, *found.rows))]
    if request.GET.get("export"):
        require(actor, Right.EXPORT)
        return _export(request.GET["export"], asked, found, used)
    state = ListState.from_request(request, columns=[Column("change", _("Change"), "change")], default_sort="-change")  # fmt: skip
    page = page_of_rows(found.rows, state)
    context = {
        "asked": asked, "scope": asked.scope, "selects": selects(asked.scope, actor.visible_people),
        "found": found, "currency": reporting_currency(), "page": page, "state": state,
        "heads": [effect_label(name) for name in used],
        "rows": [(row, _cells(row, used, asked)) for row in page.rows],
        "totals": [(found.total.effects[name], figure_url(asked, name)) for name in used],
        "drawing": _drawing(found.total, used, asked), "divisions": DIVISIONS, "against": AGAINST,
        "tabs": _tabs(asked) if may(actor, Right.SEE_COST) else [], "measure": MEASURES[asked.measure],
        "change_url": figure_url(asked, "change"), "export_query": asked.query(), "may_export": may(actor, Right.EXPORT),
    }  # fmt: skip
    return render(request, "control/variance/detail.html", context)


def allowed(request: HttpRequest) -> tuple[Actor, Comparison]:
    """Who asks for what; contribution needs the right to see costs."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    asked = comparison_from(request.GET, today=analysis_day(timezone.localdate()))
    if asked.measure == "contribution":
        require(actor, Right.SEE_COST)
    return actor, asked


def figure_url(asked: Comparison, effect: str) -> str:
    """Address of an effect's panel."""
    return reverse("control:variance_figure", args=[effect]) + asked.query()


def page_of_rows(rows: Any, state: ListState) -> Page[Any]:
    """One page of rows that were computed together."""
    start = (state.page - 1) * state.size
    return Page(rows[start : start + state.size], state, len(rows), total_is_exact=True, has_next=start + state.size < len(rows))  # fmt: skip


def _cells(row: Any, used: list[str], asked: Comparison) -> list[tuple[Any, str, str]]:
    url = reverse("control:variance_rows")
    key = "none" if row.key is None else row.key
    return [
        (row.effects[name], effect_label(name), url + asked.query(effect=name, inside=asked.by, key=key))
        for name in used
    ]  # fmt: skip


def _drawing(total: Any, used: list[str], asked: Comparison) -> Waterfall:
    steps = [
        Step(_("Before"), total.before, is_level=True),
        *(Step(effect_label(name), total.effects[name], figure_url(asked, name)) for name in used),
        Step(_("After"), total.after, is_level=True),
    ]  # fmt: skip
    return Waterfall(steps, format="money", currency=reporting_currency(), panel=True)


def _tabs(asked: Comparison) -> list[dict[str, object]]:
    return [
        {"url": asked.query(measure=name), "label": label, "current": name == asked.measure}
        for name, label in MEASURES.items()
    ]


def _export(kind: str, asked: Comparison, found: Any, used: list[str]) -> HttpResponse:
    heads = [str(DIVISIONS[asked.by]), _("Before"), _("After"), _("Change"), *(effect_label(name) for name in used)]  # fmt: skip
    rows = [
        [_("Total") if row is found.total else row.label or _("(unknown)"), row.before, row.after, row.change,
         *(row.effects[name] for name in used)]
        for row in (*found.rows, found.total)
    ]  # fmt: skip
    write = xlsx_response if kind == "xlsx" else csv_response
    return write("variance", heads, rows)


def variance_rows(request: HttpRequest) -> HttpResponse:
    """The customers, products or currencies an effect is made of; each leads to its order lines."""
    actor, asked = allowed(request)
    effect = request.GET.get("effect", "") or "price"
    if effect not in WORDS:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": effect[:40]})
    inside = _inside(request)
    rows, total = rows_of(actor, asked, effect, inside)
    state = ListState.from_request(request, columns=[Column("effect", effect_label(effect), "effect")], default_sort="-effect")  # fmt: skip
    page = page_of_rows(rows, state)
    context = {
        "asked": asked, "effect": effect, "title": effect_label(effect), "words": WORDS[effect], "page": page, "state": state,
        "currency": reporting_currency(), "total": total.effects[effect], "group": total.label if inside else "",
        "by_product": inner_division(effect) == "product", "division": inner_division(effect),
        "rows": [(row, row.effects[effect], *_line_urls(asked, effect, row, inside)) for row in page.rows],
        "parent_url": reverse("control:variance") + asked.query(), "new_item_url": _new_item(request, asked, effect, total.label if inside else ""),
    }  # fmt: skip
    return render(request, "control/variance/rows.html", context)


def _new_item(request: HttpRequest, asked: Comparison, effect: str, group: str | None) -> str:
    """An action item that follows from this step of the bridge."""
    label = ", ".join(
        filter(
            None,
            (effect_label(effect), group, formats.period(asked.after.start, asked.after.last_day)),
        )
    )
    return new_item_url(
        source="variance", source_label=label[:200], source_url=request.get_full_path()[:500]
    )


def rows_of(
    actor: Actor, asked: Comparison, effect: str, inside: Inside | None = None
) -> tuple[list[Any], Any]:
    """Rows an effect is made of, the largest first, and the total they add up to."""
    found = variance_of(actor=actor, by=inner_division(effect), inside=inside, **asked.arguments)
    rows = [row for row in found.rows if row.effects[effect]]
    rows.sort(key=lambda row: (-abs(row.effects[effect]), str(row.label)))
    return rows, found.total


def _inside(request: HttpRequest) -> Inside | None:
    name, key = request.GET.get("inside", ""), request.GET.get("key", "")
    if not name:
        return None
    if name not in DIVISIONS or not (key == "none" or (key.isascii() and key.isdigit() and len(key) < 19)):  # fmt: skip
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": f"{name} {key}"[:40]})  # fmt: skip
    return name, None if key == "none" else int(key)


def _line_urls(asked: Comparison, effect: str, row: Any, inside: Inside | None) -> tuple[str, str]:
    """Order lines of a row before and after; nothing where the lines cannot be asked for."""
    division = inner_division(effect)
    if row.key is None or not division or (inside and inside[1] is None):
        return "", ""
    chosen: dict[str, object] = {**asked.scope.chosen, division: row.key}
    if inside:
        chosen[inside[0]] = inside[1]
    url = reverse("analyse:lines")
    before, after = (
        f"{url}?from={period.start.isoformat()}&to={period.last_day.isoformat()}"
        + "".join(f"&{name}={value}" for name, value in chosen.items())
        for period in (asked.before, asked.after)
    )
    return before, after
