"""Our own writer of events says what the library says, letter for letter."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from thucthi.public_site.rendering.addresses import address, authority
from thucthi.public_site.rendering.calendars import PRODUCT, Happening, _event, calendar_bytes, printable
from thucthi.publication.shapes import Header

MADE_AT = datetime(2026, 11, 20, tzinfo=UTC)
TEXTS = st.text(max_size=300)


def by_the_library(one: Happening) -> bytes:
    event = Event()
    event.add("uid", f"{one.uid}@{authority()}")
    event.add("dtstamp", MADE_AT)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", printable(one.title))
    event.add("description", printable(one.text))
    event.add("url", address(one.folder))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC")
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    return bytes(event.to_ical())


@given(
    title=TEXTS,
    text=TEXTS,
    day=st.dates(min_value=date(2000, 1, 1), max_value=date(2999, 12, 30)),
    sequence=st.integers(0, 9),
    cancelled=st.booleans(),
)
@example(title="a;b,c\\d\ne\r\nf\rg \\N ^" * 9, text="ơ" * 200, day=date(2026, 12, 31), sequence=3, cancelled=True)
@example(title="x" * 65 + "\\" * 9, text="^" * 200, day=date(2026, 2, 28), sequence=0, cancelled=False)
def test_an_event_is_written_as_the_library_writes_it(
    title: str, text: str, day: date, sequence: int, cancelled: bool
) -> None:
    one = Happening("nhiem-vu-a-han", day, title, text, "nhiem-vu/a", sequence, cancelled)
    assert _event(one, MADE_AT) == by_the_library(one)


def test_an_address_too_long_for_a_line_is_folded_alike() -> None:
    one = Happening("x" * 90, date(2026, 11, 20), "Hạn", "Chủ trì", f"nhiem-vu/{'a' * 200}")
    assert _event(one, MADE_AT) == by_the_library(one)


@pytest.mark.parametrize("name", ["Sở Mẫu, nơi này; nơi kia", "ơ" * 100, "x" * 61, "x" * 62, "y z" * 90, ""])
def test_a_calendar_is_named_as_the_library_names_it(name: str) -> None:
    library = Calendar()
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        library.add(key, value)
    library.add("x-wr-calname", name)
    header = Header("2", "weekly", "2026-W47", "", "", date(2026, 11, 20), date(2026, 11, 13), date(2026, 11, 27), True)
    assert calendar_bytes(name, [], header) == library.to_ical()


def test_a_name_of_two_lines_is_one_line() -> None:
    header = Header("2", "weekly", "2026-W47", "", "", date(2026, 11, 20), date(2026, 11, 13), date(2026, 11, 27), True)
    assert b"X-WR-CALNAME:a b c\r\nEND" in calendar_bytes("a\nb\r\nc", [], header)


def test_events_stand_in_the_order_of_their_days_inside_the_calendar() -> None:
    header = Header("2", "weekly", "2026-W47", "", "", date(2026, 11, 20), date(2026, 11, 13), date(2026, 11, 27), True)
    later, sooner = (Happening(str(n), date(2026, 12, n), f"Hạn {n}", "", "") for n in (9, 1))
    text = calendar_bytes("Lịch", [later, sooner], header).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.index("Hạn 1") < text.index("Hạn 9")
    assert text.count("BEGIN:VEVENT") == 2
