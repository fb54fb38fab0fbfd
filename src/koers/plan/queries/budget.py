"""Which budgets are there, whose may one see, and what do their parts add up to?"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.plan.models import Budget, BudgetPart

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class PartTotal:
    """A part with its year."""

    part: BudgetPart
    turnover: Decimal
    cost: Decimal
    locked: int

    @property
    def contribution(self) -> Decimal:
        """Turnover less cost of sales."""
        return self.turnover - self.cost

    @property
    def gap(self) -> Decimal | None:
        """Top-down less bottom-up; nothing while nothing was proposed."""
        return None if self.part.proposed is None else self.turnover - self.part.proposed


def budgets_visible_to(actor: Actor) -> QuerySet[Budget]:
    """All for who sees everybody; else one's own, and those that hold one's people."""
    require(actor, Right.READ_TARGETS)
    if actor.visible_people is None:
        return Budget.objects.all()
    theirs = BudgetPart.objects.filter(budget__division="seller", key__in=actor.visible_people)
    return Budget.objects.filter(Q(made_by=actor.user_id) | Q(pk__in=theirs.values("budget")))


def budget_for(*, actor: Actor, budget_id: int) -> Budget:
    """One budget, or as if it did not exist."""
    found = budgets_visible_to(actor).filter(pk=budget_id).first()
    if found is None:
        raise NotFoundError(_("This budget does not exist."))
    return found


def parts_visible_to(actor: Actor, budget: Budget) -> QuerySet[BudgetPart]:
    """Parts one may see: of another's budget only those of the people one sees."""
    found = BudgetPart.objects.filter(budget=budget)
    if actor.visible_people is None or budget.made_by_id == actor.user_id:
        return found
    return found.filter(key__in=actor.visible_people if budget.division == "seller" else [])


def part_for(*, actor: Actor, part_id: int) -> BudgetPart:
    """One part of a budget one may see, or as if it did not exist."""
    part = BudgetPart.objects.select_related("budget").filter(pk=part_id).first()
    if part is None or not parts_visible_to(actor, part.budget).filter(pk=part_id).exists():
        raise NotFoundError(_("This budget does not exist."))
    return part


def totals_of(*, actor: Actor, budget: Budget) -> list[PartTotal]:
    """Every part one may see with its year, in one query."""
    found = parts_visible_to(actor, budget).annotate(
        turnover=Sum("cells__turnover"), cost=Sum("cells__cost"), locked=Count("cells", filter=Q(cells__is_locked=True))
    )  # fmt: skip
    return [
        PartTotal(part, part.turnover or NOTHING, part.cost or NOTHING, part.locked)
        for part in found
    ]
