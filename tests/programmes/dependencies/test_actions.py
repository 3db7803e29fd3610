"""A dependency is entered, refused with all its faults, and ended; nothing moves when it is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.kept_states import Kept
from tests.programmes.dependencies.world import TODAY, World, make_world
from tests.programmes.test_races import at_once
from thucthi.directory.models import Role
from thucthi.indicators.actions.data_needs import end_data_need, set_data_need
from thucthi.indicators.models import DataNeed, Indicator
from thucthi.kernel.errors import Forbidden, NotVisible, Refused, Stale, ThucThiError
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import NewDependency, add_dependency, end_dependency
from thucthi.programmes.models import Dependency, TaskEvent, TaskInstrument


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def new(world: World, waiting: str, needed: str, kind: str = "finish_start", **more: object) -> NewDependency:
    return replace(NewDependency(kind, world.tasks[waiting], needed), **more)


def refused(error: type[ThucThiError], act: Callable[[], object]) -> ThucThiError:
    """`act` raises, and neither rows nor the ledger have moved."""
    before = (list(Dependency.objects.values()), list(DataNeed.objects.values()), Entry.objects.count())
    with pytest.raises(error) as raised:
        act()
    assert (list(Dependency.objects.values()), list(DataNeed.objects.values()), Entry.objects.count()) == before
    return raised.value


def faults_of(act: Callable[[], object]) -> list[tuple[str, str]]:
    error = refused(Refused, act)
    assert isinstance(error, Refused)
    return [(fault.field, fault.text) for fault in error.faults]


def test_an_editor_says_what_the_task_waits_for(world: World) -> None:
    asked = new(world, "a-1", "b-1", lag_days=5, reason=" Cần kết quả rà soát ")
    made = add_dependency(by=world.editor, new=asked, on=TODAY)
    stands = Dependency.objects.get()
    assert (stands.waiting_task.code, stands.needed_task.code, stands.lag_days, stands.reason) == (
        "a-1", "b-1", 5, "Cần kết quả rà soát",
    )  # fmt: skip
    entry = Entry.objects.get(event="dependency.added")
    assert (entry.subject_id, entry.content["waiting"], entry.content["needed"]) == (made.pk, "a-1", "b-1")


def test_an_owed_text_is_needed_by_its_code(world: World) -> None:
    made = add_dependency(by=world.editor, new=new(world, "a-1", "tt-mau", "needs_instrument"), on=TODAY)
    assert (made.needed_instrument, made.needed_task) == (world.circular, None)


@pytest.mark.parametrize(
    ("role", "body"), [("head", "science"), ("steering_office", "government"), ("steering_office", "finance")]
)
def test_who_else_may(world: World, role: str, body: str) -> None:
    viewer = world.state.viewer(Role(role), getattr(world.state, body))
    add_dependency(by=viewer, new=new(world, "a-1", "b-1"), on=TODAY)
    assert Dependency.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "body"), [("programme_editor", "finance"), ("reporter", "science"), ("head", "province")]
)
def test_who_may_not(world: World, role: str, body: str) -> None:
    viewer = world.state.viewer(Role(role), getattr(world.state, body))
    refused(Forbidden, lambda: add_dependency(by=viewer, new=new(world, "a-1", "b-1"), on=TODAY))


def test_a_pair_that_competes_may_be_entered_from_either_side_and_stands_once(world: World) -> None:
    finance = world.state.viewer(Role.PROGRAMME_EDITOR, world.state.finance)
    made = add_dependency(by=finance, new=new(world, "a-1", "b-1", "competes"), on=TODAY)
    assert (made.needed_task, made.waiting_task) == (world.tasks["a-1"], world.tasks["b-1"])
    said = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "b-1", "a-1", "competes"), on=TODAY))
    assert said == [("needed_code", "Quan hệ này đã được ghi rồi; xem trong danh sách.")]


def test_all_faults_at_once(world: World) -> None:
    said = faults_of(
        lambda: add_dependency(by=world.editor, new=new(world, "a-1", "", "", lag_days=251, reason="x" * 501), on=TODAY)
    )
    assert [field for field, _ in said] == ["kind", "lag_days", "reason", "needed_code"]
    assert said[3][1] == "Đề nghị ghi mã của nhiệm vụ hoặc văn bản cần có trước."


def test_a_task_not_to_be_seen_is_refused_like_one_that_does_not_exist(world: World) -> None:
    unknown = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "a-1", "khong-co"), on=TODAY))
    hidden = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "a-1", "kin-1"), on=TODAY))
    assert [(field, text.replace("kin-1", "khong-co")) for field, text in hidden] == unknown
    assert unknown == [
        ("needed_code", "Không tìm thấy nhiệm vụ hoặc văn bản nào có mã “khong-co”. Đề nghị kiểm tra lại mã.")
    ]
    refused(NotVisible, lambda: add_dependency(by=world.editor, new=new(world, "kin-1", "a-1"), on=TODAY))


def test_kinds_itself_and_cancelled_tasks(world: World) -> None:
    wrong_way = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "a-1", "tt-mau"), on=TODAY))
    other_way = faults_of(
        lambda: add_dependency(by=world.editor, new=new(world, "a-1", "b-1", "needs_instrument"), on=TODAY)
    )
    assert [field for field, _ in (*wrong_way, *other_way)] == ["kind", "kind"]
    itself = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "a-1", "a-1"), on=TODAY))
    assert itself == [("needed_code", "Một việc không thể chờ chính nó. Đề nghị ghi mã của việc khác.")]
    TaskEvent.objects.create(
        task=world.tasks["b-1"], kind="cancelled", happened_on=TODAY, decision="1/QĐ", reason="Không còn cần"
    )
    ended = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "a-1", "b-1"), on=TODAY))
    assert ended == [("needed_code", "Nhiệm vụ b-1 đã hủy hoặc đã được thay thế; không ghi thêm quan hệ với việc này.")]


def test_a_circle_is_refused_with_its_way(world: World) -> None:
    add_dependency(by=world.steering, new=new(world, "b-1", "a-1"), on=TODAY)
    add_dependency(by=world.steering, new=new(world, "b-2", "b-1"), on=TODAY)
    said = faults_of(lambda: add_dependency(by=world.steering, new=new(world, "a-1", "b-2"), on=TODAY))
    assert said == [
        (
            "needed_code",
            "Các việc sẽ chờ nhau thành vòng: a-1 → b-1 → b-2 → a-1. Đề nghị bỏ một quan hệ trong vòng này trước.",
        )
    ]
    add_dependency(by=world.steering, new=new(world, "b-2", "a-1", "competes"), on=TODAY)


def test_a_circle_through_a_text_that_a_task_owes(world: World) -> None:
    TaskInstrument.objects.create(task=world.tasks["a-2"], instrument=world.circular)
    add_dependency(by=world.editor, new=new(world, "a-2", "a-1"), on=TODAY)
    said = faults_of(
        lambda: add_dependency(by=world.editor, new=new(world, "a-1", "tt-mau", "needs_instrument"), on=TODAY)
    )
    assert "a-1 → a-2 → tt-mau → a-1" in said[0][1]


def test_the_way_of_a_circle_hides_what_may_not_be_seen(world: World) -> None:
    system_like = world.state.viewer(Role.PROGRAMME_EDITOR, world.state.finance)
    add_dependency(by=system_like, new=new(world, "kin-1", "a-1"), on=TODAY)
    add_dependency(by=system_like, new=new(world, "b-1", "kin-1"), on=TODAY)
    said = faults_of(lambda: add_dependency(by=world.editor, new=new(world, "a-1", "b-1"), on=TODAY))
    assert "a-1 → một việc ông/bà không được xem → b-1 → a-1" in said[0][1]


def test_ending_keeps_the_row_and_frees_the_pair(world: World) -> None:
    made = add_dependency(by=world.editor, new=new(world, "a-1", "b-1"), on=TODAY)
    said = faults_of(lambda: end_dependency(made, by=world.editor, reason=" ", on=date(2026, 11, 29)))
    assert [field for field, _ in said] == ["reason", ""]
    refused(
        Forbidden,
        lambda: end_dependency(made, by=world.state.viewer(Role.HEAD, world.state.finance), reason="Đã có", on=TODAY),
    )
    end_dependency(made, by=world.editor, reason="Đã có số liệu khác", on=TODAY)
    made.refresh_from_db()
    assert (made.ended_on, made.ended_because) == (TODAY, "Đã có số liệu khác")
    assert Entry.objects.filter(event="dependency.ended").count() == 1
    stale = refused(Stale, lambda: end_dependency(made, by=world.editor, reason="Lần nữa", on=TODAY))
    assert "30/11/2026" in str(stale)
    add_dependency(by=world.editor, new=new(world, "a-1", "b-1"), on=TODAY)
    assert Dependency.objects.count() == 2


def test_one_who_sees_neither_side_does_not_learn_of_it(world: World) -> None:
    owner = world.state.viewer(Role.PROGRAMME_EDITOR, world.state.finance)
    hidden = Dependency.objects.create(
        kind="needs_instrument", waiting_task=world.tasks["kin-1"], needed_instrument=world.circular, created_on=TODAY
    )
    refused(NotVisible, lambda: end_dependency(hidden, by=world.editor, reason="Không cần", on=TODAY))
    end_dependency(hidden, by=owner, reason="Không cần", on=TODAY)


def test_data_of_an_indicator_is_needed_and_no_longer(world: World) -> None:
    Indicator.objects.create(code="ct-mau", name="Tỷ lệ mẫu", direction="rise")
    task = world.tasks["a-1"]
    made = set_data_need(task, by=world.editor, indicator_code="ct-mau", reason="Để lập kế hoạch", on=TODAY)
    again = faults_of(lambda: set_data_need(task, by=world.editor, indicator_code="ct-mau", reason="", on=TODAY))
    unknown = faults_of(
        lambda: set_data_need(task, by=world.editor, indicator_code="khong-co", reason="x" * 501, on=TODAY)
    )
    assert [field for field, _ in (*again, *unknown)] == ["indicator_code", "indicator_code", "reason"]
    stranger = world.state.viewer(Role.PROGRAMME_EDITOR, world.state.finance)
    refused(Forbidden, lambda: set_data_need(task, by=stranger, indicator_code="ct-mau", reason="", on=TODAY))
    refused(Forbidden, lambda: end_data_need(made, by=stranger, on=TODAY))
    end_data_need(made, by=world.editor, on=TODAY)
    refused(Stale, lambda: end_data_need(made, by=world.editor, on=TODAY))
    assert DataNeed.objects.get().ended_on == TODAY
    events = Entry.objects.filter(event__startswith="data_need").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["data_need.set", "data_need.ended"]


def test_two_who_close_a_circle_at_once(fresh_database: str) -> None:
    world = make_world()
    steering = world.steering
    steps = [
        lambda pair=pair: add_dependency(by=steering, new=new(world, *pair), on=TODAY)
        for pair in (("a-1", "b-1"), ("b-1", "a-1"))
    ]
    assert at_once(*steps) == ["", "Refused"]
    assert Dependency.objects.count() == Entry.objects.filter(event="dependency.added").count() == 1


def test_the_same_dependency_entered_four_times_at_once_stands_once(fresh_database: str) -> None:
    world = make_world()
    steering = world.steering
    steps = [lambda: add_dependency(by=steering, new=new(world, "a-1", "b-1"), on=TODAY)] * 4
    assert at_once(*steps) == ["", "Refused", "Refused", "Refused"]
    assert Dependency.objects.count() == 1
