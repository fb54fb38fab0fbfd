"""What do sellers of the demo company expect of more visits, when are they away, and what was divided?

Kept by the same actions as on the screen.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.periods import last_twelve_months
from koers.plan.actions.effort import EstimateValues, make_run, save_estimates, set_class_curves
from koers.plan.actions.seller_year import add_absence, set_seller_year
from koers.plan.figures.seller_year import workloads_of
from koers.plan.models import EffortRun
from koers.plan.queries.effort import customers_to_divide
from koers.plan.queries.seller_year import sellers_with_a_year
from koers.plan.queries.visit_norm import norms_on

TEN = Decimal(10)
# Shares of today's turnover at four numbers of visits, least and most visits, by place among the largest.
ESTIMATES = (
    ("0.50", "0.80", "1.12", "1.35", 8, 30), ("0.75", "0.92", "1.03", "1.08", 4, 12), ("0.40", "0.72", "1.18", "1.50", 6, 36),
    ("0.65", "0.88", "1.06", "1.15", None, None), ("0.30", "0.55", "1.30", "1.80", None, 24), ("0.80", "0.94", "1.02", "1.05", 2, None),
)  # fmt: skip
CLASSES = {
    "A": ("0.58", "0.84", "1.08", "1.25", 6, 36), "B": ("0.62", "0.85", "1.08", "1.22", 3, 18), "C": ("0.68", "0.87", "1.07", "1.20", 1, 8),
}  # fmt: skip
# Weeks from the Monday of this week, days away, kind, by place of the seller in the alphabet.
AWAY = ((1, 5, "leave"), (2, 2, "other"), (4, 10, "leave"), (6, 3, "other"), (3, 1, "sickness"))
PART_TIMER = 3  # place of the seller who works four days a week
PART_TIME = {"weekdays": "1245", "leave_days": 20, "sick_days": 6, "other_days": 14}
DAYS, QUARTER = 200, Decimal("0.25")


def write_visit_effort(*, maker: Actor, today: date, at: datetime) -> int:
    """Curves of three classes, estimates of the largest customers, absences, and two divisions."""
    if EffortRun.objects.exists() or norms_on(today) is None:
        return 0
    names = ("none", "half", "more", "most", "least_visits", "most_visits")
    curves = {
        name: dict(zip(names, [*map(Decimal, shares), least, most], strict=True))
        for name, (*shares, least, most) in CLASSES.items()
    }  # fmt: skip
    set_class_curves(actor=maker, rows=curves, at=at)
    sellers = list(sellers_with_a_year(maker))
    monday = today - timedelta(days=today.weekday())
    loads = workloads_of(actor=maker, people=[each.pk for each in sellers], period=last_twelve_months(today), day=today)  # fmt: skip
    for place, person in enumerate(sellers):
        _estimate(maker, person.pk, today, at)
        weeks, days, kind = AWAY[place % len(AWAY)]
        starts_on = monday + timedelta(weeks=weeks)
        add_absence(actor=maker, person_id=person.pk, kind=kind, starts_on=starts_on, ends_on=starts_on + timedelta(days=days), at=at)  # fmt: skip
        values = {"weekdays": "12345", "leave_days": 25, "sick_days": 8, "other_days": 20} | (PART_TIME if place == PART_TIMER else {})  # fmt: skip
        hours = _hours_a_day(loads.get(person.pk, (0.0, None))[0])
        set_seller_year(actor=maker, person_id=person.pk, year=today.year, values=values | {"hours_a_day": hours}, version=None, at=at)  # fmt: skip
    made = 0
    for who in ("", *(str(each.pk) for each in sellers)):
        try:
            make_run(actor=maker, who=who, year=today.year, at=at)
        except RuleError:  # a small demo company may leave a seller without customers to divide
            continue
        made += 1
    return made


def _estimate(maker: Actor, owner_id: int, today: date, at: datetime) -> None:
    """Four estimates of each of a seller's largest customers, rounded as people do."""
    rows = customers_to_divide(maker, norm_set=norms_on(today), day=today)
    largest = rows.filter(owner=owner_id, turnover_12m__gt=1000, now_visits__gt=0).order_by("-turnover_12m", "pk")  # fmt: skip
    said = {}
    for company, (none, half, more, most, least, limit) in zip(largest[: len(ESTIMATES)], ESTIMATES, strict=False):  # fmt: skip
        tens = [(company.turnover_12m * Decimal(share) / TEN).quantize(Decimal(1)) * TEN for share in (none, half, more, most)]  # fmt: skip
        said[company.pk] = EstimateValues(tens[0], tens[1], tens[2], tens[3], least, limit)
    save_estimates(actor=maker, rows=said, at=at)


def _hours_a_day(load: float) -> Decimal:
    """About what the norms ask, in quarters: these sellers sell by telephone and in the showroom too."""
    quarters = (Decimal(repr(load)) / DAYS / QUARTER).quantize(Decimal(1))
    return max(QUARTER, quarters * QUARTER)
