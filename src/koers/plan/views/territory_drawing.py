"""How are territories drawn without a map: the places of customers, and the area around them?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from koers.plan.views.day_route_map import Projection

WIDTH, HEIGHT = 640.0, 720.0
MOST_POINTS = 3_000
TONES, STEPS = 6, 4


@dataclass(frozen=True, slots=True)
class Area:
    """A territory on the plan: its edge, its customers, its number, and how it is coloured."""

    number: int
    tone: str
    edge: str
    points: list[tuple[str, str]]
    x: str
    y: str
    loses: bool


@dataclass(frozen=True, slots=True)
class TerritoryDrawing:
    """All territories with a place; ``thinned`` tells that only one in so many customers is drawn."""

    width: int
    height: int
    areas: list[Area]
    without_place: int
    thinned: int
    scale_km: int
    scale_end: str


def drawing_of(numbered: Sequence[tuple[int, Any]], measure: str) -> TerritoryDrawing | None:
    """Territories on a flat plan with north above; None where no customer has a place."""
    every = [point for _number, each in numbered for point in each.points]
    if not every:
        return None
    plan = Projection(every, WIDTH, HEIGHT)
    thinned = -(-len(every) // MOST_POINTS)
    tones = tones_of(numbered, measure)
    areas = []
    for number, each in numbered:
        if not each.points:
            continue
        middle = plan.place((sum(at[0] for at in each.points) / len(each.points), sum(at[1] for at in each.points) / len(each.points)))  # fmt: skip
        edge = [plan.place(corner) for corner in each.hull] if each.key is not None else []
        areas.append(
            Area(
                number, tones[number], " ".join(f"{x:.1f},{y:.1f}" for x, y in edge), [_texts(plan.place(point)) for point in each.points[::thinned]],
                *_texts(middle), bool(each.loses),
            )
        )  # fmt: skip
    without = sum(each.customers - len(each.points) for _number, each in numbered)
    return TerritoryDrawing(
        int(WIDTH), int(HEIGHT), areas, without, thinned, plan.scale_km, f"{14 + plan.scale_km * plan.pixels_a_km:.1f}"
    )  # fmt: skip


def tones_of(numbered: Sequence[tuple[int, Any]], measure: str) -> dict[int, str]:
    """The colour of each territory: one of six, one of four steps from little to much, or good and bad."""
    if measure == "territory":
        return {number: f"area-{(number - 1) % TONES + 1}" for number, _each in numbered}
    if measure == "result":
        words = {True: "area-bad", False: "area-good", None: "area-none"}
        return {number: words[each.loses] for number, each in numbered}
    values = {number: getattr(each, measure) for number, each in numbered}
    known = sorted(float(value) for value in values.values() if value is not None)
    return {
        number: "area-none" if value is None else f"area-step-{_step(float(value), known)}"
        for number, value in values.items()
    }


def _step(value: float, known: list[float]) -> int:
    """Which quarter of the territories it is in, from the lowest, 1, to the highest, 4."""
    below = sum(1 for each in known if each < value)
    return min(STEPS, below * STEPS // len(known) + 1)


def _texts(place: tuple[float, float]) -> tuple[str, str]:
    return f"{place[0]:.1f}", f"{place[1]:.1f}"
