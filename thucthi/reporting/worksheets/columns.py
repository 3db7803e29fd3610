"""The columns of the workbook, and one line of it."""

from dataclasses import dataclass


def N_(sentence: str) -> str:
    """Marks a heading for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


# In the order of the sheet. The first three are hidden: they say which report a line is, and on what it was filled.
HEADINGS = {
    "id": N_("Mã dòng"),
    "version": N_("Phiên bản"),
    "unit": N_("Mã đơn vị"),
    "code": N_("Mã nhiệm vụ"),
    "text": N_("Nhiệm vụ"),
    "period": N_("Kỳ"),
    "due": N_("Hạn nộp"),
    "before": N_("Báo cáo kỳ trước"),
    "claim": N_("Tình hình"),
    "progress": N_("Tiến độ (% sản phẩm)"),
    "note": N_("Ghi chú"),
}
HIDDEN = frozenset({"id", "version", "unit"})
OPEN = frozenset({"claim", "progress", "note"})
NEEDED = ("id", "version", "unit", "claim", "progress", "note")
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One owed report as texts; `version` names the draft and the report it was written on ("3.1").

    `figure`: the progress as a number, None where what was typed is none.
    """

    id: str
    version: str
    unit: str
    code: str
    text: str
    period: str
    due: str
    before: str
    claim: str
    progress: str
    note: str
    figure: float | None = None
