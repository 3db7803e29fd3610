"""The verdict of another: what it may be, who may give it, and that there is only one."""

import threading
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests.reporting.world import CSV, World, make_world, now, on_plan, send
from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import Fault, Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import accept_report, return_report, store_evidence, submit_report
from thucthi.reporting.models import Acceptance, Report, Verdict
from thucthi.reporting.selectors import tasks_that_report

THREADS = 8


def accept(report: Report, by: Viewer, progress: str | None = None, note: str = "") -> Acceptance:
    return accept_report(
        report,
        by=by,
        content_hash=report.content_hash,
        progress_accepted=None if progress is None else Decimal(progress),
        note=note,
        at=now(),
    )


def test_the_declared_figure_is_accepted_as_it_stands(world: World) -> None:
    report = send(world, world.this_week, on_plan("45.5"))
    decided = accept(report, world.approver())
    decided.refresh_from_db()
    assert (decided.verdict, decided.progress_accepted, decided.author_id) == (
        Verdict.ACCEPTED, Decimal("45.50"), report.author_id,
    )  # fmt: skip
    assert decided.content_hash == report.content_hash
    assert list(Entry.objects.order_by("-pk").values_list("event", "actor_label")[:1]) == [
        ("report.accepted", "approver-chinh-phu")
    ]
    assert Entry.objects.filter(event="report.accepted").count() == 1


def test_less_may_be_accepted_but_never_more(world: World) -> None:
    report = send(world, world.this_week, on_plan("45"))
    with pytest.raises(Refused) as refused:
        accept(report, world.approver(), "45.01", "x" * 501)
    assert refused.value.faults == (
        Fault("progress_accepted", "Tiến độ nghiệm thu không thể cao hơn tiến độ đơn vị tự khai."),
        Fault("note", "Ý kiến dài 501 ký tự, tối đa 500. Hãy rút gọn."),
    )
    assert Acceptance.objects.count() == 0
    assert accept(report, world.approver(), "-3").progress_accepted == Decimal(-3)


def test_completion_is_accepted_whole_or_returned(world: World) -> None:
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    report = send(world, world.this_week, on_plan("100", claims_completion=True))
    with pytest.raises(Refused) as refused:
        accept(report, world.approver(), "99")
    assert refused.value.faults == (
        Fault(
            "progress_accepted",
            "Đơn vị báo hoàn thành: nếu chưa đạt 100 % thì trả lại báo cáo, không chấp nhận một phần.",
        ),
    )
    assert tasks_that_report(now().date()).filter(pk=report.task_id).exists()
    accept(report, world.approver())
    assert not tasks_that_report(now().date()).filter(pk=report.task_id).exists()


def test_a_return_needs_a_reason(world: World) -> None:
    report = send(world, world.this_week)
    with pytest.raises(Refused) as refused:
        return_report(report, by=world.approver(), content_hash=report.content_hash, note="  ", at=now())
    assert refused.value.faults == (Fault("note", "Hãy ghi rõ cần sửa điều gì để đơn vị gửi lại."),)
    decided = return_report(report, by=world.approver(), content_hash=report.content_hash, note="Thiếu.", at=now())
    assert (decided.verdict, decided.progress_accepted, decided.note) == (Verdict.RETURNED, None, "Thiếu.")
    assert Entry.objects.filter(event="report.returned").count() == 1


def test_another_content_than_the_one_shown_is_stale(world: World) -> None:
    report = send(world, world.this_week)
    with pytest.raises(Stale, match="Nội dung đang hiện không phải là bản báo cáo này"):
        accept_report(report, by=world.approver(), content_hash="0" * 64, progress_accepted=None, note="", at=now())
    assert Acceptance.objects.count() == 0


def test_the_second_verdict_is_stale(world: World) -> None:
    report = send(world, world.this_week)
    accept(report, world.approver())
    with pytest.raises(Stale, match="approver-chinh-phu đã xử lý báo cáo này trước: Chấp nhận"):
        return_report(
            report, by=world.head(world.state.government), content_hash=report.content_hash, note="Không.", at=now()
        )
    assert Acceptance.objects.get().verdict == Verdict.ACCEPTED


