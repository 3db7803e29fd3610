"""My work, the bell, remarks and calendars in a real browser, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_indicator_page import stays_within
from tests.browser.test_the_loop import look, sign_in

Visit = Callable[..., Visitor]
READER = "bao-cao-bkhcn"
PAGES = ("", "thong-bao/", "thong-bao/nhan-thu/", "lich/", "nhiem-vu/ct-cp-nq57-002/trao-doi/")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_everything_around_my_work_is_clean(visit: Visit, viewport: dict[str, int]) -> None:
    reader = visit(viewport=viewport)
    page = sign_in(reader, READER)
    for address in PAGES:
        page.goto(f"/lam-viec/{address}")
        stays_within(page)
        look(page)
    assert reader.complaints == []


def test_a_notice_leads_to_its_thing_and_the_bell_counts_down(visit: Visit) -> None:
    """The bell has a number, the notice opens the remark, and without scripts it is all the same."""
    page = sign_in(visit(viewport=PHONE, scripts=False), READER)
    page.goto("/lam-viec/thong-bao/")
    before = int(page.inner_text(".tt-lead").split()[0])
    assert before > 0
    row = page.locator("tbody tr", has_text="bao nhiêu khóa có người học hết").first
    row.locator("button").click()
    assert "/trao-doi/" in page.url
    expect(page.locator("main")).to_contain_text("bao nhiêu khóa có người học hết")
    page.goto("/lam-viec/thong-bao/")
    assert int(page.inner_text(".tt-lead").split()[0]) == before - 1
