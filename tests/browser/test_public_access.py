"""Every public template in a real browser under the real policy, at three widths, in light, in dark and on paper: no
fault known to axe, and what axe does not see: narrow screens, focus, targets, greys. From a small invented issue.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.frontend.test_contrast import contrast
from tests.public_site.conftest import issue
from tests.public_site.issue import Files
from tests.thorough import in_full
from thucthi.public_site.api.urls import about
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Place, Reader
from thucthi.public_site.rendering.site import render_site, sections
from thucthi.publication.files import CONTENT_TYPES
from thucthi.publication.shapes import IssueData

__all__ = ["issue"]
ORIGIN = "http://public.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1280)
PAPER = (768, "light", "print")
LOOKS = in_full(
    [(360, "light", "screen"), PAPER],
    [*((width, scheme, "screen") for width in WIDTHS for scheme in ("light", "dark")), PAPER],
)
TEMPLATES = Path(__file__).resolve().parents[2] / "thucthi" / "public_site" / "templates" / "public_site"
NOT_PAGES = {"drawn.html", "parts.html", "structured.html", "not_yet.html"}
# Pages that a small weekly issue does not hold: the application's own description of its API, what only a month has,
# and the sheets of tasks of a large one.
API, REPORT, SHEET = "api/v1/index.html", "bao-cao/index.html", "nhiem-vu/quyen/1/index.html"


def one_of_each(data: IssueData, files: Files) -> dict[str, str]:
    """Template → its heaviest Vietnamese page in the issue, which shows most of it."""
    book = Book(data)
    found: dict[str, str] = {}
    with translation.override("vi"):
        reader = Reader(book, Place("", "vi"))
        for page in itertools.chain.from_iterable(section(book, reader) for section in sections(book)):
            name = f"{page.folder}/index.html" if page.folder else "index.html"
            if page.template not in found or len(files[name]) > len(files[found[page.template]]):
                found[page.template] = name
    return found


@pytest.fixture(scope="module")
def chosen(issue: tuple[IssueData, Files]) -> dict[str, str]:
    return {**one_of_each(*issue), "api.html": API, "report.html": REPORT, "task_sheet.html": SHEET}


@pytest.fixture(scope="module")
def files(issue: tuple[IssueData, Files]) -> Files:
    """The files of the issue, and the pages that it does not hold."""
    data, found = issue
    month = dict(render_site(replace(data, header=replace(data.header, kind="monthly"))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thucthi.public_site.rendering.book.MOST_TASK_PAGES", 0)
        large = dict(render_site(data))
    told = about(RequestFactory().get("/api/v1/")).content.replace(b"/static/thucthi/", b"/assets/")
    # Beside the issues of a site lies the list of corrections, which every page asks for.
    return {**found, REPORT: month[REPORT], SHEET: large[SHEET], API: told, "ky-cong-bo/corrections.json": b"[]"}


@pytest.fixture
def open_page(chromium: Browser, files: Files) -> Iterator[Callable[..., Page]]:
    """`open_page(width, scheme, media)`: a tab that gets its files from the issue, with the policy of the product."""
    opened = list[BrowserContext]()

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN + "/")
        if name not in files:
            route.fulfill(status=404)
            return
        kind = CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")
        route.fulfill(body=files[name], headers={"Content-Type": kind, "Content-Security-Policy": POLICY})

    def start(width: int, scheme: str = "light", media: str = "screen", *, bypass_csp: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            bypass_csp=bypass_csp,
            locale="vi-VN",
        )
        opened.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.emulate_media(media=media)  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        return page

    yield start
    for context in opened:
        context.close()


def go(page: Page, name: str) -> None:
    page.goto(f"{ORIGIN}/{name}")
    page.evaluate("document.fonts.ready")


def test_every_template_of_the_site_is_among_them(chosen: dict[str, str]) -> None:
    assert {path.name for path in TEMPLATES.glob("*.html")} - NOT_PAGES == set(chosen)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found]


@pytest.mark.parametrize(("width", "scheme", "media"), LOOKS)
def test_axe_finds_nothing(
    open_page: Callable[..., Page], chosen: dict[str, str], width: int, scheme: str, media: str
) -> None:
    page = open_page(width, scheme, media, bypass_csp=True)
    found = {}
    for template, name in chosen.items():
        go(page, name)
        found[template] = violations(page)
    assert {template: each for template, each in found.items() if each} == {}


def test_axe_finds_a_planted_fault(open_page: Callable[..., Page]) -> None:
    page = open_page(360, "dark", bypass_csp=True)
    go(page, "index.html")
    page.evaluate("document.querySelector('.tt-main h1').style.color = '#333'; document.documentElement.lang = ''")
    assert {rule for rule, _ in violations(page)} >= {"color-contrast", "html-has-lang"}


def test_the_policy_blocks_nothing(open_page: Callable[..., Page], chosen: dict[str, str]) -> None:
    page = open_page(360)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    for name in chosen.values():
        go(page, name)
    assert complaints == []


@pytest.mark.parametrize("width", [320, *WIDTHS])
def test_nothing_is_wider_than_the_screen(open_page: Callable[..., Page], chosen: dict[str, str], width: int) -> None:
    page = open_page(width)
    wide = {}
    for name in chosen.values():
        go(page, name)
        wide[name] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {name: more for name, more in wide.items() if more > 0} == {}


def test_what_stands_alone_can_be_touched(open_page: Callable[..., Page], chosen: dict[str, str]) -> None:
    """Links inside a sentence, a list of sentences or a table cell follow the line; what stands alone is 44 px high."""
    page = open_page(360)
    small = {}
    for name in chosen.values():
        go(page, name)
        small[name] = page.evaluate(
            """() => [...document.querySelectorAll("a, button, summary, input, select")]
              .filter((one) => one.checkVisibility())
              .filter((one) => !one.closest(".tt-skip, p:not([class]), main li:not([class]), th, td, dd"))
              .filter((one) => !one.closest(".tt-breadcrumb, .tt-tiles, .tt-source, .tt-lead, h1, h2, h3, caption"))
              .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 120))"""
        )
    assert {name: found for name, found in small.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_walks_with_the_keyboard_sees_where_he_is(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(1280, scheme)
    go(page, "index.html")
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        look = page.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
              const box = one.getBoundingClientRect();
              return [one.textContent.trim().slice(0, 40), style.outlineStyle, parseFloat(style.outlineWidth),
                style.outlineColor, box.bottom > 0 && box.top < innerHeight]; }"""
        )
        seen.append(look)
    assert seen[0][0] == "Đến nội dung chính"
    assert [each for each in seen[1:] if each[1] != "solid" or each[2] < 2 or not each[4]] == []


