"""Where are we off, by rules anyone can read?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import movers_of
from koers.analyse.figures.turnover import turnover_of
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.actor import Actor
from koers.core.periods import last_twelve_months, year_before
from koers.organisation.policies import Right, may
from koers.plan.figures.attainment import attainment_of
from koers.plan.figures.key_success_factor import failing_factors, norm_words, value_of_factor

BEHIND = Decimal("0.10")
MARGIN_FALL = Decimal("0.02")
CUSTOMER_FALL = Decimal("0.5")
SMALLEST_FALL = Decimal(10_000)
DISCOUNT_FACTOR = Decimal("1.5")
MOST_CUSTOMERS = 10


@dataclass(frozen=True, slots=True)
class Alarm:
    """One breach: the rule, who or what, the words, and where its figure and rows open."""

    rule: str
    subject: str
    text: str
    figure_url: str
    rows_url: str
    about: str = ""

    @property
    def key(self) -> str:
        """The same breach on another day has the same key."""
        return f"{self.rule}:{self.about}"


def rules() -> dict[str, str]:
    """The rules with their thresholds, as shown beside the alarms."""
    return {
        "hygiene": _("a hygiene factor on the wrong side of its threshold"),
        "attainment": _(
            "attainment more than 10 points below the part of the period that has passed"
        ),
        "margin": _("margin of a product category more than 2 points below the year before"),
        "customer": _("a customer's turnover fell by more than half and by more than 10,000"),
        "discount": _("a seller's discount share above 1.5 times that of all sellers"),
    }


def alarms(*, actor: Actor, today: date) -> list[Alarm]:
    """All breaches of the rules in what the actor may see, gravest rule first."""
    found = (
        _hygiene(actor, today)
        + _attainment(actor, today)
        + _customers(actor, today)
        + _discounts(actor, today)
    )
    return _margins(actor, today) + found if may(actor, Right.SEE_COST) else found


def _hygiene(actor: Actor, today: date) -> list[Alarm]:
    return [
        Alarm("hygiene", each.factor.title,
              _("%(actual)s, must be %(norm)s") % {"actual": value_of_factor(each.factor, each.actual), "norm": norm_words(each.factor)},
              reverse("plan:factor_figure", args=[each.factor.pk]), reverse("plan:factor_detail", args=[each.factor.pk]), str(each.factor.pk))
        for each in failing_factors(actor=actor, today=today)
    ]  # fmt: skip


def _attainment(actor: Actor, today: date) -> list[Alarm]:
    url = reverse("plan:attainment_figure")
    return [
        Alarm("attainment", row.label or formats.EN_DASH,
              _("%(share)s reached, %(elapsed)s of the period passed") % {"share": formats.share(row.share), "elapsed": formats.share(row.elapsed)},
              f"{url}?{urlencode({'start': row.period_start.isoformat(), 'key': row.key, 'by': 'seller'})}", reverse("plan:attainment"),
              f"{row.key}:{row.period_start.isoformat()}")
        for row in attainment_of(actor=actor, today=today, by="seller")
        if row.period_start <= today < row.period_end and row.share is not None and row.share < row.elapsed - BEHIND
    ]  # fmt: skip


def _margins(actor: Actor, today: date) -> list[Alarm]:
    period = last_twelve_months(today)
    before = {
        row.keys[0]: row.measures.margin
        for row in turnover_of(actor=actor, period=year_before(period), by=["category"]).rows
    }
    found = []
    for row in turnover_of(actor=actor, period=period, by=["category"]).rows:
        now, then = row.measures.margin, before.get(row.keys[0])
        if now is not None and then is not None and now < then - MARGIN_FALL:
            words = _("%(now)s, was %(then)s") % {
                "now": formats.share(now),
                "then": formats.share(then),
            }
            rows_url = reverse("analyse:lines") + f"?category={row.keys[0]}"
            found.append(
                Alarm(
                    "margin",
                    row.labels[0] or formats.EN_DASH,
                    words,
                    reverse("analyse:figure", args=["margin"]),
                    rows_url,
                    str(row.keys[0]),
                )
            )
    return found


def _customers(actor: Actor, today: date) -> list[Alarm]:
    period, currency = last_twelve_months(today), reporting_currency()
    movers, _count = movers_of(
        actor=actor,
        before=year_before(period),
        after=period,
        kinds=("fallen", "lost"),
        largest="fallen",
        limit=60,
    )
    fallen = [
        each
        for each in movers
        if each.change < -SMALLEST_FALL
        and each.turnover_after < each.turnover_before * CUSTOMER_FALL
    ]
    return [
        Alarm("customer", each.name,
              _("%(now)s, was %(then)s") % {"now": formats.money_short(each.turnover_after, currency), "then": formats.money_short(each.turnover_before, currency)},
              reverse("analyse:movers") + "?kind=lost" if each.kind == "lost" else reverse("analyse:movers") + "?kind=fallen",
              reverse("customers:company_detail", args=[each.company_id]), str(each.company_id))
        for each in fallen[:MOST_CUSTOMERS]
    ]  # fmt: skip


def _discounts(actor: Actor, today: date) -> list[Alarm]:
    table = turnover_of(actor=actor, period=last_twelve_months(today), by=["seller"])
    usual = table.total.discount_share
    if usual is None:
        return []
    return [
        Alarm("discount", row.labels[0] or formats.EN_DASH,
              _("%(share)s discount, all sellers %(usual)s") % {"share": formats.share(row.measures.discount_share), "usual": formats.share(usual)},
              reverse("analyse:figure", args=["discount"]) + f"?seller={row.keys[0]}", reverse("analyse:lines") + f"?seller={row.keys[0]}",
              str(row.keys[0]))
        for row in table.rows
        if row.keys[0] is not None and row.measures.discount_share is not None and row.measures.discount_share > usual * DISCOUNT_FACTOR
    ]  # fmt: skip
