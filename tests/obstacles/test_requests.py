"""Coordination requests: sent in full or not at all, answered by the asked, judged by the asker."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection, connections, transaction
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
from thucthi.obstacles.actions import NewRequest, add_request_step, send_request
from thucthi.obstacles.calculations import RequestState, Side
from thucthi.obstacles.models import CoordinationRequest, Hop, RequestStep
from thucthi.obstacles.selectors import both_ways, request_for, request_standing_of, visible_requests

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def new(world: World, **more: Any) -> NewRequest:
    values: dict[str, Any] = {
        "asking": world.state.science,
        "asked": world.state.finance,
        "text": "Cho ý kiến về định mức chi.",
        "task": world.tasks["nv-khoa"],
        "working_days": 5,
    }
    return NewRequest(**(values | more))


def sent(world: World, on: date = TODAY, by: Viewer | None = None, **more: Any) -> CoordinationRequest:
    return send_request(by=by or world.reporter(), new=new(world, **more), on=on)


def step(
    world: World, request: CoordinationRequest, kind: str, on: date = TODAY, by: Viewer = SYSTEM, **more: Any
) -> RequestStep:
    answers = kind in {"received", "partial", "full"}
    body = more.get("body") or (world.state.finance if answers else world.state.science)
    return add_request_step(request, by=by, kind=kind, text=f"Việc {kind}.", organisation=body, on=on)


def merge(old: Organisation, *heirs: Organisation, last_day: date = date(2026, 6, 30)) -> None:
    event = OrganisationEvent.objects.create(
        code="hop-nhat", kind=EventKind.MERGE, effective_on=last_day + timedelta(days=1), legal_basis="1/NQ"
    )
    for heir in heirs:
        Succession.objects.create(event=event, predecessor=old, successor=heir)
    old.valid_to = last_day
    old.save(update_fields=["valid_to"])


def test_a_request_is_kept_as_stated_with_a_day_counted_in_working_days(world: World) -> None:
    request = sent(world, text="  Cho ý kiến.  ")
    request.refresh_from_db()
    assert (request.code, request.asked_on, request.due_on, request.text, request.task) == (
        "YC-2026-00001", TODAY, add_working_days(TODAY, 5), "Cho ý kiến.", world.tasks["nv-khoa"],
    )  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.event, entry.content["asking"], entry.content["asked"]) == (
        "request.sent", "bo-khoa-hoc", "bo-tai-chinh",
    )  # fmt: skip
    assert sent(world, working_days=None, due_on=TODAY).due_on == TODAY
    assert sent(world, on=date(2027, 1, 5)).code == "YC-2027-00001"


def test_everything_missing_is_said_at_once(world: World) -> None:
    with pytest.raises(Refused) as refused:
        sent(world, asked=None, text=" ", working_days=None)
    assert refused.value.faults == (
        Fault("asked", "Hãy ghi cơ quan được yêu cầu phối hợp."),
        Fault("text", "Hãy ghi rõ cần cơ quan đó làm gì, cung cấp gì."),
        Fault("due_on", "Hãy ghi ngày cần trả lời, hoặc số ngày làm việc."),
    )
    assert (CoordinationRequest.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize(("more", "field", "text"), [
    ({"due_on": TODAY}, "due_on", "Chỉ ghi một trong hai: ngày cần trả lời hoặc số ngày làm việc."),
    ({"due_on": TODAY - timedelta(days=1), "working_days": None}, "due_on",
     "Ngày cần trả lời phải từ hôm nay trở đi."),
    ({"working_days": 0}, "working_days", "Số ngày làm việc phải từ 1 đến 250."),
    ({"working_days": 251}, "working_days", "Số ngày làm việc phải từ 1 đến 250."),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused(world: World, more: dict[str, Any], field: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        sent(world, **more)
    assert refused.value.faults == (Fault(field, text),)
    assert CoordinationRequest.objects.count() == 0


def test_nobody_asks_himself_and_a_body_that_ended_is_refused_with_its_heirs(world: World) -> None:
    with pytest.raises(Refused, match="Không thể gửi yêu cầu cho chính đơn vị mình"):
        sent(world, asked=world.state.science)
    merge(world.state.finance, world.state.elsewhere)
    with pytest.raises(Refused) as refused:
        sent(world)
    assert refused.value.faults == (
        Fault(
            "asked",
            "Bộ Tài chính đã kết thúc hoạt động ngày 30/06/2026; cơ quan kế tục là: UBND tỉnh An Khê. Hãy chọn lại.",
        ),
    )
    assert CoordinationRequest.objects.count() == 0


@pytest.mark.parametrize(("organisation", "role", "with_task", "allowed"), [
    ("science", Role.REPORTER, True, True),
    ("science", Role.HEAD, True, True),
    ("finance", Role.REPORTER, True, True),
    ("elsewhere", Role.REPORTER, True, False),
    ("elsewhere", Role.REPORTER, False, True),
    ("elsewhere", Role.HEAD, False, True),
    ("government", Role.STEERING_OFFICE, True, True),
    ("science", Role.APPROVER, True, False),
    ("science", Role.AUDITOR, False, False),
])  # fmt: skip
def test_who_asks(world: World, organisation: str, role: Role, with_task: bool, allowed: bool) -> None:
    body = getattr(world.state, organisation)
    by, task = world.state.viewer(role, body), world.tasks["nv-khoa"] if with_task else None
    wanted = {"asking": body, "asked": world.state.province, "task": task}
    if allowed:
        assert sent(world, by=by, **wanted).by_id == by.account_id
    else:
        with pytest.raises(Forbidden):
            sent(world, by=by, **wanted)
        assert CoordinationRequest.objects.count() == 0


def test_nobody_asks_in_the_name_of_another(world: World) -> None:
    with pytest.raises(Forbidden):
        sent(world, by=world.reporter(world.state.finance))


def test_the_asked_body_answers_and_the_asker_judges(world: World) -> None:
    request, state = sent(world, on=date(2026, 11, 2)), world.state
    asked, asker = world.reporter(state.finance), world.reporter()
    step(world, request, "received", on=date(2026, 11, 3), by=asked)
    step(world, request, "full", on=date(2026, 11, 9), by=asked)
    assert request_standing_of(request, date(2026, 11, 11)).holders == ()
    step(world, request, "insufficient", on=date(2026, 11, 12), by=asker)
    standing = request_standing_of(request, TODAY)
    assert (standing.state, standing.waiting.turn, standing.holders) == (
        RequestState.INSUFFICIENT, Side.ASKED, (state.finance,),
    )  # fmt: skip
    assert (standing.waiting.asked.working, standing.waiting.asking.working) == (5 + 6, 3)
    assert (standing.late, standing.schedule_word) == (6, "Quá hạn trả lời 6 ngày làm việc")
    step(world, request, "withdrawn", by=asker)
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "request.sent", "request.received", "request.answered", "request.found_insufficient", "request.withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "organisation", "role"), [
    ("full", "science", Role.REPORTER),
    ("received", "elsewhere", Role.HEAD),
    ("partial", "finance", Role.AUDITOR),
    ("insufficient", "finance", Role.HEAD),
    ("withdrawn", "finance", Role.REPORTER),
    ("withdrawn", "government", Role.STEERING_OFFICE),
])  # fmt: skip
def test_steps_of_the_wrong_hand_are_forbidden(world: World, kind: str, organisation: str, role: Role) -> None:
    request, body = sent(world), getattr(world.state, organisation)
    with pytest.raises(Forbidden):
        step(world, request, kind, by=world.state.viewer(role, body), body=body)
    assert (RequestStep.objects.count(), Entry.objects.count()) == (0, 1)


def test_a_step_says_what_was_done_and_not_before_the_last(world: World) -> None:
    request = sent(world)
    with pytest.raises(Refused) as refused:
        add_request_step(
            request, by=SYSTEM, kind="x", text=" ", organisation=world.state.finance, on=TODAY - timedelta(days=1)
        )
    assert refused.value.faults == (
        Fault("kind", "Hãy chọn việc đã làm trong danh sách."),
        Fault("text", "Hãy ghi rõ nội dung trả lời hoặc lý do."),
        Fault("", "Ngày thực hiện không thể trước ngày của bước đã ghi trước đó."),
    )
    assert RequestStep.objects.count() == 0


@pytest.mark.parametrize(("before", "late"), [
    (["full"], "partial"), (["withdrawn"], "full"), (["full"], "withdrawn"), (["partial"], "received"),
    ([], "insufficient"),
])  # fmt: skip
def test_a_step_that_makes_no_sense_any_more_is_stale(world: World, before: list[str], late: str) -> None:
    request = sent(world)
    for kind in before:
        step(world, request, kind)
    entries = Entry.objects.count()
    with pytest.raises(Stale, match="YC-2026-00001"):
        step(world, request, late)
    assert (RequestStep.objects.count(), Entry.objects.count()) == (len(before), entries)


def test_answering_and_withdrawing_at_once_leaves_one_of_them(fresh_database: str) -> None:
    world = make_world()
    request = sent(world)
    outcomes: list[object] = []

    def act(n: int) -> None:
        try:
            outcomes.append(step(world, request, ("full", "withdrawn")[n % 2]))
        except Stale as stale:
            outcomes.append(stale)
        finally:
            connections["default"].close()

    _together(act)
    assert RequestStep.objects.count() == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 7


def test_eight_at_once_get_eight_codes(fresh_database: str) -> None:
    world = make_world()
    by, content = world.reporter(), new(world)

    def send_one(n: int) -> None:
        try:
            send_request(by=by, new=content, on=TODAY)
        finally:
            connections["default"].close()

    _together(send_one)
    codes = CoordinationRequest.objects.values_list("code", flat=True)
    assert sorted(codes) == [f"YC-2026-0000{n}" for n in range(1, 9)]


def _together(act: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_who_reads_a_request(world: World) -> None:
    state = world.state
    request = sent(world, asked=state.commune, task=None)
    readers = {
        "science": True, "commune": True, "province": True, "government": True, "finance": False, "elsewhere": False,
    }  # fmt: skip
    for name, reads in readers.items():
        viewer = world.reporter(getattr(state, name))
        assert visible_requests(viewer, TODAY).exists() is reads, name
    assert not visible_requests(state.viewer(Role.ACCOUNT_ADMIN, state.science), TODAY).exists()
    assert visible_requests(state.viewer(Role.STEERING_OFFICE, state.committee), TODAY).exists()
    assert not visible_requests(state.viewer(Role.REPORTER, state.committee), TODAY).exists()
    with pytest.raises(NotVisible):
        request_for(world.reporter(state.finance), request.code, TODAY)


def test_a_desk_to_which_it_climbed_and_an_heir_read_it(world: World) -> None:
    state = world.state
    request = sent(world, on=date(2026, 6, 1), task=None)
    Hop.objects.create(
        request=request, number=2, rung="committee", organisation=state.committee, because="silence",
        started_on=date(2026, 6, 20), due_on=date(2026, 6, 27),
    )  # fmt: skip
    assert request_for(world.reporter(state.committee), request.code, TODAY) == request
    merge(state.finance, state.elsewhere)
    heir = world.reporter(state.elsewhere)
    assert request_for(heir, request.code, TODAY) == request
    request.asked.refresh_from_db()
    step(world, request, "full", by=heir, body=state.elsewhere)
    assert both_ways([state.elsewhere], TODAY).for_us.rows == ()


def test_both_directions_with_sums_the_late_ones_first(world: World) -> None:
    state = world.state
    late = sent(world, on=date(2026, 11, 2), working_days=3, text="Muộn")
    fresh = sent(world, on=date(2026, 11, 18), asked=state.province, text="Mới")
    answered = sent(world, on=date(2026, 11, 10), text="Một phần")
    step(world, answered, "partial")
    done = sent(world, on=date(2026, 11, 10), text="Xong")
    step(world, done, "full")
    again = sent(world, on=date(2026, 11, 10), text="Lại")
    for kind in ("full", "insufficient"):
        step(world, again, kind)
    found = both_ways([state.science], TODAY)
    assert [row.request for row in found.for_others.rows] == [late, again, fresh]
    assert (found.for_others.overdue, found.for_others.longest, found.for_others.days.working) == (1, 14, 14 + 2 + 8)
    assert [(body.organisation, body.count, body.overdue, body.longest) for body in found.for_others.by_body] == [
        (state.finance, 2, 1, 14), (state.province, 1, 0, 2),
    ]  # fmt: skip
    assert [row.request for row in found.ours] == [answered]
    assert [row.request for row in both_ways([state.finance], TODAY).for_us.rows] == [late, again]
    assert both_ways([state.elsewhere], TODAY).for_us.rows == ()


def test_a_request_that_a_ruling_moved_is_owed_and_answered_by_its_new_owner(world: World) -> None:
    state, request = world.state, sent(world)
    Hop.objects.create(
        request=request, number=2, rung="owner", organisation=state.elsewhere, because="refusal",
        started_on=TODAY, due_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    assert [row.request for row in both_ways([state.elsewhere], TODAY).for_us.rows] == [request]
    assert both_ways([state.finance], TODAY).for_us.rows == ()
    assert both_ways([state.science], TODAY).for_others.by_body[0].organisation == state.elsewhere
    with pytest.raises(Forbidden):
        step(world, request, "full", by=world.reporter(state.finance))
    step(world, request, "full", by=world.reporter(state.elsewhere), body=state.elsewhere)
    assert request_standing_of(request, TODAY).state is RequestState.FULL


@pytest.mark.parametrize("statement", [
    "UPDATE obstacles_coordinationrequest SET due_on = due_on + 30", "DELETE FROM obstacles_requeststep",
])  # fmt: skip
def test_the_application_role_cannot_rewrite_facts(world: World, statement: str) -> None:
    sent(world)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- pages ----------------------------------------------------------------------------------------------------------


def signed_in(world: World, role: Role, organisation: Organisation) -> Client:
    client = Client()
    client.force_login(world.state.person(role, organisation), backend="django.contrib.auth.backends.ModelBackend")
    return client


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def test_a_request_is_sent_answered_and_judged_from_its_pages(world: World) -> None:
    asker, asked = (signed_in(world, Role.REPORTER, body) for body in (world.state.science, world.state.finance))
    answer = asker.post(reverse("obstacles:send_request"), {
        "asking": "bo-khoa-hoc", "task": "nv-khoa", "asked": "bộ tài chính", "text": "Cho ý kiến.", "working_days": "5",
    })  # fmt: skip
    request = CoordinationRequest.objects.get()
    page = reverse("obstacles:request", args=[request.code])
    assert (answer.status_code, answer["Location"]) == (302, page)
    kinds = [choice["value"] for choice in soup(asked.get(page)).select("input[type=radio]")]
    assert kinds == ["received", "partial", "full"]
    assert asked.post(page, {"kind": "full", "text": "Đồng ý."}).status_code == 302
    shown = asker.get(page)
    assert "Đồng ý." in shown.content.decode()
    assert [choice["value"] for choice in soup(shown).select("input[type=radio]")] == ["insufficient"]
    assert asker.post(page, {"kind": "insufficient", "text": ""}).status_code == 422
    assert asker.post(page, {"kind": "insufficient", "text": "Thiếu mức chi."}).status_code == 302
    late = asker.post(page, {"kind": "insufficient", "text": "Lần nữa"})
    assert late.status_code == 409
    assert "Lần nữa" in late.content.decode()


def test_all_faults_of_the_form_show_at_once_and_nothing_is_lost(world: World) -> None:
    client = signed_in(world, Role.REPORTER, world.state.science)
    answer = client.post(reverse("obstacles:send_request"), {
        "asking": "bo-khoa-hoc", "task": "nv-khong-co", "asked": "Xưởng Quắn", "text": "Cho ý kiến.",
        "working_days": "năm",
    })  # fmt: skip
    assert answer.status_code == 422
    assert {item.get_text(strip=True) for item in soup(answer).select("#error-summary li")} == {
        "Mã nhiệm vụ: Không có nhiệm vụ mang mã “nv-khong-co” trong phạm vi được xem.",
        "Cơ quan được yêu cầu: Không tìm thấy cơ quan “Xưởng Quắn”. Hãy ghi tên chính thức.",
        "Cần trả lời trong bao nhiêu ngày làm việc: Hãy ghi một số nguyên, ví dụ 10.",
        "Hoặc cần trả lời trước hoặc trong ngày: Hãy ghi ngày cần trả lời, hoặc số ngày làm việc.",
    }
    assert "Cho ý kiến." in answer.content.decode()
    assert CoordinationRequest.objects.count() == 0


def test_both_lists_cost_the_same_however_long_they_are(world: World, django_assert_num_queries: Any) -> None:
    client = signed_in(world, Role.REPORTER, world.state.science)
    page = reverse("obstacles:waiting")
    assert "Chúng tôi không chờ câu trả lời nào." in client.get(page).content.decode()
    sent(world, on=today() - timedelta(days=40))
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _ in range(60):
        sent(world, on=today())
    with django_assert_num_queries(len(few.captured_queries)):
        answer = client.get(page)
    shown = soup(answer).select("#cho-ai tbody tr")
    assert len(shown) == 50
    assert "Quá hạn trả lời" in shown[0].get_text()
    assert "61 yêu cầu, 1 quá hạn" in soup(answer).select_one("#cho-ai").get_text()
    assert len(few.captured_queries) <= 20


def test_the_lists_of_another_body_open_only_from_above(world: World) -> None:
    page = reverse("obstacles:waiting")
    above = signed_in(world, Role.REPORTER, world.state.province)
    assert above.get(page, {"don-vi": "ubnd-hoa"}).status_code == 200
    assert above.get(page, {"don-vi": "bo-khoa-hoc"}).status_code == 404
    assert above.get(page, {"don-vi": "khong-co"}).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.REPORTER, 200), (Role.AUDITOR, 403), (Role.ACCOUNT_ADMIN, 403)])
def test_who_opens_the_form(world: World, role: Role, status: int) -> None:
    client = signed_in(world, role, world.state.science)
    assert client.get(reverse("obstacles:send_request"), {"nhiem-vu": "nv-khoa"}).status_code == status


def test_the_hops_of_silence_stand_on_the_page(world: World) -> None:
    request = sent(world)
    Hop.objects.create(
        request=request, number=2, rung="superior", organisation=world.state.government, because="silence",
        skipped="superior=no_body", started_on=TODAY, due_on=TODAY,
    )  # fmt: skip
    client = signed_in(world, Role.REPORTER, world.state.science)
    shown = soup(client.get(reverse("obstacles:request", args=[request.code]))).select_one("#trinh-len").get_text()
    assert "Bộ Tài chính · Cơ quan được đề nghị" in shown
    assert "Chính phủ · Cấp trên trực tiếp" in shown
    assert "Quá hạn mà chưa có quyết định; có nấc không có nơi nhận, bỏ qua" in shown
