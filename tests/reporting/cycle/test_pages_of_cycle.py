"""Pages of the cycle: the calendar with its next due days, the chain, corrections, checks after closing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.reporting.world import CSV, World, now, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.reporting.actions import NewAfterCheck, accept_report, set_after_check, store_evidence
from thucthi.reporting.models import (
    Acceptance,
    AcceptanceRoute,
    AfterCheck,
    AfterCheckResult,
    Report,
    ReportingCalendar,
)

CYCLE = "/lam-viec/van-ban/nq-mau/lich-bao-cao/"


@pytest.fixture
def office(world: World, client: Client) -> Client:
    client.force_login(world.state.person(Role.STEERING_OFFICE, world.state.science))
    return client


def accepted(world: World, **content: Any) -> Report:
    report = send(world, world.this_week, on_plan(**content))
    accept_report(
        report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
    )
    return report


def test_the_office_sets_and_ends_a_calendar(office: Client) -> None:
    typed = {"lich-rhythm": "weekly", "lich-valid_from": today().isoformat(), "lich-due_day": "9"}
    answer = office.post(f"{CYCLE}dat/", typed)
    assert answer.status_code == 422
    assert "Ngày nộp phải từ 1 đến 7." in answer.content.decode()
    assert 'value="9"' in answer.content.decode()
    assert office.post(f"{CYCLE}dat/", {**typed, "lich-due_day": "3", "lich-basis": "1/QĐ"}).status_code == 302
    line = ReportingCalendar.objects.get()
    page = office.get(CYCLE).content.decode()
    assert page.count("/2026") + page.count("/2027") >= 3
    assert office.post(f"{CYCLE}{line.pk}/ket-thuc/").status_code == 302
    assert office.post(f"{CYCLE}{line.pk}/ket-thuc/").status_code == 422
    line.refresh_from_db()
    assert line.valid_to == today()


def test_the_office_sets_a_route(office: Client) -> None:
    typed = {"cap-level": "commune", "cap-rungs": ["owner", "own_head"], "cap-valid_from": today().isoformat()}
    assert office.post(f"{CYCLE}cap/", typed).status_code == 422
    assert office.post(f"{CYCLE}cap/", {**typed, "cap-basis": "1/QĐ"}).status_code == 302
    assert AcceptanceRoute.objects.get().rungs == ["own_head", "owner"]
    page = office.get(CYCLE).content.decode()
    assert "Người đứng đầu đơn vị báo cáo → Cơ quan chủ quản chương trình" in page


def test_others_read_the_calendar_and_change_nothing(world: World, client: Client) -> None:
    client.force_login(world.state.person(Role.HEAD, world.state.science))
    page = client.get(CYCLE).content.decode()
    assert "Đặt lịch báo cáo" not in page
    assert client.post(f"{CYCLE}dat/", {}).status_code == 403
    assert ReportingCalendar.objects.count() == 0


def test_marked_reports_are_accepted_from_the_queue(world: World, client: Client) -> None:
    reports = [send(world, world.obligation(code, today())) for code in ("nv-khoa", "nv-tinh")]
    client.force_login(world.state.person(Role.APPROVER, world.state.government))
    page = client.get("/lam-viec/cho-duyet/?chon=dung-ke-hoach").content.decode()
    marks = [f"{row.pk}:{row.content_hash}:" for row in reports]
    assert [mark in page for mark in marks] == [True, True]
    assert page.count(" checked>") == 2
    assert client.post("/lam-viec/cho-duyet/chap-nhan/", {}).status_code == 422
    answer = client.post("/lam-viec/cho-duyet/chap-nhan/", {"chon": marks}, follow=True)
    assert "Đã chấp nhận 2 báo cáo." in answer.content.decode()
    assert Acceptance.objects.count() == 2


def test_an_accepted_report_is_corrected_with_a_reason(world: World, client: Client) -> None:
    report = accepted(world)
    client.force_login(world.state.person(Role.REPORTER, world.state.science))
    address = f"/lam-viec/bao-cao/{report.pk}/dinh-chinh/"
    assert address in client.get(f"/lam-viec/bao-cao/{report.pk}/").content.decode()
    typed = {"claim": "on_plan", "progress": "45", "reason": ""}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "Hãy ghi vì sao đính chính" in answer.content.decode()
    answer = client.post(address, {**typed, "reason": "Cộng nhầm."}, follow=True)
    assert "Cộng nhầm." in answer.content.decode()
    assert client.post(address, {**typed, "reason": "Lại."}).status_code == 409
    old = client.get(f"/lam-viec/bao-cao/{report.pk}/").content.decode()
    assert "Đã có bản mới hơn." in old
    assert "approver-chinh-phu" in old
    assert Report.objects.count() == 2


def test_the_page_says_whether_the_report_was_on_time(world: World, client: Client) -> None:
    report = send(world, world.obligation("nv-khoa", today() - timedelta(days=21)))
    client.force_login(world.state.person(Role.REPORTER, world.state.science))
    page = client.get(f"/lam-viec/bao-cao/{report.pk}/").content.decode()
    assert "Tính theo lúc gửi" in page
    assert "Chờ nghiệm thu, gửi muộn" in page


def test_a_check_is_set_made_and_shown(world: World, client: Client) -> None:
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    task = accepted(world, progress="100", claims_completion=True).task
    client.force_login(world.state.person(Role.APPROVER, world.state.government))
    address = f"/lam-viec/nhiem-vu/{task.code}/kiem-tra-lai/"
    assert client.post(address, {}).status_code == 422
    assert AfterCheck.objects.count() == 0
    check = set_after_check(
        task,
        by=world.approver(),
        new=NewAfterCheck(today(), world.state.finance, "Còn chạy không.", is_simulated=True),
        on=today(),
    )
    client.force_login(world.state.person(Role.HEAD, world.state.finance))
    record = f"/lam-viec/kiem-tra-lai/{check.pk}/"
    assert record in client.get("/lam-viec/kiem-tra-lai/").content.decode()
    assert client.post(record, {"finding": "gone", "text": ""}).status_code == 422
    assert client.post(record, {"finding": "gone", "text": "Đã dừng."}).status_code == 302
    assert client.post(record, {"finding": "holds", "text": "Còn."}).status_code == 409
    assert "Không còn kết quả" in client.get(address).content.decode()
    assert AfterCheckResult.objects.count() == 1
