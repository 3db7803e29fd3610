"""The file of a dossier: facts about bodies and those who headed them, as CSV and as a workbook (D33, D61)."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO

from thucthi.kernel.apart import apart
from thucthi.monitoring.calculations.taking_away.contents import harmless


def _(text: str) -> str:
    """Marks a word for the collectors of translations."""
    return text


Say = Callable[[str], str]
NO_DECISION = _(
    "Tệp chỉ nêu dữ kiện để cơ quan có thẩm quyền tham khảo; không tính điểm, không xếp hạng và không đề xuất quyết "
    "định nhân sự nào."
)


class DossierLevel(StrEnum):
    """The four levels of evaluation (D61)."""

    COMMITTEE = "committee"
    PARTY_BODY = "party_body"
    AGENCY = "agency"
    PERSON = "person"


LEVEL_WORDS = {
    DossierLevel.COMMITTEE: _("Cấp ủy"),
    DossierLevel.PARTY_BODY: _("Tổ chức đảng"),
    DossierLevel.AGENCY: _("Cơ quan, đơn vị"),
    DossierLevel.PERSON: _("Cá nhân đứng đầu"),
}
NOBODY = _("Không có người đứng đầu")


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: how many facts of these kinds, or how many days they hold."""

    words: str
    kinds: tuple[str, ...]
    counts_days: bool = False


COLUMNS = (
    Column(_("Báo cáo đến hạn"), ("report_on_time", "report_late", "report_missing")),
    Column(_("Báo cáo gửi đúng hạn"), ("report_on_time",)),
    Column(_("Báo cáo gửi muộn"), ("report_late",)),
    Column(_("Báo cáo chưa gửi"), ("report_missing",)),
    Column(_("Số ngày báo cáo bị chậm"), ("report_late", "report_missing", "report_carried"), counts_days=True),
    Column(_("Báo cáo bị trả lại"), ("returned",)),
    Column(_("Nhiệm vụ hoàn thành đúng hạn"), ("task_on_time",)),
    Column(_("Nhiệm vụ hoàn thành muộn"), ("task_late",)),
    Column(_("Nhiệm vụ có ngày quá hạn"), ("task_overdue",)),
    Column(_("Số ngày nhiệm vụ quá hạn"), ("task_overdue",), counts_days=True),
    Column(_("Lần gia hạn đã quyết định"), ("extension_decided",)),
    Column(_("Số ngày đã gia hạn"), ("extension_decided",), counts_days=True),
    Column(_("Lần được gia hạn"), ("extension_received",)),
    Column(_("Điểm nghẽn trên bàn"), ("on_desk",)),
    Column(_("Số ngày điểm nghẽn nằm trên bàn"), ("on_desk",), counts_days=True),
)
KIND_WORDS = {
    "report_on_time": _("Báo cáo gửi đúng hạn"),
    "report_late": _("Báo cáo gửi muộn"),
    "report_missing": _("Báo cáo chưa gửi"),
    "report_carried": _("Báo cáo đến hạn trước đó, vẫn chậm trong thời gian này"),
    "returned": _("Báo cáo bị trả lại"),
    "task_on_time": _("Nhiệm vụ hoàn thành đúng hạn"),
    "task_late": _("Nhiệm vụ hoàn thành muộn"),
    "task_overdue": _("Nhiệm vụ có ngày quá hạn"),
    "extension_decided": _("Lần gia hạn đã quyết định"),
    "extension_received": _("Lần được gia hạn"),
    "on_desk": _("Điểm nghẽn trên bàn"),
}


@dataclass(frozen=True, slots=True)
class DossierLine:
    """`figures` in the order of `COLUMNS`; `person` "" for the body as a whole, or for days without a head."""

    level: DossierLevel
    body: str
    person: str
    first: date
    last: date
    figures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DossierFact:
    """One row behind the figures."""

    body: str
    person: str
    kind: str
    code: str
    text: str
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """Facts of an interval as known on a day."""

    lines: tuple[DossierLine, ...]
    facts: tuple[DossierFact, ...]
    first: date
    last: date
    as_of: date


def csv_of(dossier: Dossier, say: Say) -> bytes:
    """The lines as CSV with a byte-order mark; the sentence about decisions is the last column of every line."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([*_headings(say), say(_("Lưu ý"))])
    for cells in (_cells(line, dossier, say) for line in dossier.lines):
        writer.writerow([*(harmless(cell) if isinstance(cell, str) else cell for cell in cells), say(NO_DECISION)])
    return ("\N{ZERO WIDTH NO-BREAK SPACE}" + out.getvalue()).encode()


@dataclass(frozen=True, slots=True)
class DossierSheet:
    """A table below the sentence about decisions."""

    title: str
    notice: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def workbook_of(dossier: Dossier, say: Say) -> bytes:
    """The lines, and on a second sheet every fact behind them; nothing in it is or becomes a formula."""
    headings = [_("Cơ quan"), _("Người đứng đầu"), _("Loại"), _("Mã"), _("Nội dung"), _("Ngày"), _("Số ngày")]
    lines = [_cells(line, dossier, say) for line in dossier.lines]
    facts = [_fact_cells(fact, say) for fact in dossier.facts]
    sheets = [
        DossierSheet(say(_("Dữ kiện")), say(NO_DECISION), _headings(say), lines),
        DossierSheet(say(_("Từng dòng")), say(NO_DECISION), [say(words) for words in headings], facts),
    ]
    drawn: bytes = apart("thucthi.monitoring.calculations.dossier_drawing:drawn", sheets)
    return drawn


def _headings(say: Say) -> list[str]:
    words = [_("Cấp"), _("Cơ quan"), _("Người đứng đầu"), _("Từ ngày"), _("Đến ngày"), _("Tính đến ngày")]
    return [say(word) for word in (*words, *(column.words for column in COLUMNS))]


def _cells(line: DossierLine, dossier: Dossier, say: Say) -> list[str | int]:
    is_person = line.level is DossierLevel.PERSON
    person = line.person or (say(NOBODY) if is_person else "")
    days = [each.isoformat() for each in (line.first, line.last, dossier.as_of)]
    return [say(LEVEL_WORDS[line.level]), line.body, person, *days, *line.figures]


def _fact_cells(fact: DossierFact, say: Say) -> list[str | int]:
    person = fact.person or say(NOBODY)
    return [fact.body, person, say(KIND_WORDS[fact.kind]), fact.code, fact.text, fact.on.isoformat(), fact.days]
