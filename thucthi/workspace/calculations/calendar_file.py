"""A calendar as a file that every calendar program reads (RFC 5545)."""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Thuc Thi//Lich//VI"
READ_AGAIN_AFTER = timedelta(hours=6)


@dataclass(frozen=True)
class Happening:
    """Something that is due on a day.

    `uid` never changes; `sequence` counts how often the day was changed; `changed_at` is when that was last.
    """

    uid: str
    day: date
    title: str
    text: str
    address: str
    sequence: int
    changed_at: datetime


def fingerprint(name: str, happenings: Iterable[Happening]) -> str:
    """The same for the same calendar, another one as soon as anything in it changes."""
    digest = hashlib.sha256(name.encode())
    for one in happenings:
        digest.update(repr(astuple(one)).encode())
    return digest.hexdigest()[:32]


def calendar_file(name: str, happenings: Iterable[Happening]) -> bytes:
    """All-day events, in the order given. The same happenings give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for one in happenings:
        calendar.add_component(_event(one))
    content: bytes = calendar.to_ical()
    return content


def _event(one: Happening) -> Event:
    event = Event()
    changed_at = one.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", one.uid)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", one.title)
    event.add("description", one.text)
    event.add("url", one.address)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
