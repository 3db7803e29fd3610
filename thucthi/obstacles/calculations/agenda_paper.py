"""The agenda of a committee as an official paper, in which the minutes come back (D47, D55; 624/TB-VPCP)."""

from dataclasses import dataclass
from datetime import date

from thucthi.kernel.apart import apart
from thucthi.kernel.paper_head import Head

KINDS = {
    "instruct": "Giao thực hiện",
    "grant": "Chấp thuận đề nghị",
    "decline": "Không chấp thuận",
    "defer": "Để lại, xem xét sau",
}
NUMBER_LINE, DAY_LINE = "Số, ký hiệu thông báo kết luận:", "Ngày thông báo kết luận:"
DOTS = "…………………"
CONCLUSION, RESPONSIBLE, DUE, CODE = "Kết luận", "Cơ quan thực hiện", "Thời hạn", "Mã"


@dataclass(frozen=True)
class PaperItem:
    """One obstacle before the meeting; `days_open` in working days; `answers`: newest first."""

    code: str
    stuck: str
    since: date
    days_open: int
    holder: str
    asked: str
    asked_by: date
    held_up: int
    answers: tuple[str, ...]
    conclusion: str = ""
    responsible: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class PaperFollowed:
    """One decision of an earlier meeting and what became of it."""

    code: str
    conclusion: str
    responsible: str
    due_on: date | None
    result: str
    progress: str


@dataclass(frozen=True)
class AgendaPaper:
    """Everything the paper says. `before`: number and day of the earlier minutes, "" when there are none."""

    head: Head
    meeting: str
    held_on: date
    place: str
    chair: str
    before: str
    followed: tuple[PaperFollowed, ...]
    items: tuple[PaperItem, ...]
    as_of: date
    is_simulated: bool = False


def agenda_docx(paper: AgendaPaper) -> bytes:
    """The paper as .docx; the same content gives the same dates inside."""
    drawn: bytes = apart("thucthi.obstacles.calculations.agenda_drawing:drawn", paper)
    return drawn
