"""How is a round drawn without a map, and handed to the map app of a phone?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Point = tuple[float, float]
WIDTH, HEIGHT, EDGE = 640.0, 400.0, 28.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plan of the round: the way as points of a line, and each stop with its number."""

    width: int
    height: int
    line: str
    start: tuple[float, float]
    stops: list[tuple[int, float, float]]
    scale_km: int
    scale_end: float


def drawing_of(start: Point, stops: Sequence[Point]) -> Drawing:
    """Degrees on a flat plan with north above, the same scale in both directions."""
    plan = Projection([start, *stops], WIDTH, HEIGHT)
    places = [plan.place(point) for point in stops]
    way = [plan.place(start), *places, plan.place(start)]
    return Drawing(
        int(WIDTH), int(HEIGHT), " ".join(f"{x:.1f},{y:.1f}" for x, y in way), plan.place(start),
        [(number, x, y) for number, (x, y) in enumerate(places, 1)], plan.scale_km, 14 + plan.scale_km * plan.pixels_a_km,
    )  # fmt: skip


class Projection:
    """Degrees to points of a drawing: equirectangular around the middle latitude."""

    def __init__(self, points: Sequence[Point], width: float, height: float) -> None:
        north, south = max(point[0] for point in points), min(point[0] for point in points)
        east, west = max(point[1] for point in points), min(point[1] for point in points)
        self.middle = ((north + south) / 2, (east + west) / 2)
        self.width, self.height = width, height
        self.km_a_degree = 111.195
        self.narrow = math.cos(math.radians(self.middle[0]))
        wide = (east - west) * self.km_a_degree * self.narrow
        high = (north - south) * self.km_a_degree
        self.pixels_a_km = min(
            (width - 2 * EDGE) / max(wide, 1), (height - 2 * EDGE) / max(high, 1)
        )

    @property
    def scale_km(self) -> int:
        """A round number of kilometres about a sixth of the drawing wide."""
        target = self.width / 6 / self.pixels_a_km
        return max(
            (each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if each <= target),
            default=1,
        )

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point of the earth stands in the drawing."""
        x = (point[1] - self.middle[1]) * self.km_a_degree * self.narrow * self.pixels_a_km
        y = (self.middle[0] - point[0]) * self.km_a_degree * self.pixels_a_km
        return round(self.width / 2 + x, 1), round(self.height / 2 + y, 1)


def map_link(start: Point, stops: Sequence[Point]) -> str:
    """The round for a map app, by an address that apps on a phone open; nothing is sent until it is followed."""
    at = f"{start[0]},{start[1]}"
    way = "|".join(f"{latitude},{longitude}" for latitude, longitude in stops)
    query = {"api": 1, "origin": at, "destination": at, "waypoints": way, "travelmode": "driving"}
    return "https://www.google.com/maps/dir/?" + urlencode(query)


def place_link(latitude: float, longitude: float) -> str:
    """A place for whatever map app a phone has."""
    return f"geo:{latitude},{longitude}?q={latitude},{longitude}"
