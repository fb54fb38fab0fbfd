"""How is a budget made, spread, proposed, locked, submitted, approved, frozen, or taken up anew?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from koers.analyse.queries.currency import reporting_currency
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError
from koers.organisation.policies import Right, may, require
from koers.plan.figures.budget import (
    BudgetRefusedError,
    PartHistory,
    histories_of,
    months_of,
    spread_over,
)
from koers.plan.models import Budget, BudgetCell, BudgetPart
from koers.plan.queries.budget import budget_for, part_for

CENT = Decimal("0.01")
Status = Budget.Status
# From which status, to which, and the right it takes.
STEPS = {
    "submit": (Status.DRAFT, Status.SUBMITTED, Right.EDIT_TARGETS),
    "return": (Status.SUBMITTED, Status.DRAFT, Right.APPROVE_BUDGETS),
    "approve": (Status.SUBMITTED, Status.APPROVED, Right.APPROVE_BUDGETS),
    "freeze": (Status.APPROVED, Status.FROZEN, Right.APPROVE_BUDGETS),
}
RULES = ("history", "equal", "growth")


@dataclass(frozen=True, slots=True)
class MonthValue:
    """What a month of a part becomes."""

    turnover: Decimal
    is_locked: bool


@transaction.atomic
def make_budget(
    *, actor: Actor, name: str, division: str, first_month: date, at: datetime
) -> Budget:
    """Begin a draft with a part for whatever sold something in the year before; its cells are empty."""
    require(actor, Right.EDIT_TARGETS)
    histories = histories_of(actor=actor, division=division, first_month=first_month)
    if not histories:
        raise BudgetRefusedError(_("Nothing was sold in the year before, so there are no parts to budget."))  # fmt: skip
    made = Budget.objects.create(
        name=name, division=division, first_month=first_month, currency=reporting_currency(),
        made_at=at, made_by_id=actor.user_id, made_by_name=actor.name,
    )  # fmt: skip
    for each in histories:
        part = BudgetPart.objects.create(
            budget=made, key=each.key, label=each.label, cost_share=each.cost_share.quantize(Decimal("0.00000001"))
        )  # fmt: skip
        BudgetCell.objects.bulk_create(BudgetCell(part=part, month=month) for month in months_of(made))  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made, changes={})
    return made


@transaction.atomic
def spread_budget(
    *, actor: Actor, budget_id: int, rule: str, amount: Decimal, at: datetime
) -> Budget:
    """Divide a year over parts and months (top-down); locked cells keep what they hold.

    ``history``: ``amount`` by what was sold in each month a year before; ``equal``: ``amount`` over
    all cells alike; ``growth``: what was sold a year before, raised by ``amount`` as a share.
    """
    require(actor, Right.EDIT_TARGETS)
    budget = _draft(actor, budget_id)
    if rule not in RULES:
        raise BudgetRefusedError(_("There is no such way to spread."))
    histories = {each.key: each for each in histories_of(actor=actor, division=budget.division, first_month=budget.first_month)}  # fmt: skip
    cells = list(BudgetCell.objects.filter(part__budget=budget).select_related("part").order_by("part_id", "month"))  # fmt: skip
    weights = [_history(histories, cell) for cell in cells]
    total = amount
    if rule == "equal":
        weights = [Decimal(1)] * len(cells)
    elif rule == "growth":
        total = (sum(weights, Decimal(0)) * (1 + amount)).quantize(CENT, ROUND_HALF_UP)
    if total < 0:
        raise BudgetRefusedError(_("A budget cannot be below zero."))
    locked = {place: cell.turnover for place, cell in enumerate(cells) if cell.is_locked}
    for cell, turnover in zip(cells, spread_over(total, weights, locked), strict=True):
        if not cell.is_locked:
            _set(cell, turnover)
    BudgetCell.objects.bulk_update(cells, ["turnover", "cost"], batch_size=200)
    audit.record(actor=actor, at=at, verb="change", obj=budget, changes={"amount": audit.Change(None, total)})  # fmt: skip
    return budget


def _history(histories: Mapping[int, PartHistory], cell: BudgetCell) -> Decimal:
    """What was sold in the same month a year before; credit beyond sales counts as nothing."""
    known = histories.get(cell.part.key)
    before = date(cell.month.year - 1, cell.month.month, 1)
    return max(known.months.get(before, Decimal(0)), Decimal(0)) if known else Decimal(0)


def _set(cell: BudgetCell, turnover: Decimal) -> None:
    cell.turnover = turnover
    cell.cost = (turnover * cell.part.cost_share).quantize(CENT, ROUND_HALF_UP)


@transaction.atomic
def change_part(
    *, actor: Actor, part_id: int, months: Mapping[date, MonthValue], at: datetime
) -> BudgetPart:
    """Set months of a part by hand, and lock or unlock them; the cost follows the part's cost share."""
    require(actor, Right.EDIT_TARGETS)
    part = part_for(actor=actor, part_id=part_id)
    budget = _draft(actor, part.budget_id)
    cells = list(BudgetCell.objects.filter(part=part, month__in=months).select_related("part"))
    before = sum((cell.turnover for cell in cells), Decimal(0))
    for cell in cells:
        value = months[cell.month]
        if value.turnover < 0:
            raise BudgetRefusedError(_("A budget cannot be below zero."))
        _set(cell, value.turnover)
        cell.is_locked = value.is_locked
    BudgetCell.objects.bulk_update(cells, ["turnover", "cost", "is_locked"])
    after = sum((cell.turnover for cell in cells), Decimal(0))
    audit.record(actor=actor, at=at, verb="change", obj=budget, changes={part.label: audit.Change(before, after)})  # fmt: skip
    return part


