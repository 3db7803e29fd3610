"""The signals in words, as those of the system itself: a question, and what else may be behind it (ADR 0020)."""

from dataclasses import dataclass

from thucthi.monitoring.calculations.honesty.catalogue import WORDS as ASKED_BY_THE_SYSTEM


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class SignalInWords:
    code: str
    title: str
    of: str
    also: str


def _same(code: str, of: str) -> SignalInWords:
    """A signal that the system asks about too: its title and its other explanations are the same."""
    known = ASKED_BY_THE_SYSTEM[code]
    return SignalInWords(code, known.title, of, known.also)


SIGNALS = (
    _same("done_without_evidence", N_("nhiệm vụ có số báo cáo mới nhất từ 100 %")),
    _same("reused_evidence", N_("tệp minh chứng")),
    _same("falling_progress", N_("cặp hai số báo cáo liền nhau")),
    SignalInWords(
        "unchanged_progress",
        N_("Tiến độ báo lại nguyên như kỳ trước"),
        N_("cặp hai số báo cáo liền nhau, số trước dưới 100 %"),
        N_("Việc có thể thật sự đứng yên vì chờ cơ quan khác, hoặc kỳ báo cáo ngắn hơn nhịp của việc."),
    ),
    SignalInWords(
        "jump_at_deadline",
        N_("Nhảy từ 80 % trở xuống lên 100 % trong bảy ngày cuối trước hạn"),
        N_("lần số báo cáo lên đến 100 % ở nhiệm vụ có hạn"),
        N_("Văn bản thường chỉ hoàn thành khi được ký, và được ký đúng hạn."),
    ),
    SignalInWords(
        "round_progress",
        N_("Tiến độ là bội số của 5"),
        N_("số báo cáo lớn hơn 0 và nhỏ hơn 100 %"),
        N_("Nhiều việc chỉ ước lượng được đến mức ấy; làm tròn không phải là khai sai."),
    ),
    SignalInWords(
        "declared_above_accepted",
        N_("Số tự báo cáo cao hơn số được nghiệm thu"),
        N_("số báo cáo đã được nghiệm thu"),
        N_("Người nghiệm thu có thể tính theo phạm vi hẹp hơn, hoặc thận trọng hơn."),
    ),
    SignalInWords(
        "late_reports",
        N_("Báo cáo muộn hoặc thiếu"),
        N_("báo cáo phải có"),
        N_("Đơn vị có thể vừa sáp nhập, thiếu người, hoặc mất kết nối trong kỳ."),
    ),
    _same("last_day_bursts", N_("báo cáo đã gửi; tính theo ngày, vì giờ gửi không được công bố")),
)
