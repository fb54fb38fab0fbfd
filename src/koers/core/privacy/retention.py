"""How long is each kind of record kept, and from which day does it go?

The months are defaults; the terms in force are kept by ``organisation``. A record goes on the first
day on which its moment lies more than the term back; fiscal records stay seven whole book years.
"""

from datetime import date, timedelta
from enum import StrEnum

from koers.core.periods import add_months
from koers.core.privacy.labels import FISCAL_YEARS, TERMS, Processing

SHORTEST_MONTHS = 1
LONGEST_MONTHS = 240
IN_THE_BIN_MONTHS = 12
LOST_LEAD_MONTHS = 12
UNKNOWN_DAY = date(1900, 1, 1)
"""Stands for 'no day is known' where the database compares days."""


class Subject(StrEnum):
    """Which records a term is about."""

    QUIET_CONTACT = "quiet_contact"
    BINNED_CONTACT = "binned_contact"
    BINNED_COMPANY = "binned_company"
    QUIET_LEAD = "quiet_lead"
    LOST_LEAD = "lost_lead"
    ACTIVITY = "activity"
    FEEDBACK = "feedback"
    LOG_IN = "log_in"
    JOB = "job"
    READ = "record_read"


DEFAULT_MONTHS: dict[Subject, int] = {
    Subject.QUIET_CONTACT: TERMS[Processing.RELATIONS].months,
    Subject.BINNED_CONTACT: IN_THE_BIN_MONTHS,
    Subject.BINNED_COMPANY: IN_THE_BIN_MONTHS,
    Subject.QUIET_LEAD: TERMS[Processing.PROSPECTS].months,
    Subject.LOST_LEAD: LOST_LEAD_MONTHS,
    Subject.ACTIVITY: TERMS[Processing.RELATIONS].months,
    Subject.FEEDBACK: TERMS[Processing.RELATIONS].months,
    Subject.LOG_IN: TERMS[Processing.ACCESS].months,
    Subject.READ: TERMS[Processing.ACCESS].months,
    Subject.JOB: TERMS[Processing.DATA_IN].months,
}


def term_ended_before(today: date, months: int) -> date:
    """What has its moment before this day is past its term today."""
    return add_months(today, -months)


def goes_on(moment: date, months: int) -> date:
    """The first day on which a record with this moment is past its term."""
    day = add_months(moment, months) + timedelta(days=1)
    while term_ended_before(day, months) <= moment:
        day += timedelta(days=1)
    return day


def fiscal_from(today: date) -> date:
    """The first day of the oldest book year whose records the law still keeps."""
    return date(today.year - FISCAL_YEARS, 1, 1)


def fiscal_until(day: date) -> date:
    """The first day on which a record of this day need no longer be kept for the tax office."""
    return date(day.year + FISCAL_YEARS + 1, 1, 1)
