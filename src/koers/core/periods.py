"""Which stretch of time does a figure cover? A period excludes its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from koers.core.errors import RuleError

MONTHS_IN_YEAR = 12


class EmptyPeriodError(RuleError):
    """A period that ends before or on its first day."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` up to, but not including, ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise EmptyPeriodError(
                _("A period must end after it starts: %(start)s to %(end)s.")
                % {"start": self.start, "end": self.end}
            )

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        """Last day inside the period, for people who read 'up to and including'."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days inside."""
        return (self.end - self.start).days


def add_months(day: date, months: int) -> date:
    """Same day of another month, or that month's last day where it is shorter."""
    index = day.year * MONTHS_IN_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_IN_YEAR)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def month_of(day: date) -> Period:
    """Calendar month that holds the day."""
    start = day.replace(day=1)
    return Period(start, add_months(start, 1))


def year_of(day: date) -> Period:
    """Calendar year that holds the day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))


def last_twelve_months(today: date) -> Period:
    """The year that ends with yesterday, so that today's unfinished day stays out."""
    return Period(add_months(today, -MONTHS_IN_YEAR), today)


def year_before(period: Period) -> Period:
    """The same stretch one year earlier."""
    return Period(
        add_months(period.start, -MONTHS_IN_YEAR), add_months(period.end, -MONTHS_IN_YEAR)
    )


def months_between(start: date, end: date) -> Iterator[Period]:
    """Calendar months that touch ``start`` up to ``end`` (excluded)."""
    first = start.replace(day=1)
    while first < end:
        following = add_months(first, 1)
        yield Period(first, following)
        first = following
