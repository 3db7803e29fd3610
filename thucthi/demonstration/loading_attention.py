"""What brings work to somebody's attention: simulated remarks that call upon people and bodies, and the notices."""

from datetime import timedelta

from django.utils import timezone

from thucthi.demonstration.loading_people import viewer_named
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.programmes.actions import add_remark, close_thread
from thucthi.programmes.models import Remark, Task
from thucthi.workspace.actions import derive_notices

# Thread, task, account, organisation, hours ago, text; the second of a thread answers the first.
REMARKS = (
    (1, "ct-cp-nq57-002", "nghiem-thu-cp", "cp", 70,
     "(Mô phỏng) @bao-cao-bkhcn cho biết trong số khóa học đã đưa lên, bao nhiêu khóa có người học hết?"),
    (2, "ct-cp-nq57-002", "bao-cao-bkhcn", "bkhcn", 52,
     "(Mô phỏng) Nhờ @bgddt xác nhận danh mục khóa học dùng cho học sinh trước khi đăng."),
    (3, "ct-cp-nq57-003", "bao-cao-bkhcn", "bkhcn", 49,
     "(Mô phỏng) @vpcp cho ý kiến về mẫu công bố xếp hạng năm nay."),
    (3, "ct-cp-nq57-003", "thuong-truc-cp", "vpcp", 30,
     "(Mô phỏng) Đồng ý dùng mẫu năm trước, bổ sung nguồn số liệu gốc. @dung-dau-bkhcn duyệt trước khi công bố."),
    (4, "ct-cp-nq57-001", "dung-dau-bkhcn", "bkhcn", 26,
     "(Mô phỏng) Đã thống nhất phạm vi ba mức trách nhiệm tại cuộc họp tuần trước."),
)  # fmt: skip
SETTLED = 4


def load_attention(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """Remarks of the last days, one of them settled, then everything that is worth a notice."""
    now = timezone.now()
    first: dict[int, Remark] = {}
    for thread, code, username, place, hours, text in REMARKS:
        said = add_remark(
            Task.objects.get(code=code),
            by=viewer_named(username),
            organisation=organisations[place],
            text=text,
            at=now - timedelta(hours=hours),
            answers=first.get(thread),
        )
        first.setdefault(thread, said)
    close_thread(first[SETTLED], by=viewer_named("dung-dau-bkhcn"), at=now - timedelta(hours=20))
    while derive_notices(by=SYSTEM, at=now):
        pass
