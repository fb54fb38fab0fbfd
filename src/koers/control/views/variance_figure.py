"""How was an effect of a variance made? Its panel, with the rows that weigh most."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.forms.period import UnknownPeriodError
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.variance import variance_of
from koers.control.forms.comparison import DIVISIONS, Comparison
from koers.control.views.variance import allowed, rows_of
from koers.control.views.variance_words import WORDS, effect_label, inner_division
from koers.core import formats
from koers.core.actor import Actor
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel

PREVIEW = 8


def variance_figure(request: HttpRequest, effect: str) -> HttpResponse:
    """The panel of one effect, or of the whole change."""
    actor, asked = allowed(request)
    if effect == "change":
        return render_figure(request, _change(actor, asked))
    if effect not in WORDS:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": effect[:40]})
    return render_figure(request, _effect(actor, asked, effect))


def _change(actor: Actor, asked: Comparison) -> FigurePanel:
    found, currency = variance_of(actor=actor, by=asked.by, **asked.arguments), reporting_currency()
    total = found.total
    return FigurePanel(
        title=_("Change"), formula_id="F9.16", formula_url=_formula_url("F9.16"), expression=_("change = after − before = sum of all effects"),
        value=formats.money(total.change, currency), period=asked.after,
        parts=[(_("Before"), formats.money(total.before, currency)), (_("After"), formats.money(total.after, currency)),
               *((effect_label(name), formats.money(total.effects[name], currency)) for name in WORDS if total.effects[name])],
        filters=_filters(actor, asked), rows_url=reverse("control:variance") + asked.query(), rows_count=len(found.rows),
        columns=[str(DIVISIONS[asked.by]), _("Change")],
        rows=[(row.label or _("(unknown)"), formats.money(row.change, currency)) for row in found.rows[:PREVIEW]],
        numeric_columns=frozenset({1}), notes=_notes(found.lines_without_cost),
    )  # fmt: skip


def _effect(actor: Actor, asked: Comparison, effect: str) -> FigurePanel:
    rows, total = rows_of(actor, asked, effect)
    words, currency = WORDS[effect], reporting_currency()
    heads = {"product": _("Product"), "company": _("Customer"), "": _("Currency")}
    parts = []
    if words.formula:
        parts = [
            (_("Units before, comparable products"), formats.number(total.quantity_before)),
            (_("Units now, comparable products"), formats.number(total.quantity_after)),
            (_("Their turnover before"), formats.money(total.value_before, currency)),
            (_("Their turnover now, at the exchange rates of before"), formats.money(total.value_after, currency)),
        ]  # fmt: skip
    return FigurePanel(
        title=effect_label(effect), formula_id=words.formula, formula_url=_formula_url(words.formula) if words.formula else "",
        expression=str(words.expression), value=formats.money(total.effects[effect], currency), parts=parts, period=asked.after,
        filters=_filters(actor, asked), rows_url=reverse("control:variance_rows") + asked.query(effect=effect), rows_count=len(rows),
        columns=[heads[inner_division(effect)], effect_label(effect)],
        rows=[(row.label or _("(unknown)"), formats.money(row.effects[effect], currency)) for row in rows[:PREVIEW]],
        numeric_columns=frozenset({1}),
    )  # fmt: skip


def _formula_url(formula_id: str) -> str:
    return reverse("analyse:formula_detail", args=[formula_id])


def _filters(actor: Actor, asked: Comparison) -> list[str]:
    found = [
        _("compared with %(period)s") % {"period": formats.period(asked.before.start, asked.before.last_day)},
        _("goods, without fees"),
    ]  # fmt: skip
    if not actor.sees_all:
        found.append(_("customers you may see"))
    return found


def _notes(lines_without_cost: int) -> list[str]:
    if not lines_without_cost:
        return []
    return [
        _("%(lines)s order lines without a known cost are left out.")
        % {"lines": formats.number(lines_without_cost, 0)}
    ]
