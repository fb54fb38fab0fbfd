"""Which division of visits is best for some sellers, beside norm and actual, in hours and money?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.organisation.models import User
from koers.organisation.policies import Right, may
from koers.plan.figures.seller_year import SellerCapacity, capacities_of
from koers.plan.models import EffortLine, EffortRun
from koers.plan.queries.effort import ClassCurve, class_curves, customers_to_divide
from koers.plan.queries.visit_norm import norms_on
from koers.sell.models.activity import USUAL_MINUTES

if TYPE_CHECKING:
    from koers_analytics.planning.effort import Advice, Curve, Customer
    from koers_analytics.planning.effort_team import SellerEffort

MINUTES = 60
WIDE = 52  # most visits of a customer of no class A to D
PLACES = Decimal("0.0001")
FIELDS = (
    "pk", "name", "owner_id", "customer_class", "norm", "norm_minutes", "actual", "now_visits", "turnover_12m", "contribution_12m",
    *(f"effort_estimate__{each}" for each in ("none", "half", "more", "most", "turnover", "visits", "least_visits", "most_visits")),
)  # fmt: skip


class EffortRefusedError(RuleError):
    """Visits cannot be divided like this."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A customer that visits are divided over: what was known of it, its curve, and the answer."""

    company_id: int
    customer_class: str
    source: str
    turnover: Decimal
    visits: int
    customer: "Customer"
    advice: "Advice"
    norm_value: float


@dataclass(frozen=True, slots=True)
class SellerAnswer:
    """One seller with hours and customers; those left out keep the visits of their norm."""

    person: User
    capacity: SellerCapacity
    effort: "SellerEffort"
    divided: Sequence[Divided]
    left_out: int
    reserved: float


@dataclass(frozen=True, slots=True)
class EffortAnswer:
    """All sellers asked for, and what one seller more would bring (value, hours)."""

    basis: str
    sellers: Sequence[SellerAnswer]
    next_seller: tuple[float, float] | None
    inputs: Mapping[str, Any]


@dataclass(slots=True)
class _Basket:
    """The customers of one seller while they are gathered."""

    known: list[tuple[dict[str, Any], str, "Curve", Decimal, int]] = field(default_factory=list)
    left_out: int = 0
    reserved: float = 0.0


def effort_of(*, actor: Actor, people: Sequence[User], year: int, day: date) -> EffortAnswer:
    """The best division per seller (F6.9, F6.10) in the hours of a year (F6.5)."""
    from koers_analytics.planning.effort_team import one_seller_more  # noqa: PLC0415 -- slow import

    norm_set = norms_on(day)
    if norm_set is None:
        raise EffortRefusedError(_("Set visit norms first: they say how long visits and travel take."))  # fmt: skip
    around = norm_set.travel_minutes + norm_set.waiting_minutes
    curves = class_curves()
    rows = customers_to_divide(actor, norm_set=norm_set, day=day)
    rows = rows.filter(owner__in=[each.pk for each in people]).order_by("pk").values(*FIELDS)
    baskets = _gather(rows, curves, around)
    overall = _overall_margin(baskets) if may(actor, Right.SEE_COST) else None
    capacities = capacities_of([each.pk for each in people], year)
    sellers = [
        _answer(person, capacities[person.pk], baskets[person.pk], curves, around, overall)
        for person in people
        if baskets[person.pk].known
    ]
    if not sellers:
        raise EffortRefusedError(_("None of these customers has turnover and visits, or an estimate of its own."))  # fmt: skip
    everybody = [each.customer for seller in sellers for each in seller.divided]
    hours = sum(each.effort.plan.hours for each in sellers)
    return EffortAnswer(
        basis=EffortRun.Basis.TURNOVER if overall is None else EffortRun.Basis.CONTRIBUTION, sellers=sellers,
        next_seller=one_seller_more(everybody, hours=hours, sellers=len(sellers)),
        inputs=_inputs(norm_set, curves, overall),
    )  # fmt: skip


def _gather(rows: Any, curves: Mapping[str, ClassCurve], around: int) -> dict[int, _Basket]:
    found: dict[int, _Basket] = defaultdict(_Basket)
    for row in rows:
        basket = found[row["owner_id"]]
        known = _curve(row, curves)
        if known is None:
            basket.left_out += 1
            basket.reserved += (row["norm"] or 0) * _visit_hours(row, around)
        else:
            basket.known.append((row, *known))
    return found


