"""An obstacle climbs three rungs in silence and comes back as a decision and a task that is done."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.kept_states import Kept
from tests.programmes.world import ISSUED_ON, World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.kernel.working_days import report_due_on, weekly_period
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import (
    NewDecision,
    NewObstacle,
    add_decision_task,
    add_step,
    climb_ladders,
    decide_obstacle,
    raise_obstacle,
)
from thucthi.obstacles.calculations.deciding import DecisionState
from thucthi.obstacles.models import Obstacle
from thucthi.obstacles.selectors import standing_of
from thucthi.obstacles.selectors.decisions import decisions_about, time_to_decision
from thucthi.obstacles.selectors.impact import impacts_of
from thucthi.programmes.actions import NewProgramme, create_programme, issue_programme
from thucthi.programmes.actions.tasks import add_tasks
from thucthi.programmes.models import Dependency, Programme, Task
from thucthi.reporting.actions import ReportContent, accept_report, store_evidence, submit_report
from thucthi.reporting.models import Obligation, Report, Verdict

RAISED_ON = date(2026, 4, 6)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    made = kept(make_world)
    made.frame()
    return made


def nights(first: date, days: int) -> int:
    return sum(climb_ladders(by=SYSTEM, on=first + timedelta(days=day)).added for day in range(days))


def programme_of_the_province(world: World) -> Programme:
    state = world.state
    state.head_post(state.province)
    editor, head = state.viewer(Role.PROGRAMME_EDITOR, state.province), state.viewer(Role.HEAD, state.province)
    new = NewProgramme(
        code="ct-tinh", organisation=state.province, title="Chương trình của tỉnh", documents=(world.document,),
        groups=("Dữ liệu",),
    )  # fmt: skip
    made = create_programme(by=editor, new=new)
    first = world.clear_task(code="ct-tinh-01", lead=state.province, coordinators=())
    add_tasks(made, by=editor, contents=[first], on=ISSUED_ON)
    return issue_programme(made, by=head, issued_on=ISSUED_ON, issued_as="15/CTr-UBND")


def done(world: World, task: Task) -> set[int]:
    """The lead reports completion with a file, the government accepts it; ids of the tasks that are done.

    A report is never backdated, so it is one of this week.
    """
    period = weekly_period(timezone.localdate())
    owed = Obligation.objects.create(
        task=task, organisation=task.lead, period_kind="weekly", period_key=period.key, period_start=period.start,
        period_end=period.end, due_on=report_due_on(period),
    )  # fmt: skip
    author = world.state.viewer(Role.REPORTER, task.lead)
    store_evidence(owed, by=author, file_name="bien-ban.csv", content="Việc,Số\nKết nối,12\n".encode())
    report = submit_report(
        owed,
        by=author,
        content=ReportContent(claim="on_plan", progress=Decimal(100), claims_completion=True),
        idempotency_key=uuid4(),
        version=0,
        at=timezone.now(),
    )
    approver = world.state.viewer(Role.APPROVER, world.state.government)
    accept_report(
        report,
        by=approver,
        content_hash=report.content_hash,
        progress_accepted=None,
        note="",
        at=timezone.now(),
    )
    accepted = Report.objects.filter(claims_completion=True, acceptance__verdict=Verdict.ACCEPTED)
    return set(accepted.values_list("task_id", flat=True))


def test_three_rungs_in_silence_then_a_decision_a_task_and_the_word_that_it_is_gone(world: World) -> None:
    state = world.state
    state.head_post(state.science)
    blocked = world.issued(world.clear_task(lead=state.science, coordinators=()))
    programme = programme_of_the_province(world)
    Dependency.objects.create(
        kind="needs_data", needed_task=blocked, waiting_task=programme.tasks.get(), created_on=ISSUED_ON
    )
    reporter = state.viewer(Role.REPORTER, state.science)
    obstacle = raise_obstacle(
        by=reporter,
        new=NewObstacle(
            code=None,
            task=blocked,
            organisation=state.science,
            cause="data",
            condition="Xã chưa mở kết nối dữ liệu đất đai.",
            asked_of=state.commune,
            asked_what="Mở kết nối cho trung tâm dữ liệu.",
            due_on=date(2026, 5, 29),
            information="Đã gửi hai công văn.",
            field="Dữ liệu số",
            proposed_solution="Tỉnh mở kết nối tập trung.",
            authority="Điều 3 quy chế chia sẻ dữ liệu",
        ),
        on=RAISED_ON,
    )
    impact = impacts_of([obstacle])[obstacle.pk]
    assert (impact.direct, impact.downstream) == ({blocked.pk}, {programme.tasks.get().pk})

    assert nights(RAISED_ON, 40) == 3
    assert [
        (hop.rung, hop.organisation.code, hop.started_on, hop.due_on) for hop in obstacle.hops.order_by("number")
    ] == [
        ("owner", "ubnd-hoa", date(2026, 4, 6), date(2026, 4, 13)),
        ("superior", "ubnd-an-binh", date(2026, 4, 14), date(2026, 4, 20)),
        ("next", "chinh-phu", date(2026, 4, 21), date(2026, 4, 28)),
        ("committee", "dang-uy-chinh-phu", date(2026, 4, 29), date(2026, 5, 14)),
    ]

    decided_on = date(2026, 5, 14)
    decision = decide_obstacle(
        obstacle,
        by=state.viewer(Role.HEAD, state.committee),
        organisation=state.committee,
        new=NewDecision(
            "instruct", "Tỉnh mở kết nối tập trung cho các xã.", state.province, date(2026, 6, 30), "21-TB/ĐU"
        ),
        on=decided_on,
    )
    link = add_decision_task(
        decision,
        by=state.viewer(Role.HEAD, state.province),
        programme=programme,
        content=world.clear_task(
            code="", lead=state.province, coordinators=(state.commune,), deadline_raw="30/06/2026",
            text="Mở kết nối dữ liệu đất đai của 12 xã với trung tâm dữ liệu",
            start_on=date(2026, 5, 15), milestones=(),
        ),
        on=date(2026, 5, 15),
    )  # fmt: skip
    assert (link.task.code, link.task.is_issued, link.task.events.get().decision) == ("ct-tinh-02", True, "21-TB/ĐU")
    assert nights(date(2026, 5, 15), 30) == 0

    (followed,) = decisions_about([obstacle], date(2026, 6, 26), done=done(world, link.task))[obstacle.pk]
    assert followed.state == DecisionState.DONE
    gone = date(2026, 6, 29)
    add_step(obstacle, by=reporter, kind="removed", text="Dữ liệu đã về.", organisation=state.science, on=gone)
    standing = standing_of(Obstacle.objects.get(), gone)
    assert (standing.state, standing.closed_on, standing.holders) == ("removed", gone, ())

    figures = time_to_decision([state.commune.pk, state.province.pk, state.committee.pk], RAISED_ON, gone)
    assert (figures[state.commune.pk].in_silence, figures[state.province.pk].in_silence) == (1, 1)
    committee = figures[state.committee.pk]
    assert (committee.n, committee.in_silence, committee.late, committee.median) == (1, 0, 0, 10.0)
    told = list(
        Entry.objects.filter(event__regex="obstacle|ladder|decision|assigned")
        .order_by("pk")
        .values_list("event", flat=True)
    )
    assert told == [
        "obstacle.raised", "ladder.climbed", "ladder.climbed", "ladder.climbed", "obstacle.decided", "task.assigned",
        "decision.became_task", "obstacle.removed",
    ]  # fmt: skip
