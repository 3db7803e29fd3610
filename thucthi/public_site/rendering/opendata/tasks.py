"""Tasks, what was reported on them, what was changed, and what stands in their way, as tables."""

from collections.abc import Iterator
from decimal import Decimal

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.opendata.shapes import Row, Table, count, day, number, of_tasks, text
from thucthi.public_site.rendering.pages import Cell
from thucthi.publication.shapes import ChangeData, ClarityMark, MilestoneData, PeriodData, StepData, TaskData

NUMBER = "number"
STATE_VI = "vì sao có hoặc không có số: number là có số (0 cũng là số)"
STATE_EN = "why there is a figure or none: number means there is one (0 is a number)"
TASK = text("task", "mã nhiệm vụ", "code of the task")


def joined(codes: tuple[str, ...]) -> str:
    return "; ".join(codes)


def figure(amount: Decimal | None, absent: str) -> tuple[Cell, Cell]:
    """An amount and the word that says what it is; without one, why."""
    return amount, absent if amount is None else NUMBER


def _task_rows(book: Book) -> Iterator[Row]:
    for task in book.data.tasks:
        now, means = task.standing, task.resources
        money = "not_stated" if means.money_vnd_million is None else NUMBER
        yield (
            *_identity(task),
            *(task.start_on, task.deadline_text, task.due_on, now.stage, now.schedule, now.reported, now.owed_period),
            *figure(now.declared, "not_reported"),
            now.declared_on,
            *figure(now.accepted, "not_accepted"),
            *figure(now.measured, "not_measured"),
            now.completed_on,
            *(means.money_vnd_million, money, means.money_source),
        )


def _identity(task: TaskData) -> Row:
    return (
        *(task.code, task.kind, task.text, task.product, task.acceptance_criterion, task.programme, task.group),
        *(joined(task.documents), task.lead, joined(task.answering), task.lead_post, joined(task.coordinators)),
        *(joined(task.indicators), joined(task.obstacles)),
    )


def _report_cells(each: PeriodData) -> Row:
    absent = "without_figure" if each.first_reported_on else "not_reported"
    return (
        *(each.period, each.kind, each.due_on, each.first_reported_on, each.punctuality),
        *(each.claim, each.cause),
        *figure(each.declared, absent),
        each.verdict,
        *figure(each.accepted, "not_accepted"),
        joined(tuple(file.sha256 for file in each.evidence)),
    )


def _change_cells(each: ChangeData) -> Row:
    return (
        *(each.decided_on, each.field, each.old_value, each.new_value, each.old_end, each.new_end),
        *(each.decision, each.reason),
    )


def _step_cells(each: StepData) -> Row:
    return (each.happened_on, each.kind, each.decision, each.reason)


def _milestone_cells(each: MilestoneData) -> Row:
    return (each.due_on, each.text)


def _clarity_cells(each: ClarityMark) -> Row:
    return (each.criterion, each.name, each.verdict, each.reason, each.exception)


def _obstacle_rows(book: Book) -> Iterator[Row]:
    for each in book.data.obstacles:
        yield (
            *(each.code, each.task, each.raised_by, each.raised_on, each.cause, each.condition, each.asked_of),
            *(each.asked_what, each.due_on, each.state, each.closed_on, each.working_days),
        )


def _obstacle_step_rows(book: Book) -> Iterator[Row]:
    for obstacle in book.data.obstacles:
        for each in obstacle.steps:
            yield (obstacle.code, each.happened_on, each.kind, each.organisation, each.text)


