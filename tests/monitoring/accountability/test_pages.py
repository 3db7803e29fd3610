"""Every page of accountability opens, in both kinds of emptiness, and says nothing to those it is not for."""

from datetime import date

import pytest
from django.test import Client

from tests.architecture.pages import faults_of_page
from tests.kept_states import Kept
from tests.monitoring.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.programmes.actions.cascade import oblige_programmes

OPEN = [
    "trach-nhiem/", "viec-de-lau/", "viec-de-lau/?xep=qua-han", "gia-han-chuyen-viec/",
    "gia-han-chuyen-viec/?loai=chuyen-viec", "van-ban-va-ket-qua/", "trien-khai/", "trien-khai/nganh/",
    "trien-khai/van-ban/1-nq-tw/", "trien-khai/van-ban/1-nq-tw/?duoi=ubnd-an-binh",
]  # fmt: skip
OF_CHECKERS = ["im-lang/", "im-lang/?duoi=ubnd-an-binh&it_nhat=1", "im-lang/?it_nhat=x&cap=y&van_ban=z&trang=-1"]
OF_ONE = ["phieu-theo-doi/ubnd-hoa/", "phieu-theo-doi/ubnd-hoa/?ky=2026-Q3"]
OF_HEADS = ["nhiem-ky/ubnd-hoa/", "nhiem-ky/ubnd-hoa/?ky=khong-co", "nhiem-ky/ubnd-hoa/tai-ve/csv/"]
OFFICE = ["trien-khai/van-ban/1-nq-tw/giao/", "trien-khai/van-ban/1-nq-tw/bai-bo/ubnd-hoa/"]


@pytest.fixture
def world(kept: Kept[World]) -> World:
    world = kept(make_world)
    world.state.head_post(world.state.commune)
    bodies = [world.state.commune, world.state.province]
    oblige_programmes(world.resolution, by=SYSTEM, organisations=bodies, due_on=date(2026, 6, 30), basis="Điều 3")
    return world


def answers(client: Client, world: World, role: Role, body: str, paths: list[str]) -> set[int]:
    client.force_login(world.state.person(role, getattr(world.state, body)))
    return {client.get(f"/lam-viec/{path}").status_code for path in paths}


@pytest.mark.parametrize("path", [*OPEN, *OF_CHECKERS, *OF_ONE, *OF_HEADS[:2]])
def test_a_page_is_clean(world: World, client: Client, path: str) -> None:
    client.force_login(world.state.person(Role.STEERING_OFFICE, world.state.government))
    answer = client.get(f"/lam-viec/{path}")
    assert answer.status_code == 200
    assert faults_of_page(answer.content.decode()) == []


def test_who_opens_what(world: World, client: Client) -> None:
    assert answers(client, world, Role.REPORTER, "elsewhere", OPEN) == {200}
    assert answers(client, world, Role.REPORTER, "elsewhere", OF_CHECKERS) == {403}
    assert answers(client, world, Role.REPORTER, "elsewhere", OF_ONE) == {404}
    assert answers(client, world, Role.REPORTER, "commune", OF_ONE) == {200}
    assert answers(client, world, Role.REPORTER, "commune", OF_HEADS) == {403}
    assert answers(client, world, Role.HEAD, "commune", OF_HEADS) == {200}
    assert answers(client, world, Role.HEAD, "province", OF_HEADS) == {404}
    assert answers(client, world, Role.AUDITOR, "government", OF_HEADS) == {200}
    assert answers(client, world, Role.STEERING_OFFICE, "committee", OFFICE) == {200}
    assert answers(client, world, Role.STEERING_OFFICE, "province", OFFICE) == {403}
    assert answers(client, world, Role.REPORTER, "commune", OFFICE) == {403}


def test_unknown_things_do_not_exist(world: World, client: Client) -> None:
    client.force_login(world.state.person(Role.STEERING_OFFICE, world.state.government))
    for path in (
        "im-lang/?duoi=khong-co", "nhiem-ky/khong-co/", "nhiem-ky/ubnd-hoa/999999/", "nhiem-ky/ubnd-hoa/tai-ve/doc/",
        "phieu-theo-doi/khong-co/", "trien-khai/van-ban/khong-co/",
    ):  # fmt: skip
        assert client.get(f"/lam-viec/{path}").status_code == 404, path


def test_the_csv_of_a_dossier_is_harmless(world: World, client: Client) -> None:
    tenure = world.state.head_post(world.state.commune).tenures.select_related("person").get()
    tenure.person.display_name = "=1+1"
    tenure.person.save()
    client.force_login(world.state.person(Role.HEAD, world.state.commune))
    text = client.get("/lam-viec/nhiem-ky/ubnd-hoa/tai-ve/csv/").content.decode("utf-8-sig")
    assert "'=1+1" in text
    lines = text.strip().splitlines()
    assert lines[0].startswith("Cấp,Cơ quan,Người đứng đầu,")
    assert all("không đề xuất quyết định nhân sự nào" in line for line in lines[1:])
