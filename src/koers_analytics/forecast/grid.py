"""Which moments follow each other at a frequency, and which come next?"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SEASONS = {"D": 7, "W": 52, "M": 12, "Q": 4, "Y": 1}
MONTHS = {"M": 1, "Q": 3, "Y": 12}
WORKING_DAYS = 5
WEEK = 7

Moment = date | int


class OffGridError(ValueError):
    """A moment does not lie a whole number of steps from the first one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The steps of one series: how a moment becomes a whole number, and back.

    ``month_end`` keeps months, quarters and years that are written as their last day; otherwise
    ``day`` is the day of the month. A daily grid over working days skips Saturday and Sunday.
    """

    frequency: str
    whole: bool = False
    phase: int = 0
    month_end: bool = False
    day: int = 1
    working_days: bool = False

    @property
    def season_length(self) -> int:
        """Steps in a season: 7 days (5 working days), 52 weeks, 12 months, 4 quarters, 1 year."""
        return WORKING_DAYS if self.working_days else SEASONS[self.frequency]

    def step_of(self, moment: Moment) -> int:
        """The number of the step a moment lies on.

        Raises
        ------
        OffGridError
            When it lies between two steps.
        """
        if not isinstance(moment, date):
            return moment
        if self.frequency in MONTHS:
            number, rest = divmod(
                moment.year * 12 + moment.month - 1 - self.phase, MONTHS[self.frequency]
            )
            if rest:
                raise OffGridError(f"{moment} lies between two steps of frequency {self.frequency}")
            return number
        days = moment.toordinal() - 1
        if self.frequency == "W":
            number, rest = divmod(days - self.phase, WEEK)
            if rest:
                raise OffGridError(f"{moment} is not a whole number of weeks from the first moment")
            return number
        if not self.working_days:
            return days
        return days // WEEK * WORKING_DAYS + days % WEEK

    def moment_of(self, step: int) -> Moment:
        """The moment of a step, written as the series writes its own."""
        if self.whole:
            return step
        if self.frequency in MONTHS:
            year, month = divmod(step * MONTHS[self.frequency] + self.phase, 12)
            last = calendar.monthrange(year, month + 1)[1]
            return date(year, month + 1, last if self.month_end else min(self.day, last))
        if self.frequency == "W":
            return date(1, 1, 1) + timedelta(days=step * WEEK + self.phase)
        if self.working_days:
            week, weekday = divmod(step, WORKING_DAYS)
            return date(1, 1, 1) + timedelta(days=week * WEEK + weekday)
        return date(1, 1, 1) + timedelta(days=step)


def grid_of(moments: Sequence[Moment], frequency: str, *, working_days: bool = False) -> Grid:
    """The grid on which a series' moments lie, by its first and last one."""
    days = [moment for moment in moments if isinstance(moment, date)]
    if not days:
        return Grid(frequency, whole=True)
    first, last = days[0], max(days)
    phase = 0
    if frequency in MONTHS:
        phase = (first.month - 1) % MONTHS[frequency]
    elif frequency == "W":
        phase = (first.toordinal() - 1) % WEEK
    ends = all(day.day == calendar.monthrange(day.year, day.month)[1] for day in days)
    return Grid(
        frequency,
        phase=phase,
        month_end=ends,
        day=last.day,
        working_days=working_days and frequency == "D",
    )


def on_working_days(moments: Sequence[Moment]) -> bool:
    """Whether two weeks or more of days hold no Saturday and no Sunday."""
    days = {moment for moment in moments if isinstance(moment, date)}
    return len(days) > 2 * WORKING_DAYS and all(day.weekday() < WORKING_DAYS for day in days)
