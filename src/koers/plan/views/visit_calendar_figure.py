"""How are the figures of the visit calendar laid open?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.plan.views.visit_calendar import WHY, answer, asked_calendar

SHOWN = 10


def calendar_figure(request: HttpRequest, name: str) -> HttpResponse:
    """``placed``: which part of the due visits has a day. ``use``: how full the days are."""
    asked = asked_calendar(request)
    if asked is None or name not in ("placed", "use"):
        raise NotFoundError(_("There is no such figure."))
    found = answer(request, asked)
    plan = found.plan
    period = Period(found.first, asked.quarter.end) if found.first < asked.quarter.end else asked.quarter  # fmt: skip
    url = reverse("plan:visit_calendar") + asked.query(view="list")
    formula = "F6.14" if name == "placed" else "F6.4"
    common: dict[str, Any] = {
        "period": period, "filters": [str(asked.seller)], "rows_url": url, "formula_id": formula,
        "formula_url": reverse("analyse:formula_detail", args=[formula]),
    }  # fmt: skip
    if name == "placed":
        without = [(found.customers[each.key].name, formats.day(each.due), str(WHY[each.why])) for each in plan.unplaced]  # fmt: skip
        panel = FigurePanel(
            title=_("Due visits with a day"), expression=_("share = (planned + proposed) ÷ (planned + proposed + without a day)"),
            value=None if found.share is None else formats.share(found.share), rows=without[:SHOWN], rows_count=len(without),
            columns=[_("Without a day"), _("Due"), _("Why")], notes=[] if found.share is not None else [_("No visit is due in what is left of this quarter.")],
            parts=[
                (_("Numerator: visits planned already"), formats.number(found.appointments)), (_("Numerator: proposed"), formats.number(len(plan.placed))),
                (_("Denominator: those and the ones without a day"), formats.number(found.appointments + len(plan.placed) + len(plan.unplaced))),
                (_("Customers with a norm"), formats.number(len(found.customers))),
            ],
            **common,
        )  # fmt: skip
        return render_figure(request, panel)
    rows = [(formats.day(day), formats.number(plan.load[day] / 60, 1), formats.share(plan.load[day] / found.capacity)) for day in sorted(found.days, key=lambda day: -plan.load[day])]  # fmt: skip
    panel = FigurePanel(
        title=_("Use of the working days"), expression=_("use = hours of visits and appointments, with travel and waiting ÷ hours of the open days"),
        value=None if found.use is None else formats.share(found.use), rows=rows[:SHOWN], rows_count=len(rows), numeric_columns=frozenset({1, 2}),
        columns=[_("Day"), _("Hours"), _("Use")], notes=[_("Travel is the usual number of minutes of the norms, less where two addresses of one day lie nearer.")],
        parts=[
            (_("Numerator: hours taken"), formats.number(found.taken / 60, 1)), (_("Denominator: hours of the open days"), formats.number(len(found.days) * found.capacity / 60, 1)),
            (_("Open days"), formats.number(len(found.days))), (_("Travel per visit, minutes"), formats.number(found.travel)),
            (_("Waiting per visit, minutes"), formats.number(found.waiting)),
        ],
        **common,
    )  # fmt: skip
    return render_figure(request, panel)
