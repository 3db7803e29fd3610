"""Acceptance by people at a screen: many at one press, one sent back with a note, a chain of two rungs."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.browser.test_the_loop import look, sign_in

Visit = Callable[..., Visitor]


def queue(visitor: Visitor, username: str) -> Page:
    page = sign_in(visitor, username)
    page.goto("/lam-viec/cho-duyet/")
    return page


def test_marked_reports_are_accepted_at_one_press(visit: Visit) -> None:
    visitor = visit(scripts=True)
    page = queue(visitor, "nghiem-thu-cp")
    look(page)
    before = page.locator("input[name=chon]").count()
    assert before >= 2
    codes = [page.locator("tbody th strong").nth(row).inner_text() for row in range(2)]
    for row in range(2):
        # The drawn box is the label's, which lies over the input: the press goes where a person puts it.
        page.locator("input[name=chon]").nth(row).check(force=True)
    page.click("button:has-text('Chấp nhận các báo cáo đã chọn')")
    page.wait_for_load_state()
    assert "Đã chấp nhận 2 báo cáo." in page.inner_text("body")
    left = page.inner_text("main")
    assert [code for code in codes if f"Duyệt {code}" in left] == []
    assert visitor.complaints == []


def test_a_report_goes_back_only_with_a_note(visit: Visit) -> None:
    visitor = visit(scripts=False)
    page = queue(visitor, "nghiem-thu-cp")
    page.locator("main tbody a:has-text('Duyệt')").first.click()
    code = page.inner_text("main").split(" · ")[0].strip()
    page.click("#tra-lai button")
    page.wait_for_load_state()
    assert "Hãy ghi rõ cần sửa điều gì" in page.inner_text("main")
    page.fill("#tra-lai textarea", "Đề nghị ghi rõ số khóa học.")
    page.click("#tra-lai button")
    page.wait_for_load_state()
    assert "Đã trả lại báo cáo của nhiệm vụ" in page.inner_text("body"), code


def test_a_chain_of_two_rungs(visit: Visit) -> None:
    """A province's report has its head's agreement: the owner of the programme agrees, the verifier accepts."""
    owner, verifier = visit(scripts=True), visit(scripts=False)
    page = queue(owner, "nghiem-thu-cp")
    page.goto("/lam-viec/cho-duyet/?so-dong=500")
    row = page.locator("tr", has_text="Cơ quan chủ quản chương trình").first
    code = row.locator("th strong").inner_text()
    row.locator("a:has-text('Duyệt')").click()
    look(page)
    assert "Người đứng đầu đơn vị báo cáo" in page.inner_text("#cac-cap")
    page.click("#chap-nhan button:has-text('Đồng ý')")
    page.wait_for_load_state()
    assert "lên cấp tiếp theo" in page.inner_text("body")

    last = queue(verifier, "kiem-chung-1")
    last.locator(f"a:has-text('Duyệt {code}')").click()
    assert "nghiem-thu-cp" in last.inner_text("#cac-cap")
    last.click("#chap-nhan button:has-text('Chấp nhận')")
    last.wait_for_load_state()
    assert f"Đã chấp nhận báo cáo của nhiệm vụ {code}" in last.inner_text("body")
    assert [visitor.complaints for visitor in (owner, verifier)] == [[], []]
