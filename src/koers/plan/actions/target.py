"""How is a target set, changed, removed, or carried over to the next period?"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import ProductGroup
from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.models import Territory, User
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.plan.models import Target
from koers.plan.queries.target import overlapping, target_for, targets_visible_to

ROUND = Decimal(100)


class TargetRefusedError(RuleError):
    """The target contradicts another one or itself."""


@dataclass(frozen=True, slots=True)
class TargetValues:
    """What a target says; the period excludes its end."""

    person: User | None
    territory: Territory | None
    product_group: ProductGroup | None
    period_start: date
    period_end: date
    amount: Decimal


@transaction.atomic
def set_target(*, actor: Actor, values: TargetValues, at: datetime) -> Target:
    """Set a new target."""
    require(actor, Right.EDIT_TARGETS)
    _check(actor, values, but=None)
    made = Target.objects.create(
        person=values.person, territory=values.territory, product_group=values.product_group, period_start=values.period_start,
        period_end=values.period_end, amount=values.amount, currency=base_currency(),
    )  # fmt: skip
    audit.record(
        actor=actor,
        at=at,
        verb="create",
        obj=made,
        changes={"amount": audit.Change(None, values.amount)},
    )
    mark_changed("target")
    return made


@transaction.atomic
def change_target(
    *, actor: Actor, target_id: int, version: int, values: TargetValues, at: datetime
) -> Target:
    """Change a target, unless somebody else did so meanwhile."""
    require(actor, Right.EDIT_TARGETS)
    target = target_for(actor=actor, target_id=target_id)
    _check(actor, values, but=target.pk)
    changes = {
        name: getattr(values, name)
        for name in ("person", "territory", "product_group", "period_start", "period_end", "amount")
    }
    mark_changed("target")
    return save_changes(actor=actor, obj=target, version=version, values=changes, at=at)


@transaction.atomic
def remove_target(*, actor: Actor, target_id: int, at: datetime) -> None:
    """Remove a target; the audit trail keeps what it was."""
    require(actor, Right.EDIT_TARGETS)
    target = target_for(actor=actor, target_id=target_id)
    audit.record(
        actor=actor,
        at=at,
        verb="delete",
        obj=target,
        changes={"amount": audit.Change(target.amount, None)},
    )
    target.delete()
    mark_changed("target")


@transaction.atomic
def copy_targets(
    *,
    actor: Actor,
    period: tuple[date, date],
    start: date,
    end: date,
    growth: Decimal,
    at: datetime,
) -> int:
    """Carry the targets of a period over to a new one, raised by ``growth`` (a share), to hundreds."""
    require(actor, Right.EDIT_TARGETS)
    if end <= start:
        raise TargetRefusedError(_("A period must end after it starts."))
    made = 0
    for target in targets_visible_to(actor).filter(period_start=period[0], period_end=period[1]):
        if overlapping(person_id=target.person_id, territory_id=target.territory_id, product_group_id=target.product_group_id,
                       start=start, end=end, but=None):  # fmt: skip
            continue
        amount = (target.amount * (1 + growth) / ROUND).quantize(Decimal(1)) * ROUND
        copy = Target.objects.create(
            person=target.person, territory_id=target.territory_id, product_group_id=target.product_group_id, period_start=start,
            period_end=end, amount=amount, currency=target.currency,
        )  # fmt: skip
        audit.record(
            actor=actor,
            at=at,
            verb="create",
            obj=copy,
            changes={"amount": audit.Change(None, amount)},
        )
        made += 1
    mark_changed("target")
    return made


def _check(actor: Actor, values: TargetValues, *, but: int | None) -> None:
    if values.period_end <= values.period_start:
        raise TargetRefusedError(_("A period must end after it starts."))
    if not (values.person or values.territory or values.product_group):
        raise TargetRefusedError(
            _("Say whose target it is: a person, a territory or a product group.")
        )
    if (
        values.person
        and actor.visible_people is not None
        and values.person.pk not in actor.visible_people
    ):
        raise NotFoundError(_("This person does not exist."))
    clash = overlapping(
        person_id=values.person.pk if values.person else None, territory_id=values.territory.pk if values.territory else None,
        product_group_id=values.product_group.pk if values.product_group else None, start=values.period_start, end=values.period_end, but=but,
    )  # fmt: skip
    if clash:
        raise TargetRefusedError(
            _("There is a target for this already from %(start)s to %(end)s.")
            % {"start": clash.period_start, "end": clash.period_end}
        )
