"""How are the alarms shown?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from koers.analyse.queries.analysis_day import analysis_day
from koers.control.figures.alarms import alarms, rules
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of


def overview(request: HttpRequest) -> HttpResponse:
    """Breaches per rule, with the rule's threshold in words."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    found = alarms(actor=actor, today=analysis_day(timezone.localdate()))
    groups = [
        {
            "words": words,
            "alarms": [each for each in found if each.rule == name],
            "opens": name in ("attainment", "margin", "discount"),
        }
        for name, words in rules().items()
    ]
    return render(request, "control/overview/detail.html", {"groups": groups, "count": len(found)})
