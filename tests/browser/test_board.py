"""The board at a desk and on a phone, an agenda made from it, the paper taken away, and the minutes recorded."""

import io
from collections.abc import Callable
from datetime import timedelta

import docx
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_the_loop import look, sign_in

Visit = Callable[..., Visitor]
BOARD = "/lam-viec/diem-nghen/bang/"


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_the_columns_stand_side_by_side_at_a_desk_and_below_each_other_on_a_phone(visit: Visit) -> None:
    for viewport, together in ((DESK, True), (PHONE, False)):
        visitor = visit(viewport=viewport)
        page = sign_in(visitor, "thuong-truc-1")
        page.goto(BOARD)
        look(page)
        assert sideways(page) == 0
        places = [box for column in page.locator("main .row > section").all() if (box := column.bounding_box())]
        assert len(places) == 5
        tops, lefts = {round(box["y"]) for box in places}, {round(box["x"]) for box in places}
        assert (len(tops), len(lefts)) == ((1, 5) if together else (5, 1))
        assert visitor.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_board_to_the_minutes(scripts: bool, visit: Visit) -> None:
    visitor = visit(scripts=scripts)
    page = sign_in(visitor, "thuong-truc-1")
    today, title = timezone.localdate(), f"Phiên họp thử {'có' if scripts else 'không'} kịch bản"
    page.goto("/lam-viec/phien-hop/them/")
    page.select_option("select[name=committee]", "cp")
    page.fill("input[name=title]", title)
    page.fill("input[name=held_on]", today.isoformat())
    page.click("main button[type=submit]")
    page.goto(BOARD)
    box = page.locator("input[name='diem-nghen']").first
    code = str(box.get_attribute("value"))
    page.locator(f"label[for='{box.get_attribute('id')}']").click()
    expect(box).to_be_checked()
    page.select_option("select[name='phien-hop']", label=f"{title} · {today:%d/%m/%Y}")
    page.click("button:has-text('Đưa vào chương trình họp')")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(f"#muc-{code}")).to_be_visible()
    if scripts:
        look(page)
    with page.expect_download() as taken:
        page.click("a:has-text('Tải chương trình họp')")
    paper = docx.Document(io.BytesIO(taken.value.path().read_bytes()))
    line = paper.tables[-1].rows[1]
    assert line.cells[1].text == code
    line.cells[-3].text, line.cells[-2].text = "Giao thực hiện: Trình trong tháng.", "Bộ Tài chính"
    line.cells[-1].text = f"{today + timedelta(days=30):%d/%m/%Y}"
    kept = io.BytesIO()
    paper.save(kept)
    page.set_input_files("input[type=file]", {"name": "ket-luan.docx", "mimeType": "", "buffer": kept.getvalue()})
    page.click("button:has-text('Xem trước')")
    expect(page.locator("main")).to_contain_text("Xem trước, chưa ghi gì.")
    expect(page.locator(f"[name='text-{code}']")).to_have_value("Trình trong tháng.")
    page.fill("input[name=number]", "7/TB")
    page.fill("input[name=minutes_on]", today.isoformat())
    if scripts:
        look(page)
    page.click("main button:has-text('Ghi kết luận')")
    expect(page.locator("main")).to_contain_text(f"Đã có kết luận: 7/TB ngày {today:%d/%m/%Y}")
    expect(page.locator(f"#muc-{code}")).to_contain_text("Trình trong tháng. – Bộ Tài chính")
    assert visitor.complaints == []


def test_both_directions_of_waiting_fit_a_phone(visit: Visit) -> None:
    visitor = visit(viewport=PHONE)
    page = sign_in(visitor, "bao-cao-bkhcn")
    page.goto("/lam-viec/phoi-hop/")
    look(page)
    assert sideways(page) == 0
    expect(page.locator("#cho-ai")).to_contain_text("Quá hạn trả lời")
    expect(page.locator("#ai-cho")).to_contain_text("yc-2026-004")
    page.click("#ai-cho a:has-text('yc-2026-004')")
    look(page)
    assert sideways(page) == 0
    assert visitor.complaints == []
