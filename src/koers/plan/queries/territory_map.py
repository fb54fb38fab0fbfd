"""Which customers lie in which territory, with what their norm asks and what they bring?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.customers.models import Site
from koers.organisation.models import Territory
from koers.organisation.policies import Right, may, require
from koers.plan.models import VisitNormSet
from koers.plan.queries.visit_norm import customers_with_norm, norms_of

CELLS = ("territory_id", "owner_id", "norm", "norm_minutes", "actual", "turnover_12m", "contribution_12m", "latitude", "longitude")  # fmt: skip
MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class LocatedCustomer:
    """A customer with territory, seller, hours and visits a year by the norm, and amounts of 12 months."""

    territory: int | None
    seller: int | None
    hours: float
    norm: int | None
    actual: int
    turnover: Decimal
    contribution: Decimal | None
    point: tuple[float, float] | None


def territory_names() -> dict[int, str]:
    """Every territory by its key."""
    return dict(Territory.objects.values_list("pk", "name"))


def customers_by_territory(
    actor: Actor, *, norm_set: VisitNormSet | None, period: Period, day: date
) -> Iterator[LocatedCustomer]:
    """The customers one sees; contribution only for those who may see cost."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_TEAM)
    around = norm_set.travel_minutes + norm_set.waiting_minutes if norm_set else 0
    sees_cost = may(actor, Right.SEE_COST)
    rows: Any = _located(
        customers_with_norm(actor, norms=norms_of(norm_set), period=period, day=day)
    )
    for territory, seller, norm, minutes, actual, turnover, contribution, latitude, longitude in rows.order_by().values_list(*CELLS):  # fmt: skip
        yield LocatedCustomer(
            territory, seller, (norm or 0) * (around + (minutes or 0)) / MINUTES_AN_HOUR, norm, actual, turnover,
            contribution if sees_cost else None, None if latitude is None else (latitude, longitude),
        )  # fmt: skip


def customers_in_territory(
    actor: Actor, *, norm_set: VisitNormSet | None, period: Period, day: date, territory: int | None
) -> QuerySet[Any]:
    """The customers of one territory that one sees, those that bring most first."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_TEAM)
    found: QuerySet[Any] = customers_with_norm(
        actor, norms=norms_of(norm_set), period=period, day=day
    )
    return found.filter(territory=territory).order_by("-turnover_12m", "pk")


def _located(found: QuerySet[Any]) -> QuerySet[Any]:
    sites = Site.objects.filter(company=OuterRef("pk"), deleted_at=None, latitude__isnull=False).order_by("-kind", "pk")  # fmt: skip
    located: QuerySet[Any] = found.annotate(
        latitude=Subquery(sites.values("latitude")[:1]),
        longitude=Subquery(sites.values("longitude")[:1]),
    )
    return located
