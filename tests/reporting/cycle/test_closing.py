"""Corrections of what was accepted, instruments before closing, checks after it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.reporting.world import CSV, World, now, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.documents.models import Document, Instrument, InstrumentStep, Stage
from thucthi.kernel.errors import Fault, Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.monitoring.selectors import task_states
from thucthi.programmes.models import Task, TaskInstrument
from thucthi.programmes.selectors.closing import instruments_not_in_force
from thucthi.reporting.actions import (
    NewAfterCheck,
    Shown,
    accept_report,
    accept_reports,
    correct_report,
    record_after_check,
    set_after_check,
    store_evidence,
)
from thucthi.reporting.models import Acceptance, AfterCheck, AfterCheckResult, OpenDuty, Report
from thucthi.reporting.selectors import review_queue, tasks_that_report
from thucthi.reporting.selectors.after_checks import checks_due, checks_of, results_gone


def accepted(world: World, **content: object) -> Report:
    report = send(world, world.this_week, on_plan(**content))
    accept_report(
        report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
    )
    return Report.objects.get(pk=report.pk)


def completed(world: World) -> Report:
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    return accepted(world, progress="100", claims_completion=True)


def correct(world: World, report: Report, progress: str = "55", reason: str = "Cộng nhầm.", **more: object) -> Report:
    return correct_report(
        report,
        by=world.reporter(),
        content=on_plan(progress, **more),
        reason=reason,
        idempotency_key=uuid4(),
        at=now(),
    )


def test_a_correction_asks_for_a_new_acceptance(world: World) -> None:
    first = accepted(world)
    second = correct(world, first)
    assert (second.version, second.correction_reason) == (2, "Cộng nhầm.")
    assert OpenDuty.objects.get(obligation=first.obligation).report == second
    assert [item.report for item in review_queue(world.approver())] == [second]
    assert Acceptance.objects.get().report == first
    assert Entry.objects.get(event="report.corrected").content["replaces"] == first.content_hash
    accept_report(
        second, by=world.approver(), content_hash=second.content_hash, progress_accepted=None, note="", at=now()
    )
    assert (Acceptance.objects.count(), OpenDuty.objects.count()) == (2, 0)


def test_only_the_newest_accepted_report_is_corrected(world: World) -> None:
    waiting = send(world, world.this_week)
    with pytest.raises(Stale):
        correct(world, waiting)
    first = accepted_now(world, waiting)
    correct(world, first)
    with pytest.raises(Stale):
        correct(world, first)
    assert Report.objects.count() == 2


def accepted_now(world: World, report: Report) -> Report:
    accept_report(
        report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
    )
    return report


def test_a_correction_says_why_and_lists_all_faults(world: World) -> None:
    first = accepted(world)
    with pytest.raises(Refused) as refused:
        correct(world, first, "45.123", " ")
    assert [fault.field for fault in refused.value.faults] == ["progress", "reason"]
    with pytest.raises(Forbidden):
        correct_report(first, by=world.approver(), content=on_plan(), reason="a", idempotency_key=uuid4(), at=now())
    assert Report.objects.count() == 1


def test_a_corrected_completion_is_none_any_more(world: World) -> None:
    report = completed(world)
    assert not tasks_that_report(today()).filter(pk=report.task_id).exists()
    again = correct(world, report, "90")
    assert tasks_that_report(today()).filter(pk=report.task_id).exists()
    assert again.claims_completion is False
    (state,) = task_states(Task.objects.filter(pk=report.task_id), today())
    assert state.stage.value == "in_progress"


def owe_instrument(world: World) -> Instrument:
    instrument = Instrument.objects.create(
        code="tt-mau",
        document=Document.objects.get(slug="nq-mau"),
        type="circular",
        title="Thông tư mẫu",
        drafter=world.state.science,
    )
    TaskInstrument.objects.create(task=world.tasks["nv-khoa"], instrument=instrument)
    return instrument


def test_a_task_that_owes_an_instrument_is_not_closed_before_it_is_in_force(world: World) -> None:
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    instrument = owe_instrument(world)
    InstrumentStep.objects.create(instrument=instrument, stage=Stage.ISSUED, entered_on=today())
    with pytest.raises(Refused) as refused:
        send(world, world.this_week, on_plan("100", claims_completion=True))
    sentence = (
        "Chưa thể coi là hoàn thành: Thông tư: Thông tư mẫu (tt-mau) chưa có hiệu lực. Hãy ghi ngày có hiệu lực trước."
    )
    assert refused.value.faults == (Fault("claims_completion", sentence),)
    assert Report.objects.count() == 0
    InstrumentStep.objects.create(instrument=instrument, stage=Stage.IN_FORCE, entered_on=today() + timedelta(days=1))
    assert instruments_not_in_force([world.tasks["nv-khoa"].pk], today()) == {world.tasks["nv-khoa"].pk: (instrument,)}
    InstrumentStep.objects.create(instrument=instrument, stage=Stage.IN_FORCE, entered_on=today())
    send(world, world.this_week, on_plan("100", claims_completion=True))


def test_an_instrument_linked_after_the_report_holds_up_its_acceptance(world: World) -> None:
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    report = send(world, world.this_week, on_plan("100", claims_completion=True))
    instrument = owe_instrument(world)
    with pytest.raises(Refused, match="tt-mau"):
        accept_report(
            report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
        )
    bulk = accept_reports([Shown(report.pk, report.content_hash)], by=world.approver(), note="", at=now())
    assert [row.code for row in bulk.not_taken] == ["nv-khoa"]
    assert Acceptance.objects.count() == 0
    InstrumentStep.objects.create(instrument=instrument, stage=Stage.IN_FORCE, entered_on=today())
    assert accept_reports([Shown(report.pk, report.content_hash)], by=world.approver(), note="", at=now()).accepted


def new_check(world: World, **more: object) -> NewAfterCheck:
    values = {
        "due_on": today() + timedelta(days=90),
        "examiner": world.state.finance,
        "what": "Hệ thống còn chạy không.",
    }
    return NewAfterCheck(**(values | more))


def test_somebody_else_looks_again(world: World) -> None:
    task = completed(world).task
    check = set_after_check(task, by=world.approver(), new=new_check(world), on=today())
    examiner = world.state.viewer(Role.VERIFIER, world.state.finance)
    (row,) = checks_due(examiner, check.due_on + timedelta(days=2))
    assert (row.word, row.tone, row.may_record) == ("Quá hạn kiểm tra 2 ngày", "bad", True)
    found = record_after_check(check, by=examiner, finding="gone", text="Hệ thống đã dừng.", on=check.due_on)
    assert results_gone([task.pk]) == {task.pk: found}
    with pytest.raises(Stale):
        record_after_check(check, by=examiner, finding="holds", text="Còn.", on=check.due_on)
    (row,) = checks_of(task, world.reporter(), check.due_on)
    assert (row.word, row.tone) == ("Không còn kết quả", "bad")
    assert list(Entry.objects.order_by("-pk").values_list("event", flat=True)[:2]) == [
        "after_check.recorded", "after_check.set",
    ]  # fmt: skip


def test_a_check_needs_a_closed_task_and_another_body(world: World) -> None:
    task = world.tasks["nv-khoa"]
    wrong = new_check(world, examiner=world.state.science, due_on=today(), what=" ")
    with pytest.raises(Refused) as refused:
        set_after_check(task, by=world.approver(), new=wrong, on=today())
    assert [fault.field for fault in refused.value.faults] == ["", "due_on", "examiner", "what"]
    with pytest.raises(Forbidden):
        set_after_check(task, by=world.reporter(), new=new_check(world), on=today())
    assert (AfterCheck.objects.count(), Entry.objects.count()) == (0, 0)


def test_who_answers_for_the_task_does_not_record_the_finding(world: World) -> None:
    task = completed(world).task
    check = set_after_check(task, by=world.approver(), new=new_check(world), on=today())
    for by in (world.reporter(), world.head(), world.state.viewer(Role.VERIFIER, world.state.science)):
        with pytest.raises(Forbidden):
            record_after_check(check, by=by, finding="holds", text="Còn.", on=check.due_on)
    with pytest.raises(Refused) as refused:
        record_after_check(
            check, by=world.state.viewer(Role.VERIFIER, world.state.finance), finding="", text="", on=check.due_on
        )
    assert [fault.field for fault in refused.value.faults] == ["finding", "text"]
    assert AfterCheckResult.objects.count() == 0
    with pytest.raises(Stale):
        set_after_check(task, by=world.approver(), new=replace(new_check(world), what="Khác."), on=today())
