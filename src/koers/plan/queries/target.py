"""Which targets are there, and whose may one see?"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.plan.models import Target


def targets_visible_to(actor: Actor) -> QuerySet[Target]:
    """Targets of the people the actor sees; those of territories and groups only for who sees all."""
    require(actor, Right.READ_TARGETS)
    found = Target.objects.select_related("person", "territory", "product_group")
    return (
        found if actor.visible_people is None else found.filter(person_id__in=actor.visible_people)
    )


def target_for(*, actor: Actor, target_id: int) -> Target:
    """One target, or as if it did not exist."""
    found = targets_visible_to(actor).filter(pk=target_id).first()
    if found is None:
        raise NotFoundError(_("This target does not exist."))
    return found


def overlapping(
    *,
    person_id: int | None,
    territory_id: int | None,
    product_group_id: int | None,
    start: date,
    end: date,
    but: int | None,
) -> Target | None:
    """A target of the same scope whose period shares a day with this one."""
    same = (
        Q(person_id=person_id) & Q(territory_id=territory_id) & Q(product_group_id=product_group_id)
    )
    return (
        Target.objects.filter(same, period_start__lt=end, period_end__gt=start)
        .exclude(pk=but or 0)
        .first()
    )


def last_period_before(day: date) -> tuple[date, date] | None:
    """The latest period that starts before a day."""
    return (
        Target.objects.filter(period_start__lt=day)
        .order_by("-period_start")
        .values_list("period_start", "period_end")
        .first()
    )
