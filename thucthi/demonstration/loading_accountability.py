"""What gives the pages of accountability something real to look at: duties, a changed head, words of reply."""

from datetime import date

from thucthi.demonstration.loading_people import viewer_named
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewHolder, create_posts_and_tenures, end_tenure
from thucthi.directory.models import Organisation, Tenure
from thucthi.documents.models import Document
from thucthi.monitoring.actions.statements import state_reply
from thucthi.programmes.actions.cascade import lift_duty, oblige_programmes

PROVINCES, MINISTRIES = "provincial_peoples_committee", "ministry"
# (document, kind of bodies, day by which each issues its own programme)
DUTIES = (
    ("nq57", PROVINCES, date(2025, 9, 30)),
    ("nq57", MINISTRIES, date(2025, 6, 30)),
    ("nq68", PROVINCES, date(2025, 10, 31)),
    ("nq70", PROVINCES, date(2026, 1, 31)),
    ("nq71", PROVINCES, date(2026, 2, 28)),
    ("nq72", PROVINCES, date(2026, 12, 31)),
)
BASIS = "Phần tổ chức thực hiện của nghị quyết (giao mô phỏng)"
LIFTED = ("nq70", "ubnd-04", date(2026, 3, 2), "Lồng ghép vào kế hoạch chung của vùng, 01/QĐ-MP (mô phỏng)")
CHANGED_HEAD, LEFT_ON, CAME_ON = "byt", date(2026, 10, 31), date(2026, 11, 4)
REPLIES = (
    (
        "dung-dau-bkhcn", "bkhcn", "2026-Q4", date(2026, 11, 20),
        "Hai nhiệm vụ quá hạn đang chờ thông tư của bộ khác; Bộ đã gửi đề nghị phối hợp. (giải trình mô phỏng)",
    ),
    (
        "dung-dau-ubnd-01", "ubnd-01", "2026-Q4", date(2026, 11, 21),
        "Báo cáo tuần 46 gửi muộn do chuyển hệ thống; từ tuần 47 đã gửi đúng hạn. (giải trình mô phỏng)",
    ),
)  # fmt: skip


def load_accountability(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """After the story, so that there are reports and tasks to answer for."""
    _charge(organisations, documents)
    _change_a_head(organisations[CHANGED_HEAD])
    for username, code, period, on, text in REPLIES:
        by = viewer_named(username)
        state_reply(organisations[code], by=by, period=period, text=text, on=on, is_public=True, is_simulated=True)


def _charge(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    living = sorted((row for row in organisations.values() if row.valid_to is None), key=lambda row: row.sort_key)
    for slug, kind, due_on in DUTIES:
        bodies = [row for row in living if row.kind == kind]
        oblige_programmes(documents[slug], by=SYSTEM, organisations=bodies, due_on=due_on, basis=BASIS)
    slug, code, on, reason = LIFTED
    duty = documents[slug].cascade_duties.get(organisation=organisations[code])
    lift_duty(duty, by=SYSTEM, reason=reason, on=on)


def _change_a_head(body: Organisation) -> None:
    """In mid-quarter, with three days on which nobody headed it."""
    tenure = Tenure.objects.select_related("post").get(post__organisation=body, post__is_head=True, valid_to=None)
    end_tenure(tenure, by=SYSTEM, valid_to=LEFT_ON)
    successor = NewHolder(
        organisation=body,
        title=tenure.post.title,
        is_head=True,
        display_name=f"Người đứng đầu kế nhiệm (mô phỏng) – {body.short_name}",
        is_invented=True,
        valid_from=CAME_ON,
    )
    create_posts_and_tenures(by=SYSTEM, holders=[successor])
