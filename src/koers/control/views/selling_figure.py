"""How was a sales figure made? Its panel, with the largest deals behind it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.forms.period import UnknownPeriodError
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.selling import CONTACTS, contacts_of, funnel_of, speed_of, win_rates_of
from koers.control.forms.selling import SellingQuestion, group_key
from koers.control.queries.selling import DIVISIONS, opened_in, passing
from koers.control.views.selling import (
    allowed,
    asked_stage,
    by_amount,
    deals_url,
    group_deals,
)
from koers.core import formats
from koers.core.actor import Actor
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.money import from_e4
from koers.sell.models import Opportunity

PREVIEW = 8
Maker = Callable[[HttpRequest, Actor, SellingQuestion], FigurePanel]


def selling_figure(request: HttpRequest, figure: str) -> HttpResponse:
    """The panel of one sales figure."""
    actor, asked = allowed(request)
    if figure not in PANELS:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": figure[:40]})
    return render_figure(request, PANELS[figure](request, actor, asked))


def _total(actor: Actor, asked: SellingQuestion) -> Any:
    return win_rates_of(actor=actor, period=asked.period, choices=asked.choices).total


def _group_of(text: str, actor: Actor, asked: SellingQuestion) -> tuple[Any, Any, list[str]]:
    """The rates, the group asked for or the total, and how the panel names it."""
    rates = win_rates_of(actor=actor, period=asked.period, by=asked.by, choices=asked.choices)
    if not text:
        return rates, rates.total, []
    key = ("" if text == "none" else group_key(asked.by, text)) or ""
    rows = [each for each in rates.rows if (each.key or "") == key]
    if not rows:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": text[:40]})
    return rates, rows[0], [f"{DIVISIONS[asked.by][2]}: {rows[0].label or _('(unknown)')}"]


def _mix(request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    text, currency = request.GET.get("key", ""), reporting_currency()
    rates, row, filters = _group_of(text, actor, asked)
    part = rates.share_of_won(row)
    deals = group_deals(request, actor, asked).filter(stage_kind="won")
    return _panel(
        _("Share of won"), "", _("share = amount of the won deals of the group ÷ amount of all won deals"), asked,
        value=None if part is None else formats.share(part),
        parts=[(_("Numerator: won in this group"), formats.money(from_e4(row.won_e4), currency)),
               (_("Denominator: won in all groups"), formats.money(from_e4(rates.total.won_e4), currency))],
        notes=[_("Amounts in other currencies are not in the sum.")], filters=filters, rows=deals, rows_url=deals_url(asked, key=text, result="won"),
    )  # fmt: skip


def _win_rate(request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    text = request.GET.get("key", "")
    rates, row, filters = _group_of(text, actor, asked)
    notes = [_("Open deals are left out: counting them as lost would punish a full pipeline.")]
    if row.is_few:
        notes.append(_("Fewer than 30 decided deals: chance weighs heavily, look at the interval."))
    if row.differs:
        notes.append(_("The difference from all other groups is larger than chance explains (p = %(p)s, corrected for looking at all groups).") % {"p": formats.number(row.p_value, 4)})  # fmt: skip
    if rates.after_result and text:
        notes.append(_("This is filled in only after the result, so it cannot explain or predict it."))  # fmt: skip
    deals = group_deals(request, actor, asked).filter(stage_kind__in=("won", "lost"))
    return _panel(
        _("Win rate"), "F12.1", _("win rate = won ÷ (won + lost)"), asked,
        value=None if row.rate is None else formats.share(row.rate),
        parts=[(_("Numerator: won"), formats.number(row.won, 0)), (_("Denominator: won and lost"), formats.number(row.decided, 0)),
               (_("Interval (Wilson, 95 of 100)"), _interval(row.interval))],
        notes=notes, filters=filters, rows=deals, rows_url=deals_url(asked, key=text),
    )  # fmt: skip


def _won(_request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    total, currency = _total(actor, asked), reporting_currency()
    mean = None if total.mean_won_e4 is None else from_e4(total.mean_won_e4)
    deals = group_deals(_request, actor, asked).filter(stage_kind="won")
    return _panel(
        _("Won"), "", _("sum of the amounts of won deals"), asked, value=formats.money(from_e4(total.won_e4), currency),
        parts=[(_("Won deals"), formats.number(total.won, 0)), (_("Mean amount of a won deal"), _money(mean, currency))],
        notes=[_("Amounts in other currencies are not in the sum.")], rows=deals, rows_url=deals_url(asked, result="won"),
    )  # fmt: skip


def _cycle(request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    speed = speed_of(actor=actor, period=asked.period, choices=asked.choices, total=_total(actor, asked))  # fmt: skip
    parts = [
        (f"{label}: {words}", _days(getattr(times, name)))
        for label, times in ((_("Won"), speed.won), (_("Lost"), speed.lost))
        for words, name in ((_("mean"), "mean"), (_("a quarter is faster than"), "lower"), (_("half"), "median"), (_("three quarters"), "upper"))
    ]  # fmt: skip
    deals = group_deals(request, actor, asked).filter(stage_kind__in=("won", "lost"), opened_on__isnull=False)  # fmt: skip
    return _panel(
        _("Cycle time"), "", _("days from opening to decision, mean of the decided deals"), asked,
        value=_days(speed.decided.mean), parts=[(_("Deals with both days"), formats.number(speed.decided.deals, 0)), *parts],
        notes=[_("Deals without a day of opening, or decided before it, are left out.")], rows=deals, rows_url=deals_url(asked, result="decided"),
    )  # fmt: skip


def _velocity(request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    total, currency = _total(actor, asked), reporting_currency()
    speed = speed_of(actor=actor, period=asked.period, choices=asked.choices, total=total)
    mean = None if total.mean_won_e4 is None else from_e4(total.mean_won_e4)
    return _panel(
        _("Sales velocity"), "F12.3", _("velocity = open deals × win rate × mean amount of a won deal ÷ mean days to a decision"), asked,
        value=None if speed.velocity is None else _("%(amount)s a day") % {"amount": formats.money(speed.velocity, currency)},
        parts=[(_("Open deals"), formats.number(total.open, 0)), (_("Win rate"), formats.EN_DASH if total.rate is None else formats.share(total.rate)),
               (_("Mean amount of a won deal"), _money(mean, currency)), (_("Mean days to a decision"), _days(speed.decided.mean))],
        rows=group_deals(request, actor, asked).filter(stage_kind="open"), rows_url=deals_url(asked, result="open"),
    )  # fmt: skip


def _contacts(request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    total = _total(actor, asked)
    per_yes, noes, chance = contacts_of(total.rate)
    return _panel(
        _("Deals per won deal"), "F2.8", _("deals per won deal = 1 ÷ win rate"), asked,
        value=None if per_yes is None else formats.number(per_yes, 2),
        parts=[(_("Win rate"), formats.EN_DASH if total.rate is None else formats.share(total.rate)),
               (_("Lost deals per won deal"), formats.EN_DASH if noes is None else formats.number(noes, 2)),
               (_("Chance of at least one won in %(count)s") % {"count": CONTACTS}, formats.EN_DASH if chance is None else formats.share(chance))],
        notes=[_("Past losses do not make the next win more likely.")],
        rows=group_deals(request, actor, asked).filter(stage_kind__in=("won", "lost")), rows_url=deals_url(asked, result="decided"),
    )  # fmt: skip


def _conversion(request: HttpRequest, actor: Actor, asked: SellingQuestion) -> FigurePanel:
    stage = asked_stage(request, asked)
    found, unknown = funnel_of(actor=actor, period=asked.period, pipeline_id=stage.pipeline_id, choices=asked.choices)  # fmt: skip
    step = next(each for each in found.steps if each.label == stage.name)
    notes = [_("Deals opened in the period. A deal that reached a stage passed all stages before it; deals still standing here are left out.")]  # fmt: skip
    if unknown:
        notes.append(_("Deals without a dated history, left out: %(count)s.") % {"count": formats.number(unknown, 0)})  # fmt: skip
    deals = passing(opened_in(actor, period=asked.period, choices=asked.choices), stage=stage, outcome="reached")  # fmt: skip
    return _panel(
        _("Conversion of “%(stage)s”") % {"stage": stage.name}, "F2.9", _("conversion = went on ÷ (went on + lost here)"), asked,
        value=None if step.conversion is None else formats.share(step.conversion),
        parts=[(_("Numerator: went on"), formats.number(step.went_on, 0)), (_("Denominator: went on or lost here"), formats.number(step.decided, 0)),
               (_("Still here"), formats.number(step.still_here, 0)), (_("Interval (Wilson, 95 of 100)"), _interval(step.interval))],
        notes=notes, rows=deals, rows_url=deals_url(asked, stage=stage.pk, result="reached"),
    )  # fmt: skip


def _panel(
    title: str,
    formula: str,
    expression: str,
    asked: SellingQuestion,
    *,
    rows: QuerySet[Opportunity],
    rows_url: str,
    **more: Any,
) -> FigurePanel:
    largest = by_amount(rows).select_related("company", "stage")[:PREVIEW]
    return FigurePanel(
        title=title, formula_id=formula, formula_url=reverse("analyse:formula_detail", args=[formula]) if formula else "",
        expression=expression, period=asked.period, rows_url=rows_url, rows_count=rows.count(),
        columns=[_("Customer"), _("Stage"), _("Amount")], numeric_columns=frozenset({2}),
        rows=[(str(deal.company or deal.name), str(deal.stage), _money(deal.amount, deal.currency)) for deal in largest],
        **more,
    )  # fmt: skip


def _money(amount: Any, currency: str) -> str:
    return formats.EN_DASH if amount is None else formats.money(amount, currency)


def _days(days: float | None) -> str:
    return formats.EN_DASH if days is None else _("%(count)s days") % {"count": formats.number(days, 0)}  # fmt: skip


def _interval(interval: Any) -> str:
    if interval is None:
        return formats.EN_DASH
    return f"{formats.share(interval.low)} – {formats.share(interval.high)}"


PANELS: dict[str, Maker] = {
    "win_rate": _win_rate,
    "won": _won,
    "mix": _mix,
    "cycle": _cycle,
    "velocity": _velocity,
    "contacts": _contacts,
    "conversion": _conversion,
}
