"""The page of an indicator in a real browser: every figure opens into its rows, nothing overflows, axe is content."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_the_loop import look, sign_in

Visit = Callable[..., Visitor]
READER = "bao-cao-bkhcn"
INDICATOR = "nq57-kinh-te-so-2030"


def stays_within(page: Page) -> None:
    """The page itself never scrolls sideways; wide tables scroll in their own region."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_figure_opens_into_its_rows(visit: Visit, viewport: dict[str, int]) -> None:
    reader = visit(viewport=viewport)
    page = sign_in(reader, READER)
    page.goto(f"/lam-viec/chi-tieu/{INDICATOR}/")
    assert page.get_attribute("figure [role=img]", "aria-label")
    stays_within(page)
    look(page)
    page.locator("#cach-tinh").scroll_into_view_if_needed()
    page.locator("p.tt-lead a").first.click()
    expect(page.locator("h1")).to_contain_text("Cả nước")
    expect(page.locator("th[id^=dong-]").first).to_be_visible()
    stays_within(page)
    look(page)
    assert reader.complaints == []


def test_the_page_is_complete_without_scripts(visit: Visit) -> None:
    page = sign_in(visit(viewport=PHONE, scripts=False), READER)
    page.goto(f"/lam-viec/chi-tieu/{INDICATOR}/")
    page.click("figure summary")
    expect(page.locator("figure tbody tr").first).to_be_visible()
    page.select_option("select[name=ky]", index=1)
    page.click("button:has-text('Xem kỳ này')")
    assert "ky=" in page.url


@pytest.mark.parametrize("address", ["", "luoi/", f"{INDICATOR}/cac-tinh/"], ids=["list", "grid", "provinces"])
def test_the_pages_beside_it_are_clean_on_a_phone(visit: Visit, address: str) -> None:
    reader = visit(viewport=PHONE)
    page = sign_in(reader, READER)
    page.goto(f"/lam-viec/chi-tieu/{address}")
    stays_within(page)
    look(page)
    assert reader.complaints == []
