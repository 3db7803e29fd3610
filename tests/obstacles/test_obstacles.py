"""Obstacles: raised in full or not at all, answered by the asked, closed once, shown with their age."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kept_states import Kept
from tests.reporting.world import World, make_world, today
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import EventKind, Organisation, OrganisationEvent, Role, Succession
from thucthi.kernel.errors import Fault, Forbidden, NotVisible, Refused, Stale
from thucthi.kernel.working_days import add_working_days
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import NewObstacle, add_step, raise_obstacle
from thucthi.obstacles.calculations import Age, State, age_of, state_after
from thucthi.obstacles.models import Obstacle, ObstacleStep
from thucthi.obstacles.selectors import (
    ObstacleFilter,
    list_obstacles,
    obstacle_for,
    open_obstacles,
    standing_of,
    visible_obstacles,
)

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def new(world: World, **more: Any) -> NewObstacle:
    values = {
        "code": None,
        "task": world.tasks["nv-khoa"],
        "organisation": world.state.science,
        "cause": "money",
        "condition": "Chưa có định mức chi.",
        "asked_of": world.state.finance,
        "asked_what": "Ban hành định mức chi.",
        "due_on": TODAY + timedelta(days=20),
    }
    return NewObstacle(**(values | more))


def raised(world: World, on: date = TODAY, by: Viewer | None = None, **more: Any) -> Obstacle:
    return raise_obstacle(by=by or world.reporter(), new=new(world, **more), on=on)


def step(
    world: World, obstacle: Obstacle, kind: str, *, by: Viewer, body: Organisation, on: date = TODAY
) -> ObstacleStep:
    return add_step(obstacle, by=by, kind=kind, text=f"Việc {kind}.", organisation=body, on=on)


def merge(world: World, old: Organisation, *heirs: Organisation, last_day: date = date(2026, 6, 30)) -> None:
    event = OrganisationEvent.objects.create(
        code="hop-nhat", kind=EventKind.MERGE, effective_on=last_day + timedelta(days=1), legal_basis="1/NQ"
    )
    for heir in heirs:
        Succession.objects.create(event=event, predecessor=old, successor=heir)
    old.valid_to = last_day
    old.save(update_fields=["valid_to"])


def test_an_obstacle_is_kept_as_stated(world: World) -> None:
    obstacle = raised(world, condition="  Chưa có định mức chi.  ")
    obstacle.refresh_from_db()
    assert (obstacle.code, obstacle.raised_on, obstacle.cause, obstacle.condition, obstacle.due_on) == (
        "DN-2026-00001", TODAY, "money", "Chưa có định mức chi.", date(2026, 12, 10),
    )  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.event, entry.content["asked_of"], entry.content["task"]) == (
        "obstacle.raised",
        "bo-tai-chinh",
        "nv-khoa",
    )


def test_codes_follow_one_another_within_a_year(world: World) -> None:
    raised(world, code="DN-rieng")
    assert [raised(world).code for _ in range(2)] == ["DN-2026-00001", "DN-2026-00002"]
    assert raised(world, on=date(2027, 1, 4), due_on=date(2027, 2, 1)).code == "DN-2027-00001"


def test_everything_missing_is_said_at_once(world: World) -> None:
    with pytest.raises(Refused) as refused:
        raised(world, cause="", condition=" ", asked_of=None, asked_what="", due_on=None)
    assert refused.value.faults == (
        Fault("cause", "Hãy chọn nguyên nhân."),
        Fault("condition", "Hãy nêu rõ đang vướng điều gì."),
        Fault("asked_of", "Hãy ghi cơ quan có thể gỡ được điểm nghẽn này."),
        Fault("asked_what", "Hãy ghi rõ đề nghị cơ quan đó làm gì."),
        Fault("due_on", "Hãy ghi ngày cần được gỡ."),
    )
    assert (Obstacle.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_day_gone_by_and_a_code_taken_are_refused(world: World) -> None:
    raised(world, code="DN-mau")
    with pytest.raises(Refused) as refused:
        raised(world, code="DN-mau", due_on=TODAY - timedelta(days=1))
    assert refused.value.faults == (
        Fault("due_on", "Ngày cần được gỡ phải từ hôm nay trở đi."),
        Fault("code", "Mã DN-mau đã được dùng; hãy để trống để hệ thống cấp mã."),
    )


def test_a_body_that_is_no_more_is_refused_with_its_heirs(world: World) -> None:
    merge(world, world.state.finance, world.state.elsewhere, world.state.province)
    with pytest.raises(Refused) as refused:
        raised(world)
    (fault,) = refused.value.faults
    assert fault.field == "asked_of"
    assert fault.text in {
        f"Bộ Tài chính đã kết thúc hoạt động ngày 30/06/2026; cơ quan kế tục là: {first}, {second}. Hãy chọn lại."
        for first, second in [("UBND tỉnh An Bình", "UBND tỉnh An Khê"), ("UBND tỉnh An Khê", "UBND tỉnh An Bình")]
    }
    assert Obstacle.objects.count() == 0


def test_a_body_without_heirs_or_not_yet_at_work_is_refused(world: World) -> None:
    world.state.finance.valid_to = date(2026, 6, 30)
    world.state.finance.save(update_fields=["valid_to"])
    with pytest.raises(Refused, match="chưa ghi nhận cơ quan kế tục; hãy chọn cơ quan khác"):
        raised(world)
    world.state.elsewhere.valid_from = TODAY + timedelta(days=1)
    world.state.elsewhere.save(update_fields=["valid_from"])
    with pytest.raises(Refused, match=r"UBND tỉnh An Khê chỉ bắt đầu hoạt động từ 21/11/2026"):
        raised(world, asked_of=world.state.elsewhere)


@pytest.mark.parametrize(("organisation", "role", "allowed"), [
    ("science", Role.REPORTER, True),
    ("science", Role.HEAD, True),
    ("finance", Role.REPORTER, True),
    ("science", Role.APPROVER, False),
    ("science", Role.AUDITOR, False),
    ("government", Role.STEERING_OFFICE, False),
    ("elsewhere", Role.REPORTER, False),
])  # fmt: skip
def test_who_raises_an_obstacle_of_a_task(world: World, organisation: str, role: Role, allowed: bool) -> None:
    """The lead or a coordinator, in its own name."""
    body = getattr(world.state, organisation)
    by = world.state.viewer(role, body)
    if allowed:
        assert raised(world, by=by, organisation=body, asked_of=world.state.government).raised_by_id == by.account_id
    else:
        with pytest.raises(Forbidden):
            raised(world, by=by, organisation=body)
        assert Obstacle.objects.count() == 0


def test_a_steering_office_raises_for_its_subtree(world: World) -> None:
    office = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    assert raised(world, by=office).raised_by_organisation == world.state.science
    with pytest.raises(Forbidden):
        raised(world, by=world.state.viewer(Role.STEERING_OFFICE, world.state.province))


def test_nobody_speaks_for_another(world: World) -> None:
    with pytest.raises(Forbidden):
        raised(world, by=world.reporter(world.state.finance))


def test_the_asked_body_answers_and_the_raiser_closes(world: World) -> None:
    obstacle, state = raised(world), world.state
    asked = world.reporter(state.finance)
    step(world, obstacle, "acknowledged", by=asked, body=state.finance)
    assert standing_of(obstacle, TODAY).holders == (state.finance,)
    step(world, obstacle, "answered", by=asked, body=state.finance)
    assert standing_of(obstacle, TODAY).holders == (state.science,)
    step(world, obstacle, "removed", by=world.reporter(), body=state.science)
    closed = standing_of(obstacle, TODAY + timedelta(days=90))
    assert (closed.state, closed.closed_on, closed.holders, closed.working_days) == (State.REMOVED, TODAY, (), 0)
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "obstacle.raised", "obstacle.acknowledged", "obstacle.answered", "obstacle.removed",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "organisation", "role"), [
    ("acknowledged", "science", Role.REPORTER),
    ("answered", "elsewhere", Role.HEAD),
    ("answered", "finance", Role.AUDITOR),
    ("removed", "finance", Role.REPORTER),
    ("withdrawn", "finance", Role.HEAD),
    ("removed", "province", Role.STEERING_OFFICE),
    ("removed", "science", Role.APPROVER),
])  # fmt: skip
def test_steps_of_the_wrong_hand_are_forbidden(world: World, kind: str, organisation: str, role: Role) -> None:
    obstacle, body = raised(world), getattr(world.state, organisation)
    with pytest.raises(Forbidden):
        step(world, obstacle, kind, by=world.state.viewer(role, body), body=body)
    assert (ObstacleStep.objects.count(), Entry.objects.count()) == (0, 1)


def test_a_steering_office_above_the_raiser_closes(world: World) -> None:
    obstacle, state = raised(world), world.state
    office = state.viewer(Role.STEERING_OFFICE, state.government)
    assert step(world, obstacle, "withdrawn", by=office, body=state.government).kind == "withdrawn"


def test_the_heir_of_the_asked_body_answers(world: World) -> None:
    obstacle, state = raised(world, on=date(2026, 6, 1), due_on=date(2026, 7, 1)), world.state
    merge(world, state.finance, state.elsewhere)
    obstacle.asked_of.refresh_from_db()
    step(world, obstacle, "answered", by=world.reporter(state.elsewhere), body=state.elsewhere)
    other = raised(world, on=date(2026, 6, 1), due_on=date(2026, 7, 1))
    assert standing_of(other, TODAY).holders == (state.elsewhere,)


def test_a_step_says_what_was_done(world: World) -> None:
    obstacle = raised(world)
    with pytest.raises(Refused) as refused:
        add_step(obstacle, by=SYSTEM, kind="", text=" ", organisation=world.state.finance, on=TODAY - timedelta(days=1))
    assert refused.value.faults == (
        Fault("kind", "Hãy chọn việc đã làm: tiếp nhận, trả lời, đã gỡ, rút lại hoặc mở lại."),
        Fault("text", "Hãy ghi rõ đã làm gì hoặc trả lời thế nào."),
        Fault("", "Ngày thực hiện không thể trước ngày nêu điểm nghẽn."),
    )
    step(world, obstacle, "acknowledged", by=SYSTEM, body=world.state.finance)
    with pytest.raises(Refused, match="đã được tiếp nhận; hãy ghi câu trả lời"):
        step(world, obstacle, "acknowledged", by=SYSTEM, body=world.state.finance)


def test_what_is_closed_stays_closed(world: World) -> None:
    obstacle = raised(world)
    step(world, obstacle, "removed", by=SYSTEM, body=world.state.science)
    with pytest.raises(Stale, match=r"Điểm nghẽn DN-2026-00001 đã đóng ngày 20/11/2026: “Việc removed.”. Bước vừa ghi"):
        step(world, obstacle, "answered", by=SYSTEM, body=world.state.finance)
    with pytest.raises(IntegrityError, match="obstacle_closed_once"), transaction.atomic():
        ObstacleStep.objects.create(
            obstacle=obstacle, kind="withdrawn", text="x", organisation=world.state.science, happened_on=TODAY
        )


def test_closing_at_once_leaves_one_closing(fresh_database: str) -> None:
    world = make_world()
    obstacle, by = raised(world), world.reporter()
    answers: list[object] = []

    def close(n: int) -> None:
        try:
            kind = ("removed", "withdrawn")[n % 2]
            answers.append(step(world, obstacle, kind, by=by, body=world.state.science))
        except Stale as stale:
            answers.append(stale)
        finally:
            connections["default"].close()

    _together(close)
    assert ObstacleStep.objects.count() == 1
    assert sum(isinstance(answer, Stale) for answer in answers) == 7


def test_eight_at_once_get_eight_codes(fresh_database: str) -> None:
    world = make_world()
    by, content = world.reporter(), new(world)

    def raise_one(n: int) -> None:
        try:
            raise_obstacle(by=by, new=content, on=TODAY)
        finally:
            connections["default"].close()

    _together(raise_one)
    assert sorted(Obstacle.objects.values_list("code", flat=True)) == [f"DN-2026-0000{n}" for n in range(1, 9)]


def _together(act: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(("days", "age"), [
    (0, Age.FRESH), (15, Age.FRESH), (16, Age.LONG), (30, Age.LONG), (31, Age.VERY_LONG),
])  # fmt: skip
def test_the_age_changes_after_15_and_30_working_days(world: World, days: int, age: Age) -> None:
    assert age_of(days) == age
    standing = standing_of(raised(world), add_working_days(TODAY, days) if days else TODAY)
    assert (standing.working_days, standing.age) == (days, age)
    words = {
        Age.FRESH: (f"Mở {days} ngày làm việc", "good"),
        Age.LONG: (f"Mở lâu: {days} ngày làm việc", "warn"),
        Age.VERY_LONG: (f"Mở quá lâu: {days} ngày làm việc", "bad"),
    }
    assert (standing.age_word, standing.age_tone) == words[age]


@pytest.mark.parametrize(("steps", "state"), [
    ([], State.NEW),
    (["acknowledged"], State.ACKNOWLEDGED),
    (["answered", "acknowledged"], State.ANSWERED),
    (["answered", "removed"], State.REMOVED),
    (["acknowledged", "withdrawn"], State.WITHDRAWN),
])  # fmt: skip
def test_the_furthest_step_decides(world: World, steps: list[str], state: State) -> None:
    assert state_after(steps) == state
    obstacle = raised(world)
    for kind in steps:
        step(world, obstacle, kind, by=SYSTEM, body=world.state.finance)
    assert standing_of(obstacle, TODAY).state == state


def test_the_past_is_read_as_it_was(world: World) -> None:
    early, late = raised(world, on=date(2026, 11, 2)), raised(world, on=date(2026, 11, 16))
    step(world, early, "removed", by=SYSTEM, body=world.state.science, on=date(2026, 11, 10))
    found = {day: [row.obstacle for row in open_obstacles(date(2026, 11, day))] for day in (1, 2, 9, 10, 16)}
    assert found == {1: [], 2: [early], 9: [early], 10: [], 16: [late]}


def test_open_ones_come_first_the_oldest_on_top(world: World) -> None:
    closed, old, young = (raised(world, on=date(2026, 11, day)) for day in (2, 3, 4))
    step(world, closed, "removed", by=SYSTEM, body=world.state.science)
    rows = list_obstacles(world.reporter(), ObstacleFilter(), TODAY)
    assert [row.obstacle for row in rows] == [old, young, closed]
    assert [row.obstacle for row in list_obstacles(world.reporter(), ObstacleFilter(state="open"), TODAY)] == [
        old,
        young,
    ]
    assert list_obstacles(world.reporter(), ObstacleFilter(state="removed"), TODAY)[0].obstacle == closed
    assert list_obstacles(world.reporter(), ObstacleFilter(cause="land"), TODAY)[:] == []
    by_body = list_obstacles(world.reporter(), ObstacleFilter(organisation=world.state.province), TODAY)
    assert by_body[:] == []


def test_who_sees_what(world: World) -> None:
    open_task = raised(world)
    hidden = raised(world, task=world.tasks["nv-mat"])
    alone = raised(world, task=None)
    state = world.state
    seen = {
        name: set(visible_obstacles(world.reporter(getattr(state, name))))
        for name in ("science", "finance", "government", "elsewhere")
    }
    assert seen == {
        "science": {open_task, hidden, alone},
        "finance": {open_task, alone},
        "government": {open_task, alone},
        "elsewhere": {open_task},
    }
    assert not visible_obstacles(state.viewer(Role.ACCOUNT_ADMIN, state.science)).exists()
    for code in (hidden.code, "khong-co"):
        with pytest.raises(NotVisible):
            obstacle_for(world.reporter(state.finance), code)


@pytest.mark.parametrize("statement", [
    "UPDATE obstacles_obstacle SET due_on = due_on + 30",
    "DELETE FROM obstacles_obstaclestep",
    "TRUNCATE obstacles_obstacle CASCADE",
])  # fmt: skip
def test_the_application_role_cannot_rewrite_facts(world: World, statement: str) -> None:
    raised(world)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- pages ----------------------------------------------------------------------------------------------------------


def signed_in(world: World, role: Role, organisation: Organisation) -> Client:
    client = Client()
    client.force_login(world.state.person(role, organisation), backend="django.contrib.auth.backends.ModelBackend")
    return client


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def test_an_obstacle_is_raised_and_answered_from_its_pages(world: World) -> None:
    raiser, asked = (signed_in(world, Role.REPORTER, body) for body in (world.state.science, world.state.finance))
    answer = raiser.post(reverse("obstacles:add_obstacle"), {
        "organisation": "bo-khoa-hoc", "task": "nv-khoa", "cause": "money", "condition": "Chưa có định mức.",
        "asked_of": "bộ tài chính", "asked_what": "Ban hành.", "due_on": f"{today() + timedelta(days=9):%d/%m/%Y}",
    })  # fmt: skip
    obstacle = Obstacle.objects.get()
    page = reverse("obstacles:obstacle", args=[obstacle.code])
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = asked.get(page)
    kinds = [choice["value"] for choice in soup(shown).select("input[type=radio]")]
    assert kinds == ["acknowledged", "answered"]
    said = {"kind": "answered", "organisation": "bo-tai-chinh", "text": "Sẽ ban hành trong tháng."}
    assert asked.post(page, said).status_code == 302
    assert "Sẽ ban hành trong tháng." in raiser.get(page).content.decode()
    kinds = [choice["value"] for choice in soup(raiser.get(page)).select("input[type=radio]")]
    assert kinds == ["removed", "withdrawn", "reopened"]


def test_all_faults_of_the_form_show_at_once_and_nothing_is_lost(world: World) -> None:
    client = signed_in(world, Role.REPORTER, world.state.science)
    answer = client.post(reverse("obstacles:add_obstacle"), {
        "organisation": "bo-khoa-hoc", "task": "nv-khong-co", "asked_of": "Xưởng Quắn", "due_on": "mai",
        "condition": "Đang vướng.",
    })  # fmt: skip
    assert answer.status_code == 422
    assert {item.get_text(strip=True) for item in soup(answer).select("#error-summary li")} == {
        "Mã nhiệm vụ: Không có nhiệm vụ mang mã “nv-khong-co” trong phạm vi được xem.",
        "Nguyên nhân: Hãy chọn nguyên nhân.",
        "Cơ quan có thể gỡ: Không tìm thấy cơ quan “Xưởng Quắn”. Hãy ghi tên chính thức.",
        "Đề nghị làm gì: Hãy ghi rõ đề nghị cơ quan đó làm gì.",
        "Cần gỡ trước hoặc trong ngày: Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 24/12/2026.",
    }
    assert "Đang vướng." in answer.content.decode()
    assert Obstacle.objects.count() == 0


def test_a_task_that_cannot_be_seen_cannot_be_named(world: World) -> None:
    client = signed_in(world, Role.REPORTER, world.state.finance)
    answer = client.post(reverse("obstacles:add_obstacle"), {
        "organisation": "bo-tai-chinh", "task": "nv-mat", "cause": "money", "condition": "x", "asked_of": "Chính phủ",
        "asked_what": "y", "due_on": today().isoformat(),
    })  # fmt: skip
    assert answer.status_code == 422
    assert Obstacle.objects.count() == 0


def test_the_board_is_filtered_by_its_address_at_a_constant_price(world: World, django_assert_num_queries: Any) -> None:
    client = signed_in(world, Role.REPORTER, world.state.science)
    board = reverse("obstacles:obstacles")
    assert "Không có điểm nghẽn nào" in client.get(board).content.decode()
    raised(world, on=today() - timedelta(days=60), due_on=today() - timedelta(days=1))
    client.get(board)
    with CaptureQueriesContext(connection) as few:
        client.get(board)
    for _ in range(5):
        raised(world, on=today(), due_on=today(), cause="land")
    with django_assert_num_queries(len(few.captured_queries)):
        answer = client.get(board)
    codes = [row.find("a").get_text() for row in soup(answer).select("tbody tr")]
    assert len(codes) == 6
    assert "Mở quá lâu:" in soup(answer).select("tbody tr")[0].get_text()
    assert "Quá hạn đề nghị" in soup(answer).select("tbody tr")[0].get_text()
    money = client.get(board, {"cause": "money", "state": "open", "organisation": "bo-tai-chinh"})
    assert len(soup(money).select("tbody tr")) == 1
    assert len(soup(client.get(board, {"state": "removed"})).select("tbody tr")) == 0
    assert client.get(board, {"state": "bịa", "cause": "bịa", "trang": "x"}).status_code == 200


@pytest.mark.parametrize(("role", "status"), [(Role.REPORTER, 200), (Role.AUDITOR, 403), (Role.ACCOUNT_ADMIN, 403)])
def test_who_opens_the_form(world: World, role: Role, status: int) -> None:
    client = signed_in(world, role, world.state.science)
    assert client.get(reverse("obstacles:add_obstacle")).status_code == status


def test_a_stranger_closing_gets_a_403_and_a_late_step_a_409(world: World) -> None:
    obstacle = raised(world)
    page = reverse("obstacles:obstacle", args=[obstacle.code])
    said = {"kind": "removed", "organisation": "ubnd-an-khe", "text": "x"}
    assert signed_in(world, Role.REPORTER, world.state.elsewhere).post(page, said).status_code == 403
    step(world, obstacle, "removed", by=SYSTEM, body=world.state.science)
    late = signed_in(world, Role.REPORTER, world.state.science).post(page, said | {"organisation": "bo-khoa-hoc"})
    assert late.status_code == 409
    assert "đã đóng ngày 20/11/2026: “Việc removed.”." in late.content.decode()
