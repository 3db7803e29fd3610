"""The words of monitoring: two scales that are never merged, and whether the latest period was reported (DESIGN §3)."""

from collections.abc import Callable
from enum import Enum


def _(text: str) -> str:
    """Marks a word for the collectors of translations; the words themselves stay free of any framework."""
    return text


_translate: list[Callable[[str], str]] = [str]


def translate_with(translate: Callable[[str], str]) -> None:
    """How words are said in the reader's language; the app gives it when it starts."""
    _translate[:] = [translate]


class Word(Enum):
    """A machine code with its word and the tone of `templates/components`."""

    vietnamese: str
    tone: str

    def __new__(cls, code: str, vietnamese: str, tone: str) -> "Word":
        member = object.__new__(cls)
        member._value_ = code
        member.vietnamese = vietnamese
        member.tone = tone
        return member

    @property
    def label(self) -> str:
        """In the language of whoever reads now."""
        return _translate[0](self.vietnamese)


class Stage(Word):
    """How far the work has come, from what was recorded about it."""

    DRAFT = "draft", _("Dự thảo"), "neutral"
    ISSUED = "issued", _("Đã giao"), "neutral"
    RECEIVED = "received", _("Đã tiếp nhận"), "info"
    IN_PROGRESS = "in_progress", _("Đang thực hiện"), "info"
    AWAITING_ACCEPTANCE = "awaiting_acceptance", _("Chờ nghiệm thu"), "info"
    RETURNED = "returned", _("Bị trả lại"), "warn"
    DONE = "done", _("Hoàn thành"), "done"
    SUSPENDED = "suspended", _("Tạm dừng"), "na"
    CANCELLED = "cancelled", _("Đã hủy"), "na"
    SUPERSEDED = "superseded", _("Đã thay thế"), "na"


class Schedule(Word):
    """Where the work stands against its deadline."""

    NO_DEADLINE = "no_deadline", _("Không tính hạn"), "neutral"
    ON_TIME = "on_time", _("Trong hạn"), "good"
    DUE_SOON = "due_soon", _("Sắp đến hạn"), "warn"
    OVERDUE = "overdue", _("Quá hạn"), "bad"
    DONE_EARLY = "done_early", _("Hoàn thành trước hạn"), "done"
    DONE_ON_TIME = "done_on_time", _("Hoàn thành đúng hạn"), "done"
    DONE_LATE = "done_late", _("Hoàn thành muộn"), "info"


class Reported(Word):
    """Whether the report of the latest period due has come in."""

    REPORTED = "reported", _("Đã báo cáo"), "good"
    NOT_REPORTED = "not_reported", _("Chưa báo cáo"), "silent"
    NOT_OWED = "not_owed", _("Không phải báo cáo"), "na"


class Punctuality(Word):
    """How one period's report was handed in."""

    ON_TIME = "on_time", _("Đúng hạn"), "good"
    LATE = "late", _("Muộn"), "warn"
    MISSING = "missing", _("Thiếu"), "silent"
