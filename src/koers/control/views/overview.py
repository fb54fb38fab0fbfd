"""How are the alarms shown?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from koers.analyse.queries.analysis_day import analysis_day
from koers.control.figures.alarms import Alarm, alarms, rules
from koers.control.queries.action_item import open_items_by_key
from koers.control.views.action_item import new_item_url
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

WITH_PANEL = ("hygiene", "attainment", "margin", "discount")


def overview(request: HttpRequest) -> HttpResponse:
    """Breaches per rule, with the rule's threshold in words, and who works on each."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    found = alarms(actor=actor, today=analysis_day(timezone.localdate()))
    items = open_items_by_key(actor, [each.key for each in found])
    groups = [
        {
            "words": words,
            "alarms": [(each, items.get(each.key), _new_url(each)) for each in found if each.rule == name],
            "opens": name in WITH_PANEL,
        }
        for name, words in rules().items()
    ]  # fmt: skip
    context = {"groups": groups, "today": timezone.localdate()}
    return render(request, "control/overview/detail.html", context)


def _new_url(alarm: Alarm) -> str:
    label = f"{alarm.subject}: {alarm.text}"
    company = f"{alarm.subject} #{alarm.about}" if alarm.rule == "customer" else ""
    return new_item_url(
        source="alarm", source_label=label[:200], source_url=reverse("control:overview"), source_key=alarm.key, company=company,
    )  # fmt: skip
