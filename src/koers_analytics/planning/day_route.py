"""In which order are the visits of one day made with the fewest kilometres, and when is one where?

Up to nine visits every order is weighed: labels of time and kilometres per set of visits made and last
visit, of which only those are kept that no other beats in both (dynamic programming), so the order is
the shortest there is. Above that the search of ``routes`` gives an order, good but not proven.
Kilometres are the great circle (F6.11) × a road factor, minutes those kilometres at one speed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from koers_analytics.formula_sets.team import great_circle
from koers_analytics.planning.route_problem import RouteProblem, Stop

MOST_EXACT = 9
SEARCH_SECONDS = 1.0
ROUNDING = 1e-9
STEP = 5

Point = tuple[float, float]
Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A visit of the day: degrees, minutes of talk, and between which minutes it may start."""

    key: int
    point: Point
    minutes: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class DayRules:
    """Where one starts and ends, between which minutes after midnight, and when one eats.

    Lunch of ``lunch_minutes`` starts between ``lunch_from`` and ``lunch_latest``; a day that is over
    by then has none.
    """

    start: Point
    begins: int = 8 * 60 + 30
    ends: int = 17 * 60 + 30
    lunch_from: int = 12 * 60
    lunch_latest: int = 14 * 60
    lunch_minutes: int = 30
    road_factor: float = 1.3
    speed: float = 50.0

    def km(self, here: Point, there: Point) -> float:
        """Kilometres by road between two points, estimated."""
        return great_circle(*here, *there) * self.road_factor

    def drive(self, here: Point, there: Point) -> float:
        """Minutes to drive it."""
        return self.minutes(self.km(here, there))

    def minutes(self, km: float) -> float:
        """Minutes for so many kilometres, in steps of five; nobody makes an appointment for 10:37."""
        return float(math.ceil(km / self.speed * 60 / STEP - ROUNDING) * STEP)


@dataclass(frozen=True, slots=True)
class Halt:
    """A visit in its place: minutes after midnight of arriving, starting and leaving, km driven to it."""

    key: int
    arrives: float
    starts: float
    leaves: float
    km: float
    late: float


@dataclass(frozen=True, slots=True)
class DayRoute:
    """An order of the day with its times; ``km`` includes the way back.

    ``feasible``: every window is kept and one is back in time. ``proven``: no order that keeps them
    is shorter. ``lunch`` is the minute it starts; None where there is none.
    """

    halts: tuple[Halt, ...]
    km: float
    back: float
    lunch: float | None
    feasible: bool
    proven: bool


def shortest_day(calls: Sequence[Call], rules: DayRules) -> DayRoute | None:
    """The shortest order that keeps every window; None where none does. ``ValueError``: key twice."""
    if len({each.key for each in calls}) < len(calls):
        raise ValueError("a visit stands in the question twice.")
    if not calls:
        return in_order([], rules)
    if len(calls) > MOST_EXACT:
        order = _searched(calls, rules)
        found = in_order([calls[place] for place in order], rules) if order else None
        return found if found is not None and found.feasible else None
    best = _exact(calls, rules)
    if best is None:
        return None
    order, ate_after = best
    found = in_order([calls[place] for place in order], rules, ate_after=ate_after)
    return DayRoute(found.halts, found.km, found.back, found.lunch, found.feasible, proven=True)


def nearest_neighbour(calls: Sequence[Call], rules: DayRules) -> float:
    """Kilometres of always driving to the nearest that is left, windows aside, and back."""
    left, here, total = list(calls), rules.start, 0.0
    while left:
        following = min(left, key=lambda each: (rules.km(here, each.point), each.key))
        total += rules.km(here, following.point)
        here = following.point
        left.remove(following)
    return total + rules.km(here, rules.start)


def in_order(calls: Sequence[Call], rules: DayRules, *, ate_after: int | None = None) -> DayRoute:
    """The times of a given order, waiting where one is early; ``late`` says by how many minutes.

    Lunch comes after so many visits, or, where that is not said, at the first moment it may.
    """
    now, here, km, lunch = float(rules.begins), rules.start, 0.0, None
    halts: list[Halt] = []

    def eats(done: int, drive_on: float) -> bool:
        if rules.lunch_minutes == 0 or lunch is not None:
            return False
        if ate_after is not None:
            return done == ate_after
        return now >= rules.lunch_from or now + drive_on > rules.lunch_latest

    for done, call in enumerate(calls):
        if eats(done, rules.drive(here, call.point)):
            lunch = max(now, rules.lunch_from)
            now = lunch + rules.lunch_minutes
        way = rules.km(here, call.point)
        arrives = now + rules.drive(here, call.point)
        starts = max(arrives, call.earliest)
        now, here, km = starts + call.minutes, call.point, km + way
        halts.append(Halt(call.key, arrives, starts, now, way, max(0.0, starts - call.latest)))
    home = rules.drive(here, rules.start)
    if ate_after == len(calls) or (ate_after is None and eats(len(calls), home) and now + home > rules.lunch_latest):  # fmt: skip
        lunch = max(now, rules.lunch_from)
        now = lunch + rules.lunch_minutes
    back = now + home
    fed = lunch is not None and lunch <= rules.lunch_latest + ROUNDING
    feasible = (
        all(each.late <= ROUNDING for each in halts)
        and back <= rules.ends + ROUNDING
        and (rules.lunch_minutes == 0 or fed or (lunch is None and back <= rules.lunch_latest + ROUNDING))
    )  # fmt: skip
    return DayRoute(
        tuple(halts), km + rules.km(here, rules.start), back, lunch, feasible, proven=False
    )


