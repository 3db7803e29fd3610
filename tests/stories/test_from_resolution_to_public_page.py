"""The whole duty once: a resolution is registered, framed, planned, reported, accepted, frozen and published."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from tests.people import State, make_state
from thucthi.directory.models import Role
from thucthi.documents.actions import NewClause, NewDocument, register_document
from thucthi.documents.models import Document
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry
from thucthi.monitoring.selectors import task_states
from thucthi.monitoring.states import Schedule, Stage
from thucthi.programmes.actions import (
    NewCheckpoint,
    NewFrame,
    NewGoal,
    NewProgramme,
    NewResponsibility,
    TaskContent,
    add_task,
    create_frame,
    create_programme,
    edit_task,
    issue_programme,
)
from thucthi.programmes.models import Programme, Task
from thucthi.publication.actions import prepare_snapshot, publish_snapshot
from thucthi.reporting.actions import ReportContent, accept_report, create_obligations, store_evidence, submit_report
from thucthi.reporting.models import Acceptance, Obligation

pytestmark = pytest.mark.django_db
Commit = Callable[..., AbstractContextManager[object]]
WORDS = "Đến năm 2030, mọi dịch vụ công đủ điều kiện được cung cấp trực tuyến toàn trình."
CLEAR = TaskContent(
    text="Xây dựng cổng dịch vụ công dùng chung của các bộ",
    product="Cổng dịch vụ công đưa vào vận hành",
    acceptance_criterion="100 % thủ tục đủ điều kiện được nộp và trả kết quả trên cổng",
    deadline_raw="31/12/2026",
    money_vnd_million=Decimal(12000),
    money_source="Ngân sách trung ương năm 2026",
    people="Tổ công tác 12 người",
    facilities="Trung tâm dữ liệu của bộ",
    authority_basis="Giao tại quyết định ban hành chương trình",
)


def a_resolution(state: State) -> Document:
    return register_document(
        by=state.viewer(Role.STEERING_OFFICE, state.government),
        new=NewDocument(
            slug="nq-mau", number="01", symbol="-NQ/MAU", year=2026, issuer=state.government, type="resolution",
            issued_on=date(2026, 1, 5), title="Nghị quyết mẫu về dịch vụ công", register=state.government, text=WORDS,
            clauses=(NewClause("II.1", 0, len(WORDS)),),
        ),
    )  # fmt: skip


def a_frame(state: State, document: Document) -> None:
    create_frame(
        document,
        by=state.viewer(Role.STEERING_OFFICE, state.government),
        new=NewFrame(
            benefit_country="Bộ máy gọn, minh bạch hơn",
            benefit_people="Người dân không phải đi lại",
            benefit_future="Dữ liệu dùng chung cho thế hệ sau",
            responsibilities=(
                NewResponsibility("Toàn bộ nghị quyết", state.committee, state.head_post(state.committee)),
            ),
            goals=(NewGoal("muc-tieu-1", "Người dân hài lòng với dịch vụ công", rubric=("Thấp", "Khá", "Cao")),),
            checkpoints=(
                NewCheckpoint("moc-1", "Cổng vận hành thử", date(2026, 9, 30), "Biên bản vận hành", state.finance),
            ),
        ),
    )


def a_programme(state: State, document: Document, today: date) -> Task:
    """Drafted vaguely at first: the gate refuses; put right, it is issued."""
    editor, head = state.viewer(Role.PROGRAMME_EDITOR, state.government), state.viewer(Role.HEAD, state.government)
    for organisation in (state.government, state.science):
        state.head_post(organisation)
    programme = create_programme(
        by=editor,
        new=NewProgramme(
            code="ct-mau", organisation=state.government, title="Chương trình mẫu", documents=(document,),
            groups=("Dịch vụ công",), head=state.head_post(state.government), authority_basis="Luật mẫu",
            resource_source="Ngân sách nhà nước",
        ),
    )  # fmt: skip
    vague = add_task(
        programme,
        by=editor,
        content=TaskContent(code="ct-mau-1", text="Tăng cường", lead_text="Các bộ, ngành", group="Dịch vụ công"),
        on=today,
    )
    with pytest.raises(Refused) as refusal:
        issue_programme(programme, by=head, issued_on=today, issued_as="01/CT-MAU")
    assert len(refusal.value.faults) >= 3
    assert not Programme.objects.get().is_issued
    content = replace(
        CLEAR, code="ct-mau-1", group="Dịch vụ công", lead=state.science, coordinators=(state.finance,),
        start_on=today, clauses=tuple(document.clauses.all()),
    )  # fmt: skip
    edit_task(vague, by=editor, content=content, version=vague.version, on=today)
    with pytest.raises(Forbidden):
        issue_programme(programme, by=editor, issued_on=today, issued_as="01/CT-MAU")
    issue_programme(programme, by=head, issued_on=today, issued_as="01/CT-MAU")
    return Task.objects.get(code="ct-mau-1")


def the_whole_duty(commit: Commit) -> None:
    state, now = make_state(), timezone.now()
    today = timezone.localdate(now)
    document = a_resolution(state)
    a_frame(state, document)
    a_programme(state, document, today)

    assert create_obligations(by=state.viewer(Role.STEERING_OFFICE, state.government), on=today) == 1
    assert create_obligations(by=state.viewer(Role.STEERING_OFFICE, state.government), on=today) == 0
    obligation = Obligation.objects.get()
    reporter = state.viewer(Role.REPORTER, state.science)
    claim = ReportContent(claim="on_plan", progress=Decimal(100), note="Cổng đã vận hành", claims_completion=True)
    with pytest.raises(Refused, match="minh chứng"):
        submit_report(obligation, by=reporter, content=claim, idempotency_key=uuid4(), version=0, at=now)
    store_evidence(obligation, by=reporter, file_name="bien-ban.csv", content=b"muc,ket_qua\n1,dat\n")
    report = submit_report(obligation, by=reporter, content=claim, idempotency_key=uuid4(), version=0, at=now)
    assert task_states(Task.objects.all(), today)[0].stage is Stage.AWAITING_ACCEPTANCE

    with pytest.raises(Forbidden):
        accept_report(
            report, by=reporter, content_hash=report.content_hash, progress_accepted=Decimal(100), note="", at=now
        )
    assert Acceptance.objects.count() == 0
    superior = state.viewer(Role.APPROVER, state.government)
    accept_report(
        report, by=superior, content_hash=report.content_hash, progress_accepted=Decimal(100), note="Đạt", at=now
    )
    done = task_states(Task.objects.all(), today)[0]
    assert (done.stage, done.schedule) == (Stage.DONE, Schedule.DONE_EARLY)
    assert (done.declared, done.accepted, done.measured) == (Decimal(100), Decimal(100), None)

    preparer = state.viewer(Role.STEERING_OFFICE, state.government)
    snapshot = prepare_snapshot(by=preparer, kind="weekly", as_of=today)
    with commit(execute=True):
        publish_snapshot(snapshot, by=state.viewer(Role.PUBLISHER, state.government))
    page = Path(settings.PUBLISHED_ROOT) / "latest" / "nhiem-vu" / "ct-mau-1"
    assert "Xây dựng cổng dịch vụ công dùng chung" in (page / "index.html").read_text(encoding="utf-8")
    assert json.loads((page / "index.json").read_text(encoding="utf-8"))["data"]["standing"]["stage"] == "done"
    assert Entry.objects.filter(event="snapshot.published").count() == 1
    assert today - timedelta(days=1) < snapshot.as_of


def test_a_resolution_becomes_a_result_that_anyone_can_check(django_capture_on_commit_callbacks: Commit) -> None:
    the_whole_duty(django_capture_on_commit_callbacks)


def test_every_step_left_one_entry(django_capture_on_commit_callbacks: Commit) -> None:
    the_whole_duty(django_capture_on_commit_callbacks)
    told = list(Entry.objects.order_by("pk").values_list("event", flat=True))
    assert told == [
        "document.registered", "frame.created", "programme.created", "task.added", "task.edited", "programme.issued",
        "obligations.created", "evidence.stored", "report.submitted", "report.accepted", "snapshot.prepared",
        "snapshot.published",
    ]  # fmt: skip
