"""Meetings: the agenda kept until the minutes came back, decisions all at once or not at all, followed at the next."""

import io
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kept_states import Kept
from tests.reporting.world import World, make_world, today
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.kernel.errors import Fault, Forbidden, NotVisible, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import (
    Conclusion,
    NewMeeting,
    NewObstacle,
    add_step,
    climb_ladders,
    create_meeting,
    move_on_agenda,
    put_on_agenda,
    raise_obstacle,
    record_minutes,
    take_off_agenda,
)
from thucthi.obstacles.calculations import Column, Outcome, outcome_of
from thucthi.obstacles.models import AgendaItem, Decision, Meeting, Obstacle
from thucthi.obstacles.selectors import BoardFilter, board_of, meeting_for, meeting_page

HELD_ON = date(2026, 11, 2)
TODAY = date(2026, 11, 5)
ENDED = "UBND tỉnh An Khê đã kết thúc hoạt động ngày 30/06/2026 và chưa ghi nhận cơ quan kế tục; hãy chọn cơ quan khác."


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def secretary(world: World) -> Viewer:
    return world.state.viewer(Role.STEERING_OFFICE, world.state.government)


def called(world: World, held_on: date = HELD_ON, **more: Any) -> Meeting:
    values: dict[str, Any] = {"committee": world.state.government, "title": "Phiên họp mẫu", "held_on": held_on}
    return create_meeting(by=secretary(world), new=NewMeeting(**(values | more)), on=TODAY)


def stuck(world: World, text: str = "Chưa có định mức.", on: date = date(2026, 10, 1), **more: Any) -> Obstacle:
    values: dict[str, Any] = {
        "code": None, "task": world.tasks["nv-khoa"], "organisation": world.state.science, "cause": "money",
        "condition": text, "asked_of": world.state.finance, "asked_what": "Ban hành định mức.",
        "due_on": on + timedelta(days=20),
    }  # fmt: skip
    return raise_obstacle(by=SYSTEM, new=NewObstacle(**(values | more)), on=on)


def agenda(world: World, *obstacles: Obstacle, held_on: date = HELD_ON) -> Meeting:
    meeting = called(world, held_on)
    put_on_agenda(meeting, by=secretary(world), obstacles=obstacles, on=TODAY)
    return meeting


def instruct(world: World, obstacle: Obstacle, **more: Any) -> Conclusion:
    values: dict[str, Any] = {
        "obstacle": obstacle, "kind": "instruct", "text": "Trình nghị định.", "responsible": world.state.finance,
        "due_on": date(2026, 12, 31),
    }  # fmt: skip
    return Conclusion(**(values | more))


def minuted(world: World, meeting: Meeting, *said: Conclusion, on: date = TODAY, **more: Any) -> list[Decision]:
    values: dict[str, Any] = {"by": secretary(world), "number": "12/TB-BCĐ", "minutes_on": TODAY}
    return record_minutes(meeting, conclusions=said, on=on, **(values | more))


def order(meeting: Meeting) -> list[str]:
    return list(meeting.items.order_by("position").values_list("obstacle__code", flat=True))


def test_a_meeting_is_called_by_its_own_committee(world: World) -> None:
    meeting = called(world, title="  Phiên họp thứ ba ", place="Trụ sở", chair="Thủ tướng")
    assert (meeting.code, meeting.title, meeting.held_on, meeting.minutes_number) == (
        "PH-2026-00001", "Phiên họp thứ ba", HELD_ON, "",
    )  # fmt: skip
    assert Entry.objects.get().event == "meeting.called"
    for role, body in ((Role.STEERING_OFFICE, "science"), (Role.REPORTER, "government"), (Role.APPROVER, "government")):
        with pytest.raises(Forbidden):
            create_meeting(
                by=world.state.viewer(role, getattr(world.state, body)),
                new=NewMeeting(world.state.government, "Phiên", HELD_ON),
                on=TODAY,
            )
    assert Meeting.objects.count() == 1


def test_everything_missing_is_said_at_once(world: World) -> None:
    with pytest.raises(Refused) as refused:
        called(world, held_on=None, title=" ", place="x" * 301)  # type: ignore[arg-type]
    assert refused.value.faults == (
        Fault("title", "Hãy ghi tên phiên họp, ví dụ “Phiên họp thứ ba”."),
        Fault("held_on", "Hãy ghi ngày họp."),
        Fault("place", "Nội dung này dài quá 300 chữ. Đề nghị rút gọn."),
    )
    assert (Meeting.objects.count(), Entry.objects.count()) == (0, 0)


