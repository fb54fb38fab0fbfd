"""How is a calendar written that other programs read (RFC 5545)?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Koers//Koers//EN"
READ_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Something in a calendar; ``start`` and ``end`` are aware moments, or days (``end`` excluded)."""

    uid: str
    summary: str
    start: datetime | date
    end: datetime | date
    description: str = ""
    url: str = ""
    is_busy: bool = True


def calendar_file(name: str, events: Iterable[CalendarEvent], *, at: datetime) -> bytes:
    """A calendar with these events in UTF-8; moments are written in UTC, ``at`` is when it was made."""
    from icalendar import Calendar, Event, vText  # noqa: PLC0415 -- slow import

    calendar = Calendar()
    for key, value in (("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")):  # fmt: skip
        calendar.add(key, value)
    calendar.add("X-WR-CALNAME", vText(_plain(name)))
    calendar.add("REFRESH-INTERVAL", READ_AGAIN, parameters={"VALUE": "DURATION"})
    for each in events:
        event = Event()
        event.add("UID", _plain(each.uid))
        event.add("DTSTAMP", at.astimezone(UTC))
        event.add("DTSTART", _in_utc(each.start))
        event.add("DTEND", _in_utc(each.end))
        event.add("SUMMARY", _plain(each.summary))
        if each.description:
            event.add("DESCRIPTION", _plain(each.description))
        if each.url:
            event.add("URL", _plain(each.url))
        event.add("TRANSP", "OPAQUE" if each.is_busy else "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical(sorted=False)
    return content


def whole_day(day: date) -> tuple[date, date]:
    """Start and end of an event that lasts a day."""
    return day, day + timedelta(days=1)


def _in_utc(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _plain(value: str) -> str:
    """Without control characters, which the library lets through and programs stumble over."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or (sign >= " " and sign != "\x7f"))
