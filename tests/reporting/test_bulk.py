"""Many reports at once, without JavaScript and row by row: each row its own report, and nothing typed is lost."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.reporting.test_pages import address, faults_shown, form_of, signed_in, soup
from tests.reporting.world import World, behind, now, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import return_report, save_draft
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Obligation, Report, ReportDraft
from thucthi.reporting.views.bulk import ROWS

BULK = "/lam-viec/bao-cao-hang-loat/"


@pytest.fixture
def owed(world: World) -> list[Obligation]:
    """Three reports of science this week; the first has a last period."""
    send(world, world.last_week, on_plan("40", note="Xong bước một."))
    for code in ("nv-hai", "nv-ba"):
        world.task(code, world.state.science)
    return [world.this_week, world.obligation("nv-hai", today()), world.obligation("nv-ba", today())]


def opened(client: Client) -> dict[str, Any]:
    """What a browser would send back from the table as it stands."""
    sent = form_of(client.get(BULK), "bao-cao-hang-loat/")
    return {name: value for name, value in sent.items() if name not in {"chon", "tat-ca"}}


def put(row: Obligation, claim: str = "Đúng kế hoạch", progress: str = "50", note: str = "") -> dict[str, str]:
    return {f"o.{row.pk}.claim": claim, f"o.{row.pk}.progress": progress, f"o.{row.pk}.note": note}


def states(answer: Any) -> dict[str, str]:
    """The word at the end of each row, by task."""
    return {
        row.select_one("[data-row-name]").get_text().split(",")[0]: row.select_one("[data-end] .tt-status").get_text(
            strip=True
        )
        for row in soup(answer).select("tr[data-row]")
    }


def told(answer: Any, row: Obligation) -> list[str]:
    return [item.get_text() for item in soup(answer).select(f"#dong-{row.pk} [data-end] li")]


def test_the_table_shows_what_is_owed_prefilled_and_moves_nothing(world: World, owed: list[Obligation]) -> None:
    before = Entry.objects.count()
    answer = signed_in(world).get(BULK)
    first = opened(signed_in(world))
    assert states(answer) == {"nv-khoa": "Chưa báo cáo", "nv-hai": "Chưa báo cáo", "nv-ba": "Chưa báo cáo"}
    assert [first[f"o.{owed[0].pk}.{name}"] for name in ("claim", "progress", "note")] == [
        "Đúng kế hoạch", "40", "Xong bước một.",
    ]  # fmt: skip
    shown = soup(answer).select_one(f"#dong-{owed[0].pk} [data-end]").get_text()
    assert "Đúng kế hoạch, đạt 40 % sản phẩm (đơn vị tự khai). Xong bước một." in shown
    assert Entry.objects.count() == before


def test_only_touched_rows_become_drafts(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    answer = client.post(BULK, opened(client) | put(owed[1], "cham", "30", "Thiếu vốn.") | {"viec": "luu"})
    assert answer.status_code == 200
    draft = ReportDraft.objects.get()
    assert draft.obligation == owed[1]
    assert TypedReport.from_stored(draft.content) == TypedReport(claim="behind", progress="30", note="Thiếu vốn.")
    assert states(answer)["nv-hai"].startswith("Đã lưu nháp lúc ")
    assert told(answer, owed[1]) == ["Còn thiếu nguyên nhân, đề nghị hoặc minh chứng: hãy mở mẫu đầy đủ để điền tiếp."]
    assert address("edit_report", owed[1]) in answer.content.decode()
    kept = form_of(client.get(address("edit_report", owed[1])), f"{owed[1].period_key}/")
    assert (kept["claim"], kept["progress"], kept["note"]) == (["behind"], "30", "Thiếu vốn.")
    assert Entry.objects.filter(event="draft.saved").count() == 1


def test_chosen_rows_are_sent_each_by_itself(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    typed = opened(client) | put(owed[0], progress="45") | put(owed[1], "Chậm", "20", "Vướng.") | put(owed[2], "tốt")
    answer = client.post(BULK, typed | {"viec": "gui", "chon": [row.pk for row in owed]})
    assert answer.status_code == 422
    assert states(answer) == {
        "nv-khoa": "Đã gửi", "nv-hai": "Chưa gửi được, cần mẫu đầy đủ", "nv-ba": "Chưa gửi được",
    }  # fmt: skip
    assert told(answer, owed[2]) == [
        "Tình hình: hãy ghi “Đúng kế hoạch”, “Có nguy cơ chậm” hoặc “Chậm so với kế hoạch”."
    ]
    assert "Nguyên nhân: Hãy chọn nguyên nhân." in told(answer, owed[1])
    sent = Report.objects.get(obligation=owed[0])
    assert (sent.progress_declared, sent.note) == (Decimal(45), "")
    assert Report.objects.count() == 2
    assert ReportDraft.objects.get().obligation == owed[1]
    again = form_of(answer, "bao-cao-hang-loat/")
    assert again[f"o.{owed[2].pk}.claim"] == "tốt"
    events = Entry.objects.order_by("pk").values_list("event", flat=True)
    assert sorted(events) == ["draft.saved", "report.submitted", "report.submitted"]


def test_sending_the_same_page_twice_sends_once(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    typed = opened(client) | put(owed[0], progress="45") | {"viec": "gui", "chon": [owed[0].pk]}
    client.post(BULK, typed)
    answer = client.post(BULK, typed)
    assert (answer.status_code, states(answer)["nv-khoa"]) == (200, "Đã gửi")
    assert Report.objects.filter(obligation=owed[0]).count() == 1


def test_a_row_that_somebody_else_sent_tells_so_and_shows_what_was_typed(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    typed = opened(client) | put(owed[0], progress="45", note="Của tôi.")
    send(world, owed[0], on_plan("41"))
    answer = client.post(BULK, typed | {"viec": "gui", "chon": [owed[0].pk]})
    assert states(answer)["nv-khoa"] == "Đã có báo cáo gửi trước"
    assert told(answer, owed[0])[1] == "Ông/bà vừa gõ (chưa được ghi nhận): Đúng kế hoạch · 45 · Của tôi."
    assert Report.objects.get(obligation=owed[0]).progress_declared == Decimal(41)


def test_a_clash_shows_the_other_words_and_a_second_press_takes_ours(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    typed = opened(client) | put(owed[0], progress="45", note="Của tôi.")
    other = TypedReport(claim="on_plan", progress="42", note="Của người khác.")
    save_draft(owed[0], by=world.head(), typed=other, version=0, page="khac", at=now())
    clash = client.post(BULK, typed | {"viec": "luu"})
    assert states(clash)["nv-khoa"] == "Có người vừa lưu bản khác"
    assert told(clash, owed[0])[1:] == ["Tiến độ (% sản phẩm) đang lưu: 42", "Ghi chú đang lưu: Của người khác."]
    assert ReportDraft.objects.get().content["note"] == "Của người khác."
    again = form_of(clash, "bao-cao-hang-loat/")
    assert again[f"o.{owed[0].pk}.note"] == "Của tôi."
    client.post(BULK, again | {"viec": "luu"})
    assert ReportDraft.objects.get().content["note"] == "Của tôi."


@pytest.mark.parametrize(
    ("pressed", "progress", "note"),
    [
        ({"dong-khong-doi": "0"}, "40", "Xong bước một."),
        ({"dong-dung-ke-hoach": "0"}, "40", "Xong bước một."),
        ({"viec": "dung-ke-hoach", "tat-ca": "on", "plus": "2,5"}, "42,5", "Xong bước một."),
        ({"viec": "khong-doi", "chon": "0"}, "40", "Xong bước một."),
    ],
)
def test_one_press_fills_from_the_last_period_to_be_read_before_it_is_sent(
    world: World, owed: list[Obligation], pressed: dict[str, str], progress: str, note: str
) -> None:
    client = signed_in(world)
    of_row = {name: str(owed[0].pk) if value == "0" else value for name, value in pressed.items()}
    answer = client.post(BULK, opened(client) | put(owed[0], "Chậm", "1", "Gõ dở.") | of_row)
    draft = TypedReport.from_stored(ReportDraft.objects.get(obligation=owed[0]).content)
    assert (draft.claim, draft.progress, draft.note) == ("on_plan", progress, note)
    assert told(answer, owed[0]) == ["Thay cho nội dung trước đó: Chậm · 1 · Gõ dở."]
    assert f"đạt {progress} % sản phẩm" in soup(answer).select_one(f"#dong-{owed[0].pk} [data-end]").get_text()
    assert Report.objects.filter(obligation=owed[0]).count() == 0


def test_the_first_period_has_nothing_to_repeat(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    answer = client.post(BULK, opened(client) | {"viec": "khong-doi", "chon": [owed[1].pk]})
    assert (answer.status_code, states(answer)["nv-hai"]) == (422, "Chưa lưu được")
    assert ReportDraft.objects.count() == 0


def test_pressing_send_without_choosing_says_so_and_keeps_what_was_typed(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    answer = client.post(BULK, opened(client) | put(owed[0], progress="47") | {"viec": "gui"})
    assert (answer.status_code, faults_shown(answer)) == (422, ["Hãy đánh dấu ít nhất một dòng."])
    assert ReportDraft.objects.get().content["progress"] == "47"
    assert Report.objects.filter(obligation=owed[0]).count() == 0


def test_a_returned_report_keeps_its_note_beside_the_row(world: World, owed: list[Obligation]) -> None:
    sent = send(world, owed[0], on_plan("44"))
    return_report(sent, by=world.approver(), content_hash=sent.content_hash, note="Thiếu bảng số liệu.", at=now())
    client = signed_in(world)
    answer = client.get(BULK)
    assert (states(answer)["nv-khoa"], told(answer, owed[0])) == (
        "Bị trả lại", ["Ý kiến trả lại: Thiếu bảng số liệu."],
    )  # fmt: skip
    client.post(BULK, opened(client) | put(owed[0], progress="46") | {"viec": "gui", "chon": [owed[0].pk]})
    assert Report.objects.get(obligation=owed[0], version=2).progress_declared == Decimal(46)


def test_a_worse_report_with_last_period_reasons_is_sent_again_as_it_stands(world: World) -> None:
    send(world, world.last_week, behind(world))
    this_week, client = world.this_week, signed_in(world)
    typed = opened(client) | {f"o.{this_week.pk}.progress": "36"}
    answer = client.post(BULK, typed | {"viec": "gui", "chon": [this_week.pk]})
    assert states(answer)["nv-khoa"] == "Đã gửi"
    sent = Report.objects.get(obligation=world.this_week)
    assert (sent.claim, sent.cause, sent.obstacle) == ("behind", "money", Report.objects.order_by("pk")[0].obstacle)


def test_a_note_of_several_lines_is_not_flattened_by_passing_through(world: World, owed: list[Obligation]) -> None:
    typed = TypedReport(claim="on_plan", progress="41", note="Một.\nHai.")
    save_draft(owed[0], by=world.reporter(), typed=typed, version=0, page="x", at=now())
    client = signed_in(world)
    client.post(BULK, opened(client) | {f"o.{owed[0].pk}.progress": "43", "viec": "luu"})
    assert ReportDraft.objects.get().content["note"] == "Một.\nHai."
    assert ReportDraft.objects.get().content["progress"] == "43"


def test_rows_of_others_do_not_exist(world: World, owed: list[Obligation]) -> None:
    foreign = world.obligation("nv-tinh", today())
    client = signed_in(world)
    answer = client.post(BULK, put(foreign) | {f"was.{foreign.pk}": "{}", "viec": "gui", "chon": [foreign.pk]})
    assert (answer.status_code, states(answer)) == (200, {})
    row = client.post(f"{BULK}dong/", put(foreign) | {"dong": foreign.pk})
    assert row.status_code == 404
    assert signed_in(world, Role.APPROVER, world.state.government).get(BULK).status_code == 403
    assert (Report.objects.filter(obligation=foreign).count(), ReportDraft.objects.count()) == (0, 0)


def test_a_script_saves_one_row_and_is_answered_with_its_end(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    was = opened(client)[f"was.{owed[0].pk}"]
    sent = put(owed[0], "cham", "45,5") | {f"was.{owed[0].pk}": was, "dong": owed[0].pk}
    answer = client.post(f"{BULK}dong/", sent)
    end = soup(answer).select_one("[data-row-end]")
    assert (answer.status_code, json.loads(end["data-faulty"])) == (200, [])
    shown = json.loads(end["data-shown"])
    assert (shown["claim"], shown["progress"], shown["version"]) == ("Chậm so với kế hoạch", "45,5", "1")
    bad = client.post(
        f"{BULK}dong/", put(owed[0], "tốt") | {f"was.{owed[0].pk}": end["data-shown"], "dong": owed[0].pk}
    )
    assert (bad.status_code, json.loads(soup(bad).select_one("[data-row-end]")["data-faulty"])) == (422, ["claim"])
    assert ReportDraft.objects.get().content["progress"] == "45,5"


@pytest.mark.parametrize("row", ["", "x", "9" * 30, "-1"])
def test_a_spoiled_row_number_is_no_row(world: World, row: str) -> None:
    assert signed_in(world).post(f"{BULK}dong/", {"dong": row}).status_code == 404


def test_spoiled_hidden_fields_do_not_break_the_page(world: World, owed: list[Obligation]) -> None:
    pk = owed[0].pk
    for was in ("", "[]", "{", '{"version": "x", "key": "y"}', '{"version": "999999999999"}'):
        answer = signed_in(world).post(BULK, {f"was.{pk}": was, "viec": "gui", "chon": ["x", str(pk)], "was.x": "1"})
        assert answer.status_code in {200, 422}, was


def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    client.get(BULK)
    with CaptureQueriesContext(connection) as few:
        client.get(BULK)
    for number in range(ROWS):
        code = f"nv-them-{number}"
        world.task(code, world.state.science)
        send(world, world.obligation(code, today() - timedelta(days=7)), on_plan(str(number)))
        world.obligation(code, today())
    with CaptureQueriesContext(connection) as many:
        answer = client.get(BULK)
    assert len(soup(answer).select("tr[data-row]")) == ROWS
    assert len(many.captured_queries) == len(few.captured_queries)
    assert len(soup(client.get(f"{BULK}?trang=2")).select("tr[data-row]")) == 3


def test_a_unit_is_chosen_where_one_reports_for_several(world: World, owed: list[Obligation]) -> None:
    world.obligation("nv-tinh", today())
    account = world.state.person(Role.REPORTER, world.state.science)
    account.memberships.create(organisation=world.state.province, role=Role.REPORTER, valid_from=today())
    client = signed_in(world)
    assert set(states(client.get(BULK))) == {"nv-khoa", "nv-hai", "nv-ba", "nv-tinh"}
    assert set(states(client.get(f"{BULK}?don-vi={world.state.province.code}"))) == {"nv-tinh"}


def test_a_session_that_ran_out_loses_no_row(world: World, owed: list[Obligation]) -> None:
    client = signed_in(world)
    typed = opened(client) | put(owed[0], progress="47", note="Gõ sau khi hết phiên.")
    client.logout()
    answer = client.post(BULK, typed | {"viec": "gui", "chon": [owed[0].pk]})
    assert answer.status_code == 401
    assert unquote(soup(answer).find("a", class_="btn")["href"]) == f"/tai-khoan/login/?next={BULK}"
    assert (ReportDraft.objects.count(), Report.objects.filter(obligation=owed[0]).count()) == (0, 0)
    client.force_login(
        world.state.person(Role.REPORTER, world.state.science), backend="django.contrib.auth.backends.ModelBackend"
    )
    back = client.get(BULK)
    assert states(back) == {"nv-khoa": "Chưa lưu"}
    assert form_of(back, "bao-cao-hang-loat/")[f"o.{owed[0].pk}.note"] == "Gõ sau khi hết phiên."
    client.post(BULK, opened(client) | {"viec": "luu"})
    assert ReportDraft.objects.get().content["note"] == "Gõ sau khi hết phiên."
    assert len(states(client.get(BULK))) == 3


def test_nothing_owed_says_so(world: World) -> None:
    assert "Không còn báo cáo nào phải gửi" in signed_in(world).get(BULK).content.decode()


def test_the_one_report_form_shows_the_public_words_of_each_press(world: World, owed: list[Obligation]) -> None:
    page = soup(signed_in(world).get(address("edit_report", owed[0])))
    hints = [hint.get_text() for hint in page.select("#bao-nhanh .tt-hint") if "Công khai" in hint.get_text()]
    assert len(hints) == 2
    assert all("Đúng kế hoạch, đạt 40 % sản phẩm (đơn vị tự khai). Xong bước một." in hint for hint in hints)
    assert reverse("reporting:repeat_report", args=["nv-khoa", owed[0].period_key]) in str(page)


def test_autosave_tells_the_public_words(world: World, owed: list[Obligation]) -> None:
    answer = signed_in(world).post(
        address("save_report_draft", owed[1]),
        {"claim": "on_plan", "progress": "12,5", "note": "Mới."},
        headers={"accept": "*/*"},
    )
    assert answer.json()["wording"].endswith("Đúng kế hoạch, đạt 12,5 % sản phẩm (đơn vị tự khai). Mới.")
