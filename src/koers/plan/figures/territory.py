"""Which territories would balance the work of the customers in a file?"""

from pathlib import Path
from typing import TYPE_CHECKING

from koers.core.errors import RuleError

if TYPE_CHECKING:
    from koers_analytics.planning.territory import TerritoryDesign


class TerritoryFileRefusedError(RuleError):
    """The file cannot be read, or no design can be made from it; says line and column."""


def territories_of_file(
    path: Path, *, sellers: int | None, band: float, potential_band: float, keep_km: float
) -> "TerritoryDesign":
    """A balanced design for the customers of a file, for today's sellers or so many new ones."""
    from koers_analytics.planning import territory, territory_file  # noqa: PLC0415 -- slow import

    try:
        areas, people = territory_file.read_customers(path, sellers)
        return territory.design(
            areas, people, band=band, potential_band=potential_band, keep_km=keep_km
        )
    except ValueError as error:
        raise TerritoryFileRefusedError(str(error)) from error