TABLES = (
    Table(
        "tasks", "Nhiệm vụ", "Tasks",
        (
            text("code", "mã nhiệm vụ", "code of the task"),
            text("kind", "loại việc", "kind of task"),
            text("text", "nguyên văn việc được giao", "what was assigned, in its own words"),
            text("product", "sản phẩm phải có", "product owed"),
            text("acceptance_criterion", "tiêu chí nghiệm thu", "criterion of acceptance"),
            text("programme", "mã chương trình hành động", "code of the programme"),
            text("group", "nhóm trong chương trình", "group within the programme"),
            text("documents", "văn bản được thực hiện, cách bởi ;", "documents carried out, separated by ;"),
            text("lead", "mã đơn vị chủ trì ghi trong chương trình", "code of the lead named in the programme"),
            text("answering", "mã đơn vị nay chịu trách nhiệm", "codes of the bodies that answer for it today"),
            text("lead_post", "chức danh người đứng đầu", "post of the head"),
            text("coordinators", "mã đơn vị phối hợp", "codes of the coordinating bodies"),
            text("indicators", "mã chỉ tiêu phải chuyển động", "codes of the indicators it must move"),
            text("obstacles", "mã điểm nghẽn", "codes of its obstacles"),
            day("start_on", "ngày bắt đầu", "first day"),
            text("deadline_text", "thời hạn, nguyên văn", "deadline in its own words"),
            day("due_on", "thời hạn là ngày", "deadline as a day"),
            text("stage", "giai đoạn", "stage"),
            text("schedule", "so với lịch", "standing against the schedule"),
            text("reported", "báo cáo kỳ gần nhất", "whether the latest report is in"),
            text("owed_period", "kỳ báo cáo gần nhất phải có", "latest period owed"),
            number("declared", "tiến độ đơn vị tự báo cáo", "progress the lead declares", "%"),
            text("declared_state", STATE_VI, STATE_EN),
            day("declared_on", "ngày tự báo cáo", "day of that declaration"),
            number("accepted", "tiến độ được nghiệm thu", "progress somebody else accepted", "%"),
            text("accepted_state", STATE_VI, STATE_EN),
            number("measured", "tiến độ do chỉ tiêu đo", "progress measured by the indicator", "%"),
            text("measured_state", STATE_VI, STATE_EN),
            day("completed_on", "ngày báo cáo hoàn thành được chấp nhận", "day of the accepted completion"),
            number("money", "kinh phí", "money", "triệu đồng / million VND"),
            text("money_state", STATE_VI, STATE_EN),
            text("money_source", "nguồn kinh phí", "source of the money"),
        ),
        _task_rows, ("code",), count=lambda book: len(book.data.tasks),
    ),
    Table(
        "reports", "Báo cáo từng kỳ", "Reports by period",
        (
            TASK,
            text("period", "kỳ báo cáo", "period"),
            text("kind", "loại kỳ", "kind of period"),
            day("due_on", "hạn gửi", "due on"),
            day("first_reported_on", "ngày gửi lần đầu", "first handed in on"),
            text("punctuality", "đúng hạn, muộn hay thiếu", "on time, late or missing"),
            text("claim", "đơn vị tự đánh giá", "what the lead claims"),
            text("cause", "nguyên nhân nếu xấu đi", "cause if it went worse"),
            number("declared", "tiến độ tự báo cáo", "progress declared", "%"),
            text("declared_state", STATE_VI, STATE_EN),
            text("verdict", "kết luận của người nghiệm thu", "verdict of the reviewer"),
            number("accepted", "tiến độ được nghiệm thu", "progress accepted", "%"),
            text("accepted_state", STATE_VI, STATE_EN),
            text("evidence", "SHA-256 của từng minh chứng", "SHA-256 of each piece of evidence"),
        ),
        **of_tasks("history", _report_cells),
    ),
    Table(
        "task_changes", "Nhiệm vụ được sửa theo quyết định", "Changes of tasks by decision",
        (
            TASK,
            day("decided_on", "ngày quyết định", "day of the decision"),
            text("field", "điều được sửa", "what was changed"),
            text("old_value", "trước", "before"),
            text("new_value", "sau", "after"),
            day("old_end", "ngày cuối trước khi sửa", "last day before"),
            day("new_end", "ngày cuối sau khi sửa", "last day after"),
            text("decision", "quyết định", "the decision"),
            text("reason", "lý do", "reason"),
        ),
        **of_tasks("changes", _change_cells),
    ),
    Table(
        "task_steps", "Các bước của nhiệm vụ", "Steps of tasks",
        (
            TASK,
            day("happened_on", "ngày", "day"),
            text("kind", "bước", "step"),
            text("decision", "quyết định", "the decision"),
            text("reason", "lý do", "reason"),
        ),
        **of_tasks("steps", _step_cells),
    ),
    Table(
        "milestones", "Mốc bên trong nhiệm vụ", "Milestones within tasks",
        (TASK, day("due_on", "hạn của mốc", "due on"), text("text", "phải có gì", "what is due")),
        **of_tasks("milestones", _milestone_cells),
    ),
    Table(
        "clarity", "Các tiêu chí rõ", "The criteria of clarity",
        (
            TASK,
            text("criterion", "mã tiêu chí", "code of the criterion"),
            text("name", "tiêu chí", "criterion"),
            text("verdict", "đạt, cần xem hay thiếu", "met, doubtful or missing"),
            text("reason", "lý do", "reason"),
            text("exception", "ngoại lệ được cho phép", "exception granted"),
        ),
        **of_tasks("clarity", _clarity_cells),
    ),
    Table(
        "obstacles", "Điểm nghẽn", "Obstacles",
        (
            text("code", "mã điểm nghẽn", "code of the obstacle"),
            text("task", "mã nhiệm vụ bị vướng", "code of the task"),
            text("raised_by", "đơn vị nêu", "raised by"),
            day("raised_on", "ngày nêu", "raised on"),
            text("cause", "nguyên nhân", "cause"),
            text("condition", "vướng điều gì", "what stands in the way"),
            text("asked_of", "đơn vị được đề nghị", "body that is asked"),
            text("asked_what", "đề nghị làm gì", "what it is asked"),
            day("due_on", "hạn giải quyết", "due on"),
            text("state", "tình trạng", "state"),
            day("closed_on", "ngày gỡ xong", "closed on"),
            count("working_days", "số ngày làm việc đã vướng", "working days open", "ngày / days"),
        ),
        _obstacle_rows, ("code",),
    ),
    Table(
        "obstacle_steps", "Các bước gỡ điểm nghẽn", "Steps on obstacles",
        (
            text("obstacle", "mã điểm nghẽn", "code of the obstacle"),
            day("happened_on", "ngày", "day"),
            text("kind", "bước", "step"),
            text("organisation", "đơn vị", "body"),
            text("text", "nội dung", "what was said"),
        ),
        _obstacle_step_rows, of="obstacles",
    ),
)  # fmt: skip
