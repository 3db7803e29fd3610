"""One pass over a country's tasks before the first page is drawn, shared by several processes.

Each finds where its tasks stand (places.py) and writes the row of each once, for CSV and for JSON: it stands in the
tables of its programme, of all bodies above its lead and of every list.
"""

from contextlib import closing
from functools import partial

from django.conf import settings

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.cells import closing_cells, csv_line
from thucthi.public_site.rendering.places import Gathered, Places, places_of
from thucthi.public_site.rendering.tables import OF_A_ROW, task_row, text_of_row
from thucthi.publication import files
from thucthi.publication.frozen import FrozenTasks, Kept, Shelf, Spool
from thucthi.publication.shapes import IssueData
from thucthi.publication.workers import in_processes

TASKS_AT_ONCE = 10_000


def book_of(data: IssueData) -> Book:
    """The book of an issue. Raises OSError when the disk cannot take the rows of a country, and WorkerDied."""
    book = Book(data)
    return Book(data, gathered=_gathered(book, data.tasks)) if isinstance(data.tasks, FrozenTasks) else book


def _gathered(book: Book, tasks: FrozenTasks) -> Gathered:
    files.root().mkdir(parents=True, exist_ok=True)
    spool = Spool(files.root())
    pieces = [
        partial(_piece, book, spool, place, tasks[start : start + TASKS_AT_ONCE])
        for place, start in enumerate(range(0, len(tasks), TASKS_AT_ONCE))
    ]
    with closing(in_processes(pieces, settings.SNAPSHOT_PROCESSES)) as shares:
        read = sorted(shares, key=lambda each: each[0])
    places = Places()
    for _place, share, _lines, _texts in read:
        places.add(share)
    return Gathered(places, Shelf(spool, (row[2] for row in read)), Shelf(spool, (row[3] for row in read)))


def _piece(book: Book, spool: Spool, place: int, tasks: FrozenTasks) -> tuple[int, Places, Kept, Kept]:
    ending, lines, texts = closing_cells(book.data.header), [], []
    for values in tasks.fields(*OF_A_ROW):
        row = task_row(book, *values)
        lines.append(csv_line((*row, *ending)))
        texts.append(text_of_row(row).encode())
    return place, places_of(tasks, book.line_of, book.told), spool.put(lines), spool.put(texts)
