"""Which stops must be visited, when, and how far apart do they lie?

Reads the text format of Solomon (1987) and of Gehring and Homberger (1999): a name, a line with the
number of vehicles and their capacity, and per line a customer with number, x, y, demand, ready time,
due date and service time. The first customer is the depot.
"""

import math
from dataclasses import dataclass
from pathlib import Path

FIELDS = ("number", "x", "y", "demand", "ready time", "due date", "service time")
LARGEST = 1e9
MOST_STOPS = 5_000
MOST_BYTES = 5_000_000


class RouteFileError(ValueError):
    """A file of stops cannot be read or can have no answer; names file, line and field."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place with its time window. Service starts between ``ready`` and ``due`` (both included)."""

    number: int
    x: float
    y: float
    demand: float
    ready: float
    due: float
    service: float


@dataclass(frozen=True, slots=True)
class RouteProblem:
    """Stops, of which the first is the depot, and a number of vehicles of one capacity.

    Without matrices distance and time between two stops are the straight line between them, in
    the units of the coordinates. ``distance`` and ``duration`` replace that, row from, column to.
    """

    name: str
    vehicles: int
    capacity: float
    stops: tuple[Stop, ...]
    distance: tuple[tuple[float, ...], ...] | None = None
    duration: tuple[tuple[float, ...], ...] | None = None

    def distance_between(self, start: int, end: int) -> float:
        """Length of the way between two stops, by their places in ``stops``."""
        if self.distance is not None:
            return self.distance[start][end]
        a, b = self.stops[start], self.stops[end]
        return math.hypot(a.x - b.x, a.y - b.y)

    def time_between(self, start: int, end: int) -> float:
        """Travel time between two stops, by their places in ``stops``."""
        if self.duration is not None:
            return self.duration[start][end]
        return self.distance_between(start, end)


def read_problem(path: Path) -> RouteProblem:
    """Read a file in Solomon's format; ``RouteFileError`` tells what is wrong and where."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise RouteFileError(f"{path}: {size:,} bytes is more than {MOST_BYTES:,}.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RouteFileError(f"{path}: not a text file (byte {error.start}).") from error
    except OSError as error:
        raise RouteFileError(f"{path}: {error.strerror or error}.") from error
    return parse_problem(text, path.name)


def parse_problem(text: str, source: str) -> RouteProblem:
    """A problem from the text of a file; ``source`` names it in messages."""
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1)]
    filled = [(number, words) for number, words in lines if words]
    if not filled:
        raise RouteFileError(f"{source}: the file is empty.")
    name = " ".join(filled[0][1])
    fleet_at = _after(filled, "VEHICLE", source)
    stops_at = _after(filled, "CUSTOMER", source)
    if stops_at < fleet_at:
        raise RouteFileError(f"{source}: CUSTOMER stands before VEHICLE.")
    fleet = _first_numbers(filled[fleet_at:stops_at], ("number", "capacity"), source)
    stops = _read_stops(filled[stops_at:], source)
    if fleet[0] != int(fleet[0]) or fleet[0] < 1:
        raise RouteFileError(
            f"{source}: vehicle number must be a whole number from 1, not {fleet[0]:g}."
        )
    problem = RouteProblem(name, int(fleet[0]), fleet[1], stops)
    _check_answerable(problem, source)
    return problem


Lines = list[tuple[int, list[str]]]


def _after(lines: Lines, heading: str, source: str) -> int:
    for place, (_number, words) in enumerate(lines):
        if words[0].upper() == heading:
            return place + 1
    raise RouteFileError(f"{source}: there is no line {heading}.")


def _is_heading(word: str) -> bool:
    return word[0].isalpha() and word.lower() not in {"nan", "inf", "infinity"}


def _first_numbers(lines: Lines, names: tuple[str, ...], source: str) -> list[float]:
    for number, words in lines:
        if not _is_heading(words[0]):
            return _numbers(words, names, number, source)
    raise RouteFileError(f"{source}: after VEHICLE there is no line with number and capacity.")


def _numbers(words: list[str], names: tuple[str, ...], line: int, source: str) -> list[float]:
    if len(words) != len(names):
        raise RouteFileError(
            f"{source}, line {line}: {len(names)} fields expected "
            f"({', '.join(names)}), {len(words)} found."
        )
    values = []
    for word, name in zip(words, names, strict=True):
        try:
            value = float(word)
        except ValueError:
            raise RouteFileError(
                f"{source}, line {line}, {name}: {word[:40]!r} is not a number."
            ) from None
        if not abs(value) <= LARGEST:
            raise RouteFileError(
                f"{source}, line {line}, {name}: {word[:40]} is beyond ±{LARGEST:,.0f}."
            )
        values.append(value)
    return values


def _read_stops(lines: Lines, source: str) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    seen: dict[int, int] = {}
    for line, words in lines:
        if not stops and _is_heading(words[0]):
            continue
        if words[0].upper() == "EOF":
            break
        stop = _stop(_numbers(words, FIELDS, line, source), line, source)
        if stop.number in seen:
            raise RouteFileError(
                f"{source}, line {line}, number: {stop.number} stands on line "
                f"{seen[stop.number]} too."
            )
        seen[stop.number] = line
        stops.append(stop)
        if len(stops) > MOST_STOPS + 1:
            raise RouteFileError(f"{source}, line {line}: more than {MOST_STOPS:,} customers.")
    if len(stops) < 2:
        raise RouteFileError(f"{source}: a depot and at least one customer are needed.")
    return tuple(stops)


def _stop(values: list[float], line: int, source: str) -> Stop:
    if values[0] != int(values[0]):
        raise RouteFileError(f"{source}, line {line}, number: {values[0]:g} is not whole.")
    stop = Stop(int(values[0]), *values[1:])
    for name, value in (("demand", stop.demand), ("service time", stop.service)):
        if value < 0:
            raise RouteFileError(f"{source}, line {line}, {name}: {value:g} is below 0.")
    if stop.due < stop.ready:
        raise RouteFileError(
            f"{source}, line {line}, due date: {stop.due:g} lies before the ready time "
            f"{stop.ready:g}."
        )
    return stop


def _check_answerable(problem: RouteProblem, source: str) -> None:
    """Refuse what no plan can serve: too big a demand, or a stop that cannot be reached in time."""
    depot = problem.stops[0]
    for place, stop in enumerate(problem.stops[1:], 1):
        if stop.demand > problem.capacity:
            raise RouteFileError(
                f"{source}, customer {stop.number}, demand: {stop.demand:g} does not fit "
                f"in a vehicle of {problem.capacity:g}."
            )
        start = max(stop.ready, depot.ready + problem.time_between(0, place))
        if start > stop.due + 1e-9:
            raise RouteFileError(
                f"{source}, customer {stop.number}, due date: cannot be reached before {stop.due:g}."
            )
        back = start + stop.service + problem.time_between(place, 0)
        if back > depot.due + 1e-9:
            raise RouteFileError(
                f"{source}, customer {stop.number}: no vehicle is back at the depot by {depot.due:g}."
            )
    needed = math.fsum(stop.demand for stop in problem.stops)
    if needed > problem.vehicles * problem.capacity:
        raise RouteFileError(
            f"{source}: all demand together ({needed:g}) is more than {problem.vehicles} vehicles "
            f"of {problem.capacity:g} can carry."
        )