def test_the_agenda_grows_moves_and_shrinks(world: World) -> None:
    first, second, third = (stuck(world, text) for text in "abc")
    meeting, by = agenda(world, first, second), secretary(world)
    put_on_agenda(meeting, by=by, obstacles=[second, third], on=TODAY)
    assert order(meeting) == [first.code, second.code, third.code]
    move_on_agenda(meeting, by=by, obstacle=third, up=True)
    move_on_agenda(meeting, by=by, obstacle=first, up=False)
    assert order(meeting) == [third.code, first.code, second.code]
    move_on_agenda(meeting, by=by, obstacle=third, up=True)
    assert order(meeting) == [third.code, first.code, second.code]
    take_off_agenda(meeting, by=by, obstacle=first)
    assert order(meeting) == [third.code, second.code]
    with pytest.raises(Stale, match="vừa được người khác đưa ra khỏi chương trình"):
        take_off_agenda(meeting, by=by, obstacle=first)
    with pytest.raises(Stale, match="vừa được người khác đưa ra khỏi chương trình"):
        move_on_agenda(meeting, by=by, obstacle=first, up=True)


def test_closed_hidden_and_no_obstacles_are_not_taken(world: World) -> None:
    meeting, by, entries = called(world), secretary(world), Entry.objects.count
    gone = stuck(world)
    add_step(gone, by=SYSTEM, kind="removed", text="Xong.", organisation=world.state.science, on=TODAY)
    hidden = stuck(world, task=world.tasks["nv-mat"])
    before = entries()
    with pytest.raises(Refused, match=f"Điểm nghẽn {gone.code} đã đóng; hãy bỏ chọn."):
        put_on_agenda(meeting, by=by, obstacles=[gone], on=TODAY)
    with pytest.raises(Forbidden):
        put_on_agenda(meeting, by=by, obstacles=[hidden], on=TODAY)
    with pytest.raises(Refused, match="Hãy chọn ít nhất một điểm nghẽn"):
        put_on_agenda(meeting, by=by, obstacles=[], on=TODAY)
    for act in (take_off_agenda, put_on_agenda):
        more = {"obstacle": gone} if act is take_off_agenda else {"obstacles": [stuck(world)], "on": TODAY}
        with pytest.raises(Forbidden):
            act(meeting, by=world.reporter(world.state.government), **more)  # type: ignore[operator]
    assert (AgendaItem.objects.count(), entries()) == (0, before + 1)


def test_minutes_become_decisions_in_one_entry_and_shut_the_meeting(world: World) -> None:
    first, second, third = (stuck(world, text) for text in "abc")
    meeting = agenda(world, first, second, third)
    entries = Entry.objects.count()
    decided, declined = minuted(
        world,
        meeting,
        instruct(world, first),
        Conclusion(second, "decline", " Chưa đủ căn cứ. "),
        Conclusion(third),
    )
    meeting.refresh_from_db()
    assert (meeting.minutes_number, meeting.minutes_on) == ("12/TB-BCĐ", TODAY)
    assert (decided.organisation, decided.responsible, decided.reference, decided.decided_on, decided.meeting) == (
        world.state.government, world.state.finance, "12/TB-BCĐ", TODAY, meeting,
    )  # fmt: skip
    assert (decided.hop.organisation, declined.text, declined.responsible) == (
        world.state.government, "Chưa đủ căn cứ.", None,
    )  # fmt: skip
    assert Entry.objects.count() == entries + 1
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.event, [row["obstacle"] for row in entry.content["decisions"]], entry.content["undecided"]) == (
        "meeting.minutes_recorded", [first.code, second.code], [third.code],
    )  # fmt: skip
    by = secretary(world)
    for act, more in (
        (put_on_agenda, {"obstacles": [third], "on": TODAY}),
        (take_off_agenda, {"obstacle": third}),
        (move_on_agenda, {"obstacle": third, "up": True}),
    ):
        with pytest.raises(Stale, match=r"12/TB-BCĐ, ngày 05/11/2026"):
            act(meeting, by=by, **more)  # type: ignore[operator]


