"""Values typed into the grid: pasted, walked through by keys, saved row by row; also without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site, Visitor
from tests.browser.test_the_loop import look, sign_in

Visit = Callable[..., Visitor]
GRID = "/lam-viec/so-lieu/bang/?organisation=bkhcn&year=2025&frequency=half_yearly"
# Three indicators of the ministry's own, so that what the demonstration measures does not matter here.
MAKE = """
from datetime import date
from decimal import Decimal
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.indicators.models import Indicator
if not Indicator.objects.filter(code="zz-bang-1").exists():
    body = Organisation.objects.get(code="bkhcn")
    made = define_indicators(by=SYSTEM, specs=[
        NewIndicator(f"zz-bang-{n}", f"Mẫu bảng nhập {n}", "rise", unit="%", frequency="half_yearly",
                     low_limit=Decimal(0), high_limit=Decimal(100), source="Báo cáo mẫu")
        for n in (1, 2, 3)
    ])
    record_observations(by=SYSTEM, rows=[
        NewObservation(one, "2024-H1", date(2024, 6, 30), "number", "Mẫu", date(2024, 7, 30), Decimal(5),
                       organisation=body, is_simulated=True)
        for one in made
    ])
"""
PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def grid(site: Site) -> str:
    site.run("shell", "-c", MAKE)
    return GRID


def cell(page: Page, row: int, half: int) -> object:
    return page.get_by_label(f"Mẫu bảng nhập {row} (%), 6 tháng {'đầu' if half == 1 else 'cuối'} năm 2025")


def end(page: Page, row: int) -> object:
    return page.locator(f"tr:has(th:has-text('Mẫu bảng nhập {row} (%)')) [data-end]")


def unexpected(visitor: Visitor) -> list[str]:
    """What the console complained of, other than that a faulty row was refused."""
    return [text for text in visitor.complaints if "422" not in text]


def test_cells_are_pasted_walked_through_and_saved_row_by_row(grid: str, visit: Visit) -> None:
    visitor = visit(viewport=DESK)
    page = sign_in(visitor, "bao-cao-bkhcn")
    page.goto(grid)
    look(page)
    first = cell(page, 1, 1)
    first.focus()
    first.evaluate(PASTE, "41,5\t42\r\n43\tnhiều\r\n")
    expect(end(page, 1)).to_contain_text("Đã ghi")
    expect(end(page, 2)).to_contain_text("Chưa ghi được")
    expect(end(page, 2)).to_contain_text("“nhiều” không phải là số.")
    expect(cell(page, 2, 2)).to_have_value("nhiều")
    look(page)
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cell(page, 2, 2)).to_be_focused()
    page.keyboard.type("44")
    page.keyboard.press("Enter")
    expect(cell(page, 3, 2)).to_be_focused()
    expect(end(page, 2)).to_contain_text("Đã ghi")
    page.keyboard.type("130")
    page.keyboard.press("ArrowUp")
    expect(end(page, 3)).to_contain_text("Số 130 cao hơn mức thường gặp (100).")
    expect(end(page, 3)).to_contain_text("Đã ghi")
    page.goto(grid)
    assert [cell(page, 1, 1).input_value(), cell(page, 2, 2).input_value(), cell(page, 3, 2).input_value()] == [
        "41,5", "44", "130",
    ]  # fmt: skip
    assert unexpected(visitor) == []


def test_what_was_typed_survives_a_lost_connection(grid: str, visit: Visit) -> None:
    visitor = visit(viewport=PHONE)
    page = sign_in(visitor, "bao-cao-bkhcn")
    page.goto(grid)
    visitor.context.set_offline(True)
    cell(page, 3, 1).fill("77")
    cell(page, 1, 1).focus()
    expect(end(page, 3)).to_contain_text("Chưa ghi được, mất kết nối")
    expect(page.locator("[data-grid-banner]")).to_be_visible()
    visitor.context.set_offline(False)
    expect(end(page, 3)).to_contain_text("Đã ghi")
    expect(page.locator("[data-grid-banner]")).to_be_hidden()
    page.goto(grid)
    expect(cell(page, 3, 1)).to_have_value("77")


def test_without_scripts_one_press_saves_the_rows_that_are_good(grid: str, visit: Visit) -> None:
    visitor = visit(scripts=False, viewport=DESK)
    page = sign_in(visitor, "bao-cao-bkhcn")
    page.goto(grid.replace("year=2025", "year=2023"))
    good, bad = (page.get_by_label(f"Mẫu bảng nhập {row} (%), 6 tháng đầu năm 2023") for row in (1, 2))
    good.fill("12,5")
    bad.fill("1,2,3")
    page.click("button:has-text('Ghi các dòng đã sửa')")
    expect(page.locator("main")).to_contain_text("1 dòng vừa được ghi.")
    expect(page.locator("main")).to_contain_text("Dấu chấm, dấu phẩy trong “1,2,3” không rõ nghĩa.")
    expect(bad).to_have_value("1,2,3")
    page.goto(grid.replace("year=2025", "year=2023"))
    expect(good).to_have_value("12,5")
    assert unexpected(visitor) == []
