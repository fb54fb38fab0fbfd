"""How is the team's scorecard shown?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.develop.figures.scorecard import scorecards
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of


def overview(request: HttpRequest) -> HttpResponse:
    """Turnover and margin per person, with attainment; each figure opens."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    cards = scorecards(actor=actor, today=analysis_day(timezone.localdate()))
    if not may(actor, Right.SEE_TEAM):
        cards = [card for card in cards if card.person_id == actor.user_id]
    url = reverse("analyse:figure", args=["turnover"])
    context = {
        "cards": [(card, f"{url}?seller={card.person_id}", reverse("analyse:figure", args=["margin"]) + f"?seller={card.person_id}") for card in cards],
        "currency": reporting_currency(), "sees_cost": may(actor, Right.SEE_COST), "roles": role_profiles(),
    }  # fmt: skip
    return render(request, "develop/scorecard/list.html", context)


def role_profiles() -> list[tuple[str, str, str]]:
    """Differences in job between account manager and salesperson (S1.29)."""
    return [
        (
            _("Customers"),
            _("few, existing, the most important"),
            _("small and middle-sized, and new ones"),
        ),
        (_("Main duty"), _("keep and grow the account"), _("find prospects and win orders")),
        (_("Horizon"), _("long term"), _("per order or period")),
        (_("Planning"), _("writes the account plan"), _("works to targets that were set")),
        (_("Contacts"), _("at several levels of the customer"), _("mostly the buyer")),
        (
            _("Measured on"),
            _("turnover (#) and margin (%), retention"),
            _("orders, visits, hit rate, turnover"),
        ),
        (_("Support"), _("a paired inside rep"), _("a shared inside desk")),
    ]
