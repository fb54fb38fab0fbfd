"""Which key success factors are there, and who may see how they stand?"""

from collections.abc import Mapping
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, may
from koers.plan.models import FactorMeasurement, KeySuccessFactor

COSTLY = (KeySuccessFactor.Figure.CONTRIBUTION, KeySuccessFactor.Figure.MARGIN)


def factors_visible_to(actor: Actor, *, deleted: bool = False) -> QuerySet[KeySuccessFactor]:
    """Everybody may see them; what one sees of a value is ``sees_actual_of_factor``."""
    assert actor.role  # noqa: S101 -- somebody asks
    return KeySuccessFactor.objects.select_related("owner", "goal").filter(
        deleted_at__isnull=not deleted
    )


def factors_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str], today: date
) -> QuerySet[KeySuccessFactor]:
    """Factors whose title holds ``q``, by class, and those whose control date has come."""
    found = factors_visible_to(actor)
    if q:
        found = found.filter(title__icontains=q)
    if choices.get("class"):
        found = found.filter(factor_class=choices["class"])
    return found.filter(control_on__lte=today) if choices.get("control") == "due" else found


def factor_for(*, actor: Actor, factor_id: int, deleted: bool = False) -> KeySuccessFactor:
    """One factor, or as if it did not exist."""
    found = factors_visible_to(actor, deleted=deleted).filter(pk=factor_id).first()
    if found is None:
        raise NotFoundError(_("This key success factor does not exist."))
    return found


def with_last_measured(factors: QuerySet[KeySuccessFactor]) -> QuerySet[KeySuccessFactor]:
    """The factors with ``measured`` and ``measured_on``: what was last measured by hand."""
    last = FactorMeasurement.objects.filter(factor=OuterRef("pk")).order_by("-day")
    return factors.annotate(
        measured=Subquery(last.values("value")[:1]), measured_on=Subquery(last.values("day")[:1])
    )


def sees_cost_of_factor(actor: Actor, factor: KeySuccessFactor) -> bool:
    """Whether its values tell nothing of cost, or the actor may see cost."""
    return factor.figure not in COSTLY or may(actor, Right.SEE_COST)


def sees_actual_of_factor(actor: Actor, factor: KeySuccessFactor) -> bool:
    """Whether the actor may see how it stands: by hand everybody, a figure who sees all customers."""
    if not sees_cost_of_factor(actor, factor):
        return False
    return not factor.figure or actor.visible_people is None


def may_control_factor(actor: Actor, factor: KeySuccessFactor) -> bool:
    """Its owner, and who sets targets."""
    return may(actor, Right.EDIT_TARGETS) or (
        actor.user_id is not None and factor.owner_id == actor.user_id
    )
