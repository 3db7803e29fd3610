"""Where one goes from the list of indicators: the pages around values that this viewer may open."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators.access import may_enter_values, may_follow_up, may_manage_feeds
from thucthi.monitoring.access import may_read_signals


@dataclass(frozen=True, slots=True)
class Way:
    """One page and what it is for."""

    label: str
    href: str
    purpose: str


def ways_around_values(viewer: Viewer) -> list[Way]:
    """In the order of the work: values come in, are doubted, are described, are compared."""
    return [*_into_values(viewer), *_about_doubts(viewer), *_about_definitions(), *_from_machines(viewer)]


def _into_values(viewer: Viewer) -> list[Way]:
    entry = Way(_("Nhập số liệu"), reverse("indicators:entry"), _("một giá trị, cả bảng hoặc tệp bảng tính"))
    return [entry] if may_enter_values(viewer) else []


def _about_doubts(viewer: Viewer) -> list[Way]:
    quality = _("đủ, đúng hạn, quá cũ, lệch xa, không khớp nhau")
    disputes = _("đơn vị cho là số chưa đúng; ai phải trả lời, khi nào")
    ways = [
        Way(_("Chất lượng số liệu"), reverse("indicators:quality"), quality),
        Way(_("Kiến nghị số liệu"), reverse("indicators:disputes"), disputes),
    ]
    if may_follow_up(viewer):
        ways.append(Way(_("Cần xem lại"), reverse("indicators:follow_ups"), _("các giá trị chờ kiểm tra lại")))
    if may_read_signals(viewer):
        question = _("câu hỏi cho người, không phải kết luận")
        ways.append(Way(_("Câu hỏi về số liệu"), reverse("monitoring:signals"), question))
        ways.append(Way(_("Độ tin cậy"), reverse("monitoring:reliability"), _("từng phần, mở ra từng dòng")))
    return ways


def _about_definitions() -> list[Way]:
    drift = _("cùng chỉ tiêu nhưng khác dấu, mức, năm, phạm vi")
    return [
        Way(_("Phiếu chỉ tiêu"), reverse("indicators:definitions"), _("định nghĩa, cách tính, các phiên bản")),
        Way(_("Chỉ tiêu theo văn bản"), reverse("indicators:documents"), _("mức, lộ trình, thay đổi có quyết định")),
        Way(_("Đối chiếu giữa các văn bản"), reverse("indicators:drift"), drift),
    ]


def _from_machines(viewer: Viewer) -> list[Way]:
    feeds = _("hệ thống tự gửi hoặc được hỏi theo lịch")
    return [Way(_("Nguồn số liệu tự động"), reverse("indicators:feeds"), feeds)] if may_manage_feeds(viewer) else []
