"""Obligations: made by the system, once, for whoever leads, in the rhythm of the programme."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from tests.reporting.world import ISSUED_ON, World, now, on_plan, send
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import EventKind, OrganisationEvent, Role, Succession
from thucthi.kernel.errors import Forbidden
from thucthi.ledger.models import Entry
from thucthi.programmes.models import Programme, Task, TaskEvent, TaskEventKind
from thucthi.reporting.actions import accept_report, create_obligations, store_evidence
from thucthi.reporting.models import Obligation
from thucthi.reporting.selectors import reports_due_for
from thucthi.reporting.selectors.calendars import spans_of_programmes

MONDAY = date(2026, 11, 16)


def step(task: Task, kind: TaskEventKind, on: date) -> None:
    TaskEvent.objects.create(task=task, kind=kind, happened_on=on, decision="12/QĐ", reason="Lý do mẫu")


def test_every_reporting_task_owes_one_report_of_the_week(world: World) -> None:
    assert create_obligations(by=SYSTEM, on=MONDAY) == 4
    rows = Obligation.objects.order_by("task__code").values_list(
        "task__code", "organisation__code", "period_kind", "period_key", "period_start", "period_end", "due_on"
    )
    week = ("weekly", "2026-W47", date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 20))
    assert list(rows) == [
        ("nv-khoa", "bo-khoa-hoc", *week),
        ("nv-mat", "bo-khoa-hoc", *week),
        ("nv-tinh", "ubnd-an-binh", *week),
        ("nv-xa", "ubnd-hoa", *week),
    ]
    entry = Entry.objects.get()
    assert (entry.event, entry.actor_label, entry.content["count"]) == ("obligations.created", "Hệ thống", 4)


def test_repeating_adds_nothing(world: World) -> None:
    create_obligations(by=SYSTEM, on=MONDAY)
    assert [create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=n)) for n in range(7)] == [0] * 7
    assert (Obligation.objects.count(), Entry.objects.count()) == (4, 1)
    assert create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=7)) == 4


def test_a_monthly_programme_reports_before_the_25th(world: World) -> None:
    world.programme.rhythm = "monthly"
    world.programme.save(update_fields=["rhythm"])
    assert create_obligations(by=SYSTEM, on=date(2026, 10, 3)) == 4
    monthly = Obligation.objects.get(task=world.tasks["nv-khoa"])
    assert (monthly.period_kind, monthly.period_key, monthly.period_end, monthly.due_on) == (
        "monthly", "2026-10", date(2026, 10, 31), date(2026, 10, 23),
    )  # fmt: skip


def test_what_stands_still_or_has_ended_owes_nothing(world: World) -> None:
    step(world.tasks["nv-khoa"], TaskEventKind.SUSPENDED, date(2026, 11, 1))
    step(world.tasks["nv-tinh"], TaskEventKind.CANCELLED, date(2026, 11, 1))
    step(world.tasks["nv-xa"], TaskEventKind.SUPERSEDED, MONDAY + timedelta(days=1))
    assert create_obligations(by=SYSTEM, on=MONDAY) == 2
    assert set(Obligation.objects.values_list("task__code", flat=True)) == {"nv-mat", "nv-xa"}
    step(world.tasks["nv-khoa"], TaskEventKind.RESUMED, MONDAY)
    assert create_obligations(by=SYSTEM, on=MONDAY) == 1


def test_before_it_was_issued_a_task_owes_nothing(world: World) -> None:
    assert create_obligations(by=SYSTEM, on=ISSUED_ON - timedelta(days=1)) == 0
    assert (Obligation.objects.count(), Entry.objects.count()) == (0, 0)


def test_an_accepted_completion_ends_the_reports(world: World) -> None:
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=b"a,b")
    report = send(world, world.this_week, on_plan("100", claims_completion=True))
    soon = now().date() + timedelta(days=7)
    due = reports_due_for(world.reporter(), soon)
    accept_report(
        report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
    )
    assert due.overdue == ()
    create_obligations(by=SYSTEM, on=soon)
    assert not Obligation.objects.filter(task=report.task, period_start__gt=now().date()).exists()


def test_the_one_heir_of_the_lead_owes_the_report(world: World) -> None:
    event = OrganisationEvent.objects.create(
        code="hop-nhat", kind=EventKind.MERGE, effective_on=date(2026, 7, 1), legal_basis="1/NQ"
    )
    Succession.objects.create(event=event, predecessor=world.state.province, successor=world.state.elsewhere)
    world.state.province.valid_to = date(2026, 6, 30)
    world.state.province.save(update_fields=["valid_to"])
    create_obligations(by=SYSTEM, on=MONDAY)
    assert Obligation.objects.get(task=world.tasks["nv-tinh"]).organisation == world.state.elsewhere


def test_a_steering_office_makes_them_for_its_own_subtree(world: World) -> None:
    assert create_obligations(by=world.state.viewer(Role.STEERING_OFFICE, world.state.province), on=MONDAY) == 2
    assert set(Obligation.objects.values_list("task__code", flat=True)) == {"nv-tinh", "nv-xa"}


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.APPROVER, Role.AUDITOR, Role.ACCOUNT_ADMIN])
def test_nobody_else_makes_obligations(world: World, role: Role) -> None:
    with pytest.raises(Forbidden):
        create_obligations(by=world.state.viewer(role, world.state.government), on=MONDAY)
    assert Obligation.objects.count() == 0


def test_a_country_is_gone_through_in_runs_of_programmes(world: World) -> None:
    second = Programme.objects.create(code="ct-hai", organisation=world.state.government, title="Hai", rhythm="weekly")
    issued = Task.objects.create(
        programme=second, code="nv-hai", text="Việc hai", lead=world.state.province, is_issued=True, search_text=""
    )
    step(issued, TaskEventKind.ISSUED, ISSUED_ON)
    Programme.objects.create(code="ct-ba", organisation=world.state.government, title="Ba")
    everything = spans_of_programmes(50_000)
    assert everything == [(world.programme.pk, Programme.objects.latest("pk").pk)]
    spans = spans_of_programmes(1)
    assert [pk for span in spans for pk in Programme.objects.filter(pk__range=span).values_list("pk", flat=True)] == [
        *Programme.objects.order_by("pk").values_list("pk", flat=True)
    ]
    made = {span: create_obligations(by=SYSTEM, on=MONDAY, among=span) for span in spans}
    of_second = [count for span, count in made.items() if span.first <= second.pk <= span.last]
    assert (sum(made.values()), of_second) == (5, [1])
    assert create_obligations(by=SYSTEM, on=MONDAY) == 0
    assert [entry.content["count"] for entry in Entry.objects.order_by("pk")] == [row for row in made.values() if row]


def test_the_command_says_how_many(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_obligations", "--on", "2026-11-16")
    call_command("create_obligations", "--on", "2026-11-16")
    assert capsys.readouterr().out == (
        "Đã lập 4 nghĩa vụ báo cáo cho ngày 16/11/2026.\nĐã lập 0 nghĩa vụ báo cáo cho ngày 16/11/2026.\n"
    )
