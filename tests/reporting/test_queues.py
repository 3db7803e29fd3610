"""What is due, what came back, what waits: each report in one group, for whom it concerns, at a constant price."""

from datetime import timedelta
from typing import Any

from tests.reporting.world import World, behind, now, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.programmes.models import TaskEvent, TaskEventKind
from thucthi.reporting.actions import accept_report, return_report, save_draft
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Obligation, Report
from thucthi.reporting.selectors import reports_due_for, reports_of, reports_to_review, review_queue, visible_reports


def periods(rows: tuple[Any, ...]) -> list[tuple[str, int, str | None, bool]]:
    return [(row.obligation.task.code, row.days_left, row.returned_note, row.has_draft) for row in rows]


def owed(world: World, code: str, key: str, days: int) -> Obligation:
    task = world.tasks[code]
    due_on = today() + timedelta(days=days)
    return Obligation.objects.create(
        task=task, organisation=task.lead, period_kind="weekly", period_key=key,
        period_start=due_on - timedelta(days=4), period_end=due_on + timedelta(days=2), due_on=due_on,
    )  # fmt: skip


def test_each_report_stands_in_one_group(world: World) -> None:
    owed(world, "nv-khoa", "2026-A1", -10)
    owed(world, "nv-khoa", "2026-A2", -1)
    owed(world, "nv-khoa", "2026-A3", 0)
    soon = owed(world, "nv-khoa", "2026-A4", 7)
    owed(world, "nv-khoa", "2026-A5", 8)
    came_back = owed(world, "nv-khoa", "2026-A6", -2)
    waits, accepted = owed(world, "nv-khoa", "2026-A7", -3), owed(world, "nv-khoa", "2026-A8", -4)
    first, second = send(world, came_back), send(world, accepted)
    send(world, waits)
    return_report(first, by=world.approver(), content_hash=first.content_hash, note="Thiếu.", at=now())
    accept_report(
        second, by=world.approver(), content_hash=second.content_hash, progress_accepted=None, note="", at=now()
    )
    save_draft(soon, by=world.reporter(), typed=TypedReport(note="a"), version=0, page="p", at=now())
    due = reports_due_for(world.reporter(), today())
    assert periods(due.overdue) == [("nv-khoa", -10, None, False), ("nv-khoa", -1, None, False)]
    assert periods(due.due_soon) == [("nv-khoa", 0, None, False), ("nv-khoa", 7, None, True)]
    assert periods(due.returned) == [("nv-khoa", -2, "Thiếu.", False)]
    assert due.next_due_on == today() + timedelta(days=8)
    assert due.to_review == ()


def test_a_report_answered_after_its_return_waits_again(world: World) -> None:
    first = send(world, world.this_week)
    return_report(first, by=world.approver(), content_hash=first.content_hash, note="Thiếu.", at=now())
    assert len(reports_due_for(world.reporter(), today()).returned) == 1
    send(world, world.this_week, on_plan("41"))
    assert reports_due_for(world.reporter(), today()).returned == ()
    assert [item.report.version for item in review_queue(world.approver())] == [2]


def test_a_cancelled_task_asks_for_nothing_more(world: World) -> None:
    owed(world, "nv-khoa", "2026-A1", -10)
    TaskEvent.objects.create(
        task=world.tasks["nv-khoa"], kind=TaskEventKind.CANCELLED, happened_on=today(), decision="1/QĐ", reason="mẫu"
    )
    assert reports_due_for(world.reporter(), today()).overdue == ()


def test_only_the_own_organisation_is_asked(world: World) -> None:
    owed(world, "nv-xa", "2026-A1", -1)
    state = world.state
    assert len(reports_due_for(world.reporter(state.commune), today()).overdue) == 1
    for by in (world.reporter(state.province), world.reporter(), state.viewer(Role.AUDITOR, state.commune)):
        assert reports_due_for(by, today()).overdue == ()


def test_the_queue_holds_the_last_accepted_beside_the_new(world: World) -> None:
    first = send(world, world.last_week, on_plan("40"))
    accept_report(
        first, by=world.approver(), content_hash=first.content_hash, progress_accepted=None, note="", at=now()
    )
    second = send(world, world.this_week, behind(world))
    (item,) = review_queue(world.approver())
    assert (item.report, item.last_accepted, item.files) == (second, first, 0)


def test_only_the_newest_report_of_a_task_waits_for_a_verdict(world: World) -> None:
    older, newer = send(world, world.last_week), send(world, world.this_week)
    assert [item.report.pk for item in review_queue(world.approver())] == [newer.pk]
    accept_report(
        older, by=world.approver(), content_hash=older.content_hash, progress_accepted=None, note="", at=now()
    )
    assert [item.report.pk for item in review_queue(world.approver())] == [newer.pk]


def test_the_queue_is_for_those_who_may_decide(world: World) -> None:
    report = send(world, world.obligation("nv-xa", today()))
    state = world.state
    expected = {
        (Role.APPROVER, "government"): [report], (Role.HEAD, "government"): [report],
        (Role.APPROVER, "province"): [report], (Role.HEAD, "commune"): [], (Role.APPROVER, "commune"): [],
        (Role.APPROVER, "elsewhere"): [], (Role.AUDITOR, "government"): [], (Role.STEERING_OFFICE, "government"): [],
    }  # fmt: skip
    found = {(role, name): list(reports_to_review(state.viewer(role, getattr(state, name)))) for role, name in expected}
    assert found == expected


def test_the_price_does_not_grow_with_the_rows(world: World, django_assert_num_queries: Any) -> None:
    by = world.state.viewer(Role.HEAD, world.state.science)
    owed(world, "nv-khoa", "2026-A0", -1)
    with django_assert_num_queries(7):
        reports_due_for(by, today())
    for n in range(1, 8):
        owed(world, "nv-khoa", f"2026-A{n}", n - 4)
    with django_assert_num_queries(7):
        reports_due_for(by, today())


def test_reports_are_read_by_both_ends_the_coordinators_and_those_above(world: World) -> None:
    report = send(world, world.this_week)
    state = world.state
    readers = {
        "science": True, "government": True, "finance": True, "province": False, "elsewhere": False, "commune": False,
    }  # fmt: skip
    for role in (Role.REPORTER, Role.AUDITOR, Role.VERIFIER):
        found = {name: report in visible_reports(state.viewer(role, getattr(state, name))) for name in readers}
        assert found == readers, role
    assert not visible_reports(state.viewer(Role.ACCOUNT_ADMIN, state.science)).exists()


def test_reports_of_a_hidden_programme_stay_with_its_owner(world: World) -> None:
    hidden = send(world, world.obligation("nv-mat", today()))
    assert hidden in visible_reports(world.reporter())
    assert hidden not in visible_reports(world.state.viewer(Role.REPORTER, world.state.government))


def test_the_history_of_a_task_is_newest_first(world: World) -> None:
    first = send(world, world.last_week)
    second = send(world, world.this_week)
    return_report(second, by=world.approver(), content_hash=second.content_hash, note="Thiếu.", at=now())
    third = send(world, world.this_week)
    assert reports_of(world.tasks["nv-khoa"], world.reporter()) == [third, second, first]
    assert reports_of(world.tasks["nv-khoa"], world.reporter(world.state.elsewhere)) == []
    assert Report.objects.count() == 3
