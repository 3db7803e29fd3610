"""Simulated requests between bodies, and meetings with their agenda and minutes (D37, D55)."""

from dataclasses import dataclass
from datetime import date

from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.obstacles.actions import (
    Conclusion,
    NewMeeting,
    NewObstacle,
    NewRequest,
    add_request_step,
    add_step,
    create_meeting,
    put_on_agenda,
    raise_obstacle,
    record_minutes,
    send_request,
)
from thucthi.obstacles.models import Decision, Meeting, Obstacle, RequestStep, StepKind
from thucthi.programmes.models import Task

ANSWERS = (RequestStep.Kind.RECEIVED, RequestStep.Kind.PARTIAL, RequestStep.Kind.FULL)
CONSIDERED = ("dn-2026-001", "dn-2026-002", "dn-2026-003")
PETITIONS = (
    ("Chưa có cơ chế khoán chi cho nhóm nghiên cứu trẻ.", "Ban hành cơ chế khoán chi."),
    ("Chưa bố trí vốn đối ứng cho hạ tầng tính toán.", "Bố trí vốn đối ứng."),
    ("Chưa thống nhất cách đánh giá sản phẩm thử nghiệm.", "Thống nhất cách đánh giá."),
)
BEFORE_THE_COMMITTEE = ("dn-2026-004", "dn-2026-005")


@dataclass(frozen=True)
class Asked:
    """Who asks whom for what, on which day and within how many working days, and what followed: (kind, day, words)."""

    asking: str
    asked: str
    on: date
    days: int
    text: str
    task: str = ""
    then: tuple[tuple[str, date, str], ...] = ()


REQUESTS = (
    Asked("bkhcn", "btc", date(2026, 10, 12), 10, "Cho ý kiến về định mức chi cho phòng thí nghiệm dùng chung.",
          "ct-cp-nq57-002", (
              ("received", date(2026, 10, 14), "Đã chuyển đơn vị chuyên môn."),
              ("partial", date(2026, 10, 23), "Thống nhất về nguyên tắc, chưa nêu mức chi."),
              ("insufficient", date(2026, 10, 28), "Chưa có mức chi cụ thể nên chưa lập được dự toán."),
          )),
    Asked("bkhcn", "bca", date(2026, 11, 9), 10, "Cung cấp đầu mối kết nối dữ liệu dân cư.", "",
          (("received", date(2026, 11, 11), "Đã tiếp nhận."),)),
    Asked("ubnd-01", "bkhcn", date(2026, 11, 16), 15, "Hướng dẫn tiêu chí chọn doanh nghiệp tham gia thử nghiệm.", "",
          (("received", date(2026, 11, 18), "Đang soạn hướng dẫn."),)),
    Asked("byt", "bkhcn", date(2026, 10, 20), 10, "Cho ý kiến về chuẩn dữ liệu hồ sơ sức khỏe điện tử."),
    Asked("bkhcn", "bnv", date(2026, 10, 5), 7, "Cung cấp danh mục vị trí việc làm về chuyển đổi số.", "",
          (("full", date(2026, 10, 13), "Đã gửi danh mục kèm theo."),)),
    Asked("btc", "bkhcn", date(2026, 11, 23), 10, "Gửi nhu cầu vốn năm 2027 cho các nhiệm vụ đã giao."),
    Asked("bkhcn", "ubnd-01", date(2026, 11, 2), 10, "Rà soát mặt bằng cho trung tâm đổi mới sáng tạo.", "",
          (("partial", date(2026, 11, 12), "Đã rà soát một khu, khu còn lại chờ đo đạc."),)),
)  # fmt: skip


