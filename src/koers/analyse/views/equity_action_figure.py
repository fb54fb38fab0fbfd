"""How was the return of an action on a driver made? Its side panels (F1.4, F1.5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.equity_action import fields_of, outcome_of
from koers.analyse.queries.equity_action import equity_action_for
from koers.analyse.views.equity_action import inputs_of
from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.requests import actor_of


def equity_action_figure(request: HttpRequest, action_id: int) -> HttpResponse:
    """'of' names the figure: return, gain or chance; 'rate' another discount rate."""
    found = equity_action_for(actor=actor_of(request), action_id=action_id)
    fields, rate = fields_of(found), request.GET.get("rate", "")
    if rate:
        fields["discount"] = _rate(rate)
    outcome, currency = outcome_of(fields), found.currency

    def money(value: float) -> str:
        return formats.money(value, currency)

    def ratio(value: float | None) -> str:
        return formats.EN_DASH if value is None else formats.share(value)

    steps = [
        (_("Customer equity without the action"), money(outcome.equity_before)), (_("With it"), money(outcome.equity_after)),
        (_("Gain in customer equity"), money(outcome.gain)), (_("Cost of the action"), money(float(found.cost))),
    ]  # fmt: skip
    chances = [
        (_("Chance to stay, before and after"), f"{formats.share(found.stay)} → {formats.share(outcome.stay_after)}"),
        (_("Chance to win, before and after"), f"{formats.share(found.win)} → {formats.share(outcome.win_after)}"),
    ]  # fmt: skip
    panels: dict[str, dict[str, Any]] = {
        "roi": {
            "title": _("Return of the action"), "formula_id": "F1.5", "expression": _("return = (gain in customer equity − cost) ÷ cost"), "value": ratio(outcome.roi),
            "parts": [*steps, (_("Interval of 90 in 100"), f"{ratio(outcome.roi_low)} – {ratio(outcome.roi_high)}"), (_("Discount rate a year"), formats.share(fields["discount"]))],
        },
        "gain": {
            "title": _("Gain in customer equity"), "formula_id": "F1.4", "expression": _("equity = customers × Σ over purchases of (1 + rate)^(−t ÷ purchases a year) × contribution × chance that we are chosen"),
            "value": money(outcome.gain), "parts": [*steps[:2], *chances, (_("Interval of 90 in 100"), f"{money(outcome.gain_low)} – {money(outcome.gain_high)}")],
        },
        "chance": {
            "title": _("Chance that it pays"), "formula_id": "F1.5", "expression": _("chance = share of draws whose gain exceeds the cost"), "value": formats.share(outcome.chance_pays),
            "parts": [(_("Draws"), formats.number(outcome.draws, 0)), (_("Standard error by the draws, at most"), formats.signed_points(outcome.chance_error).lstrip("+"))],
        },
    }  # fmt: skip
    chosen = panels.get(request.GET.get("of", "") or "roi")
    if chosen is None:
        raise NotFoundError(_("There is no such figure."))
    panel = FigurePanel(
        **chosen, formula_url=reverse("analyse:formula_detail", args=[chosen["formula_id"]]), computed_at=found.made_at,
        filters=[str(found.segment) if found.segment else _("all customers"), str(found.get_driver_display())], notes=notes_of(bool(found.learned)),
        columns=[_("Input"), _("Value")], rows=inputs_of(found), rows_url=reverse("analyse:equity_action_detail", args=[found.pk]), numeric_columns=frozenset({1}),
    )  # fmt: skip
    return render_figure(request, panel)


def notes_of(is_learned: bool) -> list[str]:  # noqa: FBT001 -- read from the record
    """What the figure rests on, said plainly."""
    shared = _("Equity here follows brand switching (F1.4), not the model of the page Customer equity; set neither off against the other.")  # fmt: skip
    if is_learned:
        return [_("The effect of a point was learned from survey choices; what people say they will choose is not yet what they buy."), shared]  # fmt: skip
    return [_("The effect of a point is your own estimate, not measured: there are no choices to learn it from."), shared]  # fmt: skip


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError as error:
        raise NotFoundError(_("There is no such figure.")) from error
    if not 0 <= rate <= 2:
        raise NotFoundError(_("There is no such figure."))
    return rate
