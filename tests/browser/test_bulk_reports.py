"""Reports written with the connection cut, many at once with cells from Excel, and as a workbook."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site, Visitor
from tests.browser.test_the_loop import look, sign_in
from tests.browser.test_value_grid import PASTE

Visit = Callable[..., Visitor]
BULK = "/lam-viec/bao-cao-hang-loat/"
REPORTER = "bao-cao-ubnd-01"
# Tasks of the capital's own, each with an earlier report, so that what the demonstration plays does not matter; four
# for each test (a1…a4, b1…b4), because what one test has sent another cannot send.
MAKE = """
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4
from django.utils import timezone
from thucthi.directory.models import Account, Organisation
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.working_days import report_due_on, weekly_period
from thucthi.programmes.models import Programme, Task, TaskEvent, TaskEventKind
from thucthi.reporting.actions import ReportContent, submit_report
from thucthi.reporting.models import Obligation
body = Organisation.objects.get(code="ubnd-01")
by = viewer_of(Account.objects.get(username="bao-cao-ubnd-01"))
today = timezone.localdate()
def owed(task, day):
    period = weekly_period(day)
    return Obligation.objects.create(task=task, organisation=body, period_kind="weekly", period_key=period.key,
        period_start=period.start, period_end=period.end, due_on=report_due_on(period))
if not Task.objects.filter(code="aa-mau-a1").exists():
    programme = Programme.objects.filter(code="ct-cp-nq57").get()
    for place in range(16):
        number, name = place % 4 + 1, f"{'abcd'[place // 4]}{place % 4 + 1}"
        task = Task.objects.create(programme=programme, code=f"aa-mau-{name}", lead=body, kind="nhiem_vu",
            text=f"Việc mẫu số {name}", product="Báo cáo", is_issued=True, search_text=f"aa-mau-{name}")
        TaskEvent.objects.create(task=task, kind=TaskEventKind.ISSUED, happened_on=today - timedelta(days=100))
        last = owed(task, today - timedelta(days=7))
        said = ReportContent(claim="on_plan", progress=Decimal(10 * number), note="Kỳ trước.")
        submit_report(last, by=by, content=said, idempotency_key=uuid4(), version=0, at=timezone.now())
        # Of this week, with codes before all others, so that they stand on the first page.
        owed(task, today)