def load_coordination(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """Through the ordinary actions; everything marked as simulated. `documents` is what every loading is given."""
    for number, asked in enumerate(REQUESTS, start=1):
        _request(f"yc-2026-{number:03d}", asked, organisations)
    past = _past_meeting(organisations)
    _coming_meeting("ph-2026-002", organisations["cp"], CONSIDERED, date(2026, 12, 4), past)
    _coming_meeting("ph-2026-003", organisations["bcdtw57"], BEFORE_THE_COMMITTEE, date(2026, 12, 10), [])


def _request(code: str, asked: Asked, organisations: dict[str, Organisation]) -> None:
    asking, body = organisations[asked.asking], organisations[asked.asked]
    task = Task.objects.filter(code=asked.task).first() if asked.task else None
    new = NewRequest(
        asking, body, f"{asked.text} (mô phỏng)", task=task, working_days=asked.days, code=code, is_simulated=True
    )
    request = send_request(by=SYSTEM, new=new, on=asked.on)
    for kind, day, text in asked.then:
        side = body if kind in ANSWERS else asking
        add_request_step(request, by=SYSTEM, kind=kind, text=f"{text} (mô phỏng)", organisation=side, on=day)


def _past_meeting(organisations: dict[str, Organisation]) -> list[Obstacle]:
    """Three obstacles were concluded on: one is gone, one is late, one was left for the next time. Gives the last."""
    science, finance, government = (organisations[code] for code in ("bkhcn", "btc", "cp"))
    stuck = [_stuck(number, *words, science, finance) for number, words in enumerate(PETITIONS, start=1)]
    meeting = _meeting("ph-2026-001", government, date(2026, 10, 26), "Phiên họp tháng Mười về tháo gỡ điểm nghẽn")
    put_on_agenda(meeting, by=SYSTEM, obstacles=stuck, on=date(2026, 10, 22))
    instruct, defer = Decision.Kind.INSTRUCT, Decision.Kind.DEFER
    record_minutes(
        meeting,
        by=SYSTEM,
        number="01/TB-MP (mô phỏng)",
        minutes_on=date(2026, 10, 28),
        conclusions=[
            Conclusion(stuck[0], instruct, "Trình cơ chế khoán chi.", finance, date(2026, 11, 20)),
            Conclusion(stuck[1], instruct, "Cân đối vốn đối ứng trong dự toán.", finance, date(2026, 11, 15)),
            Conclusion(stuck[2], defer, "Giao hai bộ làm rõ thêm, xem xét tại phiên sau."),
        ],
        on=date(2026, 10, 28),
    )
    words = "Đã có cơ chế khoán chi (mô phỏng)."
    add_step(stuck[0], by=SYSTEM, kind=StepKind.REMOVED, text=words, organisation=science, on=date(2026, 11, 18))
    return stuck[2:]


def _stuck(number: int, condition: str, wanted: str, asking: Organisation, asked: Organisation) -> Obstacle:
    new = NewObstacle(
        code=f"dn-hop-2026-{number:03d}",
        task=None,
        organisation=asking,
        cause="money",
        condition=f"{condition} (mô phỏng)",
        asked_of=asked,
        asked_what=wanted,
        due_on=date(2026, 10, 20),
        is_simulated=True,
    )
    return raise_obstacle(by=SYSTEM, new=new, on=date(2026, 9, 21))


def _coming_meeting(
    code: str, committee: Organisation, codes: tuple[str, ...], held_on: date, also: list[Obstacle]
) -> None:
    meeting = _meeting(code, committee, held_on, "Phiên họp tháng Mười hai về tháo gỡ điểm nghẽn")
    rows = [*Obstacle.objects.filter(code__in=codes).order_by("code"), *also]
    put_on_agenda(meeting, by=SYSTEM, obstacles=rows, on=date(2026, 11, 25))


def _meeting(code: str, committee: Organisation, held_on: date, title: str) -> Meeting:
    new = NewMeeting(
        committee,
        f"{title} (mô phỏng)",
        held_on,
        place="Trụ sở cơ quan",
        chair="Người đứng đầu (mô phỏng)",
        code=code,
        is_simulated=True,
    )
    return create_meeting(by=SYSTEM, new=new, on=min(held_on, date(2026, 11, 20)))
