"""What a person should look at before accepting a task, in sentences."""

from collections.abc import Sequence
from datetime import date

from thucthi.intake.reading.bodies import NamedBody
from thucthi.kernel.deadlines import Deadline


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


NO_LEAD = N_("Chưa thấy cơ quan chủ trì.")
SEVERAL_LEADS = N_("Có %(n)s cơ quan cùng chủ trì: %(names)s; đề nghị giữ một hoặc tách nhiệm vụ.")
COLLECTIVE_LEAD = N_("Cơ quan chủ trì là một tập thể (%(names)s); đề nghị ghi từng cơ quan.")
UNKNOWN_LEAD = N_("Chưa nhận ra cơ quan chủ trì “%(name)s”.")
INHERITED_LEAD = N_("Cơ quan chủ trì lấy từ dòng nhóm phía trên.")
INHERITED_DEADLINE = N_("Thời hạn lấy từ dòng nhóm phía trên.")
NO_DEADLINE = N_("Chưa thấy thời hạn.")
UNREADABLE_DEADLINE = N_("Chưa hiểu thời hạn “%(raw)s”.")
EARLY_DEADLINE = N_("Thời hạn %(end)s sớm hơn ngày ban hành văn bản %(issued)s.")
NO_WORDS = N_("Chưa thấy nội dung nhiệm vụ trong hàng này.")
SHARED_WORDS = N_("Ô nhiệm vụ gộp nhiều hàng; mỗi hàng được đọc thành một nhiệm vụ.")
BROKEN_ROW = N_("Hàng bị ngắt sang phần sau của bảng; phần tiếp theo: “%(rest)s”.")
GUESSED_COLUMNS = N_("Bảng không có dòng tiêu đề; các cột được đoán theo nội dung.")
FLATTENED = N_("Bảng đã mất đường kẻ; các cột được tách theo danh mục cơ quan và cách ghi thời hạn.")


def about_leads(leads: Sequence[NamedBody]) -> list[str]:
    if not leads:
        return [NO_LEAD]
    names = "; ".join(lead.name for lead in leads)
    if all(lead.is_collective for lead in leads):
        return [COLLECTIVE_LEAD % {"names": names}]
    found = [SEVERAL_LEADS % {"n": len(leads), "names": names}] if len(leads) > 1 else []
    unknown = [lead.name for lead in leads if lead.known is None and not lead.is_collective]
    return [*found, *(UNKNOWN_LEAD % {"name": name} for name in unknown)]


def about_deadline(deadline: Deadline, issued_on: date | None) -> list[str]:
    if deadline.is_unreadable:
        return [UNREADABLE_DEADLINE % {"raw": deadline.raw}]
    if deadline.kind == "none":
        return [NO_DEADLINE]
    if deadline.end and issued_on and deadline.end < issued_on:
        return [EARLY_DEADLINE % {"end": f"{deadline.end:%d/%m/%Y}", "issued": f"{issued_on:%d/%m/%Y}"}]
    return []
