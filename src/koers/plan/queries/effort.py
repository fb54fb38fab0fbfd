"""Which customers can visits be divided over, what is assumed of them, and which divisions may one see?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.periods import last_twelve_months
from koers.customers.models import Company
from koers.customers.queries.company import companies_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.plan.models import (
    EffortClassCurve,
    EffortLine,
    EffortRun,
    EffortSeller,
    VisitNormSet,
)
from koers.plan.queries.visit_norm import customers_with_norm, norms_of

CLASSES = ("A", "B", "C", "D")
SHARES = ("none", "half", "more", "most")
CURVE_FIELDS = (*SHARES, "least_visits", "most_visits")


@dataclass(frozen=True, slots=True)
class ClassCurve:
    """What is assumed of a class; ``is_start`` while nobody said it."""

    customer_class: str
    none: Decimal
    half: Decimal
    more: Decimal
    most: Decimal
    least_visits: int
    most_visits: int
    version: int = 0

    @property
    def is_start(self) -> bool:
        """Whether these are the numbers to start with."""
        return self.version == 0


# A start, no measurement: shares of today's turnover without visits, at half of them, at half as many
# again and at endless ones; least and most visits a year.
START: Mapping[str, ClassCurve] = {
    name: ClassCurve(name, Decimal(none), Decimal(half), Decimal(more), Decimal(most), least, limit)
    for name, none, half, more, most, least, limit in (
        ("A", "0.55", "0.82", "1.10", "1.30", 6, 48),
        ("B", "0.60", "0.84", "1.09", "1.25", 3, 24),
        ("C", "0.65", "0.86", "1.08", "1.22", 1, 12),
        ("D", "0.75", "0.90", "1.05", "1.15", 0, 6),
    )
}


def class_curves() -> dict[str, ClassCurve]:
    """Per class A to D what was said of it, or what it starts with."""
    known = {each.customer_class: each for each in EffortClassCurve.objects.all()}
    found = {}
    for name in CLASSES:
        stored = known.get(name)
        if stored is not None:
            found[name] = ClassCurve(
                name, stored.none, stored.half, stored.more, stored.most, stored.least_visits, stored.most_visits, stored.version
            )  # fmt: skip
        else:
            found[name] = START[name]
    return found


def customers_to_divide(actor: Actor, *, norm_set: VisitNormSet | None, day: date) -> QuerySet[Any]:
    """Customers one sees as ``customers_with_norm`` gives them, with ``now_visits``.

    Visits now are those of the last twelve months, or the norm's where none was made. A customer
    can have visits divided over it with an own estimate, or with turnover and visits and a class.
    """
    period = last_twelve_months(day)
    found: Any = customers_with_norm(actor, norms=norms_of(norm_set), period=period, day=day)
    visits = Coalesce(NullIf(F("actual"), Value(0)), F("norm"), output_field=IntegerField())
    rows: QuerySet[Any] = found.select_related("owner", "effort_estimate").annotate(now_visits=visits)  # fmt: skip
    return rows


CAN_DIVIDE = Q(effort_estimate__none__isnull=False) | Q(
    turnover_12m__gt=0, now_visits__gt=0, customer_class__in=CLASSES
)


def customers_to_estimate(
    rows: QuerySet[Any], *, q: str, choices: Mapping[str, str]
) -> QuerySet[Any]:
    """By the beginning of their name, class, owner, and what their curve comes from."""
    if q:
        rows = rows.filter(name__istartswith=q)
    if choices.get("class"):
        rows = rows.filter(customer_class=choices["class"])
    if choices.get("owner"):
        rows = rows.filter(owner_id=record_key(choices["owner"]))
    sources = {
        "estimate": Q(effort_estimate__none__isnull=False),
        "class": CAN_DIVIDE & Q(effort_estimate__none=None),
        "none": ~CAN_DIVIDE,
    }
    chosen = choices.get("source", "")
    return rows.filter(sources[chosen]) if chosen else rows


def runs_visible_to(actor: Actor) -> QuerySet[EffortRun]:
    """Runs of which one sees every seller; who leads nobody, only runs of oneself alone."""
    require(actor, Right.READ_TARGETS)
    found = EffortRun.objects.all()
    if not may(actor, Right.SEE_COST):
        found = found.filter(basis=EffortRun.Basis.TURNOVER)
    people = actor.visible_people
    if not may(actor, Right.SEE_TEAM):
        people = frozenset({actor.user_id or 0})
    if people is None:
        return found
    strangers = EffortSeller.objects.filter(run=OuterRef("pk")).exclude(person__in=people)
    return found.filter(~Exists(strangers))


def run_for(*, actor: Actor, run_id: int) -> EffortRun:
    """One run, or as if it did not exist."""
    found = runs_visible_to(actor).filter(pk=run_id).first()
    if found is None:
        raise NotFoundError(_("This calculation does not exist."))
    return found


def lines_of(actor: Actor, run: EffortRun) -> QuerySet[EffortLine]:
    """The customers of a run one still sees, with what they are called."""
    visible: QuerySet[Company] = companies_visible_to(actor)
    return EffortLine.objects.filter(run=run, company__in=visible.values("pk")).select_related("company", "seller")  # fmt: skip


def lines_matching(
    lines: QuerySet[EffortLine], *, q: str, choices: Mapping[str, str]
) -> QuerySet[EffortLine]:
    """By the beginning of the customer's name, class, seller, curve, and what changes."""
    if q:
        lines = lines.filter(company__name__istartswith=q)
    if choices.get("class"):
        lines = lines.filter(customer_class=choices["class"])
    if choices.get("source"):
        lines = lines.filter(source=choices["source"])
    if choices.get("seller"):
        lines = lines.filter(seller_id=record_key(choices["seller"]))
    changes = {"more": Q(change__gt=0), "less": Q(change__lt=0), "same": Q(change=0)}
    chosen = choices.get("change", "")
    return lines.filter(changes[chosen]) if chosen else lines


def line_for(*, actor: Actor, run: EffortRun, line_id: int) -> EffortLine:
    """One customer of a run, or as if it were not in it."""
    found = lines_of(actor, run).filter(pk=line_id).first()
    if found is None:
        raise NotFoundError(_("There is no such figure."))
    return found


def sellers_of_scope(sellers: QuerySet[User], who: str) -> tuple[list[User], str]:
    """The sellers a choice names: everybody one sees (""), a team ("team-3") or one person ("12")."""
    if not who:
        found = list(sellers)
        return found, found[0].full_name if len(found) == 1 else ""
    kind, _dash, key = who.rpartition("-")
    number = record_key(key)
    if number is None or kind not in ("", "team"):
        raise NotFoundError(_("This person does not exist."))
    chosen = sellers.filter(team_id=number) if kind == "team" else sellers.filter(pk=number)
    people = list(chosen.select_related("team"))
    if not people:
        raise NotFoundError(_("This person does not exist."))
    team = people[0].team
    return people, team.name if kind == "team" and team else people[0].full_name
