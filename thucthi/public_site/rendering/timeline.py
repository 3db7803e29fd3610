"""The dated things of a resolution on one line, each with its place on the picture and its row in the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Reader
from thucthi.publication.shapes import CheckpointData, DocumentData, InstrumentData


@dataclass(frozen=True)
class Moment:
    """`tone` gives the shape; `folder` and `anchor` lead to the thing itself, "" when it has no page."""

    on: date
    word: str
    tone: str
    text: str
    folder: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Timeline:
    """From `start` to `end`, whole years. `moments` in the order of their days."""

    start: date
    end: date
    moments: tuple[Moment, ...]

    def place(self, on: date) -> float:
        """Percent of the line, 0 to 100."""
        return round((on - self.start).days * 100 / (self.end - self.start).days, 2)

    @property
    def years(self) -> list[int]:
        return list(range(self.start.year, self.end.year))


def timeline_of(book: Book, reader: Reader, document: DocumentData) -> Timeline:
    """Never empty: the document itself has a day, and so has the issue."""
    as_of = book.data.header.as_of
    moments = sorted(_moments(book, reader, document), key=lambda each: (each.on, each.word, each.text))
    days = [*(each.on for each in moments), as_of]
    return Timeline(date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1), tuple(moments))


def _moments(book: Book, reader: Reader, document: DocumentData) -> Iterator[Moment]:
    as_of = book.data.header.as_of
    yield Moment(document.issued_on, _("Ban hành văn bản"), "neutral", document.title)
    for code in document.programmes:
        programme = book.programmes[code]
        folder = f"chuong-trinh/{code}"
        yield Moment(programme.issued_on, _("Ban hành chương trình"), "neutral", programme.title, folder)
    for checkpoint in document.frame.checkpoints if document.frame else ():
        yield _checkpoint(checkpoint, as_of)
    for instrument in book.instruments_of_document[document.slug]:
        if instrument.issued_on or instrument.due_on:
            yield _instrument(reader, instrument)


def _checkpoint(checkpoint: CheckpointData, as_of: date) -> Moment:
    is_reached = checkpoint.due_on <= as_of
    word = _("Mốc kiểm tra đã đến") if is_reached else _("Mốc kiểm tra chưa đến")
    return Moment(checkpoint.due_on, word, "info" if is_reached else "neutral", checkpoint.text)


def _instrument(reader: Reader, instrument: InstrumentData) -> Moment:
    words = {
        True: (_("Hạn ban hành, đã quá"), "bad"),
        False: (_("Hạn ban hành văn bản"), "good"),
    }
    word, tone = words[instrument.is_late] if instrument.is_owed else (_("Văn bản đã ban hành"), "done")
    on = instrument.issued_on or instrument.due_on
    assert on is not None  # noqa: S101 - whoever calls has looked
    return Moment(on, word, tone, reader.instrument_name(instrument), "van-ban-phai-ban-hanh", instrument.code)