@pytest.mark.parametrize(("organisation", "role", "allowed"), [
    ("government", Role.APPROVER, True),
    ("government", Role.HEAD, True),
    ("government", Role.STEERING_OFFICE, False),
    ("government", Role.AUDITOR, False),
    ("government", Role.VERIFIER, False),
    ("province", Role.APPROVER, True),
    ("commune", Role.APPROVER, False),
    ("commune", Role.HEAD, False),
    ("elsewhere", Role.APPROVER, False),
    ("science", Role.HEAD, False),
])  # fmt: skip
def test_who_may_accept_the_report_of_a_commune(world: World, organisation: str, role: Role, allowed: bool) -> None:
    report = send(world, world.obligation("nv-xa", now().date()))
    by = world.state.viewer(role, getattr(world.state, organisation))
    if allowed:
        assert accept(report, by).reviewer_id == by.account_id
    else:
        with pytest.raises(Forbidden):
            accept(report, by)
        assert Acceptance.objects.count() == 0


def test_a_head_above_does_not_accept_the_own_report(world: World) -> None:
    """The same person reports for the ministry and approves in the government."""
    account = world.state.person(Role.HEAD, world.state.government)
    account.memberships.create(organisation=world.state.science, role=Role.REPORTER, valid_from="2025-01-01")
    both = world.head(world.state.government)
    report = submit_report(world.this_week, by=both, content=on_plan(), idempotency_key=uuid4(), version=0, at=now())
    with pytest.raises(Forbidden):
        accept(report, both)
    assert Acceptance.objects.count() == 0


def test_the_database_itself_refuses_self_acceptance(world: World) -> None:
    report = send(world, world.this_week)
    with pytest.raises(IntegrityError, match="acceptance_by_another"), transaction.atomic(), connection.cursor() as sql:
        sql.execute(
            "INSERT INTO reporting_acceptance (report_id, verdict, progress_accepted, note, author_id, reviewer_id,"
            " content_hash, decided_at, is_simulated) VALUES (%s, 'accepted', 40, '', %s, %s, %s, now(), false)",
            [report.pk, report.author_id, report.author_id, report.content_hash],
        )
    assert Acceptance.objects.count() == 0


def test_the_database_itself_refuses_a_second_verdict(world: World) -> None:
    report = send(world, world.this_week)
    first = accept(report, world.approver())
    with pytest.raises(IntegrityError, match="report_id"), transaction.atomic(), connection.cursor() as sql:
        sql.execute(
            "INSERT INTO reporting_acceptance (report_id, verdict, note, author_id, reviewer_id, content_hash,"
            " decided_at, is_simulated) VALUES (%s, 'returned', 'x', %s, %s, %s, now(), false)",
            [report.pk, report.author_id, first.reviewer_id, report.content_hash],
        )
    assert Acceptance.objects.get() == first


def at_once(act: Callable[[int], object]) -> list[object]:
    """Run `act(0..7)` in threads of their own connections, all let go together; results or exceptions in order."""
    gate, answers = threading.Barrier(THREADS), [None] * THREADS

    def run(n: int) -> None:
        try:
            connections["default"].ensure_connection()
            gate.wait(timeout=30)
            answers[n] = act(n)
        except Exception as problem:
            answers[n] = problem
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_eight_reviewers_at_once_leave_one_verdict(fresh_database: str) -> None:
    world = make_world()
    reviewers = [world.approver(), world.head(world.state.government)]
    report = send(world, world.this_week)

    def decide(n: int) -> object:
        if n % 2:
            return return_report(
                report, by=reviewers[n % 4 // 2], content_hash=report.content_hash, note=f"{n}", at=now()
            )
        return accept(report, reviewers[n % 4 // 2])

    answers = at_once(decide)
    assert Acceptance.objects.count() == 1
    assert [answer for answer in answers if isinstance(answer, Acceptance)] == [Acceptance.objects.get()]
    assert sum(isinstance(answer, Stale) for answer in answers) == THREADS - 1
    assert Entry.objects.filter(event__in=["report.accepted", "report.returned"]).count() == 1


def test_eight_presses_with_one_key_are_one_report(fresh_database: str) -> None:
    world = make_world()
    by, obligation, key = world.reporter(), world.this_week, uuid4()

    def press(n: int) -> object:
        return submit_report(obligation, by=by, content=on_plan(f"{n}"), idempotency_key=key, version=0, at=now())

    answers = at_once(press)
    assert answers == [Report.objects.get()] * THREADS
    assert Entry.objects.count() == 1


def test_eight_openings_of_the_form_leave_one_report(fresh_database: str) -> None:
    world = make_world()
    by, obligation = world.reporter(), world.this_week

    def press(n: int) -> object:
        return submit_report(obligation, by=by, content=on_plan(f"{n}"), idempotency_key=uuid4(), version=0, at=now())

    answers = at_once(press)
    assert Report.objects.count() == 1
    assert sum(isinstance(answer, Stale) for answer in answers) == THREADS - 1
