"""What the demonstration says happened: sixteen weeks of simulated reports, verdicts, obstacles and moved deadlines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from thucthi.demonstration.actions import TaskHistory, add_simulated_obligations, add_simulated_reports
from thucthi.demonstration.calculations import Play, StoryRow, Surroundings, pick, play
from thucthi.demonstration.reading import Row, day, parts, rows
from thucthi.directory.access import SYSTEM, Grant, Viewer
from thucthi.directory.models import Account, Membership, Organisation, Role
from thucthi.kernel.working_days import Period, monthly_period, report_due_on, weekly_period
from thucthi.obstacles.actions import NewObstacle, add_step, raise_obstacle
from thucthi.obstacles.models import Obstacle, StepKind
from thucthi.programmes.actions import change_deadline, receive_task
from thucthi.programmes.models import Programme, Task
from thucthi.reporting.actions import store_evidence
from thucthi.reporting.calculations.evidence import INSTRUMENT, usual_kind
from thucthi.reporting.models import Evidence, Obligation

FIRST_WEEK, LAST_WEEK = (2026, 31), (2026, 47)
EARLY, MIDDLE = 40, 80
Words = dict[tuple[str, str], list[str]]


def load_story(organisations: dict[str, Organisation]) -> int:
    """Play every row of the story; gives the number of reports."""
    told = {row["code"]: row for row in rows("story.csv")}
    tasks = _tasks(list(told))
    for task in tasks.values():
        receive_task(task, by=SYSTEM, on=_issued_on(task))
    _move_deadlines(told, tasks)
    obstacles = _raise_obstacles(told, tasks, organisations)
    histories = _histories(told, tasks, obstacles)
    obligations = add_simulated_obligations(by=SYSTEM, histories=histories)
    evidence = _store_evidence(histories, obligations)
    return add_simulated_reports(by=SYSTEM, histories=histories, obligations=obligations, evidence=evidence)


def _tasks(codes: Sequence[str]) -> dict[str, Task]:
    found = Task.objects.filter(code__in=codes, is_issued=True).select_related("programme", "lead")
    return {task.code: task for task in found.prefetch_related("coordinators").order_by("code")}


def _issued_on(task: Task) -> date:
    if task.programme.issued_on is None:
        raise ValueError(f"{task.code} is played but its programme is a draft")
    return task.programme.issued_on


def _move_deadlines(told: dict[str, Row], tasks: dict[str, Task]) -> None:
    for code, row in told.items():
        for number, move in enumerate(parts(row["new_deadlines"], " ; "), start=1):
            decided, _, deadline = move.partition("|")
            change_deadline(
                tasks[code],
                by=SYSTEM,
                new_deadline=deadline.strip(),
                decision=f"Quyết định điều chỉnh số {number} (mô phỏng)",
                decided_on=date.fromisoformat(decided.strip()),
                reason="Khối lượng phát sinh và chờ văn bản hướng dẫn (mô phỏng)",
            )


def _raise_obstacles(
    told: dict[str, Row], tasks: dict[str, Task], organisations: dict[str, Organisation]
) -> dict[str, Obstacle]:
    raised = {}
    stuck = [row for row in told.values() if row["obstacle_text"]]
    for number, row in enumerate(sorted(stuck, key=lambda row: (row["event_on"], row["code"])), start=1):
        task = tasks[row["code"]]
        raised_on = date.fromisoformat(row["event_on"])
        raised[row["code"]] = raise_obstacle(
            by=SYSTEM,
            new=NewObstacle(
                code=f"dn-2026-{number:03d}",
                task=task,
                organisation=_lead(task),
                cause=row["obstacle_cause"],
                condition=row["obstacle_text"],
                asked_of=organisations[row["asked_of_code"].lower()],
                asked_what=row["asked_what"],
                due_on=date.fromisoformat(row["asked_due_on"]),
                is_simulated=True,
            ),
            on=raised_on,
        )
        if pick(3, row["code"], "answer") == 0:
            _acknowledge(raised[row["code"]], raised_on)
    return raised


def _acknowledge(obstacle: Obstacle, raised_on: date) -> None:
    add_step(
        obstacle,
        by=SYSTEM,
        kind=StepKind.ACKNOWLEDGED,
        text="Đã tiếp nhận kiến nghị, đang lấy ý kiến đơn vị chuyên môn (mô phỏng).",
        organisation=obstacle.asked_of,
        on=raised_on + timedelta(days=4),
    )


def _lead(task: Task) -> Organisation:
    if task.lead is None:
        raise ValueError(f"{task.code} is issued without a lead")
    return task.lead


def _periods(rhythm: str) -> list[tuple[Period, date]]:
    first = date.fromisocalendar(*FIRST_WEEK, 1)
    days = [date.fromordinal(first.toordinal() + 7 * n) for n in range(LAST_WEEK[1] - FIRST_WEEK[1] + 1)]
    if rhythm == Programme.Rhythm.WEEKLY:
        return [(weekly_period(d), report_due_on(weekly_period(d))) for d in days]
    last = date.fromisocalendar(*LAST_WEEK, 7)
    months = dict.fromkeys(monthly_period(d) for d in days)
    # The running month is owed by the 24th, after the story ends.
    return [(month, report_due_on(month)) for month in months if report_due_on(month) <= last]


def _histories(told: dict[str, Row], tasks: dict[str, Task], obstacles: dict[str, Obstacle]) -> list[TaskHistory]:
    words = _words()
    zone = ZoneInfo(settings.TIME_ZONE)
    authors, approvers = _holders(Role.REPORTER), _holders(Role.APPROVER)
    histories = {}
    for code, row in told.items():
        around = Surroundings(
            periods=_periods(tasks[code].programme.rhythm),
            note=_speaker(words, row, tasks[code]),
            zone=zone,
        )
        histories[code] = TaskHistory(
            task=tasks[code],
            lead=_lead(tasks[code]),
            play=play(_story_row(row), around),
            author=authors[_lead(tasks[code]).pk],
            reviewer=_reviewer(tasks[code], approvers),
            obstacle=obstacles.get(code),
        )
    return [_with_copied_notes(history, told[code], histories) for code, history in histories.items()]


def _story_row(row: Row) -> StoryRow:
    return StoryRow(
        code=row["code"],
        behaviour=row["behaviour"],
        from_week=row["from_week"],
        to_week=row["to_week"],
        start_progress=Decimal(row["start_progress"] or 0),
        weekly_step=Decimal(row["weekly_step"] or 0),
        note_pool=row["note_pool"],
        obstacle_cause=row["obstacle_cause"],
        event_on=day(row["event_on"]),
    )


def _holders(role: Role) -> dict[int, Account]:
    held = Membership.objects.filter(role=role).select_related("account").order_by("-pk")
    return {membership.organisation_id: membership.account for membership in held}


def _reviewer(task: Task, approvers: dict[int, Account]) -> Account:
    """As the rules ask: an approver where the programme belongs, else in the nearest superior of the lead."""
    places = [task.programme.organisation_id, *reversed(_lead(task).path[:-1])]
    found = next((approvers[place] for place in places if place in approvers), None)
    if found is None:
        raise ValueError(f"nobody may accept reports on {task.code}")
    return found


def _words() -> Words:
    words: Words = {}
    for row in rows("notes.csv"):
        words.setdefault((row["pool"], row["stage"]), []).append(row["text"])
    return words


def _speaker(words: Words, row: Row, task: Task) -> Callable[[str, int, Decimal], str]:
    """Fills the braces of a pool's sentences with this task's own words; the ledger keeps at most 500 letters."""
    offset = pick(6, task.code, "words")
    coordinator = next((body.short_name for body in task.coordinators.all()), "cơ quan phối hợp")

    def note(pool: str, turn: int, progress: Decimal) -> str:
        stage = "early" if progress < EARLY else "middle" if progress < MIDDLE else "late"
        texts = words.get((pool, stage)) or words[pool, "any"]
        text = texts[(turn + offset) % len(texts)]
        filled = text.format(
            task=task.text,
            product=task.product,
            progress=int(progress),
            coordinator=coordinator,
            obstacle=row["obstacle_text"],
        )
        return filled if len(filled) <= 500 else filled[:499] + "…"

    return note


def _with_copied_notes(history: TaskHistory, row: Row, all_of_them: dict[str, TaskHistory]) -> TaskHistory:
    source = all_of_them.get(row["copied_from"])
    if row["behaviour"] != "copied" or source is None:
        return history
    said = {report.period_key: report.note for report in source.play.reports}
    reports = tuple(replace(report, note=said.get(report.period_key, report.note)) for report in history.play.reports)
    return replace(history, play=Play(history.play.owed, reports))


def _store_evidence(
    histories: Sequence[TaskHistory], obligations: dict[tuple[int, str], Obligation]
) -> dict[int, Evidence]:
    """One small file for each claim of completion, stored by the ordinary action on behalf of the reporter."""
    stored = {}
    for history in histories:
        reporter = Viewer(history.author.pk, history.author.username, (Grant(history.lead.pk, Role.REPORTER),))
        for report in history.play.reports:
            if not report.claims_completion:
                continue
            obligation = obligations[history.task.pk, report.period_key]
            stored[obligation.pk] = store_evidence(
                obligation,
                by=reporter,
                file_name=f"minh-chung-{history.task.code}.csv",
                content=_file_text(history.task, report.period_key).encode(),
                kind=usual_kind(history.task.kind),
                reference=_simulated_reference(history.task, obligation),
                is_simulated=True,
            )
    return stored


def _simulated_reference(task: Task, obligation: Obligation) -> str:
    """An issued text is stated with a number and symbol, here openly an invented one."""
    is_text = usual_kind(task.kind) == INSTRUMENT
    return f"01/{obligation.period_end.year}/MP (mô phỏng)" if is_text else ""


def _file_text(task: Task, period_key: str) -> str:
    return (
        "nhiem_vu,ky,san_pham,ghi_chu\n"
        f'"{task.code}","{period_key}","{task.product.replace(chr(34), chr(39))}","Số liệu mô phỏng / Simulated data"\n'
    )
