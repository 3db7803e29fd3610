"""Ties and assumptions in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from thucthi.documents.models import Stage
from thucthi.monitoring.calculations.propagation import CONTRIBUTES, OWES, Assumption, Note
from thucthi.monitoring.selectors.graph_shown import Shown
from thucthi.programmes.calculations.graph import Edge, Node
from thucthi.programmes.models import DependencyKind


def tie_words(kind: str) -> str:
    """The kind of a tie, said from the side of what waits."""
    if kind == OWES:
        return _("Văn bản do việc này ban hành")
    if kind == CONTRIBUTES:
        return _("Chỉ tiêu trông vào việc này")
    return str(DependencyKind(kind).label)


def cause_words(edge: Edge, things: Mapping[Node, Shown]) -> str:
    """Why one thing pushed another: which one, until when, days in between; no day of what is not to be seen."""
    needed = things[edge.needed]
    said = {"kind": tie_words(edge.kind), "what": needed.label, "lag": edge.lag}
    if needed.is_hidden or needed.day is None:
        return _("%(kind)s: %(what)s") % said
    said["day"] = f"{needed.day:%d/%m/%Y}"
    if edge.lag:
        return _("%(kind)s: %(what)s, sớm nhất %(day)s, rồi đợi %(lag)s ngày làm việc") % said
    return _("%(kind)s: %(what)s, sớm nhất %(day)s") % said


def note_words(note: Note, things: Mapping[Node, Shown]) -> str:
    """One assumption as a sentence; `things` knows every node that a note names."""
    said = {
        "what": things[note.node].label if note.node else "",
        "n": note.amount if note.amount is not None else 0,
        "stage": Stage(note.word).label if note.word else "",
    }
    return _sentences()[note.assumption] % said


def _sentences() -> dict[Assumption, str]:
    return {
        Assumption.OVERDUE: _("Đã quá hạn %(n)s ngày mà chưa xong: tính là sớm nhất hôm nay mới xong."),
        Assumption.SUSPENDED: _("Đang tạm dừng: tính như vẫn theo hạn đã giao, nên ngày thật có thể muộn hơn."),
        Assumption.NO_END: _("Không có ngày cuối: không tự tính được ngày xong."),
        Assumption.NO_START: _("Không ghi ngày bắt đầu: chỉ tính là không thể xong trước cái phải chờ."),
        Assumption.WORK_DAYS: _("Sau khi bắt đầu được còn cần %(n)s ngày làm việc, theo kế hoạch của chính việc này."),
        Assumption.ACCEPTED: _("Đã nghiệm thu %(n)s %%: chỉ tính phần việc còn lại."),
        Assumption.OWED_TEXT: _("Không thể xong trước khi %(what)s có hiệu lực."),
        Assumption.CLOCK: _("Bước “%(stage)s”: tính đủ %(n)s ngày theo luật định."),
        Assumption.NO_CLOCK: _("Bước “%(stage)s”: chưa có thời hạn luật định trong hệ thống, tính là 0 ngày."),
        Assumption.UNKNOWN_NEED: _("Chưa biết bao giờ xong %(what)s: không tính vào ngày ở đây."),
        Assumption.ENDED_NEED: _("%(what)s đã hủy hoặc đã được thay thế: không tính; đề nghị xem lại quan hệ này."),
        Assumption.PLANNED_AFTER: _("%(what)s theo kế hoạch xong sau kỳ của chỉ tiêu: không tính là chậm."),
        Assumption.CIRCULAR: _("Nằm trong một vòng chờ nhau: không tính phần bị đẩy; đề nghị gỡ vòng này."),
    }
