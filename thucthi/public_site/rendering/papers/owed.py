"""The section of the monthly report about legal texts that resolutions owe: how far each is, who drafts, how late."""

from collections.abc import Sequence

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Reader, day
from thucthi.public_site.rendering.papers.content import NONE_YET, Section, Table, cut
from thucthi.publication.shapes import InstrumentData

TITLE = "Văn bản phải ban hành"


def owed_section(book: Book, reader: Reader) -> Section:
    """The latest first, then by deadline; texts without a deadline stand last."""
    every = book.data.instruments
    if not every:
        return Section(TITLE, ["Kỳ này không có văn bản nào phải ban hành được công bố."])
    owed = sorted(
        (each for each in every if each.is_owed),
        key=lambda each: (-(each.days_late or 0), each.due_on is None, each.due_on or each.since, each.code),
    )
    late = sum(each.is_late for each in owed)
    said = (
        f"{reader.number(len(owed))}/{reader.number(len(every))} văn bản phải ban hành còn nợ; {reader.number(late)}/"
        f"{reader.number(len(owed))} đã quá hạn."
    )
    if not owed:
        return Section(TITLE, [said.partition(";")[0] + "."])
    rows, note = cut([_row(reader, each) for each in owed], "Văn bản phải ban hành")
    table = Table(
        "Văn bản còn nợ",
        ("Văn bản", "Cơ quan soạn thảo", "Đang ở bước", "Hạn", "Chậm (ngày)"),
        (64, 38, 23, 22, 18),
        rows,
        note,
    )
    return Section(TITLE, [said], [table])


def _row(reader: Reader, text: InstrumentData) -> Sequence[str]:
    return (
        f"{reader.word('instrument_type', text.type)}: {text.title} [{text.code}]",
        reader.name(text.drafter),
        reader.word("instrument_stage", text.stage),
        day(text.due_on) if text.due_on else text.deadline_text or NONE_YET,
        reader.number(text.days_late) if text.days_late is not None else NONE_YET,
    )
