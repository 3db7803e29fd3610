"""The words for an indicator on its way to a target: its level, its movement, and the two together."""

from thucthi.monitoring.states import Word


def _(text: str) -> str:
    """Marks a word for the collectors of translations."""
    return text


class Level(Word):
    """Where the figure stands against its target and its path."""

    MET = "met", _("Đã đạt"), "done"
    ON_PATH = "on_path", _("Đúng lộ trình"), "good"
    BEHIND = "behind", _("Chậm so với lộ trình"), "warn"
    UNKNOWN = "unknown", _("Chưa nói được"), "silent"


class Movement(Word):
    """Which way the figure went over the last periods, seen from the target."""

    TOWARDS = "towards", _("Tiến về đích"), "good"
    STILL = "still", _("Không chuyển"), "neutral"
    AWAY = "away", _("Rời xa đích"), "warn"
    UNKNOWN = "unknown", _("Chưa rõ chiều"), "silent"


class Trend(Word):
    """Which way the figure itself went, good or not."""

    RISING = "rising", _("Tăng"), "neutral"
    FALLING = "falling", _("Giảm"), "neutral"
    STILL = "still", _("Đứng yên"), "neutral"
    UNKNOWN = "unknown", _("Chưa rõ"), "silent"


class FigureState(Word):
    """Level and movement in one word; only who is behind and does not come nearer alarms."""

    MET = "met", _("Đã đạt"), "done"
    MET_SLIPPING = "met_slipping", _("Đã đạt, đang xấu đi"), "warn"
    ON_PATH = "on_path", _("Đúng lộ trình"), "good"
    ON_PATH_SLIPPING = "on_path_slipping", _("Đúng lộ trình, đang xấu đi"), "warn"
    BEHIND_MOVING = "behind_moving", _("Chậm, đang tiến về đích"), "warn"
    BEHIND_STILL = "behind_still", _("Chậm và không chuyển"), "bad"
    BEHIND_SLIPPING = "behind_slipping", _("Chậm và rời xa đích"), "bad"
    BEHIND = "behind", _("Chậm, chưa rõ chiều"), "warn"
    UNKNOWN = "unknown", _("Chưa nói được"), "silent"

    @property
    def alarms(self) -> bool:
        return self in {FigureState.BEHIND_STILL, FigureState.BEHIND_SLIPPING}


class Unsaid(Word):
    """Why there is no percentage."""

    NO_VALUE = "no_value", _("Chưa có số liệu."), "silent"
    NO_TARGET = "no_target", _("Chỉ tiêu không có mức đích bằng số."), "na"
    NO_BASELINE = "no_baseline", _("Chưa biết mức xuất phát nên không nói được đã đi bao nhiêu phần đường."), "na"
    NO_WAY = "no_way", _("Mức xuất phát bằng mức đích: không có quãng đường để tính phần trăm."), "na"
    WRONG_SIDE = "wrong_side", _("Mức đích nằm ngược chiều mong muốn so với mức xuất phát."), "warn"
    ZERO_TO_HOLD = "zero_to_hold", _("Mức phải giữ bằng 0 nên không tính được độ lệch theo phần trăm."), "na"
    QUALITATIVE = "qualitative", _("Chỉ tiêu định tính không tính phần trăm, chỉ nói mức."), "na"
    NO_PATH = "no_path", _("Chưa có lộ trình tính đến ngày này."), "na"
