"""Files of values: whose they are, what they hold, how they compare with what stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.calculations.columns import HEADINGS, NO_HEADINGS, NoHeadings, raw_rows
from thucthi.indicators.calculations.reading import (
    RawRow,
    RowsRead,
    Trouble,
    decimal_mark_of,
    is_old_file,
    reading_rows,
)
from thucthi.indicators.calculations.said import N_
from thucthi.indicators.models import Upload
from thucthi.indicators.selectors.entry import Compared, compare, known_to, writable_organisations
from thucthi.indicators.worksheets.faults import Unreadable
from thucthi.indicators.worksheets.sandbox import rows_in_sandbox
from thucthi.kernel.errors import NotVisible

TOLD_EVERY = 1_000
SHOWN = 100
Told = Callable[[int, int], None]
OLD_FILE = N_(
    "Các dòng đều thuộc kỳ cũ đã có số liệu; có thể đây là tệp của kỳ trước. Đề nghị kiểm tra lại trước khi ghi."
)
ZEROS = N_("%(count)s ô ghi 0 được hiểu là số không đã xác nhận. Ô trống thì bỏ qua, không phải là 0.")
NOTHING = N_("Tệp không có dòng nào ghi giá trị. Đề nghị điền cột “Giá trị” rồi gửi lại.")


@dataclass(frozen=True)
class Checked:
    """The rows of a file against what is known and what stands."""

    read: RowsRead
    compared: Compared
    is_old: bool


def uploads_of(viewer: Viewer) -> QuerySet[Upload]:
    """Files that the viewer sent, or sent for bodies he may write for; newest first, without their content."""
    bodies = writable_organisations(viewer).values("pk")
    visible = Upload.objects.filter(Q(by=viewer.account_id) | Q(organisation__in=bodies))
    return visible.select_related("organisation", "by__person").defer("content", "faults", "warnings").order_by("-pk")


def upload_for(viewer: Viewer, pk: int) -> Upload:
    """Raises NotVisible for an unknown file and for one of a body the viewer may not write for."""
    upload = Upload.objects.select_related("organisation", "by__person").defer("content").filter(pk=pk).first()
    is_sender = upload is not None and upload.by_id is not None and upload.by_id == viewer.account_id
    if upload is None or not (is_sender or access.can_observe_for(viewer, upload.organisation.path)):
        raise NotVisible
    return upload


def check(upload: Upload, viewer: Viewer, told: Told) -> Checked:
    """Read the whole file for its sender. Raises Unreadable with a sentence; tells how many rows were looked at."""
    content = bytes(upload.content)
    total, mark = _first_look(content)
    told(0, total)
    known = known_to(viewer, mark=mark)
    read = RowsRead()
    for row in reading_rows(_below_headings(content), known):
        read.take(row)
        if read.total % TOLD_EVERY == 0:
            told(read.total, total)
    told(read.total, read.total)
    compared = compare(read.good)
    return Checked(read, compared, is_old_file(read.good, opened=compared.opened, today=known.today))


def _first_look(content: bytes) -> tuple[int, str]:
    """How many rows there are, and which decimal mark their values are written with."""
    counted = _Counted(_below_headings(content))
    mark = decimal_mark_of((row.value for row in counted), "")
    return counted.count, mark


@dataclass
class _Counted:
    rows: Iterator[RawRow]
    count: int = 0

    def __iter__(self) -> Iterator[RawRow]:
        for row in self.rows:
            self.count += 1
            yield row


def _below_headings(content: bytes) -> Iterator[RawRow]:
    try:
        yield from raw_rows(rows_in_sandbox(content))
    except NoHeadings:
        raise Unreadable(NO_HEADINGS) from None


def plain(trouble: Trouble) -> dict[str, object]:
    """As it is kept with the upload; the sentence is translated by whoever shows it."""
    return {
        "row": trouble.row,
        "column": trouble.column,
        "sentence": trouble.said.sentence,
        "values": dict(trouble.said.values),
    }


@dataclass(frozen=True)
class ShownTrouble:
    row: int
    column: str
    text: str


def shown(troubles: list[dict[str, object]]) -> list[ShownTrouble]:
    """The first troubles in the reader's words."""
    return [
        ShownTrouble(
            int(str(one["row"])),
            _(HEADINGS.get(str(one["column"]), "")) if one["column"] else "",
            _(str(one["sentence"])) % one["values"],
        )
        for one in islice(troubles, SHOWN)
    ]
