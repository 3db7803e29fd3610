"""Ageing tasks, decisions that moved deadlines and leads, and the two counters of each ministry."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.monitoring.rollups.histories import set_day
from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Level, Role, Tree
from thucthi.documents.models import Instrument, InstrumentStep
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.standing import Ratio
from thucthi.monitoring.selectors.actor_classes import (
    ASSEMBLY,
    FRONT,
    GOVERNMENT,
    LOCAL,
    MINISTRY,
    PARTY,
    actor_classes,
    class_of,
)
from thucthi.monitoring.selectors.ageing import BY_IDLE, BY_OVERDUE, AgeingPage, ageing_page
from thucthi.monitoring.selectors.moved_tasks import changes_page
from thucthi.monitoring.selectors.two_counters import CounterRow, two_counters
from thucthi.programmes.actions import change_deadline, change_lead, resume_task
from thucthi.programmes.models import Task, TaskEventKind

QUARTER = span_of("2026-Q4")


@pytest.fixture(params=["from the facts", "from what is kept"])
def world(db: None, request: pytest.FixtureRequest) -> World:
    """The day of the pages is another than the engine's, or the same: both ways must say the same."""
    if request.param == "from what is kept":
        set_day(AS_OF)
    return make_world()


def ageing(world: World, order: str = BY_IDLE, under: str = "elsewhere") -> AgeingPage:
    return ageing_page(SYSTEM, getattr(world.state, under), order, AS_OF)


def add(world: World, code: str, end: date | None = date(2026, 12, 31)) -> object:
    return world.add(code, world.state.elsewhere, end)


def test_the_last_thing_that_happened_counts(world: World) -> None:
    body = world.state.elsewhere
    silent, reported, judged, moved, stepped = (add(world, f"viec-{name}") for name in "abcde")
    world.report(world.owe(reported, date(2026, 10, 30)), date(2026, 10, 30), "5")
    early = world.report(world.owe(judged, date(2026, 10, 2)), date(2026, 10, 2), "5")
    world.decide(early, date(2026, 11, 10), "5")
    decided = {"decision": "1/QĐ", "decided_on": date(2026, 11, 15), "reason": "Chờ vốn"}
    change_deadline(moved, by=SYSTEM, new_deadline="31/01/2027", **decided)
    world.step(stepped, TaskEventKind.RECEIVED, date(2026, 11, 19))
    found = ageing_page(SYSTEM, body, BY_IDLE, AS_OF)
    assert [(row.task.code, row.last_on, row.idle) for row in found.rows] == [
        (silent.code, date(2026, 1, 5), 319),
        (reported.code, date(2026, 10, 30), 21),
        (judged.code, date(2026, 11, 10), 10),
        (moved.code, date(2026, 11, 15), 5),
        (stepped.code, date(2026, 11, 19), 1),
    ]
    assert [bucket.count for bucket in found.buckets] == [3, 1, 0, 0, 1]
    assert sum(bucket.count for bucket in found.buckets) == found.total == 5


def test_edges_of_the_buckets(world: World) -> None:
    for number, on in enumerate((date(2026, 11, 6), date(2026, 11, 5))):
        world.report(world.owe(add(world, f"viec-{number}"), on), on, "5")
    assert [(bucket.above, bucket.up_to, bucket.count) for bucket in ageing(world).buckets] == [
        (0, 14, 1), (15, 30, 1), (31, 60, 0), (61, 90, 0), (91, None, 0),
    ]  # fmt: skip


def test_overdue_ones_by_days(world: World) -> None:
    add(world, "viec-1", date(2026, 11, 10)), add(world, "viec-2", date(2026, 9, 10))
    add(world, "viec-3", AS_OF), add(world, "viec-4", None)
    found = ageing(world, BY_OVERDUE)
    assert [(row.task.code, row.overdue) for row in found.rows] == [("viec-2", 71), ("viec-1", 10)]
    assert (found.overdue, found.total) == (2, 4)
    assert {row.overdue for row in ageing(world).rows} == {71, 10, 0, None}


def test_what_is_done_stopped_or_ended_is_not_open(world: World) -> None:
    codes = {row.task.code for row in ageing_page(SYSTEM, None, BY_IDLE, AS_OF).rows}
    assert codes.isdisjoint({"nv-xong-som", "nv-xong-muon", "nv-tam-dung", "nv-huy"})
    assert "nv-dung-han" in codes
    resume_task(world.tasks["nv-tam-dung"], by=SYSTEM, decision="3/QĐ", on=date(2026, 11, 1), reason="Đủ vốn")
    assert "nv-tam-dung" in {row.task.code for row in ageing_page(SYSTEM, None, BY_IDLE, AS_OF).rows}


def test_the_ageing_list_asks_as_much_for_many(world: World) -> None:
    add(world, "viec-0")
    with CaptureQueriesContext(connection) as few:
        ageing(world)
    for number in range(1, 9):
        add(world, f"viec-{number}")
    with CaptureQueriesContext(connection) as many:
        ageing(world)
    assert len(few) == len(many) <= 5


