"""What an issue says: exact counts, public material only, honest about its day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, HIDDEN, World, make_world
from thucthi.kernel.canonical import canonical_json
from thucthi.publication.models import Correction, Snapshot
from thucthi.publication.selectors import public_issue
from thucthi.publication.shapes import IssueData, RatioData

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def issue(world: World) -> IssueData:
    return public_issue("weekly", AS_OF)


def test_the_header(issue: IssueData) -> None:
    header = issue.header
    assert (header.kind, header.issue, header.label_vi) == ("weekly", "2026-W47", "Tuần 47/2026")
    assert (header.as_of, header.since, header.next_update) == (AS_OF, date(2026, 11, 13), date(2026, 11, 27))
    assert header.simulated


def test_the_counts(issue: IssueData) -> None:
    assert issue.tally.total == 8
    assert issue.tally.stages["done"] == 2
    assert issue.tally.schedules["overdue"] == 1
    assert (issue.tally.owed, issue.tally.reported) == (4, 1)
    assert issue.tally.completion == RatioData(2, 7)
    assert [each.code for each in issue.tasks] == sorted(each.code for each in issue.tasks)


def test_every_sum_opens_into_its_rows(issue: IssueData) -> None:
    for codes, tally in (
        (dict.fromkeys(each.code for each in issue.tasks), issue.tally),
        *((dict.fromkeys(each.led), each.own) for each in issue.organisations),
    ):
        rows = [each for each in issue.tasks if each.code in codes]
        assert len(rows) == tally.total
        assert {key: sum(row.standing.schedule == key for row in rows) for key in tally.schedules} == tally.schedules
        assert {key: sum(row.standing.stage == key for row in rows) for key in tally.stages} == tally.stages
    by_code = {each.code: each for each in issue.organisations}
    for each in issue.organisations:
        assert each.subtree.total == each.own.total + sum(by_code[child].subtree.total for child in each.children)


def test_only_public_material(world: World, issue: IssueData) -> None:
    written = canonical_json(issue).decode()
    assert HIDDEN not in written
    assert "Người đứng đầu mẫu" not in written
    assert "Người mẫu" not in written
    assert "Thiếu minh chứng" not in written


def test_a_task_that_cites_a_document_that_is_not_public_stays_inside(world: World) -> None:
    clause = world.secret.clauses.create(path="I", start=0, end=1)
    world.tasks["nv-huy"].clauses.add(clause)
    assert "nv-huy" not in {each.code for each in public_issue("weekly", AS_OF).tasks}


def test_a_document_taken_out_of_the_public_register_takes_its_tasks_along(world: World) -> None:
    type(world.resolution).objects.filter(pk=world.resolution.pk).update(security="internal")
    issue = public_issue("weekly", AS_OF)
    assert (issue.documents, issue.programmes, issue.tasks, issue.obstacles, issue.indicators) == ((), (), (), (), ())


def test_the_same_day_gives_the_same_answer_after_later_facts(world: World, issue: IssueData) -> None:
    later = AS_OF + timedelta(days=1)
    obligation = world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF)
    world.report(obligation, later, "77")
    assert public_issue("weekly", AS_OF) == issue
    after = {each.code: each for each in public_issue("weekly", later).tasks}
    assert after["nv-sap-den"].standing.declared == Decimal(77)
    assert after["nv-sap-den"].standing.reported == "reported"


def test_the_parts_of_a_task(issue: IssueData) -> None:
    task = next(each for each in issue.tasks if each.code == "nv-dung-han")
    assert (task.standing.declared, task.standing.accepted, task.standing.measured) == (
        Decimal(50),
        Decimal(35),
        Decimal(25),
    )
    assert [each.period for each in task.history] == ["2026-W47", "2026-W46", "2026-W45"]
    assert (task.history[2].declared, task.history[2].accepted) == (Decimal(40), Decimal(35))
    assert task.documents == ("1-nq-tw",)
    assert task.clarity


def test_the_goals_of_the_frame_and_the_gap_in_the_text(issue: IssueData) -> None:
    document = issue.documents[0]
    assert document.frame is not None
    assert document.frame.goals[0].rubric == ("Thấp", "Cao")
    assert document.frame.responsibilities[0].head_post == "Người đứng đầu"
    assert [(each.path, each.text, each.tasks) for each in document.clauses] == [("I.1", "Phải xong việc một.", ())]


def test_changes_since_the_issue_before(world: World) -> None:
    issue = public_issue("monthly", date(2026, 11, 30))
    assert issue.header.since == date(2026, 10, 31)
    assert issue.changes.finished == ("nv-xong-som",)
    assert issue.changes.newly_late == ("nv-sap-den",)


def test_the_trend_begins_with_the_first_task(world: World) -> None:
    trend = public_issue("monthly", date(2026, 3, 31)).trend
    assert [(each.period, each.tally.total) for each in trend] == [("2026-01", 8), ("2026-02", 8), ("2026-03", 8)]


def test_corrections_are_listed_from_the_day_they_are_announced(world: World) -> None:
    snapshot = Snapshot.objects.create(
        kind="weekly", issue="2026-W46", as_of=AS_OF, manifest_hash="a" * 64, file_count=1
    )
    author = world.author(world.state.government)
    Correction.objects.create(snapshot=snapshot, text="Sửa số 3 thành 4", announced_on=AS_OF, by=author)
    assert public_issue("weekly", AS_OF - timedelta(days=1)).corrections == ()
    (notice,) = public_issue("weekly", AS_OF).corrections
    assert (notice.issue, notice.announced_on, notice.text) == ("2026-W46", AS_OF, "Sửa số 3 thành 4")


def test_the_questions_asked_of_the_database_do_not_grow_with_the_tasks(
    world: World, django_assert_max_num_queries
) -> None:
    for place in range(30):
        made = world.add(f"them-{place}", world.state.science, date(2026, 12, 31))
        world.report(world.owe(made, AS_OF), AS_OF, "5")
    with django_assert_max_num_queries(190):
        public_issue("weekly", AS_OF)
