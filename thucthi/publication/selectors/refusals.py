"""Why an issue cannot be prepared or published: the clock, the request, the material, the disk."""

import errno
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.kernel.errors import Fault, StoreSilent
from thucthi.publication.calculations import issue_of
from thucthi.publication.models import Correction, Snapshot, SnapshotKind, SnapshotReturn
from thucthi.publication.selectors.published import newest_published, newest_version
from thucthi.publication.shapes import IssueData
from thucthi.publication.workers import WorkerDied

SHOWN = 3
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def faults_of_clock(now: datetime) -> list[Fault]:
    """A machine that believes itself before the day of a published issue would put the past at the front."""
    newest, today = newest_published(), timezone.localdate(now)
    if newest is None or newest.as_of <= today:
        return []
    sentence = _(
        "Đồng hồ máy chủ đang chỉ ngày %(today)s, trước ngày số liệu %(day)s của kỳ %(issue)s đã phát hành. "
        "Xin chỉnh lại đồng hồ máy chủ rồi làm lại."
    )
    return [
        Fault("", sentence % {"today": f"{today:%d/%m/%Y}", "day": f"{newest.as_of:%d/%m/%Y}", "issue": newest.name})
    ]


def faults_of_request(kind: str, as_of: date, cut_off_at: datetime | None, corrects: Snapshot | None) -> list[Fault]:
    """All that is wrong with what was asked for."""
    if kind not in SnapshotKind.values:
        return [Fault("kind", _("Xin chọn kỳ tuần hoặc kỳ tháng."))]
    faults = []
    if cut_off_at is not None and cut_off_at > timezone.now():
        faults.append(Fault("cut_off_at", _("Giờ chốt số liệu chưa tới; xin chờ, hoặc chọn giờ đã qua.")))
    if corrects is not None and (corrects.kind, corrects.issue) != (kind, issue_of(kind, as_of).key):
        faults.append(Fault("as_of", _("Bản sửa phải thuộc đúng kỳ của bản bị sửa.")))
    if corrects is not None and newest_version(corrects.kind, corrects.issue) != corrects:
        faults.append(Fault("", _("Chỉ sửa được bản mới nhất đã phát hành của một kỳ.")))
    return faults


def faults_of_snapshot(snapshot: Snapshot) -> list[Fault]:
    """Why it can no longer, or not yet, go out."""
    if SnapshotReturn.objects.filter(snapshot=snapshot).exists():
        return [Fault("", _("Kỳ này đã bị trả lại, không phát hành được nữa; đề nghị chuẩn bị lại kỳ."))]
    if snapshot.corrects_id is None:
        return []
    if not Correction.objects.filter(snapshot=snapshot.corrects_id).exists():
        sentence = _(
            "Bản này sửa một bản đã phát hành. Xin đăng đính chính ở bản bị sửa trước, rồi mới phát hành bản này."
        )
        return [Fault("", sentence)]
    return []


def faults_of_material(data: IssueData) -> list[Fault]:
    """What cannot be shown to anybody: a body without a name would stand as an empty link on many pages."""
    nameless = [row.code for row in data.organisations if not row.official_name.strip()]
    if not nameless:
        return []
    sentence = _(
        "%(n)s cơ quan không có tên (%(codes)s), nên chưa chuẩn bị được kỳ công bố. "
        "Xin ghi tên cho các cơ quan đó rồi chuẩn bị lại."
    )
    return [Fault("", sentence % {"n": len(nameless), "codes": ", ".join(nameless[:SHOWN])})]


def sentence_of(error: OSError | WorkerDied) -> str:
    """For whoever wanted files written: what happened, what to do, and that nothing was published by half."""
    if isinstance(error, WorkerDied):
        return _(
            "Một tiến trình làm trang bị dừng giữa chừng (thường vì máy chủ hết bộ nhớ) nên chưa ghi được kỳ công bố; "
            "các kỳ cũ còn nguyên. Xin làm lại; nếu vẫn vậy, xin báo người quản trị máy chủ."
        )
    if isinstance(error, StoreSilent):
        return _(
            "Kho tệp công bố không trả lời nên chưa đưa được tệp vào kho; các kỳ cũ còn nguyên. "
            "Xin thử lại sau ít phút; nếu vẫn vậy, xin báo người quản trị hệ thống."
        )
    if error.errno in FULL:
        return _(
            "Ổ đĩa của máy chủ đã đầy nên chưa ghi được kỳ công bố; các kỳ cũ còn nguyên. "
            "Xin giải phóng chỗ rồi làm lại."
        )
    return _(
        "Không ghi được tệp của kỳ công bố (%(why)s); các kỳ cũ còn nguyên. "
        "Xin báo người quản trị máy chủ xem lại thư mục công bố."
    ) % {"why": error.strerror or type(error).__name__}
