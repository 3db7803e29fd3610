"""Published pages opened from a disk: searching folds as the server does, no page too wide, axe finds nothing."""

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from playwright.sync_api import Browser, Page, expect

from tests.public_site.issue import rendered
from thucthi.config.supervisor import LocalPostgres
from thucthi.kernel.vietnamese_text import fold

SCRIPT = Path(__file__).parents[2] / "thucthi" / "static" / "thucthi" / "public-search.js"
# One page of every template.
TEMPLATES = (
    "index.html", "nghi-quyet/index.html", "nghi-quyet/1-nq-tw/index.html", "chuong-trinh/ct/index.html",
    "nhiem-vu/index.html", "nhiem-vu/nv-qua-han/index.html", "don-vi/index.html", "don-vi/ubnd-an-binh/index.html",
    "chi-tieu/index.html", "chi-tieu/ct-mau/index.html", "diem-nghen/index.html", "van-ban-phai-ban-hanh/index.html",
    "trach-nhiem/index.html", "thay-doi/index.html", "so-sanh/index.html", "cac-ky/index.html",
    "bao-cao/2026/tuan-46/index.html", "tim-kiem/index.html", "a-z/index.html", "a-z/b/index.html",
    "kiem-tra/index.html", "cach-doc/index.html", "phuong-phap/index.html", "dinh-chinh/index.html",
    "du-lieu/index.html", "tiep-can/index.html", "en/index.html", "en/don-vi/ubnd-an-binh/index.html",
)  # fmt: skip
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯY \t\n0123456789-.,()/%ßéñüçœ"
TONES = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"


@pytest.fixture(scope="module")
def folder(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    written = tmp_path_factory.mktemp("site")
    published = tmp_path_factory.mktemp("published")
    # The browser keeps an event loop in this thread, in which Django asks no database.
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as apart:
        _data, files = apart.submit(rendered, postgres, published).result()
    for name, content in files.items():
        (written / name).parent.mkdir(parents=True, exist_ok=True)
        (written / name).write_bytes(content)
    return written


@pytest.fixture(scope="module")
def folding(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.add_script_tag(path=SCRIPT)
    yield page
    context.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.text(some.sampled_from(LETTERS + TONES), max_size=30), min_size=20, max_size=20))
def test_the_browser_folds_as_the_server_does(folding: Page, texts: list[str]) -> None:
    assert folding.evaluate("texts => texts.map(thucThiSearch.fold)", texts) == [fold(each) for each in texts]


def test_every_vietnamese_letter_folds_alike_composed_and_not(folding: Page) -> None:
    letters = [chr(code) for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
    texts = [*letters, *(unicodedata.normalize("NFD", each) for each in letters)]
    assert folding.evaluate("texts => texts.map(thucThiSearch.fold)", texts) == [fold(each) for each in texts]


def test_what_is_found_and_in_which_order(folding: Page) -> None:
    names = ["Hoa Bình", "Xã Hòa Bình", "Hòa Bình", "Bình Hòa", "Đắk Lắk"]
    ask = "([names, query]) => thucThiSearch.search(names.map((name) => [0, '', name, '']), query).map((row) => row[2])"

    def found(query: str) -> list[str]:
        answer: list[str] = folding.evaluate(ask, [names, query])
        return answer

    assert found("hòa bình") == ["Xã Hòa Bình", "Hòa Bình", "Hoa Bình", "Bình Hòa"]
    assert found("  HOA   binh ") == ["Hoa Bình", "Hòa Bình", "Xã Hòa Bình", "Bình Hòa"]
    assert found("dak lak") == ["Đắk Lắk"]
    assert found("không có") == found("   ") == []


def test_searching_from_a_disk(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.get_by_label("Tìm nghị quyết, đơn vị, chỉ tiêu, nhiệm vụ").fill("bo khoa hoc")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("1 kết quả, hiện tối đa 60")
    page.get_by_role("link", name="Bộ Khoa học", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bộ Khoa học")
    page.goto((folder / "en/tim-kiem/index.html").as_uri() + "?q=khong+co")
    expect(page.locator("[data-search] li")).to_have_count(0)
    expect(page.get_by_role("status")).not_to_be_empty()
    context.close()


def test_every_page_stands_without_a_script(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in TEMPLATES:
        page.goto((folder / name).as_uri())
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").inner_text().strip(), name
    page.goto((folder / "tim-kiem/index.html").as_uri())
    expect(page.locator("noscript p")).to_contain_text("A–Z")
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_is_wider_than_the_screen(chromium: Browser, folder: Path, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    wide = {}
    for name in TEMPLATES:
        page.goto((folder / name).as_uri())
        reached = page.evaluate("document.documentElement.scrollWidth")
        if reached > width:
            wide[name] = reached
    context.close()
    assert wide == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(chromium: Browser, folder: Path, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    found = {}
    for name in TEMPLATES:
        page.goto((folder / name).as_uri())
        faults = [each["id"] for each in Axe().run(page).response["violations"]]
        if faults:
            found[name] = faults
    context.close()
    assert found == {}
