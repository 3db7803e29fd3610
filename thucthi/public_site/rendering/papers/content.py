"""What the monthly report says, before it is .docx or PDF: both are made from these rows, so they cannot disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.conf import settings

from thucthi.kernel.paper_head import Head

# What the text of a page is wide, in mm: 210 less the margins of the decree.
TEXT_WIDTH = 165
# A long list is cut here and says so; its whole stands on the site.
MOST_ROWS = 40
NONE_YET = "–"
SIMULATED = "SỐ LIỆU MÔ PHỎNG, CHỈ ĐỂ MINH HỌA"
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Office:
    """Who issues the report (setting REPORT_HEAD). A report without an office says so with dots, never with a guess."""

    superior: str
    issuer: str
    symbol: str
    place: str
    post: str


@dataclass(frozen=True)
class Table:
    """`widths` in mm, together TEXT_WIDTH. `note` says what is not in the rows, or ""."""

    title: str
    headers: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Paragraphs, then tables. A table is numbered through the whole report."""

    title: str
    paragraphs: Sequence[str]
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class MonthlyReport:
    """`title`: kind of paper and summary. The signature block names a post, never a person."""

    head: Head
    title: tuple[str, str]
    opening: Sequence[str]
    sections: Sequence[Section]
    closing: str
    post: str
    recipients: Sequence[str]
    as_of: date
    simulated: bool

    def numbered(self) -> list[tuple[Section, list[tuple[int, Table]]]]:
        """Each section with the numbers of its tables."""
        number, found = 0, []
        for section in self.sections:
            tables = []
            for table in section.tables:
                number += 1
                tables.append((number, table))
            found.append((section, tables))
        return found


def office() -> Office:
    """As the settings say; each part that is missing is dots to be filled in by hand."""
    told: dict[str, str] = dict(settings.REPORT_HEAD)
    dots = "…………"
    return Office(
        superior=told.get("superior", ""),
        issuer=told.get("issuer", "Cơ quan thường trực chỉ đạo"),
        symbol=told.get("symbol", dots),
        place=told.get("place", dots),
        post=told.get("post", "Thủ trưởng cơ quan"),
    )


def cut(rows: Sequence[Thing], where: str) -> tuple[Sequence[Thing], str]:
    """The first MOST_ROWS rows, and a sentence about the others when there are some; `where` names their page."""
    if len(rows) <= MOST_ROWS:
        return rows, ""
    return rows[:MOST_ROWS], f"Bảng nêu {MOST_ROWS} trong {len(rows)} dòng; toàn bộ ở trang “{where}” của kỳ công bố."