@dataclass(frozen=True, slots=True)
class _Label:
    """A way to have made some visits: when one is ready, how far one drove, in which order, and lunch."""

    now: float
    km: float
    order: Order
    ate_after: int | None


Layer = dict[tuple[int, int, bool], list[_Label]]


def _exact(calls: Sequence[Call], rules: DayRules) -> tuple[Order, int | None] | None:
    """The shortest feasible order, and after how many visits lunch comes in it."""
    points = [rules.start, *(each.point for each in calls)]
    km = [[rules.km(a, b) for b in points] for a in points]
    layer: Layer = {}
    for label in _fed(_Label(float(rules.begins), 0.0, (), None), rules):
        layer.setdefault((0, -1, label.ate_after is not None), []).append(label)
    for _number in calls:
        layer = _next_layer(layer, calls, km, rules)
    best = min(
        (
            home
            for (_made, last, _ate), labels in layer.items()
            for label in labels
            if (home := _home(label, km[last + 1][0], rules)) is not None
        ),
        key=lambda label: (round(label.km, 9), label.now),
        default=None,
    )
    return None if best is None else (best.order, best.ate_after)


def _next_layer(
    layer: Layer, calls: Sequence[Call], km: list[list[float]], rules: DayRules
) -> Layer:
    """Every set of visits with one more, and the labels of it that no other beats."""
    following: Layer = {}
    for (made, last, _ate), labels in layer.items():
        for place, call in enumerate(calls):
            if made >> place & 1:
                continue
            for label in labels:
                for grown in _grown(label, call, place, km[last + 1][place + 1], rules):
                    key = (made | 1 << place, place, grown.ate_after is not None)
                    _add(following.setdefault(key, []), grown)
    return following


def _home(label: _Label, way: float, rules: DayRules) -> _Label | None:
    """The label driven home; None where that is too late, or lunch was left out."""
    back = label.now + rules.minutes(way)
    fed = label.ate_after is not None or rules.lunch_minutes == 0 or back <= rules.lunch_latest + ROUNDING  # fmt: skip
    if back > rules.ends + ROUNDING or not fed:
        return None
    return _Label(back, label.km + way, label.order, label.ate_after)


def _grown(label: _Label, call: Call, place: int, way: float, rules: DayRules) -> list[_Label]:
    """The label with one visit more, with and without lunch after it; nothing where it comes too late."""
    starts = max(label.now + rules.minutes(way), call.earliest)
    if starts > call.latest + ROUNDING:
        return []
    grown = _Label(starts + call.minutes, label.km + way, (*label.order, place), label.ate_after)
    return _fed(grown, rules)


def _fed(label: _Label, rules: DayRules) -> list[_Label]:
    """The label, and the same after lunch where that is still to come and may begin here."""
    begins = max(label.now, rules.lunch_from)
    done = rules.lunch_minutes == 0 or label.ate_after is not None
    if done or begins > rules.lunch_latest + ROUNDING:
        return [label]
    eaten = _Label(begins + rules.lunch_minutes, label.km, label.order, len(label.order))
    return [label, eaten]


def _add(labels: list[_Label], new: _Label) -> None:
    """Keep the new one unless another is as early and as short; drop what it beats."""
    if any(each.now <= new.now + ROUNDING and each.km <= new.km + ROUNDING for each in labels):
        return
    labels[:] = [each for each in labels if each.now < new.now or each.km < new.km]
    labels.append(new)


def _searched(calls: Sequence[Call], rules: DayRules) -> Order | None:
    """An order by the search for rounds, with lunch taken off the day."""
    from koers_analytics.planning.routes import plan_routes  # noqa: PLC0415 -- slow import

    points = [rules.start, *(each.point for each in calls)]
    km = tuple(tuple(rules.km(a, b) for b in points) for a in points)
    drive = tuple(tuple(rules.minutes(way) for way in row) for row in km)
    depot = Stop(0, 0, 0, 0, rules.begins, rules.ends - rules.lunch_minutes, 0)
    stops = (
        depot,
        *(
            Stop(place + 1, 0, 0, 0, each.earliest, min(each.latest, math.floor(rules.ends)), each.minutes)
            for place, each in enumerate(calls)
        ),
    )  # fmt: skip
    problem = RouteProblem("day", 1, 1.0, stops, km, drive)
    found = plan_routes(problem, time_limit=SEARCH_SECONDS, workers=1)
    if not found.routes:
        return None
    return tuple(visit.number - 1 for visit in found.routes[0].visits)
