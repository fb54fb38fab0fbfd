"""How does the visit calendar of one seller stand on the page, and how is it changed?"""

from collections.abc import Mapping
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
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from koers.core import formats
from koers.core.actor import Actor
from koers.core.periods import Period, add_months, month_of
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.visit_calendar import CalendarRefusedError, ChosenVisit, plan_proposals
from koers.plan.figures.visit_calendar import SellerCalendar, WorkingDay, calendar_of
from koers.plan.forms.visit_calendar import START, WorkingDayForm
from koers.plan.queries.visit_calendar import seller_to_plan, sellers_to_plan
from koers.plan.views.visit_calendar_days import cells_of, moves_of
from koers.plan.views.visit_norm import tabs
from koers.sell.actions.activity_batch import cancel_planned

VIEWS = {"month": gettext_lazy("Month"), "week": gettext_lazy("Week"), "list": gettext_lazy("List")}
PLAN, PLANNED = "visit_calendar", "visit_calendar_planned"
WHY = {
    "too_long": gettext_lazy("Takes longer than a working day."),
    "no_day": gettext_lazy("No open day on an allowed weekday."),
    "full": gettext_lazy("All its days are full."),
}


@dataclass(frozen=True)
class CalendarQuestion:
    """Whose calendar, around which day, shown how, with which working day."""

    actor: Actor
    seller: User
    day: date
    view: str
    form: WorkingDayForm
    hours: WorkingDay
    today: date

    @property
    def quarter(self) -> Period:
        """The calendar quarter that holds the day."""
        start = date(self.day.year, 3 * ((self.day.month - 1) // 3) + 1, 1)
        return Period(start, add_months(start, 3))

    @property
    def shown(self) -> Period:
        """What of the quarter is on the page."""
        if self.view == "list":
            return self.quarter
        if self.view == "month":
            return month_of(self.day)
        monday = self.day - timedelta(days=self.day.weekday())
        return Period(monday, monday + timedelta(days=7))

    def query(self, **changed: object) -> str:
        """The address of the same question, with something else in it."""
        given = {name: self.form.data.get(name, "") for name in START if self.form.data.get(name) != START[name]}  # fmt: skip
        values = {"owner": self.seller.pk, "view": self.view, "day": self.day.isoformat()} | given
        return "?" + urlencode(values | changed)


def asked_calendar(request: HttpRequest) -> CalendarQuestion | None:
    """Read the question from the address; None where nobody sells."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.READ_TARGETS)
    seller = seller_to_plan(actor, request.GET.get("owner", ""))
    if seller is None:
        return None
    form = WorkingDayForm(request.GET)
    view = request.GET.get("view", "month")
    day = _day(request.GET.get("day", ""), today + timedelta(days=1))
    return CalendarQuestion(actor, seller, day, view if view in VIEWS else "month", form, form.hours_of_work(), today)  # fmt: skip


def answer(
    request: HttpRequest,
    asked: CalendarQuestion,
    *,
    without: tuple[int, date] | None = None,
    pinned: Mapping[tuple[int, date], date] | None = None,
) -> SellerCalendar:
    """The calendar, with the proposals one saw before where they still fit."""
    kept = request.session.get(PLAN) or {}
    same = kept.get("seller") == asked.seller.pk and kept.get("quarter") == asked.quarter.start.isoformat()  # fmt: skip
    earlier = [tuple(each) for each in kept["plan"]] if same else []
    if without is not None:
        earlier = [each for each in earlier if (each[0], each[5]) != (without[0], without[1].isoformat())]  # fmt: skip
    return calendar_of(
        actor=asked.actor, seller=asked.seller, period=asked.quarter, today=asked.today, hours=asked.hours, kept=earlier, pinned=pinned,
    )  # fmt: skip


def visit_calendar(request: HttpRequest) -> HttpResponse:
    """Proposals and appointments of a seller, by month, by week or as a list."""
    asked = asked_calendar(request)
    if asked is None:
        return render(request, "plan/visit_calendar/calendar.html", {"tabs": tabs("calendar")})
    found = answer(request, asked)
    proposals = [each for each in found.plan.placed if each.day in asked.shown]
    cells = cells_of(found, asked.shown, whole_weeks=asked.view == "month", today=asked.today)
    may_edit = may(asked.actor, Right.EDIT_CUSTOMERS)
    context: dict[str, Any] = {
        "asked": asked, "calendar": found, "tabs": tabs("calendar"), "form": asked.form, "may_edit": may_edit, "today": asked.today,
        "sellers": sellers_to_plan(asked.actor), "views": [(key, label, asked.query(view=key)) for key, label in VIEWS.items()],
        "weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)] if asked.view != "list" else [],
        "rows": moves_of(found, proposals), "chosen": [f"{each.key}:{each.due}:{each.day}:{each.start}" for each in proposals],
        "unplaced": [(found.customers[each.key], each.due, WHY[each.why]) for each in found.plan.unplaced],
        "title": _title(asked), "before": asked.query(day=_step(asked, -1)), "after": asked.query(day=_step(asked, 1)), "query": asked.query(),
        "placed_url": reverse("plan:calendar_figure", args=["placed"]) + asked.query(), "use_url": reverse("plan:calendar_figure", args=["use"]) + asked.query(),
        "list_url": asked.query(view="list"), "located": any(each.latitude is not None for each in found.customers.values()),
        "remembers": bool(request.session.get(PLAN)),
    }  # fmt: skip
    return render(request, "plan/visit_calendar/calendar.html", context, status=400 if asked.form.errors else 200)  # fmt: skip


@require_POST
def calendar_move(request: HttpRequest) -> HttpResponse:
    """Give a proposal another day; all others stay."""
    asked = _asked_to_change(request)
    visit, day = _visit(request.POST.get("visit", "")), _day(request.POST.get("day", ""), date.min)
    if day == date.min:
        raise CalendarRefusedError(_("Fill in the day the visit should move to."))
    now = answer(request, asked)
    if not any((each.key, each.due) == visit for each in now.plan.placed):
        raise CalendarRefusedError(_("This proposal is no longer there. Look at the calendar again."))  # fmt: skip
    _remember(request, asked, now)
    moved = answer(request, asked, without=visit, pinned={visit: day})
    refused = next((each for each in moved.plan.unplaced if (each.key, each.due) == visit), None)
    if refused is None:
        _remember(request, asked, moved)
        messages.success(request, _("%(company)s: %(day)s.") % {"company": now.customers[visit[0]].name, "day": formats.day(day)})  # fmt: skip
    elif refused.why == "full":
        messages.error(request, _("%(day)s is full. Choose another day.") % {"day": formats.day(day)})  # fmt: skip
    else:
        messages.error(request, _("%(day)s cannot be: it is closed, not an allowed weekday, or too far from the day the visit is due.") % {"day": formats.day(day)})  # fmt: skip
    return redirect(reverse("plan:visit_calendar") + asked.query())


@require_POST
def calendar_accept(request: HttpRequest) -> HttpResponse:
    """Plan the chosen proposals in one go, with a way back."""
    asked = _asked_to_change(request)
    wanted = set(request.POST.getlist("visit"))
    found = answer(request, asked)
    chosen = [each for each in found.plan.placed if f"{each.key}:{each.due}:{each.day}:{each.start}" in wanted]  # fmt: skip
    if len(chosen) < len(wanted):
        raise CalendarRefusedError(_("The calendar has changed since you opened it. Look at it again, then plan."))  # fmt: skip
    visits = [ChosenVisit(each.key, each.day, time(*divmod(each.start, 60)), each.minutes) for each in chosen]  # fmt: skip
    made = plan_proposals(actor=asked.actor, seller_id=asked.seller.pk, visits=visits, at=timezone.now())  # fmt: skip
    _remember(request, asked, found)
    request.session[PLANNED] = made
    text = ngettext("%(count)s visit planned.", "%(count)s visits planned.", len(made)) % {"count": formats.number(len(made))}  # fmt: skip
    messages.success(request, text, extra_tags=reverse("plan:calendar_undo") + asked.query())
    return redirect(reverse("plan:visit_calendar") + asked.query())


@require_POST
def calendar_undo(request: HttpRequest) -> HttpResponse:
    """Cancel the visits of the last time, as far as they are still planned."""
    asked = _asked_to_change(request)
    made = request.session.pop(PLANNED, None)
    if not made:
        raise CalendarRefusedError(_("There is nothing to undo any more."))
    count = cancel_planned(actor=asked.actor, activity_ids=made, at=timezone.now())
    messages.success(request, ngettext("%(count)s visit cancelled.", "%(count)s visits cancelled.", count) % {"count": formats.number(count)})  # fmt: skip
    return redirect(reverse("plan:visit_calendar") + asked.query())


@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    """Forget where proposals stood and lay them out anew."""
    asked = _asked_to_change(request)
    request.session.pop(PLAN, None)
    messages.success(request, _("The proposals have been laid out anew."))
    return redirect(reverse("plan:visit_calendar") + asked.query())


def _asked_to_change(request: HttpRequest) -> CalendarQuestion:
    require(actor_of(request), Right.EDIT_CUSTOMERS)
    asked = asked_calendar(request)
    if asked is None:
        raise CalendarRefusedError(_("There is nobody to plan for."))
    return asked


def _remember(request: HttpRequest, asked: CalendarQuestion, found: SellerCalendar) -> None:
    request.session[PLAN] = {"seller": asked.seller.pk, "quarter": asked.quarter.start.isoformat(), "plan": found.kept}  # fmt: skip


def _visit(text: str) -> tuple[int, date]:
    """Which proposal is meant: its customer, and the day it is due."""
    key, _colon, due = text.partition(":")
    found = _day(due, date.min)
    if not key.isdecimal() or found == date.min:
        raise CalendarRefusedError(_("This proposal is no longer there. Look at the calendar again."))  # fmt: skip
    return int(key), found


def _title(asked: CalendarQuestion) -> str:
    shown = asked.shown
    if asked.view == "month":
        return formats.month(shown.start)
    return f"{formats.day(shown.start)} – {formats.day(shown.last_day)}"


def _step(asked: CalendarQuestion, steps: int) -> date:
    """A day in the month, week or quarter before or after."""
    if asked.view == "week":
        return asked.day + timedelta(days=7 * steps)
    return add_months(asked.shown.start, steps * (3 if asked.view == "list" else 1))


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 1900 <= found.year <= 2200 else otherwise
