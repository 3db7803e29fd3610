"""The clarity gate: a programme is issued whole and clear, or not at all (D16, D17)."""

from datetime import timedelta

import pytest

from tests.programmes.world import ISSUED_ON, TODAY, make_world
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import add_task, grant_clarity_exception, issue_programme
from thucthi.programmes.calculations import Verdict
from thucthi.programmes.models import ClarityException, Programme, Task, TaskEvent
from thucthi.programmes.selectors import clarity_of

pytestmark = pytest.mark.django_db


def nothing_was_issued() -> bool:
    return not (
        Programme.objects.filter(issued_on__isnull=False).exists()
        or Task.objects.filter(is_issued=True).exists()
        or TaskEvent.objects.exists()
        or Entry.objects.filter(event="programme.issued").exists()
    )


def test_a_clear_programme_is_issued_with_its_tasks() -> None:
    world = make_world()
    programme = world.draft()
    task = programme.tasks.get()
    world.state.person(Role.APPROVER, world.state.science)
    assert {found.criterion: found.verdict for found in clarity_of(task, ISSUED_ON)} == {
        found.criterion: Verdict.MET for found in clarity_of(task, ISSUED_ON)
    }
    issued = issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as=" 12/CTr-BKH ", version=2)
    task.refresh_from_db()
    assert (issued.issued_on, issued.issued_as, issued.version, task.is_issued) == (ISSUED_ON, "12/CTr-BKH", 3, True)
    event = TaskEvent.objects.get()
    assert (event.task, event.kind, event.happened_on, event.by_id) == (
        task,
        "issued",
        ISSUED_ON,
        world.head.account_id,
    )
    entry = Entry.objects.get(event="programme.issued")
    assert entry.content == {"issued_on": "2026-03-10", "issued_as": "12/CTr-BKH", "tasks": ["ct57-01"]}


def test_a_deadline_that_passed_after_issue_stays_clear() -> None:
    world = make_world()
    programme = world.draft()
    issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="12/CTr-BKH", version=2)
    task = Task.objects.get()
    assert task.resolved_end is not None
    later = {found.criterion: found for found in clarity_of(task, task.resolved_end + timedelta(days=1))}
    reasons = [note.reason for found in later.values() for note in found.notes]
    assert "Ngày cuối đứng trước ngày ban hành chương trình." not in reasons
    assert Verdict.MISSING not in {found.verdict for found in later.values()}


def test_every_missing_point_of_every_task_is_listed_at_once_and_nothing_moves() -> None:
    world = make_world()
    programme = world.draft(
        world.clear_task(),
        world.clear_task(code="ct57-02", lead=None, lead_text="Các bộ, ngành, địa phương", coordinators=()),
        world.clear_task(code="ct57-03", deadline_raw="Thường xuyên", product="", money_source="", people="",
                         money_vnd_million=None, facilities="", authority_basis=""),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="")
    faults = [(fault.field, fault.text.split(":")[0]) for fault in refusal.value.faults]
    assert faults == [
        ("issued_as", "Đề nghị ghi số, ký hiệu văn bản ban hành chương trình."),
        ("ct57-02", "ct57-02 – Rõ người"),
        ("ct57-02", "ct57-02 – Rõ trách nhiệm"),
        ("ct57-03", "ct57-03 – Rõ thẩm quyền"),
        ("ct57-03", "ct57-03 – Rõ thời gian"),
        ("ct57-03", "ct57-03 – Rõ kết quả"),
        ("ct57-03", "ct57-03 – Rõ nguồn lực"),
    ]
    assert nothing_was_issued()


def test_the_programme_lends_its_authority_and_resources() -> None:
    world = make_world()
    content = world.clear_task(money_source="", people="", money_vnd_million=None, facilities="", authority_basis="")
    programme = world.draft(content, authority_basis="Nghị quyết 57", resource_source="3 % chi ngân sách hằng năm")
    reasons = [found.reason for found in clarity_of(programme.tasks.get(), ISSUED_ON)]
    assert reasons[3] == "Kế thừa từ chương trình: Nghị quyết 57."
    assert reasons[6] == "Kế thừa từ chương trình: 3 % chi ngân sách hằng năm."
    assert issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1").is_issued


def test_an_exception_of_the_head_lets_a_missing_point_pass() -> None:
    world = make_world()
    programme = world.draft(world.clear_task(deadline_raw="Theo kế hoạch"))
    task = programme.tasks.get()
    granted = grant_clarity_exception(task, by=world.head, criterion="thoi_gian", reason="Chờ lịch Quốc hội", on=TODAY)
    assert (granted.criterion, granted.reason, granted.granted_by_id) == (
        "thoi_gian", "Chờ lịch Quốc hội", world.head.account_id,
    )  # fmt: skip
    assert Entry.objects.filter(event="clarity_exception.granted").count() == 1
    assert issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1").is_issued


@pytest.mark.parametrize(
    ("criterion", "reason", "field"),
    [("thoi_gian", "vì", "criterion"), ("ket_qua", " ", "reason"), ("khac", "vì", "criterion")],
)
def test_an_exception_needs_a_missing_criterion_and_a_reason(criterion: str, reason: str, field: str) -> None:
    world = make_world()
    task = world.draft(world.clear_task(product="")).tasks.get()
    with pytest.raises(Refused) as refusal:
        grant_clarity_exception(task, by=world.head, criterion=criterion, reason=reason, on=TODAY)
    assert [fault.field for fault in refusal.value.faults] == [field]
    assert not ClarityException.objects.exists()


def test_no_exception_replaces_the_one_lead() -> None:
    world = make_world()
    task = world.draft(world.clear_task(lead=None, lead_text="Các bộ", coordinators=())).tasks.get()
    with pytest.raises(Refused):
        grant_clarity_exception(task, by=world.head, criterion="nguoi", reason="vì", on=TODAY)
    assert not ClarityException.objects.exists()


@pytest.mark.parametrize("role", [Role.PROGRAMME_EDITOR, Role.APPROVER, Role.STEERING_OFFICE, Role.AUDITOR])
def test_only_the_head_of_the_owner_issues_and_excepts(role: Role) -> None:
    world = make_world()
    programme = world.draft(world.clear_task(product=""))
    viewer = world.state.viewer(role, world.state.science)
    with pytest.raises(Forbidden):
        issue_programme(programme, by=viewer, issued_on=ISSUED_ON, issued_as="1")
    with pytest.raises(Forbidden):
        grant_clarity_exception(programme.tasks.get(), by=viewer, criterion="ket_qua", reason="vì", on=TODAY)
    with pytest.raises(Forbidden):
        issue_programme(
            programme, by=world.state.viewer(Role.HEAD, world.state.finance), issued_on=ISSUED_ON, issued_as="1"
        )
    assert nothing_was_issued()
    assert not ClarityException.objects.exists()


def test_an_issue_over_somebodys_later_edit_is_stale() -> None:
    world = make_world()
    programme = world.draft()
    add_task(programme, by=world.editor, content=world.clear_task(code="ct57-02"), on=TODAY)
    with pytest.raises(Stale):
        issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1", version=2)
    assert nothing_was_issued()


def test_an_empty_programme_and_a_second_issue_are_refused() -> None:
    world = make_world()
    task = world.issued()
    with pytest.raises(Refused) as refusal:
        issue_programme(task.programme, by=world.head, issued_on=ISSUED_ON, issued_as="2")
    assert [fault.text for fault in refusal.value.faults] == ["Chương trình đã được ban hành."]
    assert Entry.objects.filter(event="programme.issued").count() == 1