"""


@pytest.fixture
def owed(site: Site) -> str:
    site.run("shell", "-c", MAKE)
    return BULK


def cell(page: Page, task: str, name: str) -> object:
    return page.locator(f"tr:has-text('aa-mau-{task},') input[name$='.{name}']")


def end(page: Page, task: str) -> object:
    return page.locator(f"tr:has-text('aa-mau-{task},') [data-end]")


def unexpected(visitor: Visitor) -> list[str]:
    """What the console complained of, other than the cut connection and rows that were refused."""
    return [text for text in visitor.complaints if "422" not in text and "ERR_INTERNET_DISCONNECTED" not in text]


def test_cells_from_excel_become_drafts_row_by_row_and_are_sent(owed: str, visit: Visit) -> None:
    visitor = visit(viewport=DESK)
    page = sign_in(visitor, REPORTER)
    page.goto(owed)
    look(page)
    first = cell(page, "a1", "claim")
    first.focus()
    first.evaluate(PASTE, "đúng kế hoạch\t15\tXong bước hai.\r\ntốt\t25\t\r\n")
    expect(end(page, "a1")).to_contain_text("Đã lưu nháp lúc")
    expect(end(page, "a1")).to_contain_text("đạt 15 % sản phẩm (đơn vị tự khai). Xong bước hai.")
    expect(end(page, "a2")).to_contain_text("Chưa lưu được")
    expect(cell(page, "a2", "claim")).to_have_value("tốt")
    look(page)
    cell(page, "a2", "claim").fill("Đúng kế hoạch")
    page.keyboard.press("Enter")
    expect(cell(page, "a3", "claim")).to_be_focused()
    expect(end(page, "a2")).to_contain_text("Đã lưu nháp lúc")
    for task in ("a1", "a2"):
        page.check(f"tr:has-text('aa-mau-{task},') input[name=chon]")
    page.click("button:has-text('Gửi các dòng đã chọn') >> nth=0")
    expect(end(page, "a1")).to_contain_text("Đã gửi")
    expect(end(page, "a2")).to_contain_text("Đã gửi")
    look(page)
    page.goto(owed)
    expect(page.locator("tr:has-text('aa-mau-a1,')")).to_have_count(0)
    assert unexpected(visitor) == []


def test_a_row_survives_a_lost_connection_and_says_so(owed: str, visit: Visit) -> None:
    visitor = visit(viewport=PHONE)
    page = sign_in(visitor, REPORTER)
    page.goto(owed)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.context.set_offline(True)
    cell(page, "b3", "progress").fill("33")
    cell(page, "b4", "progress").fill("44")
    page.locator("input[name=plus]").focus()
    expect(page.locator("[data-grid-banner]")).to_contain_text("Chưa gửi: 2")
    expect(end(page, "b4")).to_contain_text("Chưa lưu được, mất kết nối")
    visitor.context.set_offline(False)
    expect(end(page, "b3")).to_contain_text("Đã lưu nháp lúc")
    expect(end(page, "b4")).to_contain_text("Đã lưu nháp lúc")
    expect(page.locator("[data-grid-banner]")).to_be_hidden()
    page.goto(owed)
    expect(cell(page, "b4", "progress")).to_have_value("44")


def test_one_report_written_without_a_connection_waits_and_is_sent_later(owed: str, visit: Visit) -> None:
    visitor = visit(viewport=DESK)
    page = sign_in(visitor, REPORTER)
    page.goto(owed)
    page.click("tr:has-text('aa-mau-c3,') a:has-text('ẫu đầy đủ')")
    form = page.url
    page.fill("textarea[name=note]", "Đang có mạng.")
    page.locator("input[name=progress]").focus()
    expect(page.locator("[data-autosave-wording]")).to_contain_text("Đang có mạng.")
    visitor.context.set_offline(True)
    page.fill("textarea[name=note]", "Gõ khi mất mạng.")
    page.locator("input[name=progress]").focus()
    expect(page.locator("[data-autosave-banner]")).to_be_visible()
    expect(page.locator("[data-unsent]")).to_contain_text("Chưa gửi: 1")
    # The page is closed before the connection is back: another page tells of it, and sends it when asked.
    page.goto("about:blank")
    visitor.context.set_offline(False)
    page.goto(owed)
    expect(page.locator("[data-unsent]")).to_contain_text("Chưa gửi: 1")
    page.click("[data-unsent-retry]")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    page.goto(form)
    expect(page.locator("textarea[name=note]")).to_have_value("Gõ khi mất mạng.")
    look(page)
    page.click("button:has-text('Gửi duyệt')")
    expect(page.locator("main")).to_contain_text("Gõ khi mất mạng.")
    page.goto(owed)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert unexpected(visitor) == []


def test_the_workbook_goes_home_and_comes_back(owed: str, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(viewport=DESK)
    page = sign_in(visitor, REPORTER)
    page.goto(owed)
    with page.expect_download() as taken:
        page.click("a:has-text('Tải bảng mẫu XLSX')")
    path = tmp_path / "bang.xlsx"
    taken.value.save_as(path)
    page.click("a:has-text('Nộp bảng XLSX')")
    look(page)
    page.set_input_files("input[name=file]", path)
    page.click("button:has-text('Xem trước')")
    expect(page.locator("main")).to_contain_text("Không đổi")
    expect(page.locator("main")).to_contain_text("Tệp không có dòng nào để ghi.")
    look(page)


def test_without_scripts_a_press_fills_and_another_sends(owed: str, visit: Visit) -> None:
    visitor = visit(viewport=DESK, scripts=False)
    page = sign_in(visitor, REPORTER)
    page.goto(owed)
    page.click("tr:has-text('aa-mau-d4,') button:has-text('Không đổi')")
    expect(end(page, "d4")).to_contain_text("Đã lưu nháp lúc")
    expect(end(page, "d4")).to_contain_text("đạt 40 % sản phẩm (đơn vị tự khai). Kỳ trước.")
    page.click("button:has-text('Gửi các dòng đã chọn') >> nth=0")
    expect(end(page, "d4")).to_contain_text("Đã gửi")
