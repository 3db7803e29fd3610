"""Charging many bodies with a programme of their own, and lifting one: all or nothing, one entry, a reason kept."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions.cascade import lift_duty, oblige_programmes
from thucthi.programmes.models import CascadeDuty

DUE = date(2025, 6, 30)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def oblige(world: World, by: Viewer | None = None, **other: object) -> list[CascadeDuty]:
    bodies = [world.state.province, world.state.elsewhere]
    asked = {"organisations": bodies, "due_on": DUE, "basis": "Điều 3 Nghị quyết 57", **other}
    return oblige_programmes(world.document, by=by or world.steering, **asked)


def test_one_action_charges_many(world: World) -> None:
    made = oblige(world, basis="  Điều 3 Nghị quyết 57 ")
    assert [(duty.organisation.code, duty.due_on, duty.basis) for duty in made] == [
        ("ubnd-an-binh", DUE, "Điều 3 Nghị quyết 57"),
        ("ubnd-an-khe", DUE, "Điều 3 Nghị quyết 57"),
    ]
    entry = Entry.objects.get(event="programmes.obliged")
    assert entry.content["organisations"] == ["ubnd-an-binh", "ubnd-an-khe"]
    assert entry.subject_label == str(world.document)


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"organisations": []}, ["organisations"]),
        ({"due_on": None}, ["due_on"]),
        ({"due_on": date(2024, 12, 21), "basis": " "}, ["due_on", "basis"]),
        ({"basis": "x" * 301}, ["basis"]),
    ],
)
def test_all_faults_at_once_and_nobody_is_charged(world: World, other: dict, fields: list[str]) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        oblige(world, **other)
    assert [fault.field for fault in refused.value.faults] == fields
    assert (CascadeDuty.objects.count(), Entry.objects.count()) == (0, before)


def test_a_body_is_charged_once(world: World) -> None:
    oblige(world, organisations=[world.state.province])
    before = Entry.objects.count()
    with pytest.raises(Refused, match="UBND tỉnh An Bình"):
        oblige(world)
    with pytest.raises(Refused, match="hai lần"):
        oblige(world, organisations=[world.state.elsewhere, world.state.elsewhere])
    assert (CascadeDuty.objects.count(), Entry.objects.count()) == (1, before)


def test_a_body_that_ends_before_is_not_charged(world: World) -> None:
    world.state.elsewhere.valid_to = date(2025, 3, 1)
    with pytest.raises(Refused, match="Kết thúc hoạt động"):
        oblige(world)
    assert not CascadeDuty.objects.exists()


@pytest.mark.parametrize("role", [Role.HEAD, Role.PROGRAMME_EDITOR, Role.AUDITOR])
def test_only_the_steering_office_of_the_register_charges(world: World, role: Role) -> None:
    by, before = world.state.viewer(role, world.state.government), Entry.objects.count()
    with pytest.raises(Forbidden):
        oblige(world, by=by)
    with pytest.raises(Forbidden):
        oblige(world, by=world.state.viewer(Role.STEERING_OFFICE, world.state.province))
    assert (CascadeDuty.objects.count(), Entry.objects.count()) == (0, before)


def test_a_duty_is_lifted_once_with_its_reason(world: World) -> None:
    duty = oblige(world)[0]
    before = Entry.objects.count()
    with pytest.raises(Refused):
        lift_duty(duty, by=world.steering, reason=" ", on=date(2025, 5, 1))
    with pytest.raises(Forbidden):
        lift_duty(duty, by=world.head, reason="Đã sáp nhập", on=date(2025, 5, 1))
    assert Entry.objects.count() == before
    lift_duty(duty, by=world.steering, reason="Đã sáp nhập", on=date(2025, 5, 1))
    duty.refresh_from_db()
    assert (duty.lifted_on, duty.lifted_because) == (date(2025, 5, 1), "Đã sáp nhập")
    with pytest.raises(Stale, match="01/05/2025"):
        lift_duty(duty, by=world.steering, reason="Lý do khác", on=date(2025, 5, 2))
    assert Entry.objects.count() == before + 1


@pytest.mark.usefixtures("fresh_database")
def test_two_offices_at_once_charge_a_body_once() -> None:
    world = make_world()
    start, said = Barrier(2), []

    def charge() -> None:
        start.wait()
        try:
            oblige(world, by=SYSTEM)
            said.append("done")
        except (Refused, Stale) as error:
            said.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=charge) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said)[1] == "done"
    assert sorted(said)[0] in {"Refused", "Stale"}
    assert CascadeDuty.objects.count() == 2
    assert Entry.objects.filter(event="programmes.obliged").count() == 1
