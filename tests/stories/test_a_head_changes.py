"""A head changes in mid-quarter and both are answered for (issue 5, D32).

The body: UBND tỉnh An Khê. Its first head leaves on 15/05/2026, the next one comes on 20/05/2026; between them nobody
heads it. One report comes late under the first, one is due under the first and comes under the second, one task runs
over its deadline under all three. What each left behind stays his; nothing is moved back to the newcomer.
"""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.kept_states import Kept
from tests.monitoring.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import appoint, end_tenure
from thucthi.directory.models import Person, Role
from thucthi.monitoring.calculations.heads import OpenItem
from thucthi.monitoring.calculations.intervals import Interval
from thucthi.monitoring.selectors.heads import HeadFacts, heads_page
from thucthi.obstacles.models import CoordinationRequest
from thucthi.programmes.actions import change_deadline
from thucthi.programmes.actions.cascade import oblige_programmes

QUARTER = Interval(date(2026, 4, 1), date(2026, 6, 30))
AS_OF = date(2026, 6, 30)
FIRST_LEAVES, SECOND_COMES = date(2026, 5, 15), date(2026, 5, 20)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    world = kept(make_world)
    body = world.state.elsewhere
    first = world.state.head_post(body).tenures.get()
    end_tenure(first, by=SYSTEM, valid_to=FIRST_LEAVES)
    second = Person.objects.create(display_name="Người đứng đầu mẫu kế nhiệm", is_invented=True)
    appoint(by=SYSTEM, post=first.post, person=second, valid_from=SECOND_COMES)

    task = world.add("viec-an-khe", body, date(2026, 5, 10), deadline_raw="10/05/2026")
    longer = world.add("viec-gia-han", body, date(2026, 6, 5), deadline_raw="05/06/2026")
    change_deadline(
        longer, by=SYSTEM, new_deadline="31/12/2026", decision="7/QĐ-CP", decided_on=date(2026, 6, 10), reason="Chờ vốn"
    )
    reported = {
        date(2026, 5, 8): date(2026, 5, 12),  # four days late, all under the first
        date(2026, 5, 15): date(2026, 5, 25),  # due on the first one's last day, sent by the second
        date(2026, 5, 22): date(2026, 5, 22),
    }
    for due, on in reported.items():
        world.report(world.owe(task, due), on, "40")
    last = world.report(world.owe(task, date(2026, 6, 5)), date(2026, 6, 1), "100", claims_completion=True)
    world.decide(last, date(2026, 6, 3), "100")
    world.owe(longer, date(2026, 6, 26))
    oblige_programmes(
        world.resolution, by=SYSTEM, organisations=[body], due_on=date(2026, 5, 1), basis="Điều 3 của nghị quyết"
    )
    CoordinationRequest.objects.create(
        code="hoi-an-khe", asking=world.state.science, asked=body, text="Đề nghị gửi số liệu",
        asked_on=date(2026, 5, 4), due_on=date(2026, 5, 18),
    )  # fmt: skip
    return world


def seen(world: World) -> tuple[HeadFacts, HeadFacts, HeadFacts]:
    office = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    page = heads_page(office, world.state.elsewhere, QUARTER, AS_OF)
    assert sum(each.share.days.days for each in page.shares) == QUARTER.days
    return page.shares


def test_both_are_answered_for(world: World) -> None:
    first, nobody, second = seen(world)
    names = [each.tenure.person.display_name if each.tenure else None for each in (first, nobody, second)]
    assert names == ["Người đứng đầu mẫu ubnd-an-khe", None, "Người đứng đầu mẫu kế nhiệm"]
    assert (first.share.days.last, nobody.share.days.days, second.share.days.first) == (FIRST_LEAVES, 4, SECOND_COMES)

    counts = {name: [each.count(name) for each in (first, nobody, second)] for name in (
        "report_on_time", "report_late", "report_missing", "task_on_time", "task_late", "task_overdue",
        "extension_received",
    )}  # fmt: skip
    assert counts == {
        "report_on_time": [0, 0, 2],
        "report_late": [2, 0, 0],
        "report_missing": [0, 0, 1],
        "task_on_time": [0, 0, 0],
        "task_late": [0, 0, 1],
        "task_overdue": [1, 1, 2],
        "extension_received": [0, 0, 1],
    }
    # Four days under the first; of the ten days of the other report four fell to nobody and six to the second.
    assert [each.late_days for each in (first, nobody, second)] == [4, 4, 6 + 4]
    assert [each.days("report_carried") for each in (first, nobody, second)] == [0, 4, 6]
    # 11–15/05, 16–19/05, 20/05–01/06, and 06–09/06 of the task whose deadline was moved on 10/06.
    assert [each.days("task_overdue") for each in (first, nobody, second)] == [5, 4, 13 + 5 - 1]


def test_what_was_open_on_the_day_is_handed_over(world: World) -> None:
    first, nobody, second = seen(world)
    assert (nobody.handed_over, second.handed_over) == (None, None)
    assert first.handed_over == (
        OpenItem("programme", "1-nq-tw", "1-NQ/TW: Điều 3 của nghị quyết", date(2026, 5, 1), 14),
        OpenItem("report", "viec-an-khe", "2026-W20", date(2026, 5, 15), 0),
        OpenItem("request", "hoi-an-khe", "Đề nghị gửi số liệu", date(2026, 5, 18), 0),
        OpenItem("task", "viec-an-khe", "Việc mẫu viec-an-khe", date(2026, 5, 10), 5),
        OpenItem("task", "viec-gia-han", "Việc mẫu viec-gia-han", date(2026, 6, 5), 0),
    )


def test_the_pages_and_the_dossier_say_the_same(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: value.date() if value else AS_OF)
    client.force_login(world.state.person(Role.HEAD, world.state.elsewhere))
    address = "/lam-viec/nhiem-ky/ubnd-an-khe/"
    page = client.get(address, {"ky": "2026-Q2"}).content.decode()
    assert "Người đứng đầu mẫu kế nhiệm" in page
    assert "Không có người đứng đầu" in page
    assert "Bàn giao ngày 15/05/2026: 5 việc còn mở" in page
    tenure = world.state.head_post(world.state.elsewhere).tenures.order_by("valid_from").first()
    assert "Bàn giao ngày 15/05/2026" in client.get(f"{address}{tenure.pk}/").content.decode()

    file = client.get(f"{address}tai-ve/xlsx/", {"ky": "2026-Q2"})
    book = CalamineWorkbook.from_filelike(BytesIO(file.content))
    rows = book.get_sheet_by_name("Dữ kiện").to_python()
    assert "không đề xuất quyết định nhân sự nào" in rows[0][0]
    levels = [(row[0], row[2], row[6]) for row in rows[2:]]
    assert levels == [
        ("Cơ quan, đơn vị", "", 5),
        ("Cá nhân đứng đầu", "Người đứng đầu mẫu ubnd-an-khe", 2),
        ("Cá nhân đứng đầu", "Không có người đứng đầu", 0),
        ("Cá nhân đứng đầu", "Người đứng đầu mẫu kế nhiệm", 3),
    ]
    whole, *persons = [row[6:] for row in rows[2:]]
    assert [sum(column) for column in zip(*persons, strict=True)][:6] == whole[:6]
    assert len(book.get_sheet_by_name("Từng dòng").to_python()) > 10


def test_others_do_not_see_it(world: World, client: Client) -> None:
    for role, body in ((Role.HEAD, world.state.province), (Role.REPORTER, world.state.elsewhere)):
        client.force_login(world.state.person(role, body))
        assert client.get("/lam-viec/nhiem-ky/ubnd-an-khe/").status_code in {403, 404}
