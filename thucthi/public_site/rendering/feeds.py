"""What happened, as Atom feeds (RFC 4287): the site, a resolution, body, task, indicator, corrections, issues.

An entry keeps its identity and its day in every issue that has it, so that no reader sees it twice.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree

from thucthi.kernel.canonical import sha256_hex
from thucthi.public_site.rendering.addresses import address, tag
from thucthi.public_site.rendering.book import REMEMBERED, Book
from thucthi.public_site.rendering.calendars import printable, shortened
from thucthi.public_site.rendering.pages import Place, Reader
from thucthi.publication.shapes import DocumentData, IndicatorData, ObstacleData, OrganisationData, TaskData

SPACE = "http://www.w3.org/2005/Atom"
# Whoever looked away for a quarter finds everything that happened meanwhile, up to the most entries.
MOST_ENTRIES = 100


@dataclass(frozen=True, order=True)
class Entry:
    """Something that happened on a day; `path` tells it from everything else, for ever."""

    day: date
    path: str
    title: str
    text: str
    folder: str


def feed_of(book: Book, folder: str, title: str, entries: Iterable[Entry]) -> bytes:
    """The newest entries first; `updated` of the whole is the day of the issue."""
    header = book.data.header
    first = header.as_of - REMEMBERED
    kept = heapq.nlargest(MOST_ENTRIES, (each for each in entries if first <= each.day <= header.as_of))
    root = etree.Element(f"{{{SPACE}}}feed", nsmap={None: SPACE})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    _put(root, "id", tag(f"{folder or 'thay-doi'}/"))
    _put(root, "title", title)
    _put(root, "subtitle", _("Kỳ %(issue)s, số liệu đến ngày %(day)s") % _issue(book))
    _put(root, "updated", _moment(header.as_of))
    _link(root, "self", address(folder, "index.atom"), "application/atom+xml")
    _link(root, "alternate", address(folder), "text/html")
    _put(etree.SubElement(root, f"{{{SPACE}}}author"), "name", settings.OPEN_DATA_PUBLISHER)
    _put(root, "rights", settings.OPEN_DATA_LICENCE)
    for each in kept:
        _entry(root, each)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _issue(book: Book) -> dict[str, str]:
    header = book.data.header
    notice = _("số liệu mô phỏng")
    shown = f"{header.as_of:%d/%m/%Y}"
    return {"issue": header.issue, "day": f"{shown} – {notice}" if header.simulated else shown}


def _entry(root: Any, entry: Entry) -> None:
    element = etree.SubElement(root, f"{{{SPACE}}}entry")
    _put(element, "id", tag(entry.path))
    _put(element, "title", entry.title)
    _put(element, "updated", _moment(entry.day))
    _link(element, "alternate", address(entry.folder), "text/html")
    _put(element, "summary", entry.text)


def _put(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{SPACE}}}{name}").text = printable(text)


def _link(parent: Any, relation: str, href: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{SPACE}}}link", rel=relation, href=href, type=kind)


def _moment(day: date) -> str:
    """Days are days in Việt Nam."""
    return f"{day.isoformat()}T00:00:00+07:00"


def of_task(book: Book, task: TaskData) -> Iterator[Entry]:
    """Completed, overdue, moved by a decision, each step, and its obstacles."""
    words, identity, name = Reader(book, Place("", "vi")), f"nhiem-vu/{task.code}", shortened(task.text)
    folder, first = book.task_folder(task.code), book.data.header.as_of - REMEMBERED
    now = task.standing
    if now.completed_on:
        path = f"{identity}/hoan-thanh/{now.completed_on}"
        yield Entry(now.completed_on, path, _("Hoàn thành: %(name)s") % {"name": name}, task.text, folder)
    if now.schedule == "overdue" and task.due_on:
        day = task.due_on + timedelta(days=1)
        yield Entry(
            day, f"{identity}/qua-han/{task.due_on}", _("Quá hạn: %(name)s") % {"name": name}, task.text, folder
        )
    for change in task.changes:
        what = words.word("changed_field", change.field)
        moved = f"{change.old_end or change.old_value} → {change.new_end or change.new_value}"
        path = f"{identity}/sua/{change.field}/{change.decided_on}/{sha256_hex(moved.encode())[:12]}"
        text = f"{moved}. {change.decision}. {change.reason}"
        yield Entry(change.decided_on, path, f"{what}: {name}", text, folder)
    # Only those a feed still tells of: most steps are old, and a country's stand in the feeds of all bodies above.
    for step in (each for each in task.steps if each.happened_on >= first):
        path = f"{identity}/buoc/{step.kind}/{step.happened_on}"
        yield Entry(step.happened_on, path, f"{words.word('task_step', step.kind)}: {name}", task.text, folder)
    for code in task.obstacles:
        yield from of_obstacle(book.obstacles[code])


def of_task_alone(book: Book, task: TaskData) -> Iterator[Entry]:
    """Also its reports: they would drown everything else in the feed of a body."""
    yield from of_task(book, task)
    words, first = Reader(book, Place("", "vi")), book.data.header.as_of - REMEMBERED
    for each in task.history:
        if each.first_reported_on is None or each.first_reported_on < first:
            continue
        title = _("Báo cáo %(period)s: %(name)s") % {
            "period": words.period(each.period),
            "name": shortened(task.text),
        }
        said = [words.word("claim", each.claim)] if each.claim else []
        said += [_("tự báo cáo %(n)s") % {"n": words.percent(each.declared)}] if each.declared is not None else []
        path = f"nhiem-vu/{task.code}/bao-cao/{each.period}"
        yield Entry(each.first_reported_on, path, title, "; ".join(said), book.task_folder(task.code))


def of_indicator(book: Book, indicator: IndicatorData) -> Iterator[Entry]:
    """Each value of the country as it came out or was corrected, and what happened to the tasks that are to move it."""
    words, folder = Reader(book, Place("", "vi")), f"chi-tieu/{indicator.code}"
    titles = {False: _("Số mới của %(period)s: %(name)s"), True: _("Đính chính số của %(period)s: %(name)s")}
    told = {}
    for each in indicator.observations:
        shown = words.word("value_state", each.state) if each.amount is None else words.number(each.amount)
        text = f"{shown} {indicator.unit if each.amount is not None else ''}".strip()
        text = f"{text}. {each.source}" if each.source else text
        digest = sha256_hex(f"{each.kind} {each.organisation} {text}".encode())[:12]
        title = titles[each.is_correction] % {"period": words.period(each.period), "name": indicator.name}
        path = f"{folder}/so/{each.period}/{each.available_on}/{digest}"
        told[path] = Entry(each.available_on, path, title, text, folder)
    yield from told.values()
    yield from of_tasks(book, (book.tasks[code] for code in indicator.tasks))


def of_obstacle(obstacle: ObstacleData) -> Iterator[Entry]:
    name, path = shortened(obstacle.condition), f"diem-nghen/{obstacle.code}"
    title = _("Điểm nghẽn mới: %(name)s") % {"name": name}
    yield Entry(obstacle.raised_on, f"{path}/neu", title, obstacle.asked_what, "diem-nghen")
    if obstacle.closed_on:
        title = _("Đã gỡ: %(name)s") % {"name": name}
        yield Entry(obstacle.closed_on, f"{path}/go/{obstacle.closed_on}", title, obstacle.asked_what, "diem-nghen")


def of_document(book: Book, document: DocumentData) -> Iterator[Entry]:
    folder = f"nghi-quyet/{document.slug}"
    for checkpoint in document.frame.checkpoints if document.frame else ():
        for move in checkpoint.moves:
            yield Entry(
                move.decided_on,
                f"{folder}/moc/{checkpoint.code}/{move.old_due_on}/{move.new_due_on}",
                _("Mốc kiểm tra dời từ %(old)s sang %(new)s")
                % {"old": f"{move.old_due_on:%d/%m/%Y}", "new": f"{move.new_due_on:%d/%m/%Y}"},
                f"{checkpoint.text}. {move.decision}. {move.reason}",
                folder,
            )
    yield from of_tasks(book, book.newest_of(book.tasks_of_document[document.slug], MOST_ENTRIES))


def of_tasks(book: Book, tasks: Iterable[TaskData]) -> Iterator[Entry]:
    for task in tasks:
        yield from of_task(book, task)


def of_corrections(book: Book) -> Iterator[Entry]:
    for each in book.data.corrections:
        path = f"dinh-chinh/{each.issue}/{sha256_hex(each.text.encode())[:12]}"
        title = _("Đính chính kỳ %(issue)s") % {"issue": each.issue}
        yield Entry(each.announced_on, path, title, each.text, "dinh-chinh")


def of_issues(book: Book) -> Iterator[Entry]:
    header = book.data.header
    title = _("Kỳ công bố %(issue)s")
    text = Reader(book, Place("", "vi")).sentence(book.data.tally)
    here = f"ky-cong-bo/{header.name}"
    yield Entry(header.as_of, here, title % {"issue": header.name}, text, here)
    for each in book.data.earlier:
        folder = f"ky-cong-bo/{each.name}"
        yield Entry(each.as_of, folder, title % {"issue": each.name}, f"SHA-256 {each.manifest_hash}", folder)


def of_everything(book: Book) -> Iterator[Entry]:
    yield from of_issues(book)
    yield from of_corrections(book)
    yield from of_tasks(book, book.newest_of(book.data.tasks, MOST_ENTRIES))


def entries_of(book: Book, folder: str, thing: Any) -> Iterable[Entry] | None:
    """None for a page that has no feed."""
    if isinstance(thing, DocumentData):
        return of_document(book, thing)
    if isinstance(thing, OrganisationData):
        return of_tasks(book, book.newest_of(book.subtree_tasks[thing.code], MOST_ENTRIES))
    if isinstance(thing, TaskData):
        return of_task_alone(book, thing)
    if isinstance(thing, IndicatorData):
        return of_indicator(book, thing)
    sources = {"": of_everything, "dinh-chinh": of_corrections, "cac-ky": of_issues}
    return sources[folder](book) if folder in sources and thing is None else None
