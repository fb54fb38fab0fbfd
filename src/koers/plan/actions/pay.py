"""How is a pay plan made, a statement closed, disputed and answered, and an order divided?"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.plan.figures.pay import Statement, line_texts, terms_texts
from koers.plan.figures.pay_statement import statement_at
from koers.plan.models import OrderSplit, PayDispute, PayPlan, PayStatement
from koers.plan.queries.pay import (
    paid_sellers,
    pay_period,
    people_whose_pay_one_sees,
    plan_for,
    plan_on,
    seller_for,
    statements_visible_to,
)
from koers.plan.queries.seller import FIELD_ROLES
from koers.sell.models import Order
from koers.sell.queries.order import order_for


class PayRefusedError(RuleError):
    """The plan, statement, dispute or division cannot be kept like this."""


@transaction.atomic
def add_pay_plan(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> PayPlan:
    """Put a plan in force from the first day of a period on; a later one takes its place.

    The trail of changes names the plan but no amounts: who reads it may not see everybody's pay.
    """
    require(actor, Right.EDIT_TARGETS)
    made = PayPlan(**values, currency=base_currency(), made_at=at, made_by_id=actor.user_id, made_by_name=actor.name)  # fmt: skip
    if pay_period(made.period, made.starts_on).start != made.starts_on:
        raise PayRefusedError(_("A plan starts on the first day of one of its periods."))
    people = people_whose_pay_one_sees(actor)
    if people is not None and made.person_id is not None and made.person_id not in people:
        raise NotFoundError(_("This person does not exist."))
    same = PayPlan.objects.filter(role=made.role, team=made.team, person=made.person, starts_on=made.starts_on)  # fmt: skip
    if same.exists():
        raise PayRefusedError(_("There is a plan for the same people from this day on already."))
    paid = PayStatement.objects.filter(period_end__gt=made.starts_on)
    if any(_is_for(made, each) for each in paid.select_related("person")):
        raise PayRefusedError(_("A statement after this day has been closed; start the plan after it."))  # fmt: skip
    _follows_whole_periods(made)
    made.save(force_insert=True)
    changes = {"starts_on": audit.Change(None, made.starts_on)}
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=changes)
    return made


def _is_for(plan: PayPlan, statement: PayStatement) -> bool:
    person = statement.person
    return person.pk == plan.person_id or (plan.team_id is not None and person.team_id == plan.team_id) or (plan.role != "" and person.role == plan.role)  # fmt: skip


def _follows_whole_periods(made: PayPlan) -> None:
    """A plan that took over in the middle of another's period would leave part of it unpaid."""
    others = list(PayPlan.objects.all())
    for seller in User.objects.filter(role__in=FIELD_ROLES, is_active=True):
        known = plan_on(made.starts_on, seller, others)
        if known is None or plan_on(made.starts_on, seller, [known, made]) is known:
            continue
        if pay_period(known.period, made.starts_on).start != made.starts_on:
            words = {"name": seller, "plan": known}
            raise PayRefusedError(_("%(name)s is paid by “%(plan)s” then; start on the first day of one of its periods.") % words)  # fmt: skip


@transaction.atomic
def remove_pay_plan(*, actor: Actor, plan_id: int, at: datetime) -> None:
    """Take back a plan by which nobody was paid yet."""
    require(actor, Right.EDIT_TARGETS)
    found = plan_for(actor=actor, plan_id=plan_id)
    if found.statements.exists():
        raise PayRefusedError(_("Somebody was paid by this plan, so it stays; set a new one from a later day on instead."))  # fmt: skip
    audit.record(actor=actor, at=at, verb="delete", obj=found)
    found.delete()


@transaction.atomic
def close_statement(
    *, actor: Actor, seller_id: int, start: date, there: tuple[date, date] | None, seal: str, at: datetime
) -> PayStatement:  # fmt: skip
    """Keep a statement of a period that is over, as it was read (``seal``); from then on it is frozen.

    ``there`` is the stretch of the period the seller was there, its end excluded.
    """
    require(actor, Right.EDIT_TARGETS)
    seller_for(actor=actor, seller_id=seller_id)
    _not_oneself(actor, seller_id)
    statement = statement_at(actor=actor, seller_id=seller_id, start=start, there=there)
    if statement.closed is not None:
        raise PayRefusedError(_("This statement is closed and is never changed again."))
    if statement.period.end > timezone.localdate(at):
        raise PayRefusedError(_("A statement is closed when its period is over."))
    if statement.seal != seal:
        raise PayRefusedError(_("Orders or targets changed since you read the statement; read it again before you close it."))  # fmt: skip
    made = _store(actor, statement, at)
    changes = {"seal": audit.Change(None, made.seal)}
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=changes)
    return made


