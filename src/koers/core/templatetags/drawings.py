"""Where do the points of small drawings lie?"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from koers.core.charts import Band

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 80.0, 24.0, 3.0
BAND_HEIGHT, BAND_GAP = 46.0, 3.0
BASE_WIDTH, TIP_WIDTH, CENTRE = 196.0, 40.0, 98.0
LABEL_X = 214.0


def spark_shape(values: Sequence[Decimal | float | None]) -> dict[str, object]:
    """Line and ground of a sparkline in a box of 80 × 24; nothing below two values."""
    known = [(index, float(value)) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return {"line": ""}
    low, high = min(value for _i, value in known), max(value for _i, value in known)
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(values) - 1)
    points = [
        (
            SPARK_EDGE + index * step,
            SPARK_HEIGHT
            - SPARK_EDGE
            - (0.5 if high == low else (value - low) / (high - low))
            * (SPARK_HEIGHT - 2 * SPARK_EDGE),
        )
        for index, value in known
    ]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    ground = f"{line}L{points[-1][0]:.1f} {SPARK_HEIGHT}L{points[0][0]:.1f} {SPARK_HEIGHT}Z"
    return {
        "line": line,
        "ground": ground,
        "x": f"{points[-1][0]:.1f}",
        "y": f"{points[-1][1]:.1f}",
    }


def pyramid_shapes(bands: Sequence[Band]) -> list[dict[str, Any]]:
    """Each layer of the pyramid as four corners and the places of its words."""
    count = max(len(bands), 1)
    return [_layer(band, index, count) for index, band in enumerate(bands)]


def _layer(band: Band, index: int, count: int) -> dict[str, Any]:
    top, bottom = _half_width(index, count), _half_width(index + 1, count)
    y = index * (BAND_HEIGHT + BAND_GAP)
    corners = [
        (CENTRE - top, y),
        (CENTRE + top, y),
        (CENTRE + bottom, y + BAND_HEIGHT),
        (CENTRE - bottom, y + BAND_HEIGHT),
    ]
    return {
        "band": band,
        "tone": min(index + 1, 6),
        "points": " ".join(f"{x:.1f},{cy:.1f}" for x, cy in corners),
        "leader_x": f"{CENTRE + (top + bottom) / 2 + 4:.1f}",
        "leader_end": f"{LABEL_X - 8:.1f}",
        "label_x": f"{LABEL_X:.1f}",
        "middle": f"{y + BAND_HEIGHT / 2:.1f}",
        "label_y": f"{y + BAND_HEIGHT / 2 - 3:.1f}",
        "note_y": f"{y + BAND_HEIGHT / 2 + 14:.1f}",
    }


def _half_width(edge: int, count: int) -> float:
    return (TIP_WIDTH + (BASE_WIDTH - TIP_WIDTH) * edge / count) / 2


def height(bands: Sequence[Band]) -> int:
    """Height of the whole pyramid."""
    return int(max(len(bands), 1) * (BAND_HEIGHT + BAND_GAP))
