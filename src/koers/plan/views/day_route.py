"""How does the round of a day stand on the page, and how do its times become those of the visits?"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.figures.day_route import DayRound, RoundHours, round_of
from koers.plan.forms.day_route import START, RoundForm
from koers.plan.queries.day_route import RoundVisit, middle_of_customers, visits_of_round
from koers.plan.queries.visit_calendar import Booked, seller_to_plan, sellers_to_plan
from koers.plan.views.day_route_map import drawing_of, map_link, place_link
from koers.plan.views.visit_calendar_days import clock
from koers.plan.views.visit_norm import tabs
from koers.sell.actions.activity_batch import set_start_times

START_KEPT, FORMER = "round_start", "round_former"


class RoundRefusedError(RuleError):
    """The round cannot be taken over like this."""


@dataclass(frozen=True)
class RoundQuestion:
    """Whose round on which day, from where, and which times are agreed."""

    actor: Actor
    seller: User
    day: date
    form: RoundForm
    start: tuple[float, float] | None
    hours: RoundHours
    visits: list[RoundVisit]
    outside: list[Booked]
    agreed: frozenset[int]

    def query(self, **changed: object) -> str:
        """The address of the same question, with something else in it."""
        given = {
            name: self.form.data[name] for name in START if self.form.data[name] != START[name]
        }
        values = {"owner": self.seller.pk, "day": self.day.isoformat()} | given | changed
        pairs = [*values.items(), ("asked", 1), *(("agreed", key) for key in sorted(self.agreed))]
        return "?" + urlencode(pairs)

    def round(self) -> DayRound | None:
        """The round; None without a visit on the map."""
        if self.start is None or not self.visits:
            return None
        return round_of(self.visits, agreed=self.agreed, start=self.start, hours=self.hours)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A visit in its place of the round, with its times and a link for a map app."""

    visit: RoundVisit
    starts: str
    leaves: str
    km: float
    agreed: bool
    late: bool
    geo: str


def asked_round(request: HttpRequest) -> RoundQuestion | None:
    """Read the question from the address; None where nobody sells."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.READ_TARGETS)
    seller = seller_to_plan(actor, request.GET.get("owner", ""))
    if seller is None:
        return None
    middle = middle_of_customers(seller)
    kept = (request.session.get(START_KEPT) or {}).get(str(seller.pk), "")
    form = RoundForm(request.GET, start=kept or (f"{middle[0]}, {middle[1]}" if middle else ""))
    hours = form.hours()
    start = form.cleaned_data.get("start") or middle
    if "start" in request.GET and "start" not in form.errors:
        request.session[START_KEPT] = {str(seller.pk): request.GET["start"].strip()}
    day = _day(request.GET.get("day", ""), today + timedelta(days=1))
    visits, outside = visits_of_round(seller=seller, day=day)
    chosen = {int(each) for each in request.GET.getlist("agreed") if each.isdecimal()}
    timed = {each.key for each in visits if each.start is not None}
    agreed = (
        chosen if request.GET.get("asked") else {each.key for each in visits if each.is_meeting}
    )
    return RoundQuestion(
        actor, seller, day, form, start, hours, visits, outside, frozenset(agreed & timed)
    )


def day_route(request: HttpRequest) -> HttpResponse:
    """The visits of a day in the shortest order, with times and a drawing."""
    asked = asked_round(request)
    if asked is None:
        return render(request, "plan/day_route/detail.html", {"tabs": tabs("route")})
    found = asked.round()
    context: dict[str, Any] = {
        "asked": asked, "tabs": tabs("route"), "form": asked.form, "sellers": sellers_to_plan(asked.actor), "may_edit": may(asked.actor, Right.EDIT_CUSTOMERS),
        "before": asked.query(day=asked.day - timedelta(days=1)), "after": asked.query(day=asked.day + timedelta(days=1)), "query": asked.query(),
        "found": found,
    }  # fmt: skip
    if found is not None and asked.start is not None:
        rows = _rows(asked, found)
        places = [(row.visit.latitude, row.visit.longitude) for row in rows]
        context |= {
            "rows": rows, "drawing": drawing_of(asked.start, places), "map_url": map_link(asked.start, places), "back": clock(round(found.route.back)),
            "lunch": None if found.route.lunch is None else clock(round(found.route.lunch)), "km_url": reverse("plan:day_route_figure") + asked.query(),
            "changes": any(row.starts != (f"{row.visit.start:%H:%M}" if row.visit.start else "") for row in rows),
        }  # fmt: skip
    return render(
        request, "plan/day_route/detail.html", context, status=400 if asked.form.errors else 200
    )


@require_POST
def day_route_accept(request: HttpRequest) -> HttpResponse:
    """Give the visits the times of the round, with a way back."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    asked = asked_round(request)
    found = asked.round() if asked else None
    if asked is None or found is None:
        raise RoundRefusedError(_("There is no round on this day."))
    if not found.found:
        raise RoundRefusedError(
            _("No order keeps all agreed times. Free one of them, or change the hours.")
        )
    times = {each.key: time(*divmod(round(each.starts), 60)) for each in found.route.halts}
    former = set_start_times(actor=actor, times=times, at=timezone.now())
    request.session[FORMER] = [
        [key, before and before.isoformat(), times[key].isoformat()]
        for key, before in former.items()
    ]
    text = ngettext(
        "%(count)s visit has a new time.", "%(count)s visits have a new time.", len(former)
    ) % {"count": formats.number(len(former))}
    messages.success(
        request, text, extra_tags=reverse("plan:day_route_undo") + asked.query() if former else ""
    )
    return redirect(reverse("plan:day_route") + asked.query())


