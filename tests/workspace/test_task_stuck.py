"""What holds one task up, on one page."""

from typing import Any

import pytest
from django.test import Client

from tests.kept_states import Kept
from tests.reporting.world import World, make_world, today
from tests.workspace.test_notices import asked, stuck
from thucthi.directory.models import Role
from thucthi.obstacles.actions import raise_obstacle

REFUSING = "/lam-viec/tu-choi/nhiem-vu/nv-khoa/"


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def opened(world: World, role: Role, place: Any) -> str:
    client = Client()
    client.force_login(world.state.person(role, place), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/lam-viec/nhiem-vu/nv-khoa/vuong-mac/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_obstacles_and_requests_stand_together_and_the_lead_may_refuse(world: World) -> None:
    raise_obstacle(by=world.reporter(), new=stuck(world), on=today())
    asked(world)
    page = opened(world, Role.HEAD, world.state.science)
    assert "Chưa có vốn." in page
    assert "Cho ý kiến dự thảo." in page
    assert REFUSING in page


def test_whoever_does_not_lead_is_not_offered_to_refuse(world: World) -> None:
    assert REFUSING not in opened(world, Role.HEAD, world.state.finance)
    assert REFUSING not in opened(world, Role.REPORTER, world.state.science)
