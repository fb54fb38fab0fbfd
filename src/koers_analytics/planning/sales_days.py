"""How many days and hours a year can a seller sell?

Sales days are working days less leave, holidays, sickness and days for other work (F6.5). For each
kind of absence a number of days is expected for the year; days that are dated already are part of
it, and count instead of it once there are more of them. A dated day counts only where the seller
would have worked: on a weekday of his or hers that is no public holiday, and once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from koers_analytics.formula_sets.team import sales_days

KINDS = ("leave", "sickness", "other")


@dataclass(frozen=True, slots=True)
class SalesYear:
    """Days of a seller's year, in all and per kind.

    ``weekdays`` counts all of his or her weekdays in it, ``holidays`` those of them that are public
    holidays; ``taken`` is days counted per kind, ``dated`` those of them with a date. ``short`` is
    by how many days more is taken off than there is.
    """

    weekdays: int
    holidays: int
    taken: Mapping[str, float]
    dated: Mapping[str, int]
    days: float
    short: float

    @property
    def working(self) -> int:
        """Working days: weekdays without public holidays."""
        return self.weekdays - self.holidays


def sales_year(
    *,
    year: int,
    weekdays: Collection[int],
    holidays: Collection[date],
    absences: Mapping[str, Collection[date]],
    expected: Mapping[str, float],
) -> SalesYear:
    """Sales days (F6.5) of a calendar year; ``weekdays`` are 1 for Monday to 7.

    ``absences`` are dates per kind, ``expected`` days a year per kind (see ``KINDS``); of two kinds on
    one date the first kind counts.
    """
    first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    own = {
        day for number in range(days) if (day := first + timedelta(days=number)).isoweekday() in weekdays
    }  # fmt: skip
    free = own & set(holidays)
    left, dated = own - free, {}
    for kind in KINDS:
        on = left & set(absences.get(kind, ()))
        dated[kind] = len(on)
        left -= on
    taken = {kind: max(float(expected.get(kind, 0)), float(dated[kind])) for kind in KINDS}
    short = max(0.0, sum(taken.values()) - (len(own) - len(free)))
    found = 0.0 if short else float(
        sales_days(len(own), taken["leave"] + len(free), taken["sickness"], taken["other"])
    )  # fmt: skip
    return SalesYear(len(own), len(free), taken, dated, found, short)
