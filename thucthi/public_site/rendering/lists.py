"""The full list of tasks, and one page for every count shown elsewhere, so that each number opens into its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Page, Twin
from thucthi.public_site.rendering.tables import TASK_COLUMNS, task_rows
from thucthi.publication.shapes import TaskData

FOLDER = "nhiem-vu"


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list: `group` and `code` name a word of the vocabulary."""

    slug: str
    group: str
    code: str

    @property
    def folder(self) -> str:
        return f"{FOLDER}/loc/{self.slug}"

    def keeps(self, task: TaskData) -> bool:
        return bool(getattr(task.standing, self.group) == self.code)


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


def list_pages(book: Book) -> Iterator[Page]:
    """The list whole and narrowed; a filter that keeps nothing has its page too, because a count of 0 is linked too."""
    yield _page(book, FOLDER, _("Tất cả nhiệm vụ"), lambda task: True, None)
    for each in FILTERS:
        yield _page(book, each.folder, _title(book, each), each.keeps, each)


def _title(book: Book, chosen: Filter) -> str:
    titles = {
        "schedule": _("Nhiệm vụ theo lịch"),
        "stage": _("Nhiệm vụ theo giai đoạn"),
        "reported": _("Nhiệm vụ theo báo cáo"),
    }
    return titles[chosen.group]


def _page(book: Book, folder: str, title: str, keeps: Callable[[TaskData], bool], chosen: Filter | None) -> Page:
    rows = [task for task in book.data.tasks if keeps(task)]
    return Page(
        folder=folder,
        template="task_list.html",
        title=title,
        section=FOLDER,
        values={
            "tasks": rows,
            "chosen": chosen,
            "schedule_filters": SCHEDULE_FILTERS,
            "stage_filters": STAGE_FILTERS,
            "report_filters": REPORT_FILTERS,
        },
        twin=Twin({"count": len(rows), "tasks": rows}, TASK_COLUMNS, task_rows(book, rows)),
    )
