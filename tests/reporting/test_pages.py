"""The pages of reports, without JavaScript: what they show, what they keep, how they answer."""

import json
import re
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.reporting.world import CSV, PNG, World, behind, now, on_plan, send, today
from thucthi.directory.models import Organisation, Role
from thucthi.ledger.models import Entry
from thucthi.obstacles.models import Obstacle
from thucthi.reporting.actions import accept_report, return_report, save_draft, store_evidence
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Acceptance, Evidence, Obligation, Report, ReportDraft
from thucthi.reporting.selectors.wording import typed_figure


def address(name: str, obligation: Obligation) -> str:
    return reverse(f"reporting:{name}", kwargs={"code": obligation.task.code, "period_key": obligation.period_key})


def signed_in(world: World, role: Role = Role.REPORTER, organisation: Organisation | None = None) -> Client:
    client = Client()
    client.force_login(
        world.state.person(role, organisation or world.state.science),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def form_of(answer: Any, action: str) -> dict[str, Any]:
    """What a browser would send for the form with this action, as it stands."""
    form = next(each for each in soup(answer).find_all("form") if each.get("action", "").endswith(action))
    sent: dict[str, Any] = {}
    for control in form.find_all(["input", "textarea", "select"]):
        kind, name = control.get("type"), control.get("name")
        if not name or kind == "file" or name == "csrfmiddlewaretoken":
            continue
        if kind in {"checkbox", "radio"}:
            if control.has_attr("checked"):
                sent.setdefault(name, []).append(control["value"])
        elif control.name == "textarea":
            sent[name] = (control.string or "").removeprefix("\n")
        elif control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            sent[name] = chosen["value"]
        else:
            sent[name] = control.get("value", "")
    return sent


def faults_shown(answer: Any) -> list[str]:
    return [item.get_text(strip=True) for item in soup(answer).select("#error-summary li")]


def test_the_form_opens_with_last_period_and_nothing_moves(world: World) -> None:
    send(world, world.last_week, on_plan("40", note="Xong bước một."))
    before = Entry.objects.count()
    answer = signed_in(world).get(address("edit_report", world.this_week))
    assert answer.status_code == 200
    sent = form_of(answer, f"{world.this_week.period_key}/")
    assert (sent["claim"], sent["progress"], sent["note"], sent["version"]) == (
        ["on_plan"],
        "40",
        "Xong bước một.",
        "0",
    )
    shown = soup(answer).select_one("#cong-khai").get_text()
    assert "Bộ Khoa học báo cáo Tuần " in shown
    assert "Đúng kế hoạch, đạt 40 % sản phẩm (đơn vị tự khai). Xong bước một." in shown
    assert Entry.objects.count() == before


def test_a_report_is_sent_from_the_form(world: World) -> None:
    client = signed_in(world)
    sent = form_of(client.get(address("edit_report", world.this_week)), f"{world.this_week.period_key}/")
    answer = client.post(address("edit_report", world.this_week), sent | {"claim": "on_plan", "progress": "45,5 %"})
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("reporting:review_report", args=[report.pk]))
    assert report.progress_declared == Decimal("45.50")
    again = client.post(address("edit_report", world.this_week), sent | {"claim": "on_plan", "progress": "99"})
    assert (again.status_code, again["Location"]) == (302, reverse("reporting:review_report", args=[report.pk]))
    assert Report.objects.count() == 1