FILLS = """() => [...document.querySelectorAll("svg.tt-stack-picture")].map((svg) => [...svg.querySelectorAll("rect")]
  .map((rect) => getComputedStyle(rect)).map((one) => [one.fill, one.stroke, parseFloat(one.strokeWidth)]))"""


def grey(colour: str) -> str:
    """ "rgb(13, 107, 60)" as "#0d6b3c"."""
    return "#" + "".join(f"{int(each):02x}" for each in colour.removeprefix("rgb(").rstrip(")").split(","))


def faults_of_bars(bars: list[list[tuple[str, str, float]]]) -> list[str]:
    """Neighbours must be told apart without colour: by 3:1 between them, or by a line with 3:1 to both."""
    found = []
    for bar in bars:
        for (one, line, width), (other, _line, _width) in itertools.pairwise(bar):
            apart = contrast(grey(one), grey(other)) >= 3
            drawn = width >= 1 and min(contrast(grey(line), grey(one)), contrast(grey(line), grey(other))) >= 3
            if not apart and not drawn:
                found.append(f"{one} beside {other}")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_parts_of_a_bar_are_told_apart_in_greys(
    open_page: Callable[..., Page], chosen: dict[str, str], scheme: str
) -> None:
    page = open_page(768, scheme)
    looked_at = 0
    for name in chosen.values():
        go(page, name)
        bars = page.evaluate(FILLS)
        looked_at += sum(len(bar) > 1 for bar in bars)
        assert faults_of_bars(bars) == [], name
    assert looked_at >= 2


def test_two_parts_alike_are_found() -> None:
    dark, other, light = "rgb(13, 107, 60)", "rgb(163, 24, 15)", "rgb(195, 204, 212)"
    assert faults_of_bars([[(dark, dark, 0), (other, dark, 0)]]) != []
    assert faults_of_bars([[(dark, "rgb(255, 255, 255)", 1), (other, "rgb(255, 255, 255)", 1)]]) == []
    assert faults_of_bars([[(dark, dark, 0), (light, dark, 0)]]) == []


def test_paper_is_light_and_shows_what_was_folded(open_page: Callable[..., Page], chosen: dict[str, str]) -> None:
    page = open_page(768, "dark", "print")
    go(page, "index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".tt-twins").is_visible()
    go(page, chosen["indicator.html"])
    assert page.locator("figure table").first.evaluate("(one) => one.getBoundingClientRect().height") > 0


def test_dark_is_dark(open_page: Callable[..., Page]) -> None:
    page = open_page(360, "dark")
    go(page, "index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 30)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(230, 235, 240)"
