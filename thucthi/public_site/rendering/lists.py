"""The full list of tasks, and one page for every count shown elsewhere, so that each number opens into its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.furnishing import has_json
from thucthi.public_site.rendering.pages import Page, Reader, Twin
from thucthi.public_site.rendering.tables import TASK_COLUMNS, TaskRows
from thucthi.publication.shapes import TaskData

FOLDER = "nhiem-vu"
ROWS_OF_A_SHEET = 40
# Of each list in an issue of a whole country: nobody turns over ten thousand pages, and the CSV has every row.
MOST_SHEETS = 25


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list: `group` and `code` name a word of the vocabulary."""

    slug: str
    group: str
    code: str

    @property
    def folder(self) -> str:
        return f"{FOLDER}/loc/{self.slug}"


SCHEDULE_FILTERS = (
    Filter("trong-han", "schedule", "on_time"),
    Filter("sap-den-han", "schedule", "due_soon"),
    Filter("qua-han", "schedule", "overdue"),
    Filter("xong-truoc-han", "schedule", "done_early"),
    Filter("xong-dung-han", "schedule", "done_on_time"),
    Filter("xong-muon", "schedule", "done_late"),
    Filter("khong-tinh-han", "schedule", "no_deadline"),
)
STAGE_FILTERS = (
    Filter("da-giao", "stage", "issued"),
    Filter("da-tiep-nhan", "stage", "received"),
    Filter("dang-thuc-hien", "stage", "in_progress"),
    Filter("cho-nghiem-thu", "stage", "awaiting_acceptance"),
    Filter("bi-tra-lai", "stage", "returned"),
    Filter("hoan-thanh", "stage", "done"),
    Filter("tam-dung", "stage", "suspended"),
    Filter("da-huy", "stage", "cancelled"),
    Filter("da-thay-the", "stage", "superseded"),
)
REPORT_FILTERS = (
    Filter("chua-bao-cao", "reported", "not_reported"),
    Filter("da-bao-cao", "reported", "reported"),
)
FILTERS = (*SCHEDULE_FILTERS, *STAGE_FILTERS, *REPORT_FILTERS)
FOLDER_OF = {(each.group, each.code): each.folder for each in FILTERS}


@dataclass(frozen=True)
class _Sheets:
    """One list: where it lies, its heading, and the title that tells it from the other lists."""

    folder: str
    title: str
    head_title: str


def sheet_title(title: str, sheet: int) -> str:
    return _("%(title)s, trang %(n)s") % {"title": title, "n": sheet}


def list_pages(chosen: Filter | None, book: Book, reader: Reader) -> Iterator[Page]:
    """The list whole or narrowed; a filter that keeps nothing has its page too, because a count of 0 is linked too."""
    if chosen is None:
        whole = _("Tất cả nhiệm vụ")
        yield from _sheets(book, _Sheets(FOLDER, whole, whole), book.data.tasks, None)
        return
    title = {
        "schedule": _("Nhiệm vụ theo lịch"),
        "stage": _("Nhiệm vụ theo giai đoạn"),
        "reported": _("Nhiệm vụ theo báo cáo"),
    }[chosen.group]
    kept = book.tasks_that_stand(chosen.group, chosen.code)
    sheets = _Sheets(chosen.folder, title, f"{title}: {reader.word(chosen.group, chosen.code)}")
    yield from _sheets(book, sheets, kept, chosen)


def _sheets(book: Book, of: _Sheets, rows: Sequence[TaskData], chosen: Filter | None) -> Iterator[Page]:
    """A long list in sheets that a phone can load; its data lies whole beside the first one."""
    last = max(1, -(-len(rows) // ROWS_OF_A_SHEET))
    last = min(last, MOST_SHEETS) if book.is_large else last
    for sheet in range(1, last + 1):
        yield Page(
            folder=of.folder if sheet == 1 else f"{of.folder}/trang/{sheet}",
            template="task_list.html",
            title=of.title,
            head_title=of.head_title if sheet == 1 else sheet_title(of.head_title, sheet),
            section=FOLDER,
            values={
                "tasks": rows[(sheet - 1) * ROWS_OF_A_SHEET : sheet * ROWS_OF_A_SHEET],
                "count": len(rows),
                "shown": min(len(rows), last * ROWS_OF_A_SHEET),
                "sheet": sheet,
                "last_sheet": last,
                "folder": of.folder,
                "chosen": chosen,
                "schedule_filters": SCHEDULE_FILTERS,
                "stage_filters": STAGE_FILTERS,
                "report_filters": REPORT_FILTERS,
            },
            twin=Twin.of_rows({"count": len(rows)}, TASK_COLUMNS, TaskRows(book, rows)) if sheet == 1 else None,
            data_folder=of.folder,
            data_kinds=("CSV", "JSON") if has_json(book, len(rows)) else ("CSV",),
        )