@transaction.atomic
def propose_part(*, actor: Actor, part_id: int, amount: Decimal, at: datetime) -> BudgetPart:
    """Say what a part can sell in the year (bottom-up): sellers for themselves, managers for all."""
    require(actor, Right.READ_TARGETS)
    part = part_for(actor=actor, part_id=part_id)
    own = part.budget.division == Budget.Division.SELLER and part.key == actor.user_id
    if not own and not may(actor, Right.EDIT_TARGETS):
        raise NotAllowedError(_("You may propose a budget for yourself only."))
    budget = _draft(actor, part.budget_id)
    if amount < 0:
        raise BudgetRefusedError(_("A budget cannot be below zero."))
    before = part.proposed
    part.proposed, part.proposed_by_name = amount, actor.name
    part.save(update_fields=["proposed", "proposed_by_name"])
    audit.record(actor=actor, at=at, verb="change", obj=budget, changes={part.label: audit.Change(before, amount)})  # fmt: skip
    return part


@transaction.atomic
def move_budget(*, actor: Actor, budget_id: int, step: str, at: datetime) -> Budget:
    """Submit a draft, return or approve what was submitted, freeze what was approved."""
    if step not in STEPS:
        raise BudgetRefusedError(_("There is no such step."))
    before, after, right = STEPS[step]
    require(actor, right)
    budget = budget_for(actor=actor, budget_id=budget_id)
    changed = Budget.objects.filter(pk=budget.pk, status=before).update(status=after, decided_at=at, decided_by_name=actor.name)  # fmt: skip
    if not changed:
        raise BudgetRefusedError(_("The budget is no longer in the status this step starts from."))
    audit.record(actor=actor, at=at, verb="change", obj=budget, changes={"status": audit.Change(before, after)})  # fmt: skip
    budget.refresh_from_db()
    return budget


@transaction.atomic
def copy_budget(*, actor: Actor, budget_id: int, name: str, at: datetime) -> Budget:
    """A new draft version with the same parts, months, locks and proposals."""
    require(actor, Right.EDIT_TARGETS)
    old = budget_for(actor=actor, budget_id=budget_id)
    made = Budget.objects.create(
        name=name, division=old.division, first_month=old.first_month, currency=old.currency,
        made_at=at, made_by_id=actor.user_id, made_by_name=actor.name,
    )  # fmt: skip
    for part in old.parts.prefetch_related("cells"):
        cells = list(part.cells.all())
        copy = BudgetPart.objects.create(
            budget=made, key=part.key, label=part.label, cost_share=part.cost_share, proposed=part.proposed,
            proposed_by_name=part.proposed_by_name,
        )  # fmt: skip
        BudgetCell.objects.bulk_create(
            BudgetCell(part=copy, month=cell.month, turnover=cell.turnover, cost=cell.cost, is_locked=cell.is_locked)
            for cell in cells
        )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made, changes={})
    return made


def _draft(actor: Actor, budget_id: int) -> Budget:
    """The budget, locked for this write, if it is still a draft."""
    budget_for(actor=actor, budget_id=budget_id)
    budget = Budget.objects.select_for_update().get(pk=budget_id)
    if budget.status != Status.DRAFT:
        raise BudgetRefusedError(
            _("Only a draft can be changed; return it to draft, or make a new version.")
        )
    return budget
