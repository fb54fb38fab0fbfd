"""How does somebody read the own activities in a calendar program?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from koers.core.actor import Channel
from koers.core.calendar_file import CalendarEvent, calendar_file, whole_day
from koers.organisation.policies import Right, require
from koers.organisation.queries.actor import actor_for
from koers.organisation.requests import actor_of
from koers.sell.actions.calendar_feed import (
    make_calendar_feed,
    mark_feed_used,
    revoke_calendar_feed,
)
from koers.sell.models import Activity, ActivityKind, ActivityStatus
from koers.sell.queries.calendar_feed import feed_activities, feed_for_secret, own_feed


def calendar_feed(request: HttpRequest) -> HttpResponse:
    """One's own address for a calendar program; a new one is shown once, in the answer to its form."""
    actor, address = actor_of(request), ""
    require(actor, Right.READ_CUSTOMERS)
    if request.method == "POST":
        secret = make_calendar_feed(
            actor=actor, language=translation.get_language() or "en", at=timezone.now()
        )
        address = request.build_absolute_uri(reverse("sell:calendar_feed_file", args=[secret]))
    return render(request, "sell/activity/calendar.html", {"feed": own_feed(actor), "address": address})  # fmt: skip


@require_POST
def calendar_feed_revoke(request: HttpRequest) -> HttpResponse:
    """Let the address stop at once."""
    revoke_calendar_feed(actor=actor_of(request), at=timezone.now())
    messages.success(request, _("The address no longer works."))
    return redirect("sell:calendar_feed")


@never_cache
@require_GET
def calendar_feed_file(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar an address means, without a log-in: whoever has the address may read it."""
    feed, now = feed_for_secret(secret), timezone.now()
    today = timezone.localdate(now)
    actor = actor_for(feed.user, Channel.API)
    with translation.override(feed.language):
        events = [_event(activity, request) for activity in feed_activities(actor, today=today)]
        name = _("Koers: %(person)s") % {"person": feed.user}
    mark_feed_used(feed, today=today)
    answer = HttpResponse(calendar_file(name, events, at=now), content_type="text/calendar; charset=utf-8")  # fmt: skip
    answer.headers["Content-Disposition"] = 'inline; filename="koers.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _event(activity: Activity, request: HttpRequest) -> CalendarEvent:
    """An activity as an event; without a time it takes the day and leaves it free."""
    start, end = activity.starts_at, activity.ends_at
    url = request.build_absolute_uri(reverse("sell:activity_detail", args=[activity.pk]))
    what = [activity.get_kind_display(), str(activity.opportunity or "")]
    if activity.status == ActivityStatus.DONE:
        what.append(_("Done"))
    summary = f"{activity.subject} – {activity.company}" if activity.company else activity.subject
    description = "\n".join([" · ".join(part for part in what if part), url])
    first, last = whole_day(activity.day) if start is None or end is None else (start, end)
    return CalendarEvent(
        uid=f"activity-{activity.pk}@{request.get_host()}", summary=summary, start=first, end=last,
        description=description, url=url, is_busy=start is not None and activity.kind != ActivityKind.TASK,
    )  # fmt: skip
