"""Sending a report: what is kept, what is refused, and that nothing moves when it is."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.reporting.world import CSV, World, behind, now, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.errors import Fault, Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import add_step
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import TaskEvent, TaskEventKind
from thucthi.reporting.actions import (
    ReportContent,
    accept_report,
    return_report,
    save_draft,
    store_evidence,
    submit_report,
)
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Acceptance, Report, ReportDraft
from thucthi.reporting.selectors import seal_of


def counts() -> tuple[int, int, int, int]:
    return Report.objects.count(), Obstacle.objects.count(), Entry.objects.count(), ReportDraft.objects.count()


def faults(world: World, content: ReportContent) -> tuple[Fault, ...]:
    before = counts()
    with pytest.raises(Refused) as refused:
        send(world, world.this_week, content)
    assert counts() == before
    return refused.value.faults


def test_a_report_is_kept_as_stated_and_sealed(world: World) -> None:
    moment = now()
    report = submit_report(
        world.this_week,
        by=world.reporter(),
        content=on_plan("45.5", note="  Đã xong dự thảo.  "),
        idempotency_key=uuid4(),
        version=0,
        at=moment,
    )
    report.refresh_from_db()
    assert (report.version, report.claim, report.progress_declared, report.note) == (
        1, "on_plan", Decimal("45.50"), "Đã xong dự thảo.",
    )  # fmt: skip
    assert (report.submitted_at, report.is_simulated, report.obstacle, report.cause) == (moment, False, None, "")
    assert report.content_hash == content_hash(seal_of(report, []))
    assert list(Entry.objects.values_list("event", "actor_label", "subject_id")) == [
        ("report.submitted", "reporter-bo-khoa-hoc", report.pk)
    ]
    assert Entry.objects.get().content["content_hash"] == report.content_hash


def test_the_seal_changes_with_every_part(world: World) -> None:
    report = send(world, world.this_week)
    seal = seal_of(report, [])
    others = [
        replace(seal, note="khác"),
        replace(seal, progress=Decimal("40.01")),
        replace(seal, claim="at_risk"),
        replace(seal, version=2),
        replace(seal, evidence=("a" * 64,)),
        replace(seal, author_id=seal.author_id + 1),
    ]
    assert len({content_hash(each) for each in [seal, *others]}) == 7


def test_all_faults_come_at_once_and_nothing_moves(world: World) -> None:
    found = faults(world, ReportContent(claim="", progress=None, note="x" * 501, claims_completion=True))
    assert found == (
        Fault("claim", "Hãy chọn: đúng kế hoạch, có nguy cơ chậm hoặc chậm."),
        Fault("progress", "Hãy nhập tiến độ, tính theo phần trăm sản phẩm đã làm được."),
        Fault("note", "Ghi chú dài 501 ký tự, tối đa 500. Hãy rút gọn."),
        Fault("file", "Báo hoàn thành phải kèm ít nhất một tệp minh chứng. Hãy tải tệp lên rồi gửi lại."),
    )


def test_a_worse_claim_states_cause_remedy_and_ask(world: World) -> None:
    found = faults(world, ReportContent(claim="behind", progress=Decimal(10)))
    assert found == (
        Fault("done_about_it", "Hãy ghi đơn vị đã làm gì để khắc phục."),
        Fault("cause", "Hãy chọn nguyên nhân."),
        Fault("note", "Hãy nêu rõ đang vướng điều gì."),
        Fault("asked_of", "Hãy ghi cơ quan có thể gỡ được điểm nghẽn này."),
        Fault("asked_what", "Hãy ghi rõ đề nghị cơ quan đó làm gì."),
        Fault("asked_due_on", "Hãy ghi ngày cần được gỡ."),
    )


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        ("NaN", "Tiến độ phải là một số, ví dụ 45 hoặc 45,5."),
        ("10000", "Tiến độ phải nằm giữa -10.000 và 10.000 phần trăm; hãy kiểm tra lại đơn vị."),
        ("45.555", "Tiến độ chỉ ghi tối đa hai chữ số sau dấu phẩy."),
    ],
)
def test_an_impossible_progress_is_refused(world: World, progress: str, sentence: str) -> None:
    assert faults(world, on_plan(progress)) == (Fault("progress", sentence),)


@pytest.mark.parametrize("progress", ["130", "-5", "0", "9999.99"])
def test_progress_is_never_clamped(world: World, progress: str) -> None:
    if Decimal(progress) >= 100:
        store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    report = send(world, world.this_week, on_plan(progress))
    report.refresh_from_db()
    assert report.progress_declared == Decimal(progress)


def test_completion_needs_a_hundred_percent_and_a_file(world: World) -> None:
    assert faults(world, on_plan("90", claims_completion=True)) == (
        Fault("progress", "Báo hoàn thành thì tiến độ phải từ 100 % trở lên."),
        Fault("file", "Báo hoàn thành phải kèm ít nhất một tệp minh chứng. Hãy tải tệp lên rồi gửi lại."),
    )
    file = store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    report = send(world, world.this_week, on_plan("100", claims_completion=True))
    assert [row.evidence for row in report.report_evidence.all()] == [file]
    assert report.content_hash == content_hash(seal_of(report, [file]))


def test_behind_raises_one_obstacle_at_the_asked_body(world: World) -> None:
    report = send(world, world.this_week, behind(world))
    obstacle = Obstacle.objects.get()
    assert report.obstacle == obstacle
    assert (obstacle.code, obstacle.task, obstacle.asked_of) == (
        f"DN-{today().year}-00001", world.tasks["nv-khoa"], world.state.finance,
    )  # fmt: skip
    assert (obstacle.condition, obstacle.cause, obstacle.raised_on) == (
        "Chưa có hướng dẫn định mức chi.", "money", today(),
    )  # fmt: skip
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == ["obstacle.raised", "report.submitted"]


def test_the_same_open_ask_is_not_raised_again(world: World) -> None:
    first = send(world, world.last_week, behind(world))
    second = send(world, world.this_week, behind(world))
    assert first.obstacle == second.obstacle
    add_step(
        first.obstacle, by=world.reporter(), kind="removed", text="Đã có hướng dẫn.",
        organisation=world.state.science, on=today(),
    )  # fmt: skip
    third = send(world, world.obligation("nv-khoa", today() + timedelta(days=7)), behind(world))
    assert third.obstacle != first.obstacle
    assert Obstacle.objects.count() == 2


def test_the_units_own_fault_asks_nothing_of_others(world: World) -> None:
    own = behind(world, cause="own_fault", asked_of=None, asked_what="", asked_due_on=None)
    assert send(world, world.this_week, own).obstacle is None
    assert Obstacle.objects.count() == 0


def test_an_ask_begun_is_finished(world: World) -> None:
    assert faults(world, behind(world, cause="own_fault", asked_of=None, asked_due_on=None)) == (
        Fault("asked_of", "Hãy ghi cơ quan có thể gỡ được điểm nghẽn này."),
        Fault("asked_due_on", "Hãy ghi ngày cần được gỡ."),
    )


def test_a_refused_ask_leaves_no_obstacle_behind(world: World) -> None:
    assert faults(world, behind(world, note="x" * 501)) == (
        Fault("note", "Ghi chú dài 501 ký tự, tối đa 500. Hãy rút gọn."),
    )


def test_the_same_key_twice_is_one_report(world: World) -> None:
    key, by = uuid4(), world.reporter()
    first = submit_report(world.this_week, by=by, content=on_plan(), idempotency_key=key, version=0, at=now())
    second = submit_report(world.this_week, by=by, content=on_plan("99"), idempotency_key=key, version=0, at=now())
    assert first == second
    assert (Report.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_key_used_elsewhere_is_refused(world: World) -> None:
    key, by = uuid4(), world.reporter()
    submit_report(world.last_week, by=by, content=on_plan(), idempotency_key=key, version=0, at=now())
    with pytest.raises(Stale, match="Mã của lần gửi này đã dùng cho một báo cáo khác"):
        submit_report(world.this_week, by=by, content=on_plan(), idempotency_key=key, version=0, at=now())
    assert Report.objects.count() == 1


def test_a_second_report_of_the_period_is_stale_until_the_first_came_back(world: World) -> None:
    first = send(world, world.this_week)
    with pytest.raises(Stale, match="Báo cáo kỳ này đã được gửi trước đó") as stale:
        send(world, world.this_week)
    assert stale.value.current == first
    return_report(first, by=world.approver(), content_hash=first.content_hash, note="Thiếu số liệu.", at=now())
    second = send(world, world.this_week, on_plan("41"))
    assert second.version == 2
    accept_report(
        second, by=world.approver(), content_hash=second.content_hash, progress_accepted=None, note="", at=now()
    )
    with pytest.raises(Stale):
        send(world, world.this_week)
    assert Report.objects.count() == 2


def test_a_draft_saved_elsewhere_stops_the_submission(world: World) -> None:
    by, key = world.reporter(), uuid4()
    save_draft(world.this_week, by=by, typed=TypedReport(note="của tôi"), version=0, page=str(key), at=now())
    with pytest.raises(Stale, match="Bản nháp vừa được lưu ở nơi khác"):
        send(world, world.this_week)
    assert Report.objects.count() == 0
    submit_report(world.this_week, by=by, content=on_plan(), idempotency_key=key, version=0, at=now())
    assert ReportDraft.objects.count() == 0


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.STEERING_OFFICE, Role.PROGRAMME_EDITOR])
def test_other_roles_of_the_lead_do_not_report(world: World, role: Role) -> None:
    with pytest.raises(Forbidden):
        submit_report(
            world.this_week, by=world.state.viewer(role, world.state.science), content=on_plan(),
            idempotency_key=uuid4(), version=0, at=now(),
        )  # fmt: skip
    assert counts() == (0, 0, 0, 0)


@pytest.mark.parametrize("other", ["government", "finance", "elsewhere"])
def test_other_bodies_do_not_report(world: World, other: str) -> None:
    with pytest.raises(Forbidden):
        submit_report(
            world.this_week, by=world.reporter(getattr(world.state, other)), content=on_plan(),
            idempotency_key=uuid4(), version=0, at=now(),
        )  # fmt: skip
    assert Report.objects.count() == 0


def test_the_head_reports_for_the_own_organisation(world: World) -> None:
    report = submit_report(
        world.this_week, by=world.head(), content=on_plan(), idempotency_key=uuid4(), version=0, at=now()
    )
    assert report.author.username == "head-bo-khoa-hoc"


def test_a_suspended_task_takes_no_report(world: World) -> None:
    TaskEvent.objects.create(
        task=world.tasks["nv-khoa"], kind=TaskEventKind.SUSPENDED, happened_on=today(), decision="1/QĐ", reason="mẫu"
    )
    assert faults(world, on_plan()) == (
        Fault("", "Nhiệm vụ này đang tạm dừng hoặc đã kết thúc nên không nhận báo cáo."),
    )


def test_a_backdated_report_is_refused_by_the_database(world: World) -> None:
    by, obligation = world.reporter(), world.this_week
    with pytest.raises(IntegrityError, match="report_not_backdated"), transaction.atomic():
        submit_report(
            obligation, by=by, content=on_plan(), idempotency_key=uuid4(), version=0, at=now() - timedelta(minutes=6)
        )
    assert Report.objects.count() == 0
    simulated = on_plan(is_simulated=True)
    past = timezone.now() - timedelta(days=3)
    report = submit_report(obligation, by=by, content=simulated, idempotency_key=uuid4(), version=0, at=past)
    assert (report.is_simulated, report.submitted_at) == (True, past)


@pytest.mark.parametrize("statement", [
    "UPDATE reporting_report SET note = 'x'",
    "DELETE FROM reporting_report",
    "TRUNCATE reporting_report CASCADE",
    "UPDATE reporting_obligation SET due_on = due_on + 30",
    "DELETE FROM reporting_evidence",
    "UPDATE reporting_acceptance SET note = 'x'",
    "DELETE FROM reporting_reportevidence",
])  # fmt: skip
def test_the_application_role_cannot_rewrite_facts(world: World, statement: str) -> None:
    send(world, world.this_week)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Report.objects.get().note, Acceptance.objects.count()) == ("", 0)
