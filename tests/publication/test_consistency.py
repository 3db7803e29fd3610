"""The five checks of a resolution: each planted fault is found, with its list; the published text against the data."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, ISSUED_ON, World, at, document, make_world, programme
from tests.public_site.issue import prepared
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.documents.actions import InstrumentContent, owe_instrument
from thucthi.documents.models import Clause, Document
from thucthi.indicators.models import Indicator, Target
from thucthi.kernel.values import format_vi
from thucthi.monitoring.calculations.consistency_of_resolutions import (
    Check,
    CheckKey,
    CheckState,
    LawFacts,
    LawReason,
    Line,
    Problem,
    SheetFacts,
    check_of,
    law_reasons,
    money_problem,
    sheet_problems,
)
from thucthi.programmes.actions import (
    Decided,
    NewFunding,
    allocate_funding,
    change_deadline,
    change_lead,
    change_text,
    link_task_instrument,
)
from thucthi.programmes.calculations.resources import Money, sums
from thucthi.programmes.models import Citation, ProgrammeBasis, Task, TaskChange, TaskEventKind, TaskInstrument
from thucthi.programmes.selectors.resources import money_of
from thucthi.publication import files
from thucthi.publication.actions import publish_snapshot
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors.consistency import consistency_book, consistency_page, resolutions_checked, said_at

lines = st.lists(st.builds(Line, st.sampled_from("abc"), st.just(""), st.sampled_from(Problem)), max_size=8)


@given(lines)
def test_counts_of_a_check_add_up(found: list[Line]) -> None:
    check = check_of(CheckKey.LAW, 3, found)
    assert check.held + check.broken + check.unjudged == 3
    assert (check.state is CheckState.BROKEN) == (check.broken > 0)


def test_nothing_to_check_is_not_a_success() -> None:
    assert check_of(CheckKey.LAW, 0, ()).state is CheckState.NOTHING
    assert check_of(CheckKey.LAW, 2, ()).state is CheckState.HOLDS
    assert check_of(CheckKey.MONEY, 2, [Line("a", "", Problem.NOT_STATED)]).state is CheckState.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (LawFacts("nhiem_vu", "Luật Tổ chức Chính phủ", False, 0), ()),
        (LawFacts("van_ban", "Luật", False, 0), (LawReason.IS_LEGAL_TEXT,)),
        (LawFacts("nhiem_vu", " ", False, 0), (LawReason.NO_AUTHORITY,)),
        (LawFacts("nhiem_vu", "Chưa có quy định về việc này", False, 0), (LawReason.NOT_REGULATED,)),
        (LawFacts("de_an", "Luật", True, 1), (LawReason.CLAUSE_OWES,)),
    ],
)
def test_which_tasks_need_law(facts: LawFacts, reasons: tuple[LawReason, ...]) -> None:
    assert law_reasons(facts) == reasons


def test_sheets_and_money() -> None:
    found = sheet_problems(
        [
            SheetFacts("a", "Tỷ lệ số", "x", True),
            SheetFacts("b", "tỷ lệ SỐ", "", False),
            SheetFacts("c", "Khác", "x", True),
        ]
    )
    assert found["a"] == (Problem.SAME_NAME,)
    assert found["b"] == (Problem.NO_DEFINITION, Problem.NO_SOURCE, Problem.SAME_NAME)
    assert found["c"] == ()
    one = Decimal(1)
    assert money_problem(Money(None, None, None)) is Problem.NOT_STATED
    assert money_problem(Money(Decimal(0), None, None)) is None
    assert money_problem(Money(one, one, None)) is None
    assert money_problem(Money(one, None, None)) is Problem.NO_ALLOCATION
    assert money_problem(Money(one, Decimal(0), None)) is Problem.TOO_LITTLE


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@dataclass(frozen=True)
class Listed:
    """A check with the whole list behind it; the count of the one is the count of the other."""

    check: Check
    lines: tuple[Line, ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.check, name)


def checks(document: Document, as_of: date = AS_OF) -> dict[CheckKey, Listed]:
    page = consistency_page(SYSTEM, document, as_of)
    found = {key: Listed(check, tuple(page.lists[key][:])) for key, check in page.row.checks.items()}
    for key, listed in found.items():
        assert check_of(key, listed.of, listed.lines) == listed.check
        assert len(page.lists[key]) == len(listed.lines)
    (row,) = consistency_book(SYSTEM, [document], as_of).value.rows
    assert row == page.row
    return found


def scene(world: World, **about_the_second: object) -> Document:
    """Another resolution with clauses I.1 and I.2; `ba-mot` cites I.1, `ba-hai` nothing; both rest on a law."""
    made = document(world.state, "ba-nq", number="3", text="Phải xong việc một. Phải xong việc hai.")
    first = Clause.objects.create(document=made, path="I.1", start=0, end=19)
    Clause.objects.create(document=made, path="I.2", start=20, end=39)
    draft = programme(world.state.government, "ct-ba", made, issued_on=None)
    law = {"programme": draft, "group": None, "is_issued": False, "authority_basis": "Luật mẫu"}
    tasks = [world.add(code, world.state.science, AS_OF, **law | more) for code, more in _both(about_the_second)]
    Citation.objects.create(task=tasks[0], clause=first)
    draft.issued_on, draft.issued_as = ISSUED_ON, "3/CTr"
    draft.save()
    for task in tasks:
        task.is_issued = True
        task.save()
        world.step(task, TaskEventKind.ISSUED, ISSUED_ON)
    return made


def _both(about_the_second: dict[str, object]) -> tuple[tuple[str, dict[str, object]], ...]:
    return ("ba-mot", {"money_vnd_million": Decimal(0)}), ("ba-hai", about_the_second)


def codes(check: Listed) -> list[tuple[str, Problem]]:
    return [(line.code, line.problem) for line in check.lines]


def test_every_clause_has_a_task(world: World) -> None:
    found = checks(scene(world))[CheckKey.CLAUSES]
    assert (found.of, found.held, codes(found)) == (2, 1, [("I.2", Problem.NO_TASK)])
    assert found.lines[0].text == "Phải xong việc hai."


def test_a_cancelled_task_carries_out_nothing(world: World) -> None:
    made = scene(world)
    world.step(world.tasks["ba-mot"], TaskEventKind.CANCELLED, AS_OF)
    assert codes(checks(made)[CheckKey.CLAUSES]) == [("I.1", Problem.NO_TASK), ("I.2", Problem.NO_TASK)]


def test_every_task_that_needs_law_has_an_instrument(world: World) -> None:
    made = scene(world, kind="van_ban")
    assert codes(checks(made)[CheckKey.LAW]) == [("ba-hai", Problem.NO_INSTRUMENT)]
    content = InstrumentContent("decree", "Nghị định mẫu", world.state.science, clause=made.clauses.get(path="I.1"))
    instrument = owe_instrument(made, by=SYSTEM, content=content, on=AS_OF)
    link_task_instrument(world.tasks["ba-hai"], instrument, by=SYSTEM, decided=Decided("QĐ 1", "Giao thêm"))
    found = checks(made)[CheckKey.LAW]
    assert (found.of, [(line.code, line.detail) for line in found.lines]) == (2, [("ba-mot", "clause_owes")])
    link_task_instrument(world.tasks["ba-mot"], instrument, by=SYSTEM, decided=Decided("QĐ 1", "Giao thêm"))
    assert checks(made)[CheckKey.LAW].state is CheckState.HOLDS


def test_one_definition_and_one_source_per_indicator(world: World) -> None:
    of = Target.objects.filter(document=world.resolution).values("indicator").distinct().count()
    found = checks(world.resolution)[CheckKey.INDICATORS]
    assert found.of == of
    Indicator.objects.filter(targets__document=world.resolution).update(
        definition="Số đo", source="Báo cáo mẫu", source_owner=None
    )
    assert checks(world.resolution)[CheckKey.INDICATORS].state is CheckState.HOLDS
    assert checks(scene(world))[CheckKey.INDICATORS].state is CheckState.NOTHING


def test_money_covers_the_tasks(world: World) -> None:
    made = scene(world, money_vnd_million=Decimal(100))
    found = checks(made)[CheckKey.MONEY]
    assert (found.of, codes(found), found.lines[0].detail) == (1, [("ba-hai", Problem.NO_ALLOCATION)], "100")
    new = NewFunding(Decimal(100), AS_OF, "QĐ 1")
    allocate_funding(world.tasks["ba-hai"], by=SYSTEM, new=new, on=AS_OF)
    assert checks(made)[CheckKey.MONEY].state is CheckState.HOLDS
    unknown = checks(world.resolution)[CheckKey.MONEY]
    assert (unknown.state, unknown.broken, unknown.held) == (CheckState.UNKNOWN, 0, 0)


def published(world: World) -> Snapshot:
    snapshot = prepared(world)
    publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    return snapshot


def test_without_an_issue_nothing_can_be_said(world: World) -> None:
    found = checks(world.resolution)[CheckKey.PUBLISHED]
    assert (found.state, codes(found)) == (CheckState.UNKNOWN, [("", Problem.NO_ISSUE)])


def test_the_published_text_equals_the_data(world: World) -> None:
    published(world)
    found = checks(world.resolution)[CheckKey.PUBLISHED]
    assert (found.of, found.state) == (8, CheckState.HOLDS)


def test_a_later_decision_is_no_contradiction_and_a_late_one_is(world: World) -> None:
    published(world)
    after = AS_OF + timedelta(days=1)
    task, other = world.tasks["nv-dung-han"], world.tasks["nv-sap-den"]
    change_text(task, by=SYSTEM, new_text="Việc khác hẳn", decision="QĐ 2", decided_on=after, reason="Sửa lời")
    change_lead(task, by=SYSTEM, new_lead=world.state.finance, decision="QĐ 3", decided_on=after, reason="Đổi")
    assert checks(world.resolution)[CheckKey.PUBLISHED].state is CheckState.HOLDS
    change_deadline(other, by=SYSTEM, new_deadline="31/12/2026", decision="QĐ 4", decided_on=AS_OF, reason="Ghi muộn")
    found = checks(world.resolution)[CheckKey.PUBLISHED]
    assert codes(found) == [("nv-sap-den", Problem.DECIDED_AFTERWARDS)]
    assert (found.broken, found.held) == (1, 7)


def test_what_was_changed_without_a_decision_is_found(world: World) -> None:
    """The database refuses to rewrite an issued task silently, so the fault is planted in the files."""
    shown = files.issue_directory(published(world).manifest_hash) / files.DATA
    words = world.tasks["nv-qua-han"].text
    shown.write_bytes(shown.read_bytes().replace(words.encode(), "Lời bị sửa lặng lẽ".encode()))
    added = world.add("nv-them", world.state.science, AS_OF)
    late = world.add("nv-giao-sau", world.state.science, AS_OF, is_issued=False)
    found = checks(world.resolution)[CheckKey.PUBLISHED]
    assert codes(found) == [("nv-qua-han", Problem.TEXT_DIFFERS), (added.code, Problem.NOT_PUBLISHED)]
    assert late.code not in {line.code for line in found.lines}
    world.resolution.security = "internal"
    world.resolution.save(update_fields=["security"])
    found = checks(world.resolution)[CheckKey.PUBLISHED]
    assert {problem for _, problem in codes(found)} == {Problem.NOT_LIVE}


def test_taking_decisions_back(world: World) -> None:
    task, moment = world.tasks["nv-dung-han"], at(AS_OF)

    def change(old: str, new: str, day: date, hours: int) -> TaskChange:
        made = TaskChange(task=task, field="text", old_value=old, new_value=new, decided_on=day)
        made.recorded_at = moment + timedelta(hours=hours)
        return made

    task.text = "ba"
    known = [change("một", "hai", ISSUED_ON, -2), change("hai", "ba", AS_OF + timedelta(days=9), -1)]
    assert said_at(task, known, AS_OF, moment).text == "hai"
    assert said_at(task, [known[0], change("hai", "ba", AS_OF, 1)], AS_OF, moment).text == "hai"
    assert said_at(task, known, AS_OF + timedelta(days=9), moment).text == "ba"


def test_pages_and_hidden_resolutions(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    published(world)
    client = Client()
    account = world.state.person(Role.REPORTER, world.state.finance)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(24):
        page = client.get("/lam-viec/nam-nhat-quan/").content.decode()
    assert "1-NQ/TW" in page
    assert world.secret.slug not in page
    assert "Bản công bố đúng với dữ liệu" in client.get("/lam-viec/nam-nhat-quan/1-nq-tw/").content.decode()
    assert client.get(f"/lam-viec/nam-nhat-quan/{world.secret.slug}/").status_code == 404
    assert resolutions_checked(SYSTEM, AS_OF).count() == 2


def test_the_counts_are_those_of_the_measure(world: World) -> None:
    """Every task read and judged one by one by the pure rules, on tasks of all kinds under two resolutions."""
    made = scene(world, kind="van_ban", authority_basis="")
    owing = made.clauses.get(path="I.1")
    content = InstrumentContent("decree", "Nghị định mẫu", world.state.science, clause=owing)
    instrument = owe_instrument(made, by=SYSTEM, content=content, on=AS_OF)
    both = world.tasks["nv-dung-han"].programme
    ProgrammeBasis.objects.create(programme=both, document=made)
    kinds, bases = ("van_ban", "de_an", "nhiem_vu"), ("", "Chưa có QUY ĐỊNH", "Luật mẫu")
    money = (None, Decimal(0), Decimal(10), Decimal(20))
    for number, (kind, basis, needed) in enumerate(itertools.product(kinds, bases, money)):
        task = world.add(
            f"do-{number:02}", world.state.science, AS_OF, kind=kind, authority_basis=basis, money_vnd_million=needed
        )
        if number % 3 == 0:
            Citation.objects.create(task=task, clause=owing)
        if number % 4 == 1:
            TaskInstrument.objects.create(task=task, instrument=instrument)
        if needed and number % 5:
            given = Decimal(number % 4 * 10)
            allocate_funding(task, by=SYSTEM, new=NewFunding(given, AS_OF, "QĐ 1"), on=AS_OF)
        if number % 7 == 0:
            world.step(task, TaskEventKind.CANCELLED, AS_OF)
    for resolution in (made, world.resolution):
        found, tasks = checks(resolution), running_under(resolution)
        assert (found[CheckKey.LAW].of, list(found[CheckKey.LAW].lines)) == law_by_hand(resolution, tasks)
        money_found = found[CheckKey.MONEY]
        assert (money_found.of, list(money_found.lines)) == money_by_hand(tasks)
        assert consistency_page(SYSTEM, resolution, AS_OF).row.sums == sums(money_of(tasks, AS_OF).values())


def running_under(document: Document) -> list[Task]:
    issued = Task.objects.filter(programme__bases=document, is_issued=True, programme__issued_on__isnull=False)
    rows = issued.exclude(events__kind="cancelled").select_related("programme").order_by("code")
    return list(rows)


def law_by_hand(document: Document, tasks: list[Task]) -> tuple[int, list[Line]]:
    lines, needing = [], 0
    for task in tasks:
        owes = task.clauses.filter(document=document, owed_instruments__isnull=False).exists()
        authority = task.authority_basis or task.programme.authority_basis
        reasons = law_reasons(LawFacts(task.kind, authority, owes, task.task_instruments.count()))
        needing += bool(reasons)
        if reasons and not task.task_instruments.exists():
            lines.append(Line(task.code, task.text, Problem.NO_INSTRUMENT, ",".join(reasons)))
    return needing, lines


def money_by_hand(tasks: list[Task]) -> tuple[int, list[Line]]:
    lines, asked = [], 0
    for task, money in zip(tasks, money_of(tasks, AS_OF).values(), strict=True):
        problem = money_problem(money)
        asked += money.needs_money or problem is Problem.NOT_STATED
        if problem is not None:
            lines.append(Line(task.code, task.text, problem, format_vi(money.gap) if money.gap else ""))
    return asked, lines


def test_a_long_list_is_paged_and_says_how_many(world: World) -> None:
    for number in range(112):
        world.add(f"dai-{number:03}", world.state.science, AS_OF)
    client = Client()
    account = world.state.person(Role.REPORTER, world.state.finance)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    address = "/lam-viec/nam-nhat-quan/1-nq-tw/"
    shown = [client.get(f"{address}?trang-money={page}").content.decode() for page in (1, 2, 3)]
    of = checks(world.resolution)[CheckKey.MONEY].of
    assert of > 100
    assert all(f"{of} trên {of} chưa xét được" in page for page in shown)
    assert all(f"Danh sách phải xem: {of} dòng" in page for page in shown)
    assert [page.count("chưa ghi nhu cầu vốn") for page in shown] == [50, 50, of - 100]
    assert 'href="?trang-money=2#money"' in shown[0]
