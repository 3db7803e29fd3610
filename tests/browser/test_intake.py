"""An annex is uploaded, read, put right and accepted; its tasks stand in the programme beside their words."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site, Visitor
from tests.browser.test_the_loop import look, sign_in

Visit = Callable[..., Visitor]
PROGRAMME = "dt-xiv-nhanh"
HEAD = [
    "ỦY BAN MẪU",
    "Số: {number}/KH-UBM",
    "Hà Nội, ngày 05 tháng 01 năm 2026",
    "KẾ HOẠCH",
    "Triển khai cơ sở dữ liệu dùng chung",
    "PHỤ LỤC",
    "DANH MỤC NHIỆM VỤ",
]
COLUMNS = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm"]


def annex(path: Path, number: int, rows: int) -> Path:
    """A plan with an annex of so many rows, every one led by a body of the directory."""
    written = docx.Document()
    for line in HEAD:
        written.add_paragraph(line.format(number=number))
    table = written.add_table(rows=1, cols=len(COLUMNS))
    fill(table.rows[0].cells, COLUMNS)
    for row in range(1, rows + 1):
        lead = "Bộ Khoa học và Công nghệ" if row % 2 else "Bộ Tài chính"
        work = f"Xây dựng cơ sở dữ liệu chuyên ngành số {number}.{row}"
        fill(table.add_row().cells, [str(row), work, lead, "Bộ Công an", "Quý IV/2026", f"Cơ sở dữ liệu số {row}"])
    written.save(str(path))
    return path


def fill(cells: object, words: list[str]) -> None:
    for cell, word in zip(cells, words, strict=True):  # type: ignore[call-overload]
        cell.text = word


def upload(page: Page, file: Path) -> None:
    page.goto(f"/lam-viec/chuong-trinh/{PROGRAMME}/sua/")
    page.click("a:has-text('Đọc từ văn bản')")
    page.set_input_files("input[name=file]", str(file))
    page.click("button:has-text('Đọc văn bản')")
    expect(page.locator("main")).to_contain_text("Chờ đến lượt")


def correct(page: Page, number: str, words: str) -> None:
    heading = page.locator(f"h3:text-matches('^{number}\\\\. ')")
    page.locator("article", has=heading).locator("a:has-text('Sửa')").click()
    page.fill("textarea[name=text]", words)
    page.click("button:has-text('Lưu')")
    expect(page.locator("main")).to_contain_text("Đã lưu.")


@pytest.mark.parametrize(
    ("scripts", "rows"),
    [
        pytest.param(True, 140, id="with scripts"),
        pytest.param(False, 12, id="without scripts", marks=pytest.mark.thorough),
    ],
)
def test_an_annex_becomes_tasks_beside_their_words(
    scripts: bool, rows: int, site: Site, visit: Visit, tmp_path: Path
) -> None:
    number = 12 if scripts else 13
    visitor = visit(scripts=scripts, viewport=DESK if scripts else PHONE)
    page = sign_in(visitor, "soan-vptw")
    file = annex(tmp_path / f"ke-hoach-{number}.docx", number, rows)
    upload(page, file)
    if scripts:
        look(page)
    site.run("procrastinate", "worker", "--one-shot")
    if not scripts:
        page.click("a:has-text('Xem lại tình trạng')")
    expect(page.locator("main")).to_contain_text(f"{number}/KH-UBM")
    if scripts:
        look(page)
    page.click("a:has-text('Xem lại các bản nháp')")
    expect(page.locator("main mark").first).to_contain_text(f"chuyên ngành số {number}.")
    if scripts:
        look(page)
    review = page.url
    for row in ("3", "4"):
        page.goto(review)
        correct(page, row, f"Hoàn thành cơ sở dữ liệu đã sửa số {number}.{row}")
        if scripts:
            look(page)
    page.goto(review)
    page.select_option("select[name=least]", "0.5")
    page.click("button:has-text('Nhận các bản này')")
    expect(page.locator("main")).to_contain_text(f"Đã nhận {rows} nhiệm vụ")
    find_in_the_programme(page, number, rows)
    upload_again(page, file, number)
    assert visitor.complaints == []


def find_in_the_programme(page: Page, number: int, rows: int) -> None:
    page.goto(f"/lam-viec/chuong-trinh/{PROGRAMME}/sua/")
    assert page.locator(f"main th:has-text('chuyên ngành số {number}.')").count() == rows - 2
    page.locator(f"main th:has-text('đã sửa số {number}.3') a").click()
    task = page.url.replace("/sua/", "/")
    page.goto(task)
    page.click("a:has-text('Trích từ')")
    assert f"chuyên ngành số {number}.3" in page.locator("mark#doan-0").inner_text()
    assert f"chuyên ngành số {number}.4" not in page.locator("mark#doan-0").inner_text()


def upload_again(page: Page, file: Path, number: int) -> None:
    page.goto(f"/lam-viec/chuong-trinh/{PROGRAMME}/doc-van-ban/")
    page.set_input_files("input[name=file]", str(file))
    page.click("button:has-text('Đọc văn bản')")
    expect(page.locator("main")).to_contain_text("không tạo thêm gì mới")
    expect(page.locator("main")).to_contain_text(f"{number}/KH-UBM")
