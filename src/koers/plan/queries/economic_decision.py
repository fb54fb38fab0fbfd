"""Which decisions of the economics desk may this person see, and through whose eyes were they made?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.periods import Period
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.organisation.queries.actor import actor_for
from koers.plan.models import EconomicDecision
from koers.plan.queries.seller import FIELD_ROLES
from koers.sell.models import Activity, ActivityKind, ActivityStatus
from koers.sell.queries.activity import activities_visible_to


def decisions_visible_to(actor: Actor) -> QuerySet[EconomicDecision]:
    """One's own and those of the people one may see; they hold margins, so not without that right."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_COST)
    found = EconomicDecision.objects.select_related("decided_by", "company", "made_by")
    if actor.sees_all and may(actor, Right.SEE_TEAM):
        return found
    own = Q(made_by_id=actor.user_id) | Q(decided_by_id=actor.user_id)
    if not may(actor, Right.SEE_TEAM):
        return found.filter(own)
    return found.filter(own | Q(made_by_id__in=actor.visible_people or ()))


def decisions_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str], today: date
) -> QuerySet[EconomicDecision]:
    """Visible decisions whose name holds ``q``, by state, calculator and who decided."""
    found = decisions_visible_to(actor)
    if q:
        found = found.filter(name__icontains=q)
    states = {
        "due": Q(reviewed_on=None, review_on__lte=today),
        "open": Q(reviewed_on=None),
        "reviewed": Q(reviewed_on__isnull=False),
    }
    if choices.get("state"):
        found = found.filter(states[choices["state"]])
    if choices.get("calculator"):
        found = found.filter(calculator=choices["calculator"])
    if choices.get("by"):
        found = found.filter(decided_by_id=record_key(choices["by"]))
    return found


def decision_for(*, actor: Actor, decision_id: int) -> EconomicDecision:
    """One decision, or as if it did not exist."""
    found = decisions_visible_to(actor).filter(pk=decision_id).first()
    if found is None:
        raise NotFoundError(_("This decision does not exist."))
    return found


def deciders_for(actor: Actor) -> QuerySet[User]:
    """Who may be named as having decided: oneself, and for who leads people everybody he or she sees."""
    found = User.objects.filter(is_active=True).order_by("full_name")
    if not may(actor, Right.SEE_TEAM):
        return found.filter(Q(pk=actor.user_id))
    if actor.visible_people is None:
        return found
    return found.filter(Q(pk__in=actor.visible_people) | Q(pk=actor.user_id))


def through_the_makers_eyes(actor: Actor, decision: EconomicDecision) -> Actor:
    """The reader, seeing no more customers than the maker does, so that then and now compare."""
    if decision.made_by is None:
        return actor
    maker = actor_for(decision.made_by, actor.channel).visible_people
    if maker is None:
        return actor
    people = maker if actor.visible_people is None else maker & actor.visible_people
    return replace(actor, visible_people=people)


def visits_of(actor: Actor, *, period: Period, chosen: Mapping[str, int]) -> QuerySet[Activity]:
    """Visits made in the period at customers one sees; a seller's or team's are those they made."""
    found = activities_visible_to(actor).filter(
        kind=ActivityKind.VISIT, status=ActivityStatus.DONE, day__gte=period.start, day__lt=period.end
    )  # fmt: skip
    fields = {
        "seller": "owner_id", "team": "owner__team_id", "territory": "company__territory_id", "sbu": "company__business_unit_id",
        "company": "company_id",
    }  # fmt: skip
    return found.filter(**{fields[name]: key for name, key in chosen.items() if name in fields})


def team_sellers(team_id: int) -> int:
    """Account managers and salespeople of one team who may log in."""
    return User.objects.filter(team_id=team_id, role__in=FIELD_ROLES, is_active=True).count()
