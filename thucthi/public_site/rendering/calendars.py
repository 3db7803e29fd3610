"""What is due when, as a calendar of all-day events (RFC 5545): of a task, an organisation, a resolution."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar

from thucthi.kernel.canonical import sha256_hex
from thucthi.public_site.rendering.addresses import address, authority
from thucthi.public_site.rendering.book import Book
from thucthi.publication.shapes import DocumentData, Header, OrganisationData, TaskData

NAME = "X-WR-CALNAME"
LINE_END = re.compile("\r\n|\r|\n")
PRODUCT = "-//Thuc Thi//Cong khai//VI"
ENDED = frozenset({"cancelled", "superseded"})
LETTERS_OF_A_TITLE = 120
OCTETS_OF_A_LINE = 74


@dataclass(frozen=True)
class Happening:
    """`uid` never changes; `sequence` counts how often the day was moved."""

    uid: str
    day: date
    title: str
    text: str
    folder: str
    sequence: int = 0
    is_cancelled: bool = False


def calendar_bytes(name: str, happenings: Iterable[Happening], header: Header) -> bytes:
    """The same happenings of the same issue give the same bytes."""
    made_at = datetime(header.as_of.year, header.as_of.month, header.as_of.day, tzinfo=UTC)
    begun, ended = _frame()
    events = [_event(one, made_at) for one in sorted(happenings, key=lambda each: (each.day, each.uid))]
    # As the library writes a name, which refuses one of two lines.
    told = _folded(f"{NAME}:{' '.join(re.split(LINE_END, name))}")
    return b"".join((begun, told, b"\r\n", *events, ended))


@cache
def _frame() -> tuple[bytes, bytes]:
    """What the library writes before the name of a calendar and after its events; the name comes last."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add(NAME, "name")
    whole: bytes = calendar.to_ical()
    begun, _name, ended = whole.partition(f"{NAME}:name\r\n".encode())
    return begun, ended


# A task's day stands in the calendars of the task, its resolutions and its bodies.
@lru_cache(maxsize=20_000)
def _event(one: Happening, made_at: datetime) -> bytes:
    """As the library writes it, which takes ten times as long; a test compares the two."""
    lines = (
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(printable(one.title))}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"UID:{_escaped(f'{one.uid}@{authority()}')}",
        f"SEQUENCE:{one.sequence}",
        "CLASS:PUBLIC",
        f"DESCRIPTION:{_escaped(printable(one.text))}",
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        f"URL:{address(one.folder)}",
        "END:VEVENT",
        "",
    )
    return b"\r\n".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11; every kind of line end is one."""
    plain = text.replace("\\N", "\n").replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> bytes:
    """In lines of fewer than 75 octets, without tearing a letter or an escape apart (RFC 5545, 3.1)."""
    rest, pieces = line.encode(), []
    while len(rest) > OCTETS_OF_A_LINE:
        end = OCTETS_OF_A_LINE
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        if rest[end - 1] in b"\\^" and end > 1:
            end -= 1
        pieces.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join((*pieces, rest))


def printable(text: str) -> str:
    """Without the control characters that neither a calendar nor XML may hold."""
    return "".join(each for each in text if each in "\t\n" or (each >= " " and each not in "\x7f\ufffe\uffff"))


def shortened(text: str) -> str:
    return text if len(text) <= LETTERS_OF_A_TITLE else f"{text[: LETTERS_OF_A_TITLE - 1].rstrip()}…"


def of_task(book: Book, task: TaskData) -> Iterator[Happening]:
    """Its deadline and its milestones."""
    folder = book.task_folder(task.code)
    ended = task.standing.stage in ENDED
    if task.due_on:
        said = {"lead": book.organisations[task.lead].official_name, "text": task.text}
        yield Happening(
            f"nhiem-vu-{task.code}-han",
            task.due_on,
            _("Hạn: %(text)s") % {"text": shortened(task.text)},
            _("Chủ trì: %(lead)s. %(text)s") % said,
            folder,
            sum(change.field == "deadline" for change in task.changes),
            ended,
        )
    for each in task.milestones:
        yield Happening(
            f"nhiem-vu-{task.code}-moc-{sha256_hex(each.text.encode())[:12]}",
            each.due_on,
            _("Mốc: %(text)s") % {"text": shortened(each.text)},
            f"{each.text} – {task.text}",
            folder,
            is_cancelled=ended,
        )


def of_organisation(book: Book, organisation: OrganisationData) -> Iterator[Happening]:
    """What it leads or coordinates, and by when it is asked to remove an obstacle."""
    for code in dict.fromkeys((*organisation.led, *organisation.coordinates)):
        yield from of_task(book, book.tasks[code])
    for obstacle in (book.obstacles[code] for code in organisation.asked_obstacles):
        if obstacle.is_open:
            yield Happening(
                f"diem-nghen-{obstacle.code}",
                obstacle.due_on,
                _("Hạn gỡ điểm nghẽn: %(text)s") % {"text": shortened(obstacle.condition)},
                obstacle.asked_what,
                "diem-nghen",
            )


def of_document(book: Book, document: DocumentData) -> Iterator[Happening]:
    """Its mandatory checkpoints, and the deadlines of the tasks that carry it out."""
    for each in document.frame.checkpoints if document.frame else ():
        yield Happening(
            f"moc-kiem-tra-{document.slug}-{each.code}",
            each.due_on,
            _("Mốc kiểm tra: %(text)s") % {"text": shortened(each.text)},
            each.evidence_required or each.text,
            f"nghi-quyet/{document.slug}",
            len(each.moves),
        )
    for task in book.tasks_of_document[document.slug]:
        yield from of_task(book, task)


def happenings_of(book: Book, thing: Any) -> Iterator[Happening]:
    """Nothing for what has no days of its own."""
    if isinstance(thing, TaskData):
        return of_task(book, thing)
    if isinstance(thing, OrganisationData):
        return of_organisation(book, thing)
    return of_document(book, thing) if isinstance(thing, DocumentData) else iter(())


def number_of_days(book: Book, thing: Any) -> int:
    """How many happenings `happenings_of` gives, without making them."""
    if isinstance(thing, OrganisationData):
        codes = {*thing.led, *thing.coordinates}
        asked = sum(book.obstacles[code].is_open for code in thing.asked_obstacles)
        return asked + sum(book.places.days[book.places.place_of[code]] for code in codes)
    if isinstance(thing, DocumentData):
        checkpoints = len(thing.frame.checkpoints) if thing.frame else 0
        return checkpoints + sum(book.places.days[place] for place in book.places.by_document[thing.slug])
    return sum(1 for _each in happenings_of(book, thing))


def calendar_of(book: Book, thing: Any, name: str) -> bytes:
    return calendar_bytes(name, happenings_of(book, thing), book.data.header)
