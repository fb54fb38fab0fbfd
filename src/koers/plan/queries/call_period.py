"""For which months and quarters may one call?"""

from dataclasses import dataclass
from datetime import date, timedelta

from koers.core.periods import Period, add_months

MONTHS, QUARTERS = 6, 2
MONTH, QUARTER = "month", "quarter"
BEFORE_END = timedelta(days=14)
START, LATE = "start", "late"


@dataclass(frozen=True, slots=True, order=True)
class CallPeriod:
    """A calendar month or quarter."""

    period: Period
    kind: str

    @property
    def key(self) -> str:
        """As addresses write it: 2026-11 or 2026-Q4."""
        start = self.period.start
        return f"{start.year}-Q{(start.month + 2) // 3}" if self.kind == QUARTER else f"{start:%Y-%m}"  # fmt: skip

    def decisive_day(self, stood: str) -> date:
        """The last day of which a call counts for the record: the first day, or 14 days before the end."""
        return self.period.start if stood == START else self.period.end - BEFORE_END


def month_period(day: date) -> CallPeriod:
    """The month of a day."""
    start = day.replace(day=1)
    return CallPeriod(Period(start, add_months(start, 1)), MONTH)


def quarter_period(day: date) -> CallPeriod:
    """The calendar quarter of a day."""
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return CallPeriod(Period(start, add_months(start, 3)), QUARTER)


def periods_ahead(today: date) -> list[CallPeriod]:
    """The running month and five more, the running quarter and the next."""
    this, quarter = today.replace(day=1), quarter_period(today).period.start
    return [
        *(month_period(add_months(this, step)) for step in range(MONTHS)),
        *(quarter_period(add_months(quarter, 3 * step)) for step in range(QUARTERS)),
    ]


def period_of(start: date, end: date) -> CallPeriod | None:
    """The month or quarter with these bounds; None where they are neither."""
    found = (month_period(start), quarter_period(start))
    return next((each for each in found if (each.period.start, each.period.end) == (start, end)), None)  # fmt: skip


def period_named(text: str) -> CallPeriod | None:
    """Read a key such as 2026-11 or 2026-Q4; None for what is neither."""
    year, _dash, rest = text.partition("-")
    number = rest.removeprefix("Q")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and number.isascii() and number.isdigit() and len(number) <= 2):  # fmt: skip
        return None
    is_quarter = rest.startswith("Q")
    month = int(number) * 3 - 2 if is_quarter else int(number)
    if not (1 <= month <= 12 and int(year) >= 1 and int(year) < 9999):  # fmt: skip
        return None
    day = date(int(year), month, 1)
    return quarter_period(day) if is_quarter else month_period(day)
