"""Who owes a programme, what it carries of the parent, and where the chain from clause to commune breaks."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.monitoring.accountability.bodies import commune_under
from tests.monitoring.world import AS_OF, World, document, make_world, programme
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.documents.models import Clause
from thucthi.monitoring.calculations.cascade import (
    STEPS,
    DutyState,
    duty_standing,
    links_of,
    reached,
    unbroken,
)
from thucthi.monitoring.calculations.standing import Ratio
from thucthi.monitoring.selectors.cascades import CascadePage, cascade_page, documents_cascading
from thucthi.monitoring.selectors.sectors import SectorCell, led_by_facts, sector_matrix
from thucthi.programmes.actions.cascade import lift_duty, oblige_programmes
from thucthi.programmes.models import CascadeDuty, Citation, Coordination, Programme

DUE = date(2026, 6, 30)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def world(kept: Kept[World]) -> World:
    world = kept(make_world)
    world.resolution = document(
        world.state, "nq-chuoi", number="7", text="Phải xong việc một. Phải xong việc hai. Phải xong."
    )
    bodies = [world.state.province, world.state.elsewhere, world.state.commune]
    oblige_programmes(world.resolution, by=SYSTEM, organisations=bodies, due_on=DUE, basis="Điều 3")
    return world


def clauses(world: World) -> list[Clause]:
    return [
        Clause.objects.create(document=world.resolution, path=path, start=start, end=end)
        for path, start, end in (("1", 0, 19), ("2", 20, 39), ("3", 40, 50))
    ]


def issue(world: World, body: Organisation, on: date, *cited: Clause, tasks: int = 1) -> Programme:
    made = programme(body, f"ct-{body.code}", world.resolution, on)
    for number in range(tasks):
        task = world.add(f"nv-{body.code}-{number}", body, date(2026, 12, 31), programme=made, group=None)
        Citation.objects.bulk_create(Citation(task=task, clause=clause) for clause in cited)
    return made


def page(world: World, viewer: Viewer = SYSTEM, under: Organisation | None = None) -> CascadePage:
    return cascade_page(viewer, world.resolution, under, AS_OF)


def test_issued_late_overdue_and_lifted(world: World) -> None:
    issue(world, world.state.province, DUE)
    issue(world, world.state.elsewhere, DUE + timedelta(days=12))
    found = page(world)
    states = {row.duty.organisation.code: (row.standing.state, row.standing.days_late) for row in found.rows}
    assert states == {
        "ubnd-an-binh": (DutyState.ISSUED, 0),
        "ubnd-an-khe": (DutyState.ISSUED_LATE, 12),
        "ubnd-hoa": (DutyState.OVERDUE, (AS_OF - DUE).days),
    }
    assert (found.counts.all_issued, found.counts.owed, found.counts.overdue) == (2, 3, 1)
    assert found.rows[0].duty.organisation == world.state.commune
    lift_duty(CascadeDuty.objects.get(organisation=world.state.commune), by=SYSTEM, reason="Sáp nhập", on=AS_OF)
    assert (page(world).counts.owed, page(world).counts.lifted) == (2, 1)


def test_a_draft_and_a_programme_under_another_document_do_not_count(world: World) -> None:
    programme(world.state.province, "nhap", world.resolution, None)
    programme(world.state.elsewhere, "khac", world.secret, DUE)
    assert page(world).counts.overdue == 3


def test_below_a_province(world: World) -> None:
    found = page(world, under=world.state.province)
    assert {row.duty.organisation.code for row in found.rows} == {"ubnd-an-binh", "ubnd-hoa"}
    assert sum(branch.counts.owed for branch in page(world).branches) == page(world).counts.owed == 3


def test_coverage_and_the_chain(world: World) -> None:
    first, second, third = clauses(world)
    issue(world, world.state.science, DUE, first, second, tasks=2)
    issue(world, world.state.province, DUE, first)
    issue(world, world.state.commune, DUE, first, third)
    found = page(world)
    covered = {row.duty.organisation.code: row.covered for row in found.rows}
    assert (covered["ubnd-an-binh"], covered["ubnd-hoa"]) == (Ratio(1, 3), Ratio(2, 3))
    assert covered["ubnd-an-khe"] == Ratio(0, 3)
    chain = {row.clause.path: (row.link.tasks, row.link.breaks_at, row.link.skips) for row in found.chain}
    assert chain == {
        "1": ((2, 1, 1), None, False),
        "2": ((2, 0, 0), "province", False),
        "3": ((0, 0, 1), "central", True),
    }
    assert [found.reached[step] for step in STEPS] == [Ratio(2, 3), Ratio(1, 3), Ratio(2, 3)]
    assert [found.unbroken[step] for step in STEPS] == [Ratio(2, 3), Ratio(1, 3), Ratio(1, 3)]


def test_local_tasks_without_a_parent_clause_are_tagged(world: World) -> None:
    first, *_ = clauses(world)
    issue(world, world.state.province, DUE, first)
    issue(world, world.state.commune, DUE)
    found = page(world)
    assert [task.code for task in found.initiatives] == ["nv-ubnd-hoa-0"]
    assert (found.initiative_count, found.local_tasks) == (1, 2)


def test_sectors_without_a_task_are_flagged(world: World) -> None:
    issue(world, world.state.science, DUE, tasks=2)
    Coordination.objects.create(task=world.tasks["nv-bo-khoa-hoc-0"], organisation=world.state.finance)
    matrix = sector_matrix(SYSTEM, AS_OF)
    place = [document.pk for document in matrix.documents].index(world.resolution.pk)
    cells = {row.organisation.code: row.cells[place] for row in matrix.rows}
    assert cells == {"bo-khoa-hoc": SectorCell(2, 0), "bo-tai-chinh": SectorCell(0, 1)}
    assert matrix.empty == sum(row.without for row in matrix.rows) >= 1
    ids, bodies = [row.pk for row in matrix.documents], [row.organisation.pk for row in matrix.rows]
    led = {
        (row.pk, each.organisation.pk): cell.led
        for each in matrix.rows
        for row, cell in zip(matrix.documents, each.cells, strict=True)
    }
    assert {key: number for key, number in led.items() if number} == dict(led_by_facts(SYSTEM, ids, bodies))


def test_who_takes_part_is_counted_as_one_would_by_hand(world: World) -> None:
    issue(world, world.state.science, DUE, tasks=3)
    below = commune_under(world.state.finance, "cuc-mau", "Cục mẫu")
    for number, body in ((0, world.state.finance), (1, below), (2, below), (2, world.state.science)):
        Coordination.objects.create(task=world.tasks[f"nv-bo-khoa-hoc-{number}"], organisation=body)
    world.programme.bases.add(world.resolution)
    Coordination.objects.create(task=world.tasks["nv-dung-han"], organisation=world.state.finance)
    matrix = sector_matrix(SYSTEM, AS_OF)
    by_hand = Counter(
        (document.pk, body)
        for row in Coordination.objects.select_related("organisation", "task__programme")
        for document in row.task.programme.bases.all()
        for body in row.organisation.path
    )
    for each in matrix.rows:
        for of, cell in zip(matrix.documents, each.cells, strict=True):
            assert cell.coordinated == by_hand[of.pk, each.organisation.pk]
    assert by_hand[world.resolution.pk, world.state.finance.pk] == 4


def test_documents_with_their_counts(world: World) -> None:
    first, *_ = clauses(world)
    issue(world, world.state.province, DUE, first)
    (line,) = [line for line in documents_cascading(SYSTEM, AS_OF) if line.document == world.resolution]
    assert (line.counts.owed, line.counts.issued, line.cited, line.clauses) == (3, 1, 1, 3)


def test_the_page_asks_as_much_for_many(world: World) -> None:
    with CaptureQueriesContext(connection) as few:
        page(world)
    bodies = [commune_under(world.state.province, f"xa-{number}", f"Xã {number}") for number in range(8)]
    oblige_programmes(world.resolution, by=SYSTEM, organisations=bodies, due_on=DUE, basis="Điều 3")
    issue(world, bodies[0], DUE)
    with CaptureQueriesContext(connection) as many:
        page(world)
    assert len(few) == len(many) <= 12


def test_charging_by_the_page(world: World, client: Client) -> None:
    office = world.state.person(Role.STEERING_OFFICE, world.state.committee)
    client.force_login(office)
    address = "/lam-viec/trien-khai/van-ban/nq-chuoi/giao/"
    assert client.post(address, {}).status_code == 422
    assert CascadeDuty.objects.count() == 3
    sent = {"kind": "ministry", "due_on": "2026-12-01", "basis": "Điều 4"}
    answer = client.post(address, sent, follow=True)
    assert "Đã giao 2 cơ quan." in answer.content.decode()
    assert CascadeDuty.objects.count() == 5
    again = client.post(address, sent)
    assert (again.status_code, CascadeDuty.objects.count()) == (422, 5)
    lift = "/lam-viec/trien-khai/van-ban/nq-chuoi/bai-bo/ubnd-hoa/"
    assert client.post(lift, {"reason": ""}).status_code == 422
    assert client.post(lift, {"reason": "Sáp nhập, QĐ 5"}).status_code == 302
    assert client.post(lift, {"reason": "Lần nữa"}).status_code == 409


@given(DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_duty_stands_in_exactly_one_place(due: date, issued: date | None, lifted: date | None, as_of: date) -> None:
    found = duty_standing(due, issued, lifted, as_of)
    is_issued = issued is not None and issued <= as_of
    assert (found.state in {DutyState.ISSUED, DutyState.ISSUED_LATE}) == is_issued
    assert (found.days_late > 0) == (found.state in {DutyState.ISSUED_LATE, DutyState.OVERDUE})


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), max_size=8))
def test_no_more_clauses_are_unbroken_than_reached(counts: list[tuple[int, ...]]) -> None:
    cited = {(n, step): count for n, row in enumerate(counts) for step, count in zip(STEPS, row, strict=True)}
    links = links_of(range(len(counts)), cited)
    assert [link.tasks for link in links] == counts
    last = len(counts)
    for step in STEPS:
        assert unbroken(links)[step].numerator <= min(reached(links)[step].numerator, last)
        last = unbroken(links)[step].numerator