def test_extensions_are_counted_by_body_and_by_task(world: World) -> None:
    often, once = add(world, "viec-1", date(2026, 6, 30)), add(world, "viec-2", date(2026, 6, 30))
    for task, day, on in (
        (often, "31/08/2026", date(2026, 6, 20)),
        (often, "31/10/2026", date(2026, 8, 20)),
        (once, "20/06/2026", date(2026, 6, 1)),
    ):
        change_deadline(task, by=SYSTEM, new_deadline=day, decision="5/QĐ-CP", decided_on=on, reason="Chờ vốn")
    found = changes_page(SYSTEM, world.state.elsewhere, "gia-han", AS_OF)
    assert (found.decisions, found.tasks, found.led, found.days) == (3, 2, 2, 62 + 61 - 10)
    (body,) = found.bodies
    assert (body.organisation, body.decisions, body.tasks, body.days, body.led) == (world.state.elsewhere, 3, 2, 113, 2)
    assert [(row.task.code, row.decisions, row.days) for row in found.often] == [("viec-1", 2, 123)]
    assert [row.decided_on for row in found.rows] == [date(2026, 8, 20), date(2026, 6, 20), date(2026, 6, 1)]
    assert changes_page(SYSTEM, world.state.elsewhere, "gia-han", date(2026, 6, 30)).decisions == 2


def test_a_task_handed_on_twice_shows(world: World) -> None:
    task = add(world, "viec-1")
    for body, on in ((world.state.finance, date(2026, 3, 1)), (world.state.elsewhere, date(2026, 4, 1))):
        change_lead(task, by=SYSTEM, new_lead=body, decision="6/QĐ-CP", decided_on=on, reason="Không thuộc thẩm quyền")
        task.refresh_from_db()
    found = changes_page(SYSTEM, None, "chuyen-viec", AS_OF)
    assert [(row.task.code, row.decisions) for row in found.often] == [("viec-1", 2)]
    assert (found.rows[0].old_value, found.rows[0].new_value) == ("Bộ Tài chính", "UBND tỉnh An Khê")
    assert changes_page(SYSTEM, None, "gia-han", AS_OF).decisions == 0


def test_others_do_not_see_what_is_restricted(world: World) -> None:
    task = world.add("viec-kin", world.state.elsewhere, date(2026, 6, 30), programme=world.hidden, group=None)
    change_deadline(
        task, by=SYSTEM, new_deadline="31/12/2026", decision="5/QĐ", decided_on=date(2026, 6, 1), reason="x"
    )
    viewer = world.state.viewer(Role.REPORTER, world.state.elsewhere)
    assert changes_page(SYSTEM, world.state.elsewhere, "gia-han", AS_OF).decisions == 1
    assert changes_page(viewer, world.state.elsewhere, "gia-han", AS_OF).decisions == 0
    assert ageing_page(viewer, world.state.elsewhere, BY_IDLE, AS_OF).total == 0


def counter(world: World, code: str, quarter: str = "2026-Q4") -> CounterRow:
    found = two_counters(SYSTEM, span_of(quarter), AS_OF)
    return next(row for row in found.rows if row.organisation.code == code)


def test_texts_issued_and_results_delivered_stand_apart(world: World) -> None:
    for number, (due, steps) in enumerate(
        (
            (date(2026, 9, 30), [("drafting", date(2026, 5, 1)), ("issued", date(2026, 10, 15))]),
            (date(2026, 9, 30), [("issued", date(2026, 8, 15)), ("in_force", date(2026, 10, 1))]),
            (date(2026, 9, 30), [("drafting", date(2026, 5, 1))]),
            (date(2027, 9, 30), []),
        )
    ):
        owed = Instrument.objects.create(
            code=f"vb-{number}", document=world.resolution, type="circular", title="Thông tư mẫu",
            drafter=world.state.science, due_on=due,
        )  # fmt: skip
        for stage, on in steps:
            InstrumentStep.objects.create(instrument=owed, stage=stage, entered_on=on)
    row = counter(world, "bo-khoa-hoc")
    assert (row.issued, row.owed, row.delivered) == (1, 1, 1)
    assert counter(world, "bo-khoa-hoc", "2026-Q3").issued == 1
    finance = counter(world, "bo-tai-chinh")
    assert (finance.issued, finance.delivered, finance.due) == (0, 0, Ratio(0, 0))


def test_a_ministry_answers_for_targets_it_owns(world: World) -> None:
    indicator = world.tasks["nv-dung-han"].contributions.get().indicator
    indicator.owner = world.state.science
    indicator.save()
    assert counter(world, "bo-khoa-hoc").reached == Ratio(0, 1)


def test_every_body_belongs_to_one_class_of_actors(world: World) -> None:
    found = {str(row.words): (row.bodies, row.tasks, row.done, row.overdue) for row in actor_classes(SYSTEM, AS_OF)}
    # A suspended task stands still; it is not overdue here either.
    assert found["Địa phương"] == (2, 4, 1, 1)
    assert found["Bộ, ngành và cơ quan Trung ương khác"][0] == 2
    assert found["Cấp ủy, tổ chức đảng"] == found["Quốc hội"] == (0, 0, 0, 0)
    issued = Task.objects.filter(is_issued=True, lead__isnull=False).count()
    assert sum(tasks for _bodies, tasks, _done, _overdue in found.values()) == issued
    assert {class_of(tree, kind, level) for tree in Tree for kind in ("government", "x") for level in Level} == {
        PARTY, GOVERNMENT, FRONT, MINISTRY, LOCAL,
    }  # fmt: skip
    assert class_of("state", "national_assembly", "central") == ASSEMBLY
