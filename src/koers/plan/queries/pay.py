"""Whose pay may one see, which plan holds for whom, and which orders count for whom?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.periods import Period, add_months, month_of, year_of
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.plan.models import OrderSplit, PayDispute, PayPlan, PayStatement, Target
from koers.plan.queries.seller import FIELD_ROLES
from koers.sell.models import Order

CENT = Decimal("0.01")
MONTHS_IN_QUARTER = 3


def people_whose_pay_one_sees(actor: Actor) -> frozenset[int] | None:
    """Oneself; for who leads people also those; None means everybody's.

    A team sees each other's customers, but never each other's pay.
    """
    require(actor, Right.READ_TARGETS)
    if may(actor, Right.SEE_TEAM):
        return actor.visible_people
    return frozenset({actor.user_id}) if actor.user_id is not None else frozenset()


def paid_sellers(actor: Actor) -> QuerySet[User]:
    """Account managers and salespeople whose pay one may see."""
    found = User.objects.filter(role__in=FIELD_ROLES, is_active=True).order_by("full_name", "pk")
    people = people_whose_pay_one_sees(actor)
    return found if people is None else found.filter(pk__in=people)


def seller_for(*, actor: Actor, seller_id: int) -> User:
    """A seller, also one who left, or as if he or she did not exist."""
    people = people_whose_pay_one_sees(actor)
    found = User.objects.filter(pk=seller_id)
    if people is not None:
        found = found.filter(pk__in=people)
    seller = found.first()
    if seller is None:
        raise NotFoundError(_("This person does not exist."))
    return seller


def pay_plans_visible_to(actor: Actor) -> QuerySet[PayPlan]:
    """Plans, for who leads people; those of a person only with that person."""
    require(actor, Right.SEE_TEAM)
    found = PayPlan.objects.select_related("team", "person")
    people = people_whose_pay_one_sees(actor)
    return found if people is None else found.filter(Q(person=None) | Q(person_id__in=people))


def plan_for(*, actor: Actor, plan_id: int) -> PayPlan:
    """One plan, or as if it did not exist."""
    found = pay_plans_visible_to(actor).filter(pk=plan_id).first()
    if found is None:
        raise NotFoundError(_("This pay plan does not exist."))
    return found


def with_use(plans: QuerySet[PayPlan]) -> QuerySet[PayPlan]:
    """Each plan with whether somebody was paid by it."""
    return plans.annotate(used=Exists(PayStatement.objects.filter(plan=OuterRef("pk"))))


def applies(plan: PayPlan, seller: User) -> bool:
    """Whether the plan's scope holds the seller."""
    if plan.person_id is not None:
        return plan.person_id == seller.pk
    if plan.team_id is not None:
        return plan.team_id == seller.team_id
    return plan.role == seller.role


def plan_on(day: date, seller: User, plans: Iterable[PayPlan]) -> PayPlan | None:
    """The plan in force for a seller: a person's before a team's before a role's, the latest of each."""
    fitting = [plan for plan in plans if plan.starts_on <= day and applies(plan, seller)]
    return max(
        fitting, key=lambda plan: (plan.person_id is not None, plan.team_id is not None, plan.starts_on), default=None
    )  # fmt: skip


def pay_period(kind: str, day: date) -> Period:
    """The calendar month, quarter or year that holds the day."""
    if kind == PayPlan.Period.YEAR:
        return year_of(day)
    if kind == PayPlan.Period.MONTH:
        return month_of(day)
    start = date(day.year, (day.month - 1) // MONTHS_IN_QUARTER * MONTHS_IN_QUARTER + 1, 1)
    return Period(start, add_months(start, MONTHS_IN_QUARTER))


def statements_visible_to(actor: Actor) -> QuerySet[PayStatement]:
    """Closed statements of oneself, and of whom one leads."""
    people = people_whose_pay_one_sees(actor)
    found = PayStatement.objects.select_related("person", "plan")
    found = found.annotate(is_disputed=Exists(PayDispute.objects.filter(statement=OuterRef("pk"), answer="")))  # fmt: skip
    return found if people is None else found.filter(person_id__in=people)


def statement_of(person_id: int, start: date) -> PayStatement | None:
    """The closed statement of a period that begins on the day."""
    return (
        PayStatement.objects.select_related("person", "plan")
        .filter(person_id=person_id, period_start=start)
        .first()
    )


def personal_targets(people: Collection[int], start: date, end: date) -> list[Target]:
    """Turnover targets of persons that share a day with a stretch of time."""
    return list(
        Target.objects.filter(
            person_id__in=people, territory=None, product_group=None, period_start__lt=end, period_end__gt=start
        )
    )  # fmt: skip


def quota_over(targets: Iterable[Target], period: Period) -> Decimal | None:
    """Targets over a period; of one that lies partly in it the days that do. None without any."""
    found = None
    for target in targets:
        inside = min(target.period_end, period.end) - max(target.period_start, period.start)
        if inside.days > 0:
            share = Decimal(inside.days) / (target.period_end - target.period_start).days
            found = (found or Decimal(0)) + target.amount * share
    return None if found is None else found.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class OrderTie:
    """A credit note's original: which order, of which day, sold by whom."""

    order_id: int
    day: date
    seller_id: int | None


def credit_ties(people: Collection[int], start: date, end: date) -> dict[int, OrderTie]:
    """Credit notes whose original is known, of or about orders in a stretch of time."""
    mine = Q(seller_id__in=people) | Q(credit_of__seller_id__in=people) | Q(credit_of__splits__person_id__in=people)  # fmt: skip
    touched = Q(ordered_on__gte=start, ordered_on__lt=end) | Q(
        credit_of__ordered_on__gte=start, credit_of__ordered_on__lt=end
    )
    rows = Order.objects.filter(mine, touched, is_credit=True, credit_of__isnull=False).order_by()
    names = ("pk", "credit_of_id", "credit_of__ordered_on", "credit_of__seller_id")
    return {key: OrderTie(order, day, seller) for key, order, day, seller in rows.values_list(*names)}  # fmt: skip


def splits_touching(people: Collection[int]) -> Mapping[int, tuple[tuple[int, Decimal], ...]]:
    """All shares of the divided orders these people sold or have a share of, as they were put down."""
    own = Q(order__seller_id__in=people) | Q(person_id__in=people)
    orders = OrderSplit.objects.filter(own).values("order_id")
    found: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    rows = OrderSplit.objects.filter(order_id__in=orders).order_by("order_id", "id")
    for order, person, share in rows.values_list("order_id", "person_id", "share"):
        found[order].append((person, share))
    return {order: tuple(parts) for order, parts in found.items()}


def order_heads(keys: Collection[int]) -> dict[int, Order]:
    """Orders as statements name them."""
    return Order.objects.select_related("company").in_bulk(list(keys))
