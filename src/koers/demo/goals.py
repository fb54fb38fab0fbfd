"""Which goals did the demo company set, from the company down to a person, and how far are they?"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from koers.analyse.figures.turnover import turnover_of
from koers.core.actor import Actor, Channel
from koers.core.periods import Period
from koers.demo.world import DOMAIN
from koers.organisation.models import BusinessUnit, Role, User
from koers.organisation.queries.actor import actor_for
from koers.plan.actions.goal import measure_goal, set_goal
from koers.plan.actions.key_success_factor import measure_factor, set_factor
from koers.plan.models import Goal, KeySuccessFactor

Level, Figure, Unit = Goal.Level, Goal.Figure, Goal.Unit
GROWTH, THOUSAND = Decimal("1.06"), Decimal(1000)
RUBRIC = "Ieder werkt op eigen wijze\nKlantklassen zijn bekend\nBezoeknormen per klasse zijn afgesproken\nNormen sturen de weekplanning"


def write_goals(*, today: date, at: datetime) -> int:
    """A tree of five levels for this year, beside goals measured by hand and by rubric."""
    maker = _first(Role.SALES_MANAGER)
    if maker is None or Goal.objects.exists():
        return 0
    actor, start, end = actor_for(maker, Channel.DEMO), date(today.year, 1, 1), date(today.year + 1, 1, 1)  # fmt: skip
    then = min(at, at - timedelta(days=min((today - start).days, 40)))
    plain: dict[str, Any] = {
        "detail": "", "parent": None, "level": Level.COMPANY, "business_unit": None, "owner": maker, "kind": Goal.Kind.QUANTITATIVE,
        "horizon": Goal.Horizon.SHORT, "starts_on": start, "ends_on": end, "unit": Unit.NUMBER, "rubric": "", "start_value": Decimal(0),
        "figure": "", "step": Goal.Step.CONTROL, "control_on": today + timedelta(days=12),
    }  # fmt: skip

    def add(**more: Any) -> Goal:
        return set_goal(actor=actor, values=plain | more, at=then)

    money = {"unit": Unit.MONEY, "figure": Figure.TURNOVER}
    board = _first(Role.MANAGEMENT_TEAM) or maker
    top = add(title="Groeien in omzet", owner=board, target_value=_turnover(actor, today), **money)
    units = list(BusinessUnit.objects.order_by("name"))
    under = [
        add(
            title=f"Omzet van {unit.name}", level=Level.UNIT, business_unit=unit, parent=top, owner=board,
            target_value=_turnover(actor, today, sbu_ids=[unit.pk]), control_on=today + timedelta(days=5 - 8 * place), **money,
        )
        for place, unit in enumerate(units)
    ]  # fmt: skip
    known = add(
        title="Bekendheid bij grootkeukens", level=Level.MARKETING, parent=(under or [top])[0], owner=_first(Role.MARKETING) or maker,
        unit=Unit.SHARE, start_value=Decimal("0.31"), target_value=Decimal("0.45"), step=Goal.Step.ELABORATE,
        detail="Geholpen naamsbekendheid in het halfjaarlijks onderzoek onder keukenchefs.",
    )  # fmt: skip
    new = add(title="Nieuwe klanten", level=Level.SALES, parent=known, figure=Figure.NEW_CUSTOMERS, target_value=Decimal(120))  # fmt: skip
    way = add(
        title="Werken naar bezoeknormen", level=Level.SALES, parent=top, kind=Goal.Kind.QUALITATIVE, unit=Unit.LEVEL, rubric=RUBRIC,
        start_value=Decimal(1), target_value=Decimal(4), step=Goal.Step.PLAN, control_on=today - timedelta(days=6),
    )  # fmt: skip
    sellers = User.objects.filter(role=Role.ACCOUNT_MANAGER, is_active=True, email__endswith=f"@{DOMAIN}").order_by("pk")  # fmt: skip
    for place, seller in enumerate(sellers[:3]):
        add(
            title=f"Nieuwe klanten van {seller.full_name}", level=Level.PERSON, parent=new, owner=seller, figure=Figure.NEW_CUSTOMERS,
            target_value=Decimal(12 - 2 * place), step=Goal.Step.ELABORATE,
        )  # fmt: skip
        add(
            title=f"Omzet van {seller.full_name}", level=Level.PERSON, parent=way.parent, owner=seller,
            target_value=_turnover(actor, today, seller_ids=[seller.pk]), **money,
        )  # fmt: skip
    for found, days, value, note in (
        (known, 150, Decimal("0.33"), "Voorjaarsmeting, 212 keukenchefs"), (known, 20, Decimal("0.38"), "Najaarsmeting, 198 keukenchefs"),
        (way, 60, Decimal(2), "Klassen besproken in het salesoverleg"), (way, 8, Decimal(3), "Normen vastgesteld"),
    ):  # fmt: skip
        day = max(start, today - timedelta(days=days))
        measure_goal(
            actor=actor, goal_id=found.pk, day=day, value=value, note=note, today=today, at=at
        )
    return Goal.objects.count()


# Title, class, unit, bound, threshold, start, ambition, figure, and what was measured last: days ago, value, note.
FACTORS = (
    ("Leveren op de beloofde dag", "hygiene", "share", "least", Decimal("0.95"), Decimal(0), None, "", (9, Decimal("0.91"), "Steekproef van 120 leveringen")),
    ("Klachten binnen twee dagen beantwoord", "hygiene", "share", "least", Decimal("0.90"), Decimal(0), None, "", (12, Decimal("0.94"), "Uit het klachtenregister")),
    ("Nieuwe klanten per jaar", "visionary", "number", "", None, Decimal(50), Decimal(120), "new_customers", None),
    ("Keukens met een onderhoudscontract", "visionary", "share", "", None, Decimal("0.18"), Decimal("0.40"), "", (30, Decimal("0.26"), "Telling per installatie")),
)  # fmt: skip


def write_factors(*, today: date, at: datetime) -> int:
    """Two hygiene factors, of which one fails, and two visionary ones."""
    maker = _first(Role.SALES_MANAGER)
    if maker is None or KeySuccessFactor.objects.exists():
        return 0
    actor, then = actor_for(maker, Channel.DEMO), at - timedelta(days=45)
    top = Goal.objects.filter(level=Level.COMPANY, deleted_at=None).order_by("pk").first()
    for place, (
        title,
        kind,
        unit,
        bound,
        threshold,
        start,
        ambition,
        figure,
        measured,
    ) in enumerate(FACTORS):
        values = {
            "title": title, "detail": "", "factor_class": kind, "owner": maker, "goal": top, "unit": unit, "figure": figure, "bound": bound,
            "threshold": threshold, "start_value": start, "ambition": ambition, "step": Goal.Step.CONTROL, "control_on": today + timedelta(days=7 * place - 3),
        }  # fmt: skip
        made = set_factor(actor=actor, values=values, at=then)
        if measured is not None:
            days, value, note = measured
            measure_factor(actor=actor, factor_id=made.pk, day=today - timedelta(days=days), value=value, note=note, today=today, at=at)  # fmt: skip
    return len(FACTORS)


def _turnover(actor: Actor, today: date, **choices: Any) -> Decimal:
    """What was sold in the year before, raised, in thousands."""
    year = Period(date(today.year - 1, 1, 1), date(today.year, 1, 1))
    sold = turnover_of(actor=actor, period=year, **choices).total.turnover * GROWTH
    return max((sold / THOUSAND).quantize(Decimal(1), ROUND_HALF_UP), Decimal(1)) * THOUSAND


def _first(role: str) -> User | None:
    return User.objects.filter(role=role, email__endswith=f"@{DOMAIN}").order_by("pk").first()