def test_all_faults_of_all_items_are_said_at_once(world: World) -> None:
    first, second, third, other = (stuck(world, text) for text in "abcd")
    meeting = agenda(world, first, second, third)
    add_step(third, by=SYSTEM, kind="removed", text="Xong.", organisation=world.state.science, on=TODAY)
    world.state.elsewhere.valid_to = date(2026, 6, 30)
    world.state.elsewhere.save(update_fields=["valid_to"])
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        minuted(
            world,
            meeting,
            Conclusion(first, "instruct"),
            instruct(world, second, kind="", responsible=world.state.elsewhere, due_on=date(2026, 11, 1)),
            instruct(world, third),
            instruct(world, other),
            number=" ",
            minutes_on=date(2026, 11, 1),
        )
    assert {(fault.field, fault.text) for fault in refused.value.faults} == {
        ("number", "Hãy ghi số, ký hiệu của thông báo kết luận."),
        ("minutes_on", "Ngày của thông báo kết luận phải từ ngày họp 02/11/2026 đến hôm nay."),
        (f"text-{first.code}", "Hãy ghi nội dung kết luận."),
        (f"responsible-{first.code}", "Hãy ghi cơ quan thực hiện."),
        (f"due_on-{first.code}", "Hãy ghi thời hạn thực hiện."),
        (f"kind-{second.code}", "Hãy chọn loại kết luận."),
        (f"responsible-{second.code}", ENDED),
        (f"due_on-{second.code}", "Thời hạn thực hiện không thể trước ngày họp."),
        (f"text-{third.code}", f"Điểm nghẽn {third.code} đã đóng trước khi có kết luận; hãy để trống mục này."),
        ("", f"Điểm nghẽn {other.code} không có trong chương trình họp."),
    }
    assert (Decision.objects.count(), Entry.objects.count()) == (0, entries)
    meeting.refresh_from_db()
    assert meeting.minutes_number == ""


def test_minutes_without_any_conclusion_are_refused(world: World) -> None:
    first = stuck(world)
    meeting = agenda(world, first)
    with pytest.raises(Refused, match="ít nhất một điểm nghẽn"):
        minuted(world, meeting, Conclusion(first))
    with pytest.raises(Forbidden):
        minuted(world, meeting, instruct(world, first), by=world.approver())
    assert Decision.objects.count() == 0


def test_two_secretaries_record_the_minutes_at_once_and_one_learns_of_it(fresh_database: str) -> None:
    world = make_world()
    first, second = stuck(world, "a"), stuck(world, "b")
    meeting, by = agenda(world, first, second), secretary(world)
    outcomes: list[object] = []

    def act(n: int) -> None:
        try:
            outcomes.append(minuted(world, meeting, instruct(world, (first, second)[n % 2]), number=f"{n}/TB", by=by))
        except Stale as stale:
            outcomes.append(stale)
        finally:
            connections["default"].close()

    _together(act)
    assert Decision.objects.count() == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 7
    assert Entry.objects.filter(event="meeting.minutes_recorded").count() == 1


def test_eight_at_once_put_eight_items_on_the_agenda_in_eight_places(fresh_database: str) -> None:
    world = make_world()
    rows, meeting, by = [stuck(world, str(n)) for n in range(8)], called(world), secretary(world)

    def act(n: int) -> None:
        try:
            put_on_agenda(meeting, by=by, obstacles=[rows[n]], on=TODAY)
        finally:
            connections["default"].close()

    _together(act)
    assert sorted(meeting.items.values_list("position", flat=True)) == list(range(1, 9))


