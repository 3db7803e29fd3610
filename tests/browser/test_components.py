"""The sample pages of the components in a real browser under the real policy: nothing blocked, nothing too wide or too
small, no fault known to axe; and a draft survives a silent server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.frontend import gallery

ORIGIN = "http://sample.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGES = sorted(gallery.pages())
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 700}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("samples")
    gallery.write(written)
    return written


@pytest.fixture
def open_page(chromium: Browser, folder: Path) -> Iterator[Callable[..., Page]]:
    """`open_page(name, viewport)`: the sample page, answered from the folder with the policy of the product."""
    opened: list[BrowserContext] = []

    def answer(route: Route) -> None:
        path = folder / route.request.url.removeprefix(ORIGIN + "/")
        if not path.is_file():
            route.fulfill(status=404)
            return
        headers = {"Content-Type": KINDS.get(path.suffix, "font/woff2"), "Content-Security-Policy": POLICY}
        route.fulfill(body=path.read_bytes(), headers=headers)

    def start(name: str, viewport: dict[str, int], *, bypass_csp: bool = False) -> Page:
        context = chromium.new_context(viewport=viewport, bypass_csp=bypass_csp, locale="vi-VN")  # type: ignore[arg-type]
        opened.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints = []  # type: ignore[attr-defined]
        page.on(
            "console", lambda said: page.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )  # type: ignore[attr-defined]
        page.goto(f"{ORIGIN}/{name}")
        page.evaluate("document.fonts.ready")
        return page

    yield start
    for context in opened:
        context.close()


@pytest.mark.parametrize("viewport", [NARROWEST, PHONE, DESK], ids=["320", "390", "1280"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_blocked_and_nothing_is_wider_than_the_screen(
    open_page: Callable[..., Page], name: str, viewport: dict[str, int]
) -> None:
    page = open_page(name, viewport)
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"')")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: Callable[..., Page], name: str, viewport: dict[str, int]) -> None:
    page = open_page(name, viewport, bypass_csp=True)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found.response["violations"]] == []


@pytest.mark.parametrize("name", ["public.html", "workspace.html"])
def test_what_stands_alone_can_be_touched(open_page: Callable[..., Page], name: str) -> None:
    """Links inside a sentence or a table cell follow the line; everything else is at least 44 px high."""
    page = open_page(name, PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
          .filter((one) => one.checkVisibility() && !one.closest(".tt-skip, p:not([class]), th, td, dd, .tt-choice"))
          .filter((one) => !one.closest(".tt-breadcrumb, .tt-error-summary"))
          .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""
    )
    assert small == []


def test_the_menu_of_a_phone_opens_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("workspace.html", PHONE)
    link = page.locator(".tt-menu-phone a", has_text="Chờ duyệt")
    expect(link).not_to_be_visible()
    page.locator(".tt-menu-phone summary").click()
    expect(link).to_be_visible()


def test_the_row_of_a_desk_is_one_row_and_the_rest_opens_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("workspace.html", DESK, bypass_csp=True)
    assert page.locator("nav.tt-nav").bounding_box()["height"] == 44  # type: ignore[index]
    last = page.locator("nav.tt-nav a", has_text="Khóa API")
    expect(last).not_to_be_visible()
    page.locator("nav.tt-nav summary").click()
    expect(last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page, context="header")
    assert [rule["id"] for rule in found.response["violations"]] == []
    offered = page.locator("nav.tt-nav a").all_inner_texts()
    assert offered == [label for label, _ in gallery.NAVIGATION if label != "Tìm kiếm"]


def test_the_faults_take_the_focus(open_page: Callable[..., Page]) -> None:
    assert open_page("workspace.html", DESK).evaluate("document.activeElement.id") == "error-summary"


def _type_a_note(page: Page, text: str) -> None:
    page.locator("#id_note").fill(text)
    page.locator("#id_title").focus()


def _stored(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage)"))


def test_a_draft_is_sent_when_a_field_is_left(open_page: Callable[..., Page]) -> None:
    page = open_page("workspace.html", DESK)
    sent: list[str] = []

    def accept(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    page.context.route("**/x/", accept)
    _type_a_note(page, "Đã họp bốn lần")
    expect(page.locator("[data-autosave-saved]")).to_contain_text("Đã lưu nháp lúc")
    expect(page.locator("[data-autosave-banner]")).not_to_be_visible()
    assert len(sent) == 1
    assert "Đã họp bốn lần" in sent[0]
    assert _stored(page) == []


@pytest.mark.parametrize("refusal", [{"status": 503}, {"status": 302, "headers": {"Location": "/public.html"}}])
def test_a_draft_that_was_not_taken_stays_and_comes_back(
    open_page: Callable[..., Page], refusal: dict[str, object]
) -> None:
    page = open_page("workspace.html", DESK)
    page.context.route("**/x/", lambda route: route.fulfill(**refusal))  # type: ignore[arg-type]
    _type_a_note(page, "Chữ không được mất")
    expect(page.locator("[data-autosave-banner]")).to_be_visible()
    assert _stored(page) == ["thucthi-nhap:bao-cao-1"]
    page.reload()
    expect(page.locator("#id_note")).to_have_value("Chữ không được mất")
    expect(page.locator("[data-autosave-banner]")).to_be_visible()
    page.context.unroute("**/x/")
    page.context.route("**/x/", lambda route: route.fulfill(status=204))
    page.reload()
    expect(page.locator("#id_note")).to_have_value("Chữ không được mất")
    expect(page.locator("[data-autosave-saved]")).to_contain_text("Đã lưu nháp lúc")
    assert _stored(page) == []
