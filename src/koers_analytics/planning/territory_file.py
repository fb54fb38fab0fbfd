"""Which customers stand in a file, and which areas and sellers do they make?

Columns, in any order, separated by comma or semicolon (then decimals may be commas): ``postcode``,
``latitude``, ``longitude``, ``workload``; if known ``potential``, ``seller`` (who has the customer now)
and ``fixed`` (1: stays there). Customers are joined by the four digits of the postcode.
"""

import csv
import math
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from koers_analytics.planning.territory import Area, Seller, TerritoryInputError

NEEDED = ("postcode", "latitude", "longitude", "workload")
KNOWN = (*NEEDED, "potential", "seller", "fixed", "customer")
YES, NO = {"1", "yes", "ja", "true"}, {"", "0", "no", "nee", "false"}


@dataclass
class _Sum:
    """What the customers of an area add up to."""

    customers: int = 0
    movable: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    workload: float = 0.0
    potential: float = 0.0
    held: Counter[str] = field(default_factory=Counter)
    fixed: dict[str, tuple[float, float]] = field(default_factory=dict)


def read_customers(path: Path, sellers: int | None = None) -> tuple[list[Area], list[Seller]]:
    """Areas and sellers of a file; with ``sellers`` so many new ones instead of today's."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TerritoryInputError(f"{path}: {error}") from error
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(text.splitlines(), delimiter=mark)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise TerritoryInputError(f"{path.name}: column {missing[0]} is missing.")
    sums: dict[str, _Sum] = {}
    for row in reader:
        fields = {name: (row[names[name]] or "").strip() for name in KNOWN if name in names}
        _add(
            sums,
            fields,
            f"{path.name}, line {reader.line_num}",
            comma=mark == ";",
            new=sellers is not None,
        )
    people = sorted({name for area in sums.values() for name in (*area.held, *area.fixed)})
    if sellers is not None:
        people = [str(number) for number in range(1, sellers + 1)]
    if not people:
        raise TerritoryInputError(f"{path.name}: no seller is named; say how many there shall be.")
    return [_area(code, area) for code, area in sorted(sums.items())], [Seller(n) for n in people]


def _add(
    sums: dict[str, _Sum], fields: dict[str, str], where: str, *, comma: bool, new: bool
) -> None:
    code = fields["postcode"].replace(" ", "")[:4]
    if not code:
        raise TerritoryInputError(f"{where}, postcode: is empty.")
    numbers = {
        name: _number(fields.get(name, ""), f"{where}, {name}", comma=comma)
        for name in ("latitude", "longitude", "workload", "potential")
        if name in NEEDED or fields.get(name)
    }
    fixed = fields.get("fixed", "").lower()
    if fixed not in YES | NO:
        raise TerritoryInputError(f"{where}, fixed: {fixed[:40]!r} is neither 1 nor 0.")
    area, seller = sums.setdefault(code, _Sum()), fields.get("seller", "")
    work, potential = numbers["workload"], numbers.get("potential", 0.0)
    if work < 0 or potential < 0:
        raise TerritoryInputError(f"{where}: workload and potential cannot be below 0.")
    area.customers += 1
    area.latitude += numbers["latitude"]
    area.longitude += numbers["longitude"]
    if fixed in YES and seller and not new:
        before = area.fixed.get(seller, (0.0, 0.0))
        area.fixed[seller] = (before[0] + work, before[1] + potential)
        return
    area.movable += 1
    area.workload += work
    area.potential += potential
    if seller and not new:
        area.held[seller] += 1


def _number(text: str, where: str, *, comma: bool) -> float:
    try:
        value = float(text.replace(",", ".") if comma else text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TerritoryInputError(f"{where}: {text[:40]!r} is not a number.")
    return value


def _area(code: str, total: _Sum) -> Area:
    count = total.customers
    return Area(
        code,
        total.latitude / count,
        total.longitude / count,
        total.workload,
        total.potential,
        dict(total.held),
        total.fixed,
        total.movable,
    )
