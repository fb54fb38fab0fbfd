"""Can calendar programs read the calendars we write?"""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from koers.core.calendar_file import CalendarEvent, calendar_file, whole_day

AT = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def lines_of(content):
    """The content lines of a file, unfolded as RFC 5545 section 3.1 says."""
    text = content.decode()
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def unescaped(value):
    """The text a value stands for (RFC 5545 section 3.3.11)."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)


def test_a_calendar_has_an_event_with_moments_in_utc_and_one_of_a_day():
    amsterdam = timezone(timedelta(hours=1))
    start = datetime(2026, 11, 25, 9, 30, tzinfo=amsterdam)
    events = [
        CalendarEvent("1@koers", "Visit", start, start + timedelta(minutes=45), url="https://k/1/"),
        CalendarEvent("2@koers", "Task", *whole_day(date(2026, 12, 31)), is_busy=False),
    ]
    assert lines_of(calendar_file("Ann, Koers", events, at=AT)) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Koers//Koers//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "X-WR-CALNAME:Ann\\, Koers", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "BEGIN:VEVENT", "UID:1@koers", "DTSTAMP:20261124T010203Z", "DTSTART:20261125T083000Z", "DTEND:20261125T091500Z",
        "SUMMARY:Visit", "URL:https://k/1/", "TRANSP:OPAQUE", "END:VEVENT",
        "BEGIN:VEVENT", "UID:2@koers", "DTSTAMP:20261124T010203Z", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Task", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


@given(TEXT)
def test_every_text_comes_back_and_no_line_is_too_long(text):
    event = CalendarEvent("1@koers", text, *whole_day(date(2026, 12, 31)))
    content = calendar_file("Koers", [event], at=AT)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    lines = lines_of(content)
    assert len(lines) == 16
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in plain if sign == "\n" or (sign >= " " and sign != "\x7f"))
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert unescaped(summary.removeprefix("SUMMARY:")) == kept
