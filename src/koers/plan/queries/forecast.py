"""Which forecasts were given, whose may one see, and what does each say after overrides?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.plan.models import ForecastOverride, ForecastPoint, ForecastRun, ForecastSeries

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ForecastMonth:
    """A month as it stands: the method's figure, and the final one after overrides."""

    point: ForecastPoint
    final: Decimal
    override: ForecastOverride | None

    @property
    def is_changed(self) -> bool:
        """Whether the final figure is another than the method's."""
        return bool(self.final != self.point.value)


@dataclass(frozen=True, slots=True)
class ForecastPart:
    """A series with its months."""

    series: ForecastSeries
    months: Sequence[ForecastMonth]

    @property
    def value(self) -> Decimal:
        """What the method gave over all months."""
        return sum((each.point.value for each in self.months), Decimal(0))

    @property
    def final(self) -> Decimal:
        """What stands over all months."""
        return sum((each.final for each in self.months), Decimal(0))


def runs_visible_to(actor: Actor) -> QuerySet[ForecastRun]:
    """All runs for who sees everybody; else one's own, and those that hold one's people."""
    require(actor, Right.READ_TARGETS)
    if actor.visible_people is None:
        return ForecastRun.objects.all()
    return ForecastRun.objects.filter(
        Q(made_by=actor.user_id)
        | Q(
            pk__in=ForecastSeries.objects.filter(
                run__division="seller", key__in=actor.visible_people
            ).values("run")
        )
    )


def run_for(*, actor: Actor, run_id: int) -> ForecastRun:
    """One run, or as if it did not exist."""
    found = runs_visible_to(actor).filter(pk=run_id).first()
    if found is None:
        raise NotFoundError(_("This forecast does not exist."))
    return found


def series_visible_to(actor: Actor) -> QuerySet[ForecastSeries]:
    """Series of the runs one sees; of another's run only those of the people one sees."""
    found = ForecastSeries.objects.filter(run__in=runs_visible_to(actor))
    if actor.visible_people is None:
        return found
    return found.filter(
        Q(run__made_by=actor.user_id) | Q(run__division="seller", key__in=actor.visible_people)
    )


def parts_of(*, actor: Actor, run: ForecastRun) -> list[ForecastPart]:
    """The series of a run one may see, the total first."""
    return parts_of_runs(actor=actor, runs=[run])[run.pk]


def parts_of_runs(*, actor: Actor, runs: Sequence[ForecastRun]) -> dict[int, list[ForecastPart]]:
    """The series one may see of each run, the total first, in three queries.

    The total takes over what overrides change in its parts, unless it was overridden itself.
    """
    series = list(series_visible_to(actor).filter(run__in=runs))
    points = ForecastPoint.objects.filter(series__run__in=runs).prefetch_related("overrides")
    run_of = {each.pk: each.run_id for each in series}
    totals = {each.pk for each in series if each.is_total}
    by_series: dict[int, list[ForecastMonth]] = {}
    moved: dict[tuple[int, date], Decimal] = {}
    for point in points:
        if point.series_id not in run_of:
            continue
        override = next(iter(point.overrides.all()), None)
        final = override.value if override else point.value
        if point.series_id not in totals:
            place = (run_of[point.series_id], point.month)
            moved[place] = moved.get(place, NOTHING) + final - point.value
        by_series.setdefault(point.series_id, []).append(ForecastMonth(point, final, override))
    for pk in totals:
        by_series[pk] = [
            each if each.override
            else ForecastMonth(each.point, each.final + moved.get((run_of[pk], each.point.month), NOTHING), None)
            for each in by_series.get(pk, [])
        ]  # fmt: skip
    found: dict[int, list[ForecastPart]] = {run.pk: [] for run in runs}
    for each in series:
        found[each.run_id].append(ForecastPart(each, by_series.get(each.pk, [])))
    return found


def point_for(*, actor: Actor, point_id: int) -> ForecastPoint:
    """One month of a series one may see, or as if it did not exist."""
    found = (
        ForecastPoint.objects.filter(pk=point_id, series__in=series_visible_to(actor))
        .select_related("series__run")
        .first()
    )
    if found is None:
        raise NotFoundError(_("This forecast does not exist."))
    return found


def overrides_of(run: ForecastRun, series: ForecastSeries) -> QuerySet[ForecastOverride]:
    """Everything people changed in a series, latest first."""
    return ForecastOverride.objects.filter(point__series=series, point__series__run=run).select_related("point")  # fmt: skip
