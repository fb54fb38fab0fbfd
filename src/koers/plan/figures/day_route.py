"""What is the shortest round over the visits of a day, and what does it save?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from koers.plan.queries.day_route import RoundVisit

if TYPE_CHECKING:
    from koers_analytics.planning.day_route import Call, DayRoute


@dataclass(frozen=True, slots=True)
class RoundHours:
    """When a day begins and ends, and the minutes of lunch; minutes after midnight."""

    begins: int
    ends: int
    lunch: int


@dataclass(frozen=True, slots=True)
class DayRound:
    """The round found, the order as it is planned now, and the nearest-neighbour round to compare.

    ``route`` is the round to follow: the shortest, or the present order where no order keeps all times.
    """

    route: "DayRoute"
    now: "DayRoute"
    nearest_km: float
    found: bool
    road_factor: float
    speed: float

    @property
    def saved_now(self) -> float:
        """Kilometres less than in the order as planned."""
        return self.now.km - self.route.km

    @property
    def saved_nearest(self) -> float:
        """Kilometres less than by always driving to the nearest; below 0 where agreed times cost some."""
        return self.nearest_km - self.route.km


def round_of(
    visits: Sequence[RoundVisit],
    *,
    agreed: Collection[int],
    start: tuple[float, float],
    hours: RoundHours,
) -> DayRound:
    """The shortest order of the day; visits whose time is ``agreed`` keep it."""
    from koers_analytics.planning import day_route  # noqa: PLC0415 -- slow import

    rules = day_route.DayRules(
        start=start, begins=hours.begins, ends=hours.ends, lunch_minutes=hours.lunch
    )
    calls = [_call(each, each.key in agreed, hours) for each in visits]
    by_time = sorted(zip(visits, calls, strict=True), key=lambda pair: (pair[0].start is None, pair[0].start or time(), pair[0].key))  # fmt: skip
    now = day_route.in_order([call for _visit, call in by_time], rules)
    best = day_route.shortest_day(calls, rules)
    return DayRound(
        route=best or now, now=now, nearest_km=day_route.nearest_neighbour(calls, rules), found=best is not None,
        road_factor=rules.road_factor, speed=rules.speed,
    )  # fmt: skip


def _call(visit: RoundVisit, agreed: bool, hours: RoundHours) -> "Call":  # noqa: FBT001 -- private
    from koers_analytics.planning.day_route import Call  # noqa: PLC0415 -- slow import

    earliest, latest = hours.begins, hours.ends
    if agreed and visit.start is not None:
        earliest = latest = visit.start.hour * 60 + visit.start.minute
    return Call(visit.key, (visit.latitude, visit.longitude), visit.minutes, earliest, latest)