def _store(actor: Actor, statement: Statement, at: datetime) -> PayStatement:
    period = statement.period
    clash = PayStatement.objects.filter(person=statement.seller, period_start__lt=period.end, period_end__gt=period.start)  # fmt: skip
    if clash.exists():
        raise PayRefusedError(_("Part of this period is in a closed statement already."))
    return PayStatement.objects.create(
        person=statement.seller, plan=statement.plan, period_start=period.start, period_end=period.end, part=statement.part,
        terms=terms_texts(statement.terms), lines=[line_texts(each) for each in statement.lines], sales=statement.sales, quota=statement.quota,
        total=statement.total, currency=statement.currency, seal=statement.seal, closed_at=at, closed_by_id=actor.user_id, closed_by_name=actor.name,
    )  # fmt: skip


@transaction.atomic
def dispute_statement(*, actor: Actor, statement_id: int, text: str, at: datetime) -> PayDispute:
    """Say what is wrong with one's own statement; it stays as it is until a correction."""
    statement = _statement(actor, statement_id)
    if statement.person_id != actor.user_id:
        raise NotAllowedError(_("Only who is paid can dispute a statement."))
    if not text.strip():
        raise PayRefusedError(_("Say what is wrong with the statement."))
    if statement.disputes.filter(answer="").exists():
        raise PayRefusedError(_("Your earlier dispute has not been answered yet."))
    made = PayDispute.objects.create(
        statement=statement, text=text.strip(), made_at=at, made_by_id=actor.user_id, made_by_name=actor.name
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made, changes={"text": audit.Change(None, made.text)})  # fmt: skip
    return made


@transaction.atomic
def answer_dispute(*, actor: Actor, statement_id: int, answer: str, at: datetime) -> PayDispute:
    """Answer the open dispute of a statement; question and answer stay in the trail of changes."""
    require(actor, Right.EDIT_TARGETS)
    statement = _statement(actor, statement_id)
    _not_oneself(actor, statement.person_id)
    if not answer.strip():
        raise PayRefusedError(_("Write the answer."))
    dispute = statement.disputes.filter(answer="").first()
    if dispute is None:
        raise PayRefusedError(_("There is no dispute to answer."))
    values = {"answer": answer.strip(), "answered_at": at, "answered_by_id": actor.user_id, "answered_by_name": actor.name}  # fmt: skip
    return save_changes(actor=actor, obj=dispute, version=dispute.version, values=values, at=at)


@transaction.atomic
def split_order(
    *, actor: Actor, order_id: int, shares: Sequence[tuple[int, Decimal]], at: datetime
) -> list[OrderSplit]:
    """Divide an order between sellers, or (without shares) give it back to who sold it.

    Shares add up to 1. What was closed before is put right in the next statements.
    """
    order = order_for(actor=actor, order_id=order_id)
    require(actor, Right.EDIT_TARGETS)
    known = list(OrderSplit.objects.filter(order=order))
    kept = {each.person_id for each in known}
    people = {person for person, _share in shares}
    if shares and (len(people) != len(shares) or len(people) < 2):
        raise PayRefusedError(_("Name at least two sellers, each once."))
    if shares and sum(share for _person, share in shares) != 1:
        raise PayRefusedError(_("The shares must add up to 100%."))
    seen = set(paid_sellers(actor).values_list("pk", flat=True))
    if (people | kept) - seen:
        raise NotFoundError(_("This person does not exist."))
    Order.objects.select_for_update().get(pk=order.pk)
    OrderSplit.objects.filter(order=order).delete()
    made = [OrderSplit.objects.create(order=order, person_id=person, share=share) for person, share in shares]  # fmt: skip
    before = ", ".join(f"{each.person_id}: {each.share.normalize():f}" for each in known)
    after = ", ".join(f"{person}: {share.normalize():f}" for person, share in shares)
    audit.record(actor=actor, at=at, verb="change", obj=order, changes={"splits": audit.Change(before, after)})  # fmt: skip
    return made


def _statement(actor: Actor, statement_id: int) -> PayStatement:
    found = statements_visible_to(actor).filter(pk=statement_id).first()
    if found is None:
        raise NotFoundError(_("This statement does not exist."))
    return found


def _not_oneself(actor: Actor, seller_id: int) -> None:
    if seller_id == actor.user_id:
        raise NotAllowedError(_("Nobody closes or answers about his own pay."))