@require_POST
def day_route_undo(request: HttpRequest) -> HttpResponse:
    """Give visits back the times they had, as far as nobody changed them since."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    former = request.session.pop(FORMER, None)
    if not former:
        raise RoundRefusedError(_("There is nothing to undo any more."))
    times = {key: time.fromisoformat(before) if before else None for key, before, _now in former}
    only = {key: time.fromisoformat(now) for key, _before, now in former}
    back = set_start_times(actor=actor, times=times, only=only, at=timezone.now())
    messages.success(
        request,
        ngettext(
            "%(count)s visit has its former time again.",
            "%(count)s visits have their former time again.",
            len(back),
        )
        % {"count": formats.number(len(back))},
    )
    return redirect(reverse("plan:day_route") + "?" + request.GET.urlencode())


def day_route_figure(request: HttpRequest) -> HttpResponse:
    """The panel of the kilometres of the round, and what it saves."""
    asked = asked_round(request)
    found = asked.round() if asked else None
    if asked is None or found is None:
        raise NotFoundError(_("There is no such figure."))
    titles = {each.key: each.title for each in asked.visits}
    notes = [
        _(
            "Distances are as the crow flies × a road factor, not measured along roads. Compare rounds with them; do not pay mileage by them."
        )
    ]
    if not found.found:
        notes.insert(0, _("No order keeps all agreed times. This is the order as planned now."))
    elif not found.route.proven:
        notes.insert(
            0,
            _(
                "So many visits are searched for a limited time: a good round, not proven the shortest."
            ),
        )
    panel = FigurePanel(
        title=_("Kilometres of the round"),
        formula_id="F6.11",
        formula_url=reverse("analyse:formula_detail", args=["F6.11"]),
        expression=_("km = Σ great-circle distance between one stop and the next × road factor"),
        value=formats.number(found.route.km, 1),
        unit="km",
        parts=[
            (_("As planned now"), f"{formats.number(found.now.km, 1)} km"),
            (
                _("Always to the nearest (nearest neighbour)"),
                f"{formats.number(found.nearest_km, 1)} km",
            ),
            (_("Saved against now"), f"{formats.number(found.saved_now, 1)} km"),
            (_("Saved against nearest neighbour"), f"{formats.number(found.saved_nearest, 1)} km"),
            (_("Road factor"), formats.number(found.road_factor, 1)),
            (_("Speed, km an hour"), formats.number(found.speed, 0)),
        ],
        notes=notes,
        period=Period(asked.day, asked.day + timedelta(days=1)),
        filters=[str(asked.seller)],
        rows_url=reverse("plan:day_route") + asked.query(),
        rows_count=len(found.route.halts),
        columns=[_("Visit"), _("Kilometres to it")],
        numeric_columns=frozenset({1}),
        rows=[(titles[each.key], formats.number(each.km, 1)) for each in found.route.halts],
    )
    return render_figure(request, panel)


def _rows(asked: RoundQuestion, found: DayRound) -> list[RoundRow]:
    by_key = {each.key: each for each in asked.visits}
    return [
        RoundRow(
            by_key[each.key], clock(round(each.starts)), clock(round(each.leaves)), each.km, each.key in asked.agreed, each.late > 0,
            place_link(by_key[each.key].latitude, by_key[each.key].longitude),
        )
        for each in found.route.halts
    ]  # fmt: skip


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 1900 <= found.year <= 2200 else otherwise
