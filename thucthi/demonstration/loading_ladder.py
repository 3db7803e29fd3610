"""The simulated story of the ladder: silence, a decision that became a task, a reopening, refusals."""

from datetime import date

from django.utils import timezone

from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.obstacles.actions import (
    NewDecision,
    NewObstacle,
    NewRefusal,
    NewRule,
    NewRuling,
    add_decision_task,
    add_step,
    climb_ladders,
    decide_obstacle,
    raise_obstacle,
    refuse_duty,
    rule_on_refusal,
    set_ladder_rule,
)
from thucthi.obstacles.models import Decision, Obstacle, StepKind
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors.contents import TaskContent

SET_ON, DECIDED_ON, REFUSED_ON, REOPENED_ON = (
    date(2026, 10, 1),
    date(2026, 10, 5),
    date(2026, 10, 12),
    date(2026, 11, 9),
)
DECIDED, REOPENED, REFUSED, WAITING = "ct-cp-nq57-013", "ct-cp-nq59-007", "ct-cp-nq72-008", "ct-cp-nq70-022"
MARK = "(mô phỏng)"


def load_ladder(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """Let the obstacles of the story climb day by day of what happened to them, up to today."""
    basis = f"Quy chế làm việc của Ban Chỉ đạo {MARK}"
    rule = NewRule("money", "superior", 4, basis, date(2026, 10, 2))
    set_ladder_rule(by=SYSTEM, new=rule, on=SET_ON)
    _climb(DECIDED_ON)
    _decide(organisations)
    _refuse(organisations)
    _reopen(organisations)
    _raise_in_full(organisations)
    _climb(timezone.localdate())


def _climb(on: date) -> None:
    climbed = climb_ladders(by=SYSTEM, on=on)
    while climbed.following is not None:
        climbed = climb_ladders(by=SYSTEM, on=on, after=climbed.following)


def _about(code: str) -> Obstacle:
    return Obstacle.objects.filter(task__code=code).order_by("pk")[0]


def _decide(organisations: dict[str, Organisation]) -> None:
    """The government decides what two desks had let lie; the ministry's programme grows by a task."""
    ministry = organisations["bkhcn"]
    decision = decide_obstacle(
        _about(DECIDED),
        by=SYSTEM,
        organisation=organisations["cp"],
        new=NewDecision(
            kind=Decision.Kind.INSTRUCT,
            text=f"Bộ Khoa học và Công nghệ chủ trì soạn quy chế chia sẻ dữ liệu chung cho ba cơ sở dữ liệu {MARK}.",
            responsible=ministry,
            due_on=date(2026, 12, 31),
            reference=f"Thông báo kết luận số MP-05/2026 {MARK}",
            is_simulated=True,
        ),
        on=DECIDED_ON,
    )
    add_decision_task(
        decision,
        by=SYSTEM,
        programme=Programme.objects.get(code="kh-bkhcn-nq57"),
        content=TaskContent(
            text=f"Ban hành 1 quy chế chia sẻ dữ liệu dùng chung cho 3 cơ sở dữ liệu {MARK}",
            product="Quy chế chia sẻ dữ liệu được ký ban hành",
            acceptance_criterion="Quy chế có số, ngày và được ba cơ quan chủ quản ký",
            lead=ministry,
            start_on=DECIDED_ON,
            deadline_raw="31/12/2026",
            authority_basis="Thông báo kết luận số MP-05/2026",
            money_source="Kinh phí chi thường xuyên năm 2026",
            people="Tổ soạn thảo 5 người",
            facilities="Cơ sở vật chất hiện có",
        ),
        on=DECIDED_ON,
    )


def _refuse(organisations: dict[str, Organisation]) -> None:
    """One refusal that was ruled on and moved the duty, one that waits for its ruling."""
    ruled = _about(REFUSED)
    refusal = refuse_duty(
        ruled,
        by=SYSTEM,
        organisation=_holder(ruled),
        new=_refusal("Phần vốn này do địa phương phân bổ", organisations["ubnd-40"]),
        on=REFUSED_ON,
    )
    ruling = NewRuling(True, organisations["ubnd-40"], f"Chuyển về nơi phân bổ vốn {MARK}.", is_simulated=True)
    rule_on_refusal(refusal, by=SYSTEM, organisation=organisations["ducp"], new=ruling, on=REFUSED_ON)
    waiting = _about(WAITING)
    refuse_duty(
        waiting,
        by=SYSTEM,
        organisation=_holder(waiting),
        new=_refusal("Việc hạch toán tài sản công thuộc bộ chuyên ngành", organisations["btp"]),
        on=timezone.localdate(),
    )


def _refusal(reason: str, owner: Organisation) -> NewRefusal:
    return NewRefusal(f"Điều 7 quy chế phối hợp {MARK}", f"{reason} {MARK}.", owner, is_simulated=True)


def _holder(obstacle: Obstacle) -> Organisation:
    return obstacle.hops.select_related("organisation").order_by("-number")[0].organisation


def _reopen(organisations: dict[str, Organisation]) -> None:
    """Answered, and not gone: the same desk has it again."""
    obstacle = _about(REOPENED)
    text = f"Đã ký một trong hai phụ lục {MARK}."
    add_step(
        obstacle, by=SYSTEM, kind=StepKind.ANSWERED, text=text, organisation=obstacle.asked_of, on=date(2026, 10, 20)
    )
    add_step(
        obstacle,
        by=SYSTEM,
        kind=StepKind.REOPENED,
        text=f"Phụ lục thứ hai vẫn chưa ký nên còn vướng {MARK}.",
        organisation=obstacle.raised_by_organisation,
        on=REOPENED_ON,
    )


def _raise_in_full(organisations: dict[str, Organisation]) -> None:
    """A petition with its six clears, raised today, that blocks more than the task it is about."""
    first, second = Task.objects.filter(code__in=("ct-cp-nq57-014", "ct-cp-nq57-015")).order_by("code")
    today = timezone.localdate()
    raise_obstacle(
        by=SYSTEM,
        new=NewObstacle(
            code="dn-thang-001",
            task=first,
            organisation=organisations["bxd"] if first.lead is None else first.lead,
            cause="procurement",
            condition=f"Chưa có định mức để lập dự toán thuê hạ tầng dùng chung {MARK}.",
            asked_of=organisations["bkhcn"],
            asked_what=f"Ban hành định mức tạm thời {MARK}.",
            due_on=date.fromordinal(today.toordinal() + 30),
            is_simulated=True,
            information=f"Ba gói thuê chưa lập được dự toán, hai công văn chưa được trả lời {MARK}.",
            field="Mua sắm công",
            proposed_solution=f"Cho áp dụng định mức của năm trước {MARK}.",
            authority=f"Quy chế phân công xây dựng định mức {MARK}",
            affected=[second],
        ),
        on=today,
    )
