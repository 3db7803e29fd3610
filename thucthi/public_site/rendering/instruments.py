"""Texts that resolutions still owe: which, for which resolution, how far, by when, who drafts, how late."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Cell, Page, Twin
from thucthi.public_site.rendering.tables import word
from thucthi.publication.shapes import InstrumentData

FOLDER = "van-ban-phai-ban-hanh"
COLUMNS = (
    "code", "document", "clause", "type", "type_vi", "title", "drafter", "drafter_name", "due_on", "deadline_text",
    "stage", "stage_vi", "since", "timeliness", "timeliness_vi", "days_late", "issued_on", "in_force_on", "tasks",
)  # fmt: skip


def instrument_pages(book: Book) -> Iterator[Page]:
    rows = book.data.instruments
    stages = Counter(each.stage for each in rows)
    yield Page(
        folder=FOLDER,
        template="instruments.html",
        title=_("Văn bản phải ban hành"),
        values={
            "instruments": rows,
            "owed": sum(each.is_owed for each in rows),
            "late": sum(each.is_late for each in rows),
            "in_force": sum(each.in_force_on is not None for each in rows),
            "stages": [(code, stages[code]) for code in book.data.vocabulary["instrument_stage"]],
            "by_document": [(slug, rows) for slug, rows in book.instruments_of_document.items() if rows],
        },
        twin=Twin([replace(each, steps=()) for each in rows], COLUMNS, instrument_rows(book, rows)),
    )


def instrument_rows(book: Book, instruments: Iterable[InstrumentData]) -> list[tuple[Cell, ...]]:
    return [
        (
            each.code,
            each.document,
            each.clause,
            each.type,
            word(book, "instrument_type", each.type),
            each.title,
            each.drafter,
            book.organisations[each.drafter].official_name,
            each.due_on,
            each.deadline_text,
            each.stage,
            word(book, "instrument_stage", each.stage),
            each.since,
            each.timeliness,
            word(book, "instrument_timeliness", each.timeliness),
            each.days_late,
            each.issued_on,
            each.in_force_on,
            "; ".join(each.tasks),
        )
        for each in instruments
    ]