def _together(act: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(("kind", "due_on", "done_on", "outcome"), [
    ("instruct", date(2026, 11, 30), date(2026, 11, 20), Outcome.DONE),
    ("instruct", date(2026, 11, 10), date(2026, 11, 20), Outcome.DONE_LATE),
    ("instruct", date(2026, 11, 30), None, Outcome.OVERDUE),
    ("grant", date(2026, 12, 1), None, Outcome.IN_TIME),
    ("grant", None, None, Outcome.NO_DEADLINE),
    ("decline", date(2026, 11, 1), None, Outcome.NOTHING_TO_DO),
    ("instruct", None, date(2026, 12, 2), Outcome.NO_DEADLINE),
])  # fmt: skip
def test_what_became_of_a_decision(kind: str, due_on: date | None, done_on: date | None, outcome: Outcome) -> None:
    assert outcome_of(kind, due_on, done_on, date(2026, 12, 1)) is outcome


def test_the_next_meeting_starts_with_what_became_of_the_one_before(world: World) -> None:
    first, second, third = (stuck(world, text) for text in "abc")
    oldest = agenda(world, first, second, held_on=date(2026, 10, 5))
    minuted(
        world, oldest,
        instruct(world, first, due_on=date(2026, 10, 20)), instruct(world, second, due_on=date(2026, 10, 20)),
        minutes_on=date(2026, 10, 6), number="1/TB",
    )  # fmt: skip
    add_step(second, by=SYSTEM, kind="removed", text="Xong.", organisation=world.state.science, on=date(2026, 10, 15))
    before = agenda(world, third)
    minuted(world, before, Conclusion(third, "defer", "Để phiên sau."), number="2/TB")
    coming = called(world, date(2026, 12, 1))
    page = meeting_page(secretary(world), coming.code, date(2026, 11, 25))
    assert page.before == before
    assert [(row.decision.obstacle, row.outcome) for row in page.followed] == [
        (first, Outcome.OVERDUE), (third, Outcome.NOTHING_TO_DO),
    ]  # fmt: skip
    at_the_second = meeting_page(secretary(world), before.code, TODAY)
    assert [(row.decision.obstacle, row.outcome) for row in at_the_second.followed] == [
        (first, Outcome.OVERDUE), (second, Outcome.DONE),
    ]  # fmt: skip


def test_who_reads_a_meeting(world: World) -> None:
    state = world.state
    meeting = called(world, committee=state.government)
    assert meeting_for(world.reporter(state.government), meeting.code) == meeting
    for stranger in (world.reporter(state.science), world.reporter(state.committee)):
        with pytest.raises(NotVisible):
            meeting_for(stranger, meeting.code)


# --- pages ----------------------------------------------------------------------------------------------------------


def signed_in(world: World, role: Role, organisation: Organisation) -> Client:
    client = Client()
    client.force_login(world.state.person(role, organisation), backend="django.contrib.auth.backends.ModelBackend")
    return client


def office(world: World) -> Client:
    return signed_in(world, Role.STEERING_OFFICE, world.state.government)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def now_stuck(world: World, text: str = "Chưa có định mức.", days: int = 50, **more: Any) -> Obstacle:
    return stuck(world, text, today() - timedelta(days=days), **more)


def test_from_the_board_to_the_minutes_on_pages(world: World) -> None:
    client, row = office(world), now_stuck(world)
    answer = client.post(reverse("obstacles:call_meeting"), {
        "committee": "chinh-phu", "title": "Phiên họp thứ ba", "held_on": today().isoformat(),
    })  # fmt: skip
    meeting = Meeting.objects.get()
    page = reverse("obstacles:meeting", args=[meeting.code])
    assert answer["Location"] == page
    board = soup(client.get(reverse("obstacles:board")))
    assert [box["value"] for box in board.select("input[type=checkbox]")] == [row.code]
    assert [box["form"] for box in board.select("input[type=checkbox]")] == ["dua-vao-hop"]
    chosen = {"phien-hop": meeting.code, "diem-nghen": [row.code]}
    assert client.post(reverse("obstacles:put_on_agenda"), chosen)["Location"] == page
    assert "Chưa có định mức." in client.get(page).content.decode()
    form = reverse("obstacles:minutes", args=[meeting.code])
    assert len(soup(client.get(form)).select("fieldset")) == 1
    wrong = client.post(form, {f"kind-{row.code}": "instruct", f"text-{row.code}": "Trình nghị định."})
    assert wrong.status_code == 422
    assert len(soup(wrong).select("#error-summary li")) == 4
    assert "Trình nghị định." in wrong.content.decode()
    right = {
        "number": "12/TB", "minutes_on": today().isoformat(), f"kind-{row.code}": "instruct",
        f"text-{row.code}": "Trình nghị định.", f"responsible-{row.code}": "bộ tài chính",
        f"due_on-{row.code}": (today() + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert client.post(form, right)["Location"] == page
    shown = client.get(page).content.decode()
    assert "Đã có kết luận: 12/TB" in shown
    assert "Trình nghị định. – Bộ Tài chính" in shown
    late = client.post(form, right)
    assert late.status_code == 409
    assert "12/TB" in late.content.decode()
    assert "Trình nghị định." in late.content.decode()
    assert client.get(form).status_code == 302
    assert Decision.objects.count() == 1


def test_the_paper_goes_out_and_comes_back_filled_in_with_a_rehearsal(world: World) -> None:
    client, row, other = office(world), now_stuck(world), now_stuck(world, "Thiếu người.")
    meeting = create_meeting(by=secretary(world), new=NewMeeting(world.state.government, "Phiên", today()), on=today())
    put_on_agenda(meeting, by=secretary(world), obstacles=[row, other], on=today())
    answer = client.get(reverse("obstacles:agenda_paper", args=[meeting.code]))
    assert answer["Content-Disposition"] == f'attachment; filename="chuong-trinh-{meeting.code}.docx"'
    document = docx.Document(io.BytesIO(answer.content))
    lines = document.tables[-1].rows
    assert [line.cells[1].text for line in lines[1:]] == [row.code, other.code]
    for cell, text in zip(lines[1].cells[-3:], ("Giao thực hiện: Trình.", "Bộ Tài chính", "31/12/2030"), strict=True):
        cell.text = text
    lines[2].cells[-3].text, lines[2].cells[-1].text = "Đồng ý bổ sung.", "sớm"
    kept = io.BytesIO()
    document.save(kept)
    entries = Entry.objects.count()
    read = client.post(
        reverse("obstacles:read_paper", args=[meeting.code]), {"file": SimpleUploadedFile("a.docx", kept.getvalue())}
    )
    assert read.status_code == 200
    page = soup(read)
    assert [item.get_text() for item in page.select("#chua-hieu li")] == [
        f"{other.code}: chưa rõ loại kết luận, hãy chọn.", f"{other.code}: chưa hiểu thời hạn “sớm”.",
    ]  # fmt: skip
    assert page.select_one(f"[name='text-{row.code}']").get_text().strip() == "Trình."
    assert page.select_one(f"[name='kind-{row.code}'] option[selected]")["value"] == "instruct"
    assert page.select_one(f"[name='due_on-{row.code}']")["value"] == "2030-12-31"
    assert page.select_one(f"[name='responsible-{row.code}']")["value"] == "Bộ Tài chính"
    assert (Decision.objects.count(), Entry.objects.count()) == (0, entries)


@pytest.mark.parametrize(("content", "told"), [
    (b"xin chao", "không phải tệp .docx"), (b"", "Tệp này rỗng"), (None, "Hãy chọn tệp .docx"),
])  # fmt: skip
def test_a_file_that_is_no_paper_is_told_on_the_page(world: World, content: bytes | None, told: str) -> None:
    client, row = office(world), now_stuck(world)
    meeting = create_meeting(by=secretary(world), new=NewMeeting(world.state.government, "Phiên", today()), on=today())
    put_on_agenda(meeting, by=secretary(world), obstacles=[row], on=today())
    sent = {} if content is None else {"file": SimpleUploadedFile("a.docx", content)}
    answer = client.post(reverse("obstacles:read_paper", args=[meeting.code]), sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_the_board_puts_each_obstacle_in_its_column_the_heaviest_first(world: World) -> None:
    viewer, on = secretary(world), TODAY
    fresh = stuck(world, "Mới", on=TODAY, due_on=TODAY)
    taken = stuck(world, "Đã nhận", on=TODAY, due_on=TODAY)
    add_step(taken, by=SYSTEM, kind="acknowledged", text="x", organisation=world.state.finance, on=TODAY)
    climbed = stuck(world, "Lâu")
    heavier = stuck(world, "Nặng hơn", affected=[world.tasks["nv-tinh"], world.tasks["nv-xa"]])
    answered = stuck(world, "Đã trả lời")
    add_step(answered, by=SYSTEM, kind="answered", text="Sẽ làm.", organisation=world.state.finance, on=TODAY)
    coming = stuck(world, "Sắp họp")
    agenda(world, coming, held_on=date(2026, 11, 20))
    gone, back = stuck(world, "Đã gỡ"), stuck(world, "Rút")
    for row, kind in ((gone, "removed"), (back, "withdrawn")):
        add_step(row, by=SYSTEM, kind=kind, text="x", organisation=world.state.science, on=TODAY)
    climb_ladders(by=SYSTEM, on=on)
    board = board_of(viewer, BoardFilter(), on, most=10, only=None, page=1)
    assert {column.column: [card.obstacle for card in column.cards] for column in board.columns} == {
        Column.NEW: [fresh],
        Column.ACKNOWLEDGED: [taken],
        Column.CLIMBED: [heavier, climbed],
        Column.DECISION: [answered, coming],
        Column.REMOVED: [gone],
    }
    card = board.columns[2].cards[0]
    assert (card.held_up, [body.short_name for body in card.holders]) == (3, ["Chính phủ"])
    assert card.around.last is not None
    above = board.columns[3].cards[0].next_step
    assert above is not None
    assert (board.total, above.kind, above.organisation) == (7, "removed", world.state.government)
    raiser = board_of(world.reporter(), BoardFilter(), on, most=10, only=None, page=1)
    step = raiser.columns[3].cards[0].next_step
    assert step is not None
    assert (step.kind, step.organisation) == ("removed", world.state.science)
    asked = board_of(world.reporter(world.state.finance), BoardFilter(cause="money"), on, most=1, only=None, page=1)
    assert [(column.count, len(column.cards)) for column in asked.columns] == [(1, 1), (1, 1), (2, 1), (2, 1), (1, 1)]
    assert [asked.columns[n].cards[0].next_step.kind for n in (0, 1)] == ["acknowledged", "answered"]
    only = board_of(viewer, BoardFilter(level="central"), on, most=1, only=Column.CLIMBED, page=2)
    assert [[card.obstacle for card in column.cards] for column in only.columns] == [[climbed]]
    nothing = board_of(viewer, BoardFilter(organisation=world.state.elsewhere), on, most=9, only=None, page=1)
    assert nothing.total == 0


def test_a_card_is_taken_on_from_the_board(world: World) -> None:
    row = now_stuck(world, days=1)
    client = signed_in(world, Role.REPORTER, world.state.finance)
    board = soup(client.get(reverse("obstacles:board")))
    form = board.select_one(f"form[action='{reverse('obstacles:obstacle', args=[row.code])}']")
    sent = {field["name"]: field["value"] for field in form.select("input")}
    answer = client.post(form["action"], sent)
    assert (answer.status_code, answer["Location"]) == (302, reverse("obstacles:board"))
    assert row.steps.get().kind == "acknowledged"
    again = client.post(form["action"], sent)
    assert again.status_code == 422


def test_five_hundred_cards_cost_no_more_queries_than_five(world: World) -> None:
    client, board = office(world), reverse("obstacles:board")
    create_meeting(by=secretary(world), new=NewMeeting(world.state.government, "Phiên", today()), on=today())
    for n in range(5):
        now_stuck(world, str(n))
    client.get(board)
    with CaptureQueriesContext(connection) as few:
        client.get(board)
    _more_obstacles(495)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(board)
    assert len(few.captured_queries) == len(many.captured_queries)
    assert sum("SAVEPOINT" not in query["sql"] for query in many.captured_queries) <= 20
    page = soup(answer)
    assert "(500)" in page.select_one("#cot-new").get_text()
    assert len(page.select("#cot-new-o article")) == 10
    assert "Xem cả 500 thẻ" in page.select_one("#cot-new-o").get_text()
    second = soup(client.get(board, {"cot": "new", "trang": "2"}))
    assert len(second.select("article")) == 50
    assert client.get(board, {"cot": "bịa", "trang": "x", "cause": "bịa", "level": "bịa"}).status_code == 200


def _more_obstacles(count: int) -> None:
    first = Obstacle.objects.order_by("pk")[0]
    Obstacle.objects.bulk_create(
        Obstacle(
            code=f"X-{n}", task=first.task, raised_by_organisation=first.raised_by_organisation, cause="land",
            raised_on=first.raised_on, condition=f"Vướng {n}", asked_of=first.asked_of, asked_what="Gỡ",
            due_on=first.due_on,
        )
        for n in range(count)
    )  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [
    (Role.STEERING_OFFICE, 200), (Role.HEAD, 200), (Role.REPORTER, 403), (Role.ACCOUNT_ADMIN, 403),
])  # fmt: skip
def test_who_opens_the_form_of_a_meeting(world: World, role: Role, status: int) -> None:
    client = signed_in(world, role, world.state.government)
    assert client.get(reverse("obstacles:call_meeting")).status_code == status
