"""Which plain data does a chart need, and what is its table for those who cannot see it?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from koers.core import formats

Value = Decimal | int | float | None
Format = Literal["number", "money", "share"]


@dataclass(frozen=True)
class Series:
    """One line or set of bars; ``urls`` leads each datum to its rows."""

    name: str
    values: Sequence[Value]
    urls: Sequence[str] = ()
    kind: Literal["", "line"] = ""
    dashed: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a table that may be a link."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class _Drawing:
    """What all charts share: how values are written, and whether a click opens the side panel."""

    format: Format = field(default="number", kw_only=True)
    currency: str = field(default="", kw_only=True)
    digits: int | None = field(default=None, kw_only=True)
    panel: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        """An amount without its currency is refused, never taken for euros."""
        if self.format == "money" and not self.currency:
            raise ValueError("A chart of amounts needs their currency.")

    def text(self, value: Value) -> str:
        """A value as the table writes it."""
        if value is None:
            return formats.EN_DASH
        if self.format == "money":
            return formats.money(
                value, self.currency, digits=2 if self.digits is None else self.digits
            )
        if self.format == "share":
            return formats.share(value)
        return formats.number(value, self.digits)

    def _base(self, kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "format": self.format,
            "currency": self.currency,
            "digits": self.digits,
            "panel": self.panel,
        }


@dataclass(frozen=True)
class Chart(_Drawing):
    """A line, bar or funnel chart over labels."""

    kind: Literal["line", "bar", "funnel"]
    labels: Sequence[str]
    series: Sequence[Series]
    stacked: bool = False
    horizontal: bool = False
    area: bool = False

    def drawing(self) -> dict[str, Any]:
        """Plain data for the browser; amounts become floats here, for pixels only."""
        return self._base(self.kind) | {
            "labels": [str(label) for label in self.labels],
            "stacked": self.stacked,
            "horizontal": self.horizontal,
            "area": self.area,
            "series": [
                {
                    "name": series.name,
                    "kind": series.kind,
                    "dashed": series.dashed,
                    "values": [_pixel(value) for value in series.values],
                    "urls": list(series.urls),
                }
                for series in self.series
            ],
        }

    @property
    def heads(self) -> list[str]:
        """Column heads of the table."""
        return ["", *(series.name for series in self.series)]

    @property
    def rows(self) -> list[list[Cell]]:
        """One row per label, linked as the drawing is."""
        return [
            [Cell(str(label)), *(self._cell(series, index) for series in self.series)]
            for index, label in enumerate(self.labels)
        ]

    def _cell(self, series: Series, index: int) -> Cell:
        url = series.urls[index] if index < len(series.urls) else ""
        return Cell(self.text(series.values[index]), url)


@dataclass(frozen=True)
class Step:
    """A bar of a waterfall: a level from zero, or a change from where the bar before ended."""

    label: str
    value: Decimal
    url: str = ""
    is_level: bool = False


@dataclass(frozen=True)
class Waterfall(_Drawing):
    """From one level to another through changes that add up; drawn from top to bottom."""

    steps: Sequence[Step]

    def drawing(self) -> dict[str, Any]:
        """Plain data for the browser: where each bar starts and ends."""
        bars, at = [], Decimal(0)
        for step in self.steps:
            start = Decimal(0) if step.is_level else at
            at = start + step.value
            tone = "level" if step.is_level else "rise" if step.value >= 0 else "fall"
            bars.append({"start": _pixel(start), "end": _pixel(at), "value": _pixel(step.value),
                         "tone": tone, "url": step.url})  # fmt: skip
        return self._base("waterfall") | {
            "labels": [step.label for step in self.steps],
            "bars": bars,
        }

    @property
    def heads(self) -> list[str]:
        """Column heads of the table."""
        return ["", ""]

    @property
    def rows(self) -> list[list[Cell]]:
        """One row per bar, linked as the drawing is."""
        return [[Cell(step.label), Cell(self.text(step.value), step.url)] for step in self.steps]


@dataclass(frozen=True)
class Flow:
    """So much goes from one node to another."""

    source: str
    target: str
    value: Value
    url: str = ""


@dataclass(frozen=True)
class Sankey(_Drawing):
    """Flows between named nodes; node names must be unique, labels need not be."""

    nodes: Sequence[tuple[str, str]]
    flows: Sequence[Flow]
    heads: Sequence[str] = ("", "", "")

    def drawing(self) -> dict[str, Any]:
        """Plain data for the browser."""
        return self._base("sankey") | {
            "nodes": [{"name": name, "label": label} for name, label in self.nodes],
            "links": [
                {
                    "source": flow.source,
                    "target": flow.target,
                    "value": _pixel(flow.value),
                    "url": flow.url,
                }
                for flow in self.flows
            ],
        }

    @property
    def rows(self) -> list[list[Cell]]:
        """One row per flow."""
        labels = dict(self.nodes)
        return [
            [
                Cell(labels[flow.source]),
                Cell(labels[flow.target]),
                Cell(self.text(flow.value), flow.url),
            ]
            for flow in self.flows
        ]


@dataclass(frozen=True)
class HeatMap(_Drawing):
    """Values of row × column; ``values[row][column]``, with equally shaped ``urls`` or none."""

    columns: Sequence[str]
    row_labels: Sequence[str]
    values: Sequence[Sequence[Value]]
    urls: Sequence[Sequence[str]] = ()

    def drawing(self) -> dict[str, Any]:
        """Plain data for the browser; absent values are left white."""
        return self._base("heatmap") | {
            "columns": list(self.columns),
            "rows": list(self.row_labels),
            "cells": [
                {
                    "row": row,
                    "column": column,
                    "value": _pixel(value),
                    "url": self._url(row, column),
                }
                for row, line in enumerate(self.values)
                for column, value in enumerate(line)
                if value is not None
            ],
        }

    @property
    def heads(self) -> list[str]:
        """Column heads of the table."""
        return ["", *self.columns]

    @property
    def rows(self) -> list[list[Cell]]:
        """The same grid, as text."""
        return [
            [
                Cell(label),
                *(
                    Cell(self.text(value), self._url(row, column))
                    for column, value in enumerate(self.values[row])
                ),
            ]
            for row, label in enumerate(self.row_labels)
        ]

    def _url(self, row: int, column: int) -> str:
        return self.urls[row][column] if self.urls else ""


@dataclass(frozen=True)
class Point:
    """A dot with a name; ``size`` (any unit, 0 and up) makes it a bubble of that area."""

    name: str
    x: Value
    y: Value
    url: str = ""
    size: Value = None


@dataclass(frozen=True)
class Scatter(_Drawing):
    """Dots over two measured axes; ``y_log`` spreads amounts of very different size."""

    x_label: str
    y_label: str
    groups: Sequence[tuple[str, Sequence[Point]]]
    x_format: Format = "number"
    y_log: bool = False
    size_label: str = ""

    def drawing(self) -> dict[str, Any]:
        """Plain data for the browser."""
        return self._base("scatter") | {
            "x_label": self.x_label,
            "y_label": self.y_label,
            "x_format": self.x_format,
            "y_log": self.y_log,
            "series": [
                {
                    "name": name,
                    "points": [
                        {
                            "name": dot.name,
                            "x": _pixel(dot.x),
                            "y": _pixel(dot.y),
                            "url": dot.url,
                            "size": _pixel(dot.size),
                        }
                        for dot in dots
                    ],
                }
                for name, dots in self.groups
            ],
        }

    @property
    def heads(self) -> list[str]:
        """Column heads of the table."""
        return ["", self.x_label, self.y_label, *([self.size_label] if self.size_label else [])]

    @property
    def rows(self) -> list[list[Cell]]:
        """One row per dot."""
        across = replace(self, format=self.x_format)
        return [
            [Cell(dot.name, dot.url), Cell(across.text(dot.x)), Cell(self.text(dot.y)),
             *([Cell(formats.number(dot.size or 0, 1))] if self.size_label else [])]
            for _name, dots in self.groups
            for dot in dots
        ]  # fmt: skip


@dataclass(frozen=True)
class Band:
    """A layer of the pyramid, top first: its letter, its words and where it leads."""

    key: str
    label: str
    value: str
    note: str = ""
    url: str = ""


def _pixel(value: Value) -> float | None:
    return None if value is None else float(value)
