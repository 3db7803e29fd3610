"""What nobody answers climbs: with the clock's own days, late as nightly, once, and on whatever rungs there are."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from tests.kept_states import Kept
from tests.obstacles.test_obstacles import merge, raised
from tests.reporting.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.kernel.errors import Fault, Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import (
    NewRule,
    Position,
    add_step,
    climb_ladders,
    end_ladder_rule,
    set_ladder_rule,
)
from thucthi.obstacles.models import CoordinationRequest, Hop, LadderRule, Obstacle, RequestStep
from thucthi.obstacles.selectors import ObstacleFilter, list_obstacles, standing_of
from thucthi.obstacles.tasks import climb_ladders as nightly
from thucthi.programmes.models import ControlFrame, FrameResponsibility

# Tuesday the 24th is Vietnam's Culture Day: no clock runs on it.
FRIDAY = date(2026, 11, 20)
LATER = date(2027, 3, 1)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    made = kept(make_world)
    frame = ControlFrame.objects.create(
        document=made.programme.bases.get(), benefit_country="a", benefit_people="b", benefit_future="c"
    )
    committee = made.state.committee
    FrameResponsibility.objects.create(
        frame=frame, node="Toàn bộ", committee=committee, head=made.state.head_post(committee)
    )
    return made


def climb(on: date, most: int = 5_000) -> int:
    added, position = 0, Position()
    while position is not None:
        climbed = climb_ladders(by=SYSTEM, on=on, after=position, most=most)
        added, position = added + climbed.added, climbed.following
    return added


def desks(subject: Obstacle | CoordinationRequest) -> list[tuple[Any, ...]]:
    rows = subject.hops.order_by("number")
    return list(rows.values_list("number", "rung", "organisation__code", "started_on", "due_on", "skipped"))


def request_of(world: World, **more: Any) -> CoordinationRequest:
    values = {
        "code": "yc-1",
        "task": world.tasks["nv-xa"],
        "asking": world.state.science,
        "asked": world.state.commune,
        "text": "Gửi số liệu.",
        "asked_on": FRIDAY,
        "due_on": date(2026, 12, 1),
    }
    return CoordinationRequest.objects.create(**(values | more))


def test_a_raised_obstacle_lies_on_the_asked_desk_at_once(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.commune)
    assert desks(obstacle) == [(1, "owner", "ubnd-hoa", FRIDAY, date(2026, 11, 30), "")]
    assert climb(FRIDAY) == 0
    assert [entry.event for entry in Entry.objects.all()] == ["obstacle.raised"]


def test_in_silence_it_climbs_to_the_committee_and_stays(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.commune)
    assert climb(LATER) == 3
    assert desks(obstacle) == [
        (1, "owner", "ubnd-hoa", FRIDAY, date(2026, 11, 30), ""),
        (2, "superior", "ubnd-an-binh", date(2026, 12, 1), date(2026, 12, 7), ""),
        (3, "next", "chinh-phu", date(2026, 12, 8), date(2026, 12, 14), ""),
        (4, "committee", "dang-uy-chinh-phu", date(2026, 12, 15), date(2026, 12, 28), ""),
    ]
    entry = Entry.objects.get(event="ladder.climbed")
    assert (entry.content["desks"], entry.content["obstacles"], entry.content["requests"]) == (3, 1, 0)
    assert (climb(LATER), climb(LATER + timedelta(days=300)), Entry.objects.count()) == (0, 0, 2)


def test_late_gives_what_every_night_gives(world: World) -> None:
    first = raised(world, asked_of=world.state.commune)
    for day in range(40):
        climb(FRIDAY + timedelta(days=day))
    second = raised(world, asked_of=world.state.commune)
    climb(FRIDAY + timedelta(days=39))
    assert desks(first) == desks(second)
    assert len(desks(first)) == 4


def test_slices_give_the_same(world: World) -> None:
    obstacles = [raised(world, asked_of=world.state.commune) for _ in range(3)]
    requests = [request_of(world, code=f"yc-{n}") for n in range(3)]
    assert climb(LATER, most=2) == 3 * 3 + 3 * 4
    assert len({str(desks(each)) for each in obstacles}) == 1
    assert {len(desks(each)) for each in requests} == {4}
    assert climb(LATER, most=2) == 0


def test_an_answer_in_time_keeps_it_down_and_a_late_one_where_it_came(world: World) -> None:
    early, late = (raised(world, asked_of=world.state.commune) for _ in range(2))
    for obstacle, day in ((early, date(2026, 11, 30)), (late, date(2026, 12, 2))):
        add_step(obstacle, by=SYSTEM, kind="answered", text="Đã hướng dẫn.", organisation=world.state.commune, on=day)
    assert climb(LATER) == 0
    assert [row[1] for row in desks(early)] == ["owner"]
    assert [row[1] for row in desks(late)] == ["owner", "superior"]


def test_reopening_starts_the_same_desk_anew(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.commune)
    add_step(obstacle, by=SYSTEM, kind="answered", text="Xong.", organisation=world.state.commune, on=date(2026, 12, 1))
    add_step(obstacle, by=SYSTEM, kind="removed", text="Gỡ.", organisation=world.state.science, on=date(2026, 12, 2))
    again = date(2026, 12, 10)
    step = add_step(
        obstacle, by=world.reporter(), kind="reopened", text="Vẫn vướng.", organisation=world.state.science, on=again
    )
    assert step.round == 2
    assert desks(obstacle)[2:] == [(3, "superior", "ubnd-an-binh", again, date(2026, 12, 17), "")]
    assert obstacle.hops.get(number=3).because == "reopened"
    standing = standing_of(obstacle, again)
    assert (standing.state, standing.closed_on, standing.is_open) == ("reopened", None, True)
    assert standing_of(obstacle, date(2026, 12, 9)).closed_on == date(2026, 12, 2)
    climb(LATER)
    assert [row[1] for row in desks(obstacle)] == ["owner", "superior", "superior", "next", "committee"]
    add_step(obstacle, by=SYSTEM, kind="removed", text="Gỡ hẳn.", organisation=world.state.science, on=LATER)
    assert obstacle.steps.filter(kind="removed").count() == 2


def test_what_is_open_is_not_reopened(world: World) -> None:
    obstacle = raised(world)
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        add_step(obstacle, by=SYSTEM, kind="reopened", text="a", organisation=world.state.science, on=FRIDAY)
    assert refused.value.faults[0].field == "kind"
    assert (obstacle.steps.count(), obstacle.hops.count(), Entry.objects.count()) == (0, 1, entries)


def test_a_root_has_only_the_committee_above_it(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.government)
    climb(LATER)
    assert desks(obstacle)[1][1:3] == ("committee", "dang-uy-chinh-phu")
    assert desks(obstacle)[1][-1] == "superior=no_body,next=no_body"


def test_without_a_task_there_is_no_committee_and_the_highest_body_keeps_it(world: World) -> None:
    obstacle = raised(world, task=None, asked_of=world.state.finance)
    climb(LATER)
    assert [row[1:3] for row in desks(obstacle)] == [("owner", "bo-tai-chinh"), ("superior", "chinh-phu")]
    assert climb(LATER + timedelta(days=30)) == 0


def test_without_a_frame_the_body_that_issued_the_programme_is_the_top(world: World) -> None:
    ControlFrame.objects.filter(document__slug="nq-noi-bo").delete()
    obstacle = raised(world, task=world.tasks["nv-mat"], asked_of=world.state.finance)
    climb(LATER)
    assert [row[1:3] for row in desks(obstacle)] == [
        ("owner", "bo-tai-chinh"),
        ("superior", "chinh-phu"),
        ("committee", "bo-khoa-hoc"),
    ]


def test_a_merged_rung_is_answered_by_its_successor_from_that_day(world: World) -> None:
    before, after = (raised(world, asked_of=world.state.commune) for _ in range(2))
    climb(date(2026, 12, 1))
    merge(world, world.state.province, world.state.elsewhere, last_day=date(2026, 12, 1))
    climb(LATER)
    assert [row[2] for row in desks(before)] == ["ubnd-hoa", "ubnd-an-binh", "chinh-phu", "dang-uy-chinh-phu"]
    assert desks(before) == desks(after)
    late = raised(world, on=date(2026, 12, 2), asked_of=world.state.commune)
    climb(LATER)
    assert [row[2] for row in desks(late)] == ["ubnd-hoa", "ubnd-an-khe", "chinh-phu", "dang-uy-chinh-phu"]


def test_nobody_succeeded_the_asked_body_and_its_superior_has_it_first(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.commune)
    merge(world, world.state.commune, last_day=date(2026, 11, 20))
    waiting = request_of(world, asked_on=date(2026, 11, 23))
    climb(date(2026, 11, 23))
    assert desks(waiting) == [
        (1, "superior", "ubnd-an-binh", date(2026, 11, 23), date(2026, 12, 1), "owner=no_successor")
    ]
    climb(LATER)
    assert desks(obstacle)[1][2] == "ubnd-an-binh"


def test_an_unanswered_request_climbs_from_its_own_day(world: World) -> None:
    request = request_of(world)
    assert climb(FRIDAY) == 1
    assert desks(request) == [(1, "owner", "ubnd-hoa", FRIDAY, date(2026, 12, 1), "")]
    climb(date(2026, 12, 2))
    assert desks(request)[1][1:5] == ("superior", "ubnd-an-binh", date(2026, 12, 2), date(2026, 12, 8))


def test_an_answer_that_is_not_enough_lets_a_request_climb_again(world: World) -> None:
    request = request_of(world)
    climb(FRIDAY)
    said = (("full", date(2026, 11, 30)), ("insufficient", date(2026, 12, 10)))
    for kind, day in said:
        RequestStep.objects.create(
            request=request, kind=kind, text="a", organisation=world.state.commune, happened_on=day
        )
        climb(day)
    assert len(desks(request)) == 1
    climb(date(2026, 12, 17))
    assert len(desks(request)) == 1
    climb(date(2026, 12, 18))
    assert desks(request)[1][1:5] == ("superior", "ubnd-an-binh", date(2026, 12, 18), date(2026, 12, 24))
    RequestStep.objects.create(
        request=request, kind="withdrawn", text="a", organisation=world.state.science, happened_on=date(2026, 12, 21)
    )
    assert climb(LATER) == 0


def test_only_the_system_runs_it(world: World) -> None:
    raised(world, asked_of=world.state.commune)
    with pytest.raises(Forbidden):
        climb_ladders(by=world.state.viewer(Role.STEERING_OFFICE, world.state.government), on=LATER)
    assert Hop.objects.count() == 1


def test_the_night_job_goes_through_all(world: World) -> None:
    raised(world, on=date(2026, 10, 1), due_on=date(2026, 10, 30), asked_of=world.state.commune)
    assert nightly(0) == 3
    assert nightly(0) == 0


def test_the_list_is_narrowed_to_a_desk_and_a_rung(world: World) -> None:
    low, high = raised(world, asked_of=world.state.commune), raised(world, asked_of=world.state.finance)
    add_step(low, by=SYSTEM, kind="answered", text="a", organisation=world.state.commune, on=FRIDAY)
    climb(LATER)
    viewer = world.reporter()
    found = {
        "rung": [row.obstacle for row in list_obstacles(viewer, ObstacleFilter(rung="committee"), LATER)],
        "desk": [row.obstacle for row in list_obstacles(viewer, ObstacleFilter(desk=world.state.commune), LATER)],
        "then": [row.obstacle for row in list_obstacles(viewer, ObstacleFilter(rung="owner"), FRIDAY)],
    }
    assert found == {"rung": [high], "desk": [low], "then": [low, high]}
    (standing,) = list_obstacles(viewer, ObstacleFilter(rung="committee"), LATER)
    assert ([body.code for body in standing.holders], standing.rung_word) == (["dang-uy-chinh-phu"], "Ban chỉ đạo")


# --- rules


def rule(**more: Any) -> NewRule:
    values = {"cause": "money", "rung": "owner", "working_days": 2, "basis": "Quy chế 12/QC", "valid_from": FRIDAY}
    return NewRule(**(values | more))


def test_a_rule_holds_for_desks_to_come(world: World) -> None:
    central = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    old = raised(world)
    first = set_ladder_rule(by=central, new=rule(valid_from=date(2026, 11, 23)), on=FRIDAY)
    assert raised(world, on=date(2026, 11, 23)).hops.get().due_on == date(2026, 11, 26)
    assert raised(world, on=date(2026, 11, 23), cause="land").hops.get().due_on == date(2026, 12, 1)
    second = set_ladder_rule(by=central, new=rule(working_days=1, valid_from=date(2026, 12, 1)), on=FRIDAY)
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to, old.hops.get().due_on) == (date(2026, 11, 30), None, date(2026, 11, 30))
    end_ladder_rule(second, by=central, on=date(2026, 12, 4))
    assert raised(world, on=date(2026, 12, 7)).hops.get().due_on == date(2026, 12, 14)
    with pytest.raises(Stale):
        end_ladder_rule(second, by=central, on=date(2026, 12, 4))
    assert [entry.event for entry in Entry.objects.filter(event__startswith="ladder_rule").order_by("pk")] == [
        "ladder_rule.set", "ladder_rule.set", "ladder_rule.ended",
    ]  # fmt: skip


def test_all_faults_of_a_rule_at_once(world: World) -> None:
    with pytest.raises(Refused) as refused:
        set_ladder_rule(by=SYSTEM, new=NewRule("x", "y", 0, " ", FRIDAY), on=FRIDAY)
    assert [fault.field for fault in refused.value.faults] == ["cause", "rung", "working_days", "basis", "valid_from"]
    assert (LadderRule.objects.count(), Entry.objects.count()) == (0, 0)
    set_ladder_rule(by=SYSTEM, new=rule(valid_from=LATER), on=FRIDAY)
    with pytest.raises(Refused) as refused:
        set_ladder_rule(by=SYSTEM, new=rule(valid_from=date(2026, 12, 1)), on=FRIDAY)
    assert refused.value.faults == (
        Fault("valid_from", "Đã có quy định từ ngày này hoặc muộn hơn; hãy chọn ngày sau đó."),
    )


@pytest.mark.parametrize("where", ["province", "commune"])
def test_only_the_centre_sets_clocks(world: World, where: str) -> None:
    viewer = world.state.viewer(Role.STEERING_OFFICE, getattr(world.state, where))
    with pytest.raises(Forbidden):
        set_ladder_rule(by=viewer, new=rule(valid_from=LATER), on=FRIDAY)
    assert (LadderRule.objects.count(), Entry.objects.count()) == (0, 0)


# --- races


def test_many_runs_and_an_answer_at_once_give_one_ladder(fresh_database: None) -> None:
    world = make_world()
    obstacles = [raised(world, asked_of=world.state.commune) for _ in range(5)]
    gate, faults = threading.Barrier(5), []

    def run(place: int) -> None:
        try:
            gate.wait()
            if place < 4:
                climb(LATER)
            else:
                for each in obstacles:
                    add_step(each, by=SYSTEM, kind="answered", text="a", organisation=world.state.commune, on=LATER)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert {str(desks(each)) for each in obstacles} == {str(desks(obstacles[0]))}
    assert [row[0] for row in desks(obstacles[0])] == [1, 2, 3]
    assert sum(entry.content["desks"] for entry in Entry.objects.filter(event="ladder.climbed")) <= 10
    assert climb(LATER) == 0
