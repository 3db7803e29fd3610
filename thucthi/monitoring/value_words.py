"""The words for what a value is: six different things, never one blank."""

from thucthi.kernel.values import ValueState
from thucthi.monitoring.states import Word


def _(text: str) -> str:
    """Marks a word for the collectors of translations."""
    return text


class ValueWord(Word):
    """The state of a value (kernel.values.ValueState) in words."""

    NUMBER = "number", _("có số liệu"), "good"
    CONFIRMED_ZERO = "confirmed_zero", _("bằng không, đã xác nhận"), "good"
    PROVISIONAL = "provisional", _("số sơ bộ"), "info"
    NOT_REPORTED = "not_reported", _("chưa báo cáo"), "silent"
    NOT_APPLICABLE = "not_applicable", _("không áp dụng"), "na"
    CONFIDENTIAL = "confidential", _("không công bố"), "confidential"


_WORDS = {word.value: word for word in ValueWord}


def word_of(state: ValueState) -> ValueWord:
    return _WORDS[state.value]
