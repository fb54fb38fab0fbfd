"""How is an iCalendar file written (RFC 5545)?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_OCTETS = 75
PRODUCT = "-//Koers//Koers//EN"


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
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{_text(event.uid)}", f"DTSTAMP:{_moment(at)}", f"DTSTART{_time(event.start)}",
            f"DTEND{_time(event.end)}", f"SUMMARY:{_text(event.summary)}",
            *([f"DESCRIPTION:{_text(event.description)}"] if event.description else []),
            *([f"URL:{_bare(event.url)}"] if event.url else []),
            f"TRANSP:{'OPAQUE' if event.is_busy else 'TRANSPARENT'}", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def whole_day(day: date) -> tuple[date, date]:
    """Start and end of an event that lasts a day."""
    return day, day + timedelta(days=1)


def _time(value: datetime | date) -> str:
    return f":{_moment(value)}" if isinstance(value, datetime) else f";VALUE=DATE:{value:%Y%m%d}"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _bare(escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _bare(value: str) -> str:
    """Without control characters, which would end the line or the value."""
    return "".join(sign for sign in value if sign >= " " and sign != "\x7f")


def _folded(line: str) -> str:
    """Cut into lines of at most 75 octets, never inside a character; the next begins with a space."""
    parts: list[str] = []
    current: list[str] = []
    octets = 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > LINE_OCTETS:
            parts.append("".join(current))
            current, octets = [" "], 1
        current.append(sign)
        octets += size
    return "\r\n".join([*parts, "".join(current)])
