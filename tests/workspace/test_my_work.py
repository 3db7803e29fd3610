"""One screen: what is due, returned, waiting, asked, in the order of urgency, cut but truly counted."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.kept_states import Kept
from tests.reporting.world import World, make_world, now, on_plan, send, today
from tests.workspace.test_notices import asked, late, stuck
from thucthi.directory.models import Role
from thucthi.obstacles.actions import raise_obstacle
from thucthi.obstacles.models import Decision, Hop, Refusal, RequestStep
from thucthi.programmes.actions import add_remark, close_thread
from thucthi.reporting.actions import accept_report, return_report
from thucthi.reporting.models import AfterCheck
from thucthi.workspace.selectors import my_work

pytestmark = pytest.mark.django_db
HOME = "/lam-viec/"


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def opened(world: World, role: Role, place: Any) -> str:
    client = Client()
    client.force_login(world.state.person(role, place), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(HOME)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_groups_stand_in_the_order_of_urgency(world: World) -> None:
    late(world, "nv-khoa", today() - timedelta(days=3))
    world.task("nv-khoa-2", world.state.science)
    late(world, "nv-khoa-2", today())
    world.task("nv-khoa-3", world.state.science)
    report = send(world, late(world, "nv-khoa-3", today() - timedelta(days=1)))
    return_report(report, by=world.approver(), note="Thiếu số liệu.", content_hash=report.content_hash, at=now())
    work = my_work(world.reporter(), today())
    assert (work.overdue.total, work.due_soon.total, work.due_today, work.returned.total) == (1, 1, 1, 1)
    page = opened(world, Role.REPORTER, world.state.science)
    places = [page.index(f"<h2>{title}</h2>") for title in ("Quá hạn", "Đến hạn trong 7 ngày", "Bị trả lại")]
    assert places == sorted(places)
    assert "đến hạn hôm nay" in page
    assert "Sửa và gửi lại" in page


def test_what_was_let_pass_stays_among_the_overdue(world: World) -> None:
    late(world, "nv-khoa", today() - timedelta(days=8))
    late(world, "nv-khoa", today() + timedelta(days=2))
    work = my_work(world.reporter(), today())
    assert (work.overdue.total, work.due_soon.total) == (1, 0)
    (row,) = work.overdue.shown
    assert (row.due.obligation.due_on, row.passed_over) == (today() + timedelta(days=2), 1)
    assert "1 nhiệm vụ có báo cáo quá hạn" in opened(world, Role.REPORTER, world.state.science)


def test_lists_are_cut_and_truly_counted(world: World) -> None:
    for number in range(55):
        world.task(f"nv-{number:02d}", world.state.science)
        late(world, f"nv-{number:02d}", today() - timedelta(days=1))
    work = my_work(world.reporter(), today())
    assert (len(work.overdue.shown), work.overdue.total) == (50, 55)
    assert "Hiện 50 việc gấp nhất trong 55 việc." in opened(world, Role.REPORTER, world.state.science)


def test_a_waiting_report_stands_beside_what_was_accepted_last(world: World) -> None:
    first = send(world, world.last_week, on_plan("30"))
    accept_report(
        first,
        by=world.approver(),
        content_hash=first.content_hash,
        progress_accepted=Decimal(25),
        note="Đối chiếu hồ sơ.",
        at=now(),
    )
    send(world, world.this_week, on_plan("40"))
    (row,) = my_work(world.approver(), today()).to_review
    assert (row.accepted, row.change) == (Decimal(25), Decimal(15))
    assert "tăng 15 điểm so với lần nghiệm thu trước (25 %)" in opened(world, Role.APPROVER, world.state.government)


def test_a_head_sees_first_what_he_must_decide(world: World) -> None:
    late(world, "nv-khoa", today() - timedelta(days=3))
    new = stuck(world)
    raise_obstacle(by=world.reporter(), new=new, on=today())
    world.task("nv-tai-chinh", world.state.finance)
    late(world, "nv-tai-chinh", today() - timedelta(days=3))
    head, reporter = (opened(world, role, world.state.finance) for role in (Role.HEAD, Role.REPORTER))
    desk, overdue = "<h2>Chờ tôi quyết định, trả lời</h2>", "<h2>Quá hạn</h2>"
    assert head.index(desk) < head.index(overdue)
    assert reporter.index(overdue) < reporter.index(desk)


def test_a_desk_holds_what_lies_there_now(world: World) -> None:
    state = world.state
    head = state.viewer(Role.HEAD, state.finance)
    obstacle = raise_obstacle(by=world.reporter(), new=stuck(world), on=today())
    request = asked(world)
    AfterCheck.objects.create(task=world.tasks["nv-khoa"], due_on=today(), examiner=state.finance, what="Còn chạy?")
    later = AfterCheck.objects.create(
        task=world.tasks["nv-tinh"], due_on=today() + timedelta(days=1), examiner=state.finance, what="Sau."
    )
    kinds = {row.kind: row for row in my_work(head, today()).desk.shown}
    assert set(kinds) == {"Điểm nghẽn", "Đề nghị phối hợp", "Kiểm tra lại kết quả"}
    assert later.what not in {row.title for row in kinds.values()}
    Hop.objects.create(
        obstacle=obstacle,
        number=2,
        rung="superior",
        organisation=state.government,
        started_on=today(),
        due_on=today() + timedelta(days=5),
    )
    RequestStep.objects.create(
        request=request, kind="full", text="Xong.", organisation=state.finance, happened_on=today()
    )
    assert {row.kind for row in my_work(head, today()).desk.shown} == {"Kiểm tra lại kết quả"}
    above = my_work(state.viewer(Role.HEAD, state.government), today()).desk
    assert [(row.kind, row.asked_by, row.days_left) for row in above.shown] == [("Chờ quyết định", "Bộ Khoa học", 5)]


@pytest.mark.parametrize(("kind", "stays"), [("defer", True), ("instruct", False)])
def test_what_is_deferred_stays_on_the_desk(world: World, kind: str, stays: bool) -> None:
    """As on the ladder, whose clock goes on."""
    state = world.state
    obstacle = raise_obstacle(by=world.reporter(), new=stuck(world), on=today())
    Decision.objects.create(
        obstacle=obstacle, hop=obstacle.hops.get(), kind=kind, text="Để phiên sau.", organisation=state.finance,
        decided_on=today(),
    )  # fmt: skip
    assert bool(my_work(state.viewer(Role.HEAD, state.finance), today()).desk.total) is stays


def test_a_refusal_waits_for_the_head_above_and_for_nobody_beside(world: World) -> None:
    state = world.state
    Refusal.objects.create(
        request=asked(world),
        organisation=state.finance,
        legal_basis="Nghị định mẫu, Điều 3",
        reason="Không thuộc thẩm quyền.",
        proposed_owner=state.province,
        refused_on=today(),
    )
    desks = {
        place.code: my_work(state.viewer(Role.HEAD, place), today()).desk for place in (state.government, state.science)
    }
    assert [row.kind for row in desks["chinh-phu"].shown] == ["Từ chối thẩm quyền"]
    assert desks["bo-khoa-hoc"].total == 0


def test_a_mention_stays_until_it_is_answered_or_settled(world: World) -> None:
    state, task = world.state, world.tasks["nv-khoa"]
    finance = state.viewer(Role.REPORTER, state.finance)
    first, second = (
        add_remark(task, by=world.reporter(), organisation=state.science, text=f"@bo-tai-chinh {n}?", at=now())
        for n in ("vốn", "hạn")
    )
    assert my_work(finance, today()).mentioned == 2
    add_remark(task, by=finance, organisation=state.finance, text="Đã bố trí.", at=now(), answers=first)
    assert [row.remark for row in my_work(finance, today()).mentions] == [second]
    close_thread(second, by=world.reporter(), at=now())
    assert my_work(finance, today()).mentioned == 0
    assert my_work(world.reporter(), today()).mentioned == 0


def test_the_empty_page_says_when_the_next_report_is_due(world: World) -> None:
    friday = today() + timedelta(days=11)
    late(world, "nv-khoa", friday)
    page = opened(world, Role.REPORTER, world.state.science)
    assert "Không còn việc nào phải làm lúc này" in page
    assert f"Báo cáo tiếp theo đến hạn ngày {friday:%d/%m/%Y}." in page


def test_the_page_asks_as_little_for_many_rows_as_for_one(world: World) -> None:
    state, client = world.state, Client()
    client.force_login(state.person(Role.HEAD, state.finance), backend="django.contrib.auth.backends.ModelBackend")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked_now:
            assert client.get(HOME).status_code == 200
        return len([row for row in asked_now.captured_queries if "SAVEPOINT" not in row["sql"]])

    def one_more(number: int) -> None:
        world.task(f"nv-t{number}", state.finance)
        late(world, f"nv-t{number}", today() - timedelta(days=1))
        raise_obstacle(by=world.reporter(), new=stuck(world), on=today())
        add_remark(
            world.tasks["nv-khoa"], by=world.reporter(), organisation=state.science, text="@bo-tai-chinh?", at=now()
        )

    one_more(0)
    few = queries()
    for number in range(1, 8):
        one_more(number)
    assert (few, queries()) == (20, 20)