def test_all_faults_show_at_once_and_what_was_typed_stays(world: World) -> None:
    client = signed_in(world)
    typed = {"claim": "behind", "progress": "bốn mươi", "note": "x" * 501, "asked_due_on": "31/02/2027", "version": "0"}
    answer = client.post(address("edit_report", world.this_week), typed)
    assert answer.status_code == 422
    assert faults_shown(answer) == [
        "Tiến độ (% sản phẩm): Tiến độ phải là một số, ví dụ 45 hoặc 45,5.",
        "Ghi chú: Ghi chú dài 501 ký tự, tối đa 500. Hãy rút gọn.",
        "Nguyên nhân: Hãy chọn nguyên nhân.",
        "Đã làm gì để khắc phục: Hãy ghi đơn vị đã làm gì để khắc phục.",
        "Đề nghị cơ quan nào: Hãy ghi cơ quan có thể gỡ được điểm nghẽn này.",
        "Đề nghị làm gì: Hãy ghi rõ đề nghị cơ quan đó làm gì.",
        "Cần trước hoặc trong ngày: Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 24/12/2026.",
    ]
    kept = form_of(answer, f"{world.this_week.period_key}/")
    assert (kept["claim"], kept["progress"], kept["note"], kept["asked_due_on"]) == (
        ["behind"], "bốn mươi", "x" * 501, "31/02/2027",
    )  # fmt: skip
    assert soup(answer).title.get_text().startswith("Lỗi:")
    assert (Report.objects.count(), Obstacle.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_an_unreadable_field_writes_nothing_though_the_action_would_not_mind(world: World) -> None:
    answer = signed_in(world).post(
        address("edit_report", world.this_week),
        {"claim": "on_plan", "progress": "40", "asked_due_on": "không phải ngày", "version": "0"},
    )
    assert answer.status_code == 422
    assert Report.objects.count() == 0


def test_the_asked_body_is_found_by_its_name_and_two_of_a_name_are_told_apart(world: World) -> None:
    twin = Organisation.objects.create(
        code="ubnd-hoa-2", tree="state", level="commune", kind="commune", official_name="UBND xã Hòa",
        short_name="UBND xã Hòa", parent=world.state.elsewhere, search_text="ubnd xa hoa", sort_key="ubnd",
    )  # fmt: skip
    client = signed_in(world)
    typed = {
        "claim": "behind", "progress": "40", "note": "Vướng.", "cause": "coordination", "done_about_it": "Đã hỏi.",
        "asked_of": "ubnd xã hòa", "asked_what": "Trả lời.", "asked_due_on": f"{today() + timedelta(days=5):%d/%m/%Y}",
    }  # fmt: skip
    answer = client.post(address("edit_report", world.this_week), typed)
    assert faults_shown(answer) == [
        (
            "Đề nghị cơ quan nào: “ubnd xã hòa” chưa chỉ rõ một cơ quan. Hãy chép lại một trong các tên sau: "
            "UBND xã Hòa (ubnd-hoa-2); UBND xã Hòa (ubnd-hoa)."
        )
    ]
    client.post(address("edit_report", world.this_week), typed | {"asked_of": "UBND xã Hòa (ubnd-hoa-2)"})
    assert Obstacle.objects.get().asked_of == twin


@pytest.mark.parametrize(("organisation", "role", "status"), [
    ("science", Role.REPORTER, 200),
    ("science", Role.HEAD, 200),
    ("government", Role.HEAD, 403),
    ("finance", Role.REPORTER, 403),
    ("science", Role.APPROVER, 403),
    ("science", Role.ACCOUNT_ADMIN, 403),
])  # fmt: skip
def test_who_opens_the_form(world: World, organisation: str, role: Role, status: int) -> None:
    client = signed_in(world, role, getattr(world.state, organisation))
    assert client.get(address("edit_report", world.this_week)).status_code == status


def test_unknown_and_invisible_are_one_answer(world: World) -> None:
    client, hidden = signed_in(world, Role.REPORTER, world.state.finance), world.obligation("nv-mat", today())
    unknown = reverse("reporting:edit_report", kwargs={"code": "khong-co", "period_key": "2026-W01"})
    first, second = client.get(unknown), client.get(address("edit_report", hidden))
    assert (first.status_code, second.status_code) == (404, 404)
    assert first.content == second.content


def test_no_change_is_one_press(world: World) -> None:
    send(world, world.last_week, behind(world))
    client = signed_in(world)
    sent = form_of(client.get(address("edit_report", world.this_week)), "khong-doi/")
    answer = client.post(address("repeat_report", world.this_week), sent)
    report = Report.objects.get(obligation=world.this_week)
    assert answer.status_code == 302
    assert (report.claim, report.progress_declared, report.note, report.cause, report.done_about_it) == (
        "behind", Decimal("35.00"), "Chưa có hướng dẫn định mức chi.", "money", "Đã gửi hai công văn xin ý kiến.",
    )  # fmt: skip
    assert Obstacle.objects.count() == 1
    client.post(address("repeat_report", world.this_week), sent)
    assert Report.objects.count() == 2


def test_on_plan_is_one_press_with_or_without_more(world: World) -> None:
    send(world, world.last_week, behind(world))
    client = signed_in(world)
    sent = form_of(client.get(address("edit_report", world.this_week)), "dung-ke-hoach/")
    assert client.post(address("report_on_plan", world.this_week), sent | {"plus": "2,5"}).status_code == 302
    report = Report.objects.get(obligation=world.this_week)
    assert (report.claim, report.progress_declared, report.note, report.cause) == (
        "on_plan", Decimal("37.50"), "", "",
    )  # fmt: skip


def test_a_press_with_a_word_for_a_figure_is_refused_with_the_form(world: World) -> None:
    send(world, world.last_week)
    answer = signed_in(world).post(address("report_on_plan", world.this_week), {"plus": "nhiều"})
    assert (answer.status_code, faults_shown(answer)) == (422, ["Phần tăng thêm phải là một số, ví dụ 5 hoặc 2,5."])
    assert Report.objects.filter(obligation=world.this_week).count() == 0


@pytest.mark.parametrize("name", ["repeat_report", "report_on_plan"])
def test_the_first_period_has_nothing_to_repeat(world: World, name: str) -> None:
    client = signed_in(world)
    assert "Báo nhanh" not in client.get(address("edit_report", world.this_week)).content.decode()
    answer = client.post(address(name, world.this_week))
    assert (answer.status_code, faults_shown(answer)) == (422, ["Đây là kỳ báo cáo đầu tiên: hãy điền mẫu bên dưới."])
    assert Report.objects.count() == 0


@pytest.mark.parametrize("name", ["save_report_draft", "repeat_report", "report_on_plan", "store_report_evidence"])
def test_a_get_on_a_press_leads_to_the_form(world: World, name: str) -> None:
    answer = signed_in(world).get(address(name, world.this_week))
    assert (answer.status_code, answer["Location"]) == (302, address("edit_report", world.this_week))


def test_a_returned_report_shows_the_note_on_top_and_its_text(world: World) -> None:
    first = send(world, world.this_week, on_plan("44", note="Bản một."))
    return_report(first, by=world.approver(), content_hash=first.content_hash, note="Thiếu bảng số liệu.", at=now())
    client = signed_in(world)
    answer = client.get(address("edit_report", world.this_week))
    assert "Thiếu bảng số liệu." in soup(answer).select_one(".tt-notice").get_text()
    sent = form_of(answer, f"{world.this_week.period_key}/")
    assert (sent["progress"], sent["note"]) == ("44", "Bản một.")
    client.post(address("edit_report", world.this_week), sent)
    assert Report.objects.get(version=2).note == "Bản một."


def test_a_file_is_kept_with_the_draft_and_without_script(world: World) -> None:
    client = signed_in(world)
    sent = form_of(client.get(address("edit_report", world.this_week)), f"{world.this_week.period_key}/")
    answer = client.post(
        address("store_report_evidence", world.this_week),
        sent | {"note": "Đang gõ dở.", "file": SimpleUploadedFile("ảnh hiện trường.png", PNG)},
    )
    assert (answer.status_code, answer["Location"]) == (302, address("edit_report", world.this_week) + "#minh-chung")
    kept = form_of(client.get(address("edit_report", world.this_week)), f"{world.this_week.period_key}/")
    assert (kept["note"], kept["evidence"]) == ("Đang gõ dở.", [str(Evidence.objects.get().pk)])


def test_a_refused_file_keeps_the_text_and_stores_nothing(world: World, settings: Any) -> None:
    answer = signed_in(world).post(
        address("store_report_evidence", world.this_week),
        {"note": "Đang gõ dở.", "file": SimpleUploadedFile("so-do.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
    )
    assert (answer.status_code, faults_shown(answer)) == (
        422,
        ["Thêm minh chứng: Tệp “so-do.svg” không thuộc loại nhận được. Hãy dùng PDF, PNG, JPG, DOCX, XLSX hoặc CSV."],
    )
    assert form_of(answer, f"{world.this_week.period_key}/")["note"] == "Đang gõ dở."
    assert (Evidence.objects.count(), Entry.objects.count(), settings.EVIDENCE_ROOT.exists()) == (0, 0, False)


def test_uploading_without_choosing_says_so(world: World) -> None:
    answer = signed_in(world).post(address("store_report_evidence", world.this_week), {"note": "a"})
    assert faults_shown(answer) == ["Thêm minh chứng: Hãy chọn tệp trước khi bấm “Tải lên minh chứng”."]


def test_a_file_is_served_as_an_attachment_that_cannot_act(world: World) -> None:
    stored = store_evidence(world.this_week, by=world.reporter(), file_name="số liệu.csv", content=CSV)
    answer = signed_in(world).get(reverse("reporting:evidence", args=[stored.pk]))
    assert b"".join(answer.streaming_content) == CSV
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''s%E1%BB%91")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_an_unsent_file_is_for_its_writers_and_a_sent_one_for_its_readers(world: World) -> None:
    stored = store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    where = reverse("reporting:evidence", args=[stored.pk])
    superior = signed_in(world, Role.VERIFIER, world.state.government)
    assert superior.get(where).status_code == 404
    send(world, world.this_week)
    assert superior.get(where).status_code == 200
    assert signed_in(world, Role.REPORTER, world.state.elsewhere).get(where).status_code == 404


def fetch(client: Client, where: str, content: dict[str, Any]) -> Any:
    return client.post(where, content, headers={"accept": "*/*"})


def test_autosave_saves_again_and_again_from_one_page(world: World) -> None:
    client = signed_in(world)
    sent = form_of(client.get(address("edit_report", world.this_week)), f"{world.this_week.period_key}/")
    first = fetch(client, address("save_report_draft", world.this_week), sent | {"note": "một"})
    second = fetch(client, address("save_report_draft", world.this_week), sent | {"note": "một hai"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.json()["version"], second.json()["version"]) == (1, 2)
    assert re.fullmatch(r"\d\d:\d\d", second.json()["saved_at"])
    same = fetch(client, address("save_report_draft", world.this_week), sent | {"note": "một hai"})
    assert same.json()["version"] == 2
    assert ReportDraft.objects.get().content["note"] == "một hai"
    assert Entry.objects.filter(event="draft.saved").count() == 2


def test_autosave_takes_json(world: World) -> None:
    answer = signed_in(world).post(
        address("save_report_draft", world.this_week),
        json.dumps({"note": "từ JSON", "evidence": ["7"], "version": 0}),
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert TypedReport.from_stored(ReportDraft.objects.get().content) == TypedReport(note="từ JSON", evidence=("7",))


@pytest.mark.parametrize("body", ["[1]", '"x"', "{", "\xff"])
def test_autosave_of_what_is_not_json_does_not_break(world: World, body: str) -> None:
    answer = signed_in(world).post(
        address("save_report_draft", world.this_week), body.encode("latin-1"), content_type="application/json"
    )
    assert answer.status_code == 200


def test_two_pages_at_once_see_the_difference_and_keep_both_texts(world: World) -> None:
    first, second = signed_in(world), signed_in(world, Role.HEAD)
    where = address("edit_report", world.this_week)
    one, two = (form_of(each.get(where), f"{world.this_week.period_key}/") for each in (first, second))
    first.post(address("save_report_draft", world.this_week), one | {"note": "Bản của người một."})
    clash = second.post(address("save_report_draft", world.this_week), two | {"note": "Bản của người hai."})
    assert clash.status_code == 409
    row = [cell.get_text(strip=True) for cell in soup(clash).select("tbody tr")[0].find_all(["th", "td"])]
    assert row == ["Ghi chú", "Bản của người một.", "Bản của người hai."]
    assert ReportDraft.objects.get().content["note"] == "Bản của người một."
    kept = form_of(clash, f"{world.this_week.period_key}/")
    assert (kept["note"], kept["version"]) == ("Bản của người hai.", "1")
    assert second.post(address("save_report_draft", world.this_week), kept).status_code == 302
    assert ReportDraft.objects.get().content["note"] == "Bản của người hai."


def test_a_script_is_told_of_a_clash_in_its_own_words(world: World) -> None:
    save_draft(world.this_week, by=world.head(), typed=TypedReport(note="a"), version=0, page="x", at=now())
    answer = fetch(signed_in(world), address("save_report_draft", world.this_week), {"note": "b", "version": "0"})
    assert (answer.status_code, answer.json()) == (
        409, {"sentence": "Bản nháp này vừa được lưu ở nơi khác. Hãy xem khác biệt rồi lưu lại."},
    )  # fmt: skip


def test_sending_what_has_been_sent_by_another_keeps_the_text(world: World) -> None:
    client = signed_in(world)
    sent = form_of(client.get(address("edit_report", world.this_week)), f"{world.this_week.period_key}/")
    send(world, world.this_week)
    answer = client.post(
        address("edit_report", world.this_week), sent | {"claim": "on_plan", "progress": "9", "note": "Của tôi."}
    )
    assert answer.status_code == 409
    assert "Của tôi." in answer.content.decode()
    assert Report.objects.count() == 1


def test_a_session_that_ran_out_loses_nothing(world: World) -> None:
    client = signed_in(world)
    where = address("edit_report", world.this_week)
    sent = form_of(client.get(where), f"{world.this_week.period_key}/")
    client.post(address("save_report_draft", world.this_week), sent | {"note": "Nháp trên máy chủ."})
    client.logout()
    answer = client.post(where, sent | {"claim": "on_plan", "progress": "40", "note": "Gõ sau khi hết phiên."})
    assert answer.status_code == 401
    assert (Report.objects.count(), ReportDraft.objects.get().content["note"]) == (0, "Nháp trên máy chủ.")
    back = soup(answer).find("a", class_="btn")["href"]
    assert back.startswith("/tai-khoan/login/?next=")
    client.force_login(
        world.state.person(Role.REPORTER, world.state.science), backend="django.contrib.auth.backends.ModelBackend"
    )
    opened = client.get(where)
    kept = form_of(opened, f"{world.this_week.period_key}/")
    assert (kept["note"], kept["progress"], kept["claim"]) == ("Gõ sau khi hết phiên.", "40", ["on_plan"])
    assert "Đã lấy lại nội dung." in opened.content.decode()
    clash = client.post(where, kept)
    assert clash.status_code == 409
    assert client.post(where, form_of(clash, f"{world.this_week.period_key}/")).status_code == 302
    assert Report.objects.get().note == "Gõ sau khi hết phiên."
    assert not [key for key in dict(client.session.items()) if key.startswith("typed ")]


def test_a_script_is_told_that_the_session_ran_out(world: World) -> None:
    answer = fetch(Client(), address("save_report_draft", world.this_week), {"note": "x"})
    assert answer.status_code == 401
    assert answer.json()["sentence"] == "Phiên làm việc đã hết. Nội dung đã gõ được giữ lại."


def test_somebody_else_signing_in_does_not_get_the_text_without_the_right(world: World) -> None:
    client, where = Client(), address("edit_report", world.this_week)
    client.post(where, {"note": "Bí mật của người gõ."})
    client.force_login(
        world.state.person(Role.REPORTER, world.state.finance), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(where).status_code == 403


def test_the_queue_shows_what_waits_with_a_constant_number_of_queries(
    world: World, django_assert_num_queries: Any
) -> None:
    send(world, world.last_week, on_plan("20"))
    client = signed_in(world, Role.APPROVER, world.state.government)
    queue = reverse("reporting:review_queue")
    client.get(queue)
    with CaptureQueriesContext(connection) as few:
        client.get(queue)
    send(world, world.this_week, behind(world))
    send(world, world.obligation("nv-tinh", today()))
    send(world, world.obligation("nv-xa", today()))
    with django_assert_num_queries(len(few.captured_queries)):
        answer = client.get(queue)
    rows = [row.find("strong").get_text() for row in soup(answer).select("tbody tr")]
    assert rows == ["nv-khoa", "nv-tinh", "nv-xa"]


def test_a_verdict_is_given_on_the_page_with_the_difference_in_view(world: World) -> None:
    first = send(world, world.last_week, on_plan("40", note="Cũ."))
    accept_report(
        first, by=world.approver(), content_hash=first.content_hash, progress_accepted=Decimal(38), note="", at=now()
    )
    second = send(world, world.this_week, on_plan("50", note="Mới."))
    client = signed_in(world, Role.APPROVER, world.state.government)
    where = reverse("reporting:review_report", args=[second.pk])
    page = client.get(where)
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in soup(page).select("#khac-biet tbody tr")
    ]
    assert rows == [["Tiến độ (% sản phẩm)", "40", "50"], ["Ghi chú", "Cũ.", "Mới."]]
    sent = form_of(page, "chap-nhan/")
    assert sent == {"content_hash": second.content_hash, "rung": "", "progress_accepted": "50", "note": ""}
    answer = client.post(reverse("reporting:accept_report", args=[second.pk]), sent | {"progress_accepted": "45,5"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("reporting:review_queue"))
    assert Acceptance.objects.get(report=second).progress_accepted == Decimal("45.50")


def test_a_verdict_with_faults_keeps_what_was_typed(world: World) -> None:
    report = send(world, world.this_week)
    client = signed_in(world, Role.APPROVER, world.state.government)
    answer = client.post(
        reverse("reporting:accept_report", args=[report.pk]),
        {"content_hash": report.content_hash, "progress_accepted": "99", "note": "Tốt."},
    )
    assert (answer.status_code, faults_shown(answer)) == (
        422,
        ["Tiến độ nghiệm thu (% sản phẩm): Tiến độ nghiệm thu không thể cao hơn tiến độ đơn vị tự khai."],
    )
    assert form_of(answer, "chap-nhan/")["note"] == "Tốt."
    empty = client.post(
        reverse("reporting:return_report", args=[report.pk]), {"back-content_hash": report.content_hash}
    )
    assert faults_shown(empty) == ["Cần sửa điều gì: Hãy ghi rõ cần sửa điều gì để đơn vị gửi lại."]
    assert Acceptance.objects.count() == 0


def test_the_second_reviewer_is_told_who_was_first(world: World) -> None:
    report = send(world, world.this_week)
    accept_report(
        report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
    )
    client = signed_in(world, Role.HEAD, world.state.government)
    answer = client.post(
        reverse("reporting:return_report", args=[report.pk]),
        {"back-content_hash": report.content_hash, "back-note": "Chưa được."},
    )
    assert answer.status_code == 409
    assert (
        f"approver-chinh-phu đã xử lý báo cáo này trước: Chấp nhận ngày {today():%d/%m/%Y}. "
        "Ý kiến của ông/bà chưa được ghi." in answer.content.decode()
    )
    assert Acceptance.objects.get().verdict == "accepted"


def test_the_author_sees_the_report_and_no_verdict_form(world: World) -> None:
    report = send(world, world.this_week)
    client = signed_in(world)
    page = client.get(reverse("reporting:review_report", args=[report.pk]))
    assert (page.status_code, soup(page).select("#chap-nhan"), soup(page).select("#tra-lai")) == (200, [], [])
    assert client.post(reverse("reporting:accept_report", args=[report.pk])).status_code == 403
    assert signed_in(world, Role.REPORTER, world.state.elsewhere).get(
        reverse("reporting:review_report", args=[report.pk])
    ).status_code == 404  # fmt: skip


def test_typed_text_survives_its_storage() -> None:
    typed = TypedReport(note="a\nb", evidence=("1", "2"))
    assert TypedReport.from_stored(json.loads(json.dumps({**asdict(typed), "page": str(uuid4())}))) == typed


@pytest.mark.parametrize(("amount", "vietnamese", "english"), [
    ("30.00", "30", "30"), ("45.50", "45,5", "45.5"), ("-5.00", "-5", "-5"),
    ("1234.00", "1234", "1234"), ("0.00", "0", "0"),
])  # fmt: skip
def test_a_figure_is_shown_as_one_would_type_it(amount: str, vietnamese: str, english: str) -> None:
    shown = []
    for language in ("vi", "en"):
        with translation.override(language):
            shown.append(typed_figure(Decimal(amount)))
    assert shown == [vietnamese, english]