def _curve(
    row: Mapping[str, Any], curves: Mapping[str, ClassCurve]
) -> tuple[str, "Curve", Decimal, int] | None:
    """Where the curve comes from, the curve, and the point of today it passes through."""
    from koers_analytics.planning.effort import calibrate  # noqa: PLC0415 -- slow import
    from koers_analytics.planning.effort_team import Shares, curve_of_shares  # noqa: PLC0415 -- slow import

    own = {name: row[f"effort_estimate__{name}"] for name in ("none", "half", "more", "most", "turnover", "visits")}  # fmt: skip
    if own["none"] is not None:
        points = {name: float(own[name]) for name in ("none", "half", "more", "most", "visits")}
        return "estimate", calibrate(now=float(own["turnover"]), **points), own["turnover"], own["visits"]  # fmt: skip
    assumed, sales, visits = curves.get(row["customer_class"]), row["turnover_12m"], row["now_visits"]  # fmt: skip
    if assumed is None or sales <= 0 or not visits:
        return None
    shares = Shares(*(float(each) for each in (assumed.none, assumed.half, assumed.more, assumed.most)))  # fmt: skip
    return "class", curve_of_shares(shares, sales=float(sales), visits=visits), sales, visits


def _visit_hours(row: Mapping[str, Any], around: int) -> float:
    return float(around + (row["norm_minutes"] or USUAL_MINUTES)) / MINUTES


def _overall_margin(baskets: Mapping[int, _Basket]) -> float | None:
    """Contribution as a share of turnover, over all customers of whom the cost is known."""
    known = [
        (row["contribution_12m"], row["turnover_12m"])
        for basket in baskets.values()
        for row, *_rest in basket.known
        if row["contribution_12m"] is not None and row["turnover_12m"] > 0
    ]
    turnover = sum((each for _part, each in known), Decimal(0))
    return float(sum((each for each, _whole in known), Decimal(0)) / turnover) if turnover else None


def _margin(row: Mapping[str, Any], overall: float | None) -> float:
    """A customer's own margin, or that of all together where its cost is not known; 1 without cost."""
    if overall is None:
        return 1.0
    if row["contribution_12m"] is None or row["turnover_12m"] <= 0:
        return overall
    return float(row["contribution_12m"] / row["turnover_12m"])


def _answer(
    person: User, capacity: SellerCapacity, basket: _Basket, curves: Mapping[str, ClassCurve], around: int, overall: float | None,
) -> SellerAnswer:  # fmt: skip
    from koers_analytics.planning.effort import Customer  # noqa: PLC0415 -- slow import
    from koers_analytics.planning.effort_team import seller_effort, value_at  # noqa: PLC0415 -- slow import

    customers = []
    for row, _source, curve, _turnover, _visits in basket.known:
        least, most = _limits(row, curves.get(row["customer_class"]))
        customers.append(
            Customer(
                row["name"], curve, _margin(row, overall), _visit_hours(row, around), least, most, row["norm"], row["actual"]
            )
        )  # fmt: skip
    hours = capacity.hours - basket.reserved
    least_hours = sum(each.least * each.hours for each in customers)
    if hours < least_hours or hours <= 0:
        raise EffortRefusedError(
            _("%(name)s has %(hours)s hours for these customers, and their least visits take %(least)s. Lower the least visits, or give more days or hours.")
            % {"name": person.full_name, "hours": formats.number(max(hours, 0.0), 0), "least": formats.number(least_hours, 0)}
        )  # fmt: skip
    effort = seller_effort(customers, hours=hours)
    divided = [
        Divided(
            row["pk"], row["customer_class"], source, turnover, visits, customer, advice,
            value_at(customer, float(row["norm"] if row["norm"] is not None else row["actual"])),
        )
        for (row, source, _curve, turnover, visits), customer, advice in zip(basket.known, customers, effort.plan.advice, strict=True)
    ]  # fmt: skip
    return SellerAnswer(person, capacity, effort, divided, basket.left_out, basket.reserved)


def _limits(row: Mapping[str, Any], assumed: ClassCurve | None) -> tuple[int, int]:
    """Least and most visits: the customer's own, or its class's, never the wrong way round."""
    least, most = row["effort_estimate__least_visits"], row["effort_estimate__most_visits"]
    if least is None:
        least = assumed.least_visits if assumed else 0
        least = least if most is None else min(least, most)
    if most is None:
        most = max(least, assumed.most_visits if assumed else WIDE)
    return least, most


def _inputs(norm_set: Any, curves: Mapping[str, ClassCurve], overall: float | None) -> dict[str, Any]:  # fmt: skip
    return {
        "norms_of": norm_set.starts_on.isoformat(), "travel_minutes": norm_set.travel_minutes, "waiting_minutes": norm_set.waiting_minutes,
        "margin": overall,
        "classes": {
            name: {
                **{part: str(getattr(each, part)) for part in ("none", "half", "more", "most")},
                "least": each.least_visits, "most": each.most_visits, "is_start": each.is_start,
            }
            for name, each in curves.items()
        },
    }  # fmt: skip


def amount(value: float | None) -> Any:
    """A computed value as an amount, to the ten-thousandth."""
    return None if value is None else Decimal(repr(value)).quantize(PLACES)


def curve_of(line: EffortLine) -> "Curve":
    """The curve a run used for a customer."""
    from koers_analytics.planning.effort import Curve  # noqa: PLC0415 -- slow import

    return Curve(line.s0, line.smax, line.shape, line.scale)
