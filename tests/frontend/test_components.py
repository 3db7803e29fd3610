"""Components keep the promises every page relies on: words with shapes, labels with controls, nothing inline."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from jinja2 import UndefinedError
from markupsafe import Markup

from tests.frontend import gallery, markup

PAGES = sorted(gallery.pages())


@pytest.fixture(scope="module")
def ui() -> object:
    return gallery.environment().get_template("components/ui.html").module


@pytest.mark.parametrize("name", PAGES)
def test_pages_carry_nothing_inline_foreign_or_badly_nested(rendered: dict[str, str], name: str) -> None:
    assert markup.faults(rendered[name]) == []


@pytest.mark.parametrize(
    ("planted", "finding"),
    [
        ('<p style="color:red">x</p>', "<p style>"),
        ("<p onclick='x()'>x</p>", "<p onclick>"),
        ("<script>1</script>", "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ('<img src="https://example.org/x.png">', "<img src=https://example.org/x.png>"),
        ('<link href="//example.org/x.css">', "<link href=//example.org/x.css>"),
        ('<img src="data:image/png;base64,AA">', "<img src=data:image/png;base64,AA>"),
        ('<a href="javascript:x()">x</a>', "<a href=javascript:x()>"),
        ("<p><div>x</div></p>", "<div> inside <p>"),
        ("<div><p>x</div>", "</div> closes <p>"),
        ('<p id="a"></p><p id="a"></p>', "id a used twice"),
        ("<div><li>x</li></div>", "<li> inside <div>"),
    ],
)
def test_a_planted_fault_is_found(planted: str, finding: str) -> None:
    assert finding in markup.faults(planted)


@pytest.mark.parametrize("tone", gallery.TONES)
def test_a_status_is_a_word_a_shape_and_a_tone(ui: object, tone: str) -> None:
    soup = BeautifulSoup(ui.status(gallery.TONE_WORDS[tone], tone), "html.parser")
    assert soup.select_one(f".tt-tone-{tone} .tt-status-word").text == gallery.TONE_WORDS[tone]
    assert soup.svg["aria-hidden"] == "true"


def test_shapes_differ_in_outline(ui: object) -> None:
    assert len({str(ui.shape(tone)) for tone in gallery.TONES}) == len(gallery.TONES)


def test_no_status_without_its_word(ui: object) -> None:
    with pytest.raises(UndefinedError):
        ui.status()


@pytest.mark.parametrize("name", ["public.html", "workspace.html"])
def test_every_shape_stands_beside_a_word(parsed: dict[str, BeautifulSoup], name: str) -> None:
    alone = [shape for shape in parsed[name].select(".tt-shape") if not shape.parent.get_text(strip=True)]
    assert alone == []


def test_text_is_escaped_everywhere(ui: object) -> None:
    evil = "<b onclick='x'>"
    assert "<b" not in ui.status(evil, "good", evil)
    assert "<b" not in ui.data_table(evil, [evil], [[evil]], empty=evil)
    assert "<b" not in ui.text_input("n", evil, evil, hint=evil, error=evil)
    assert "<b" not in ui.select("n", evil, [(evil, evil)], evil)
    assert "<b" not in ui.struck(evil, evil, 1)


def test_values_above_and_below_the_scale_keep_their_words_and_stay_in_the_picture(ui: object) -> None:
    soup = BeautifulSoup(
        ui.three_progress(gallery.Figure("130 %", 130, "a"), gallery.Figure("−5 %", -5, "b"), None), "html.parser"
    )
    assert [value.text for value in soup.select(".tt-progress-value")] == ["130 %", "−5 %"]
    assert [bar["width"] for bar in soup.select(".tt-bar-fill")] == ["100%", "0%"]
    assert soup.select_one(".tt-progress-absent .tt-status-word").text == "Chưa có"


def test_a_bar_of_nothing_draws_nothing(ui: object) -> None:
    assert "0/0" in ui.bar(0, 0, "nhiệm vụ")
    assert "<svg" not in ui.bar(0, 0, "nhiệm vụ")


def test_a_bar_shows_its_denominator_and_its_share(ui: object) -> None:
    soup = BeautifulSoup(ui.bar(23, 31, "nhiệm vụ đúng hạn"), "html.parser")
    assert soup.select_one(".tt-bar-words").text == "23/31 nhiệm vụ đúng hạn"
    assert soup.select_one(".tt-bar-fill")["width"] == "74.19%"


def test_a_missing_value_is_a_gap_and_says_so_in_the_table(ui: object) -> None:
    points = [("2024", Decimal("1")), ("2025", None), ("2026", Decimal("0"), True)]
    soup = BeautifulSoup(ui.line_chart("Câu", "Đơn vị", points, "Năm", "Giá trị"), "html.parser")
    line = soup.select_one(".tt-chart-line")["d"]
    assert line.count("M") == 2
    assert "L" not in line
    assert [cell.get_text(" ", strip=True) for cell in soup.select("td")] == ["1", "chưa báo cáo", "0 (sơ bộ)"]
    assert soup.select_one("[role=img]")["aria-label"] == "Câu. Đơn vị"


@pytest.mark.parametrize(
    "points", [[], [("2026", None)], [("2026", Decimal("5"))], [("a", Decimal("2")), ("b", Decimal("2"))]]
)
def test_charts_bear_empty_single_and_flat_series(ui: object, points: list[tuple[str, Decimal | None]]) -> None:
    assert markup.faults(ui.line_chart("Câu", "Đơn vị", points, "Năm", "Giá trị")) == []
    assert markup.faults(ui.sparkline(points, "Nhãn")) == []


def test_a_target_outside_the_values_widens_the_axis(ui: object) -> None:
    points = [("a", Decimal("1")), ("b", Decimal("2"))]
    soup = BeautifulSoup(
        ui.line_chart("Câu", "Đơn vị", points, "Năm", "Giá trị", target=Decimal("40"), target_label="Đích"),
        "html.parser",
    )
    drawing = soup.select_one(".tt-chart-wide")
    height = int(drawing["height"])
    ticks = [text.text for text in drawing.select("text[text-anchor=end]") if text["x"] == "44"]
    assert ticks == ["0", "10", "20", "30", "40"]
    assert all(0 <= float(dot["cy"]) <= height for dot in drawing.select("circle"))


def test_the_map_has_34_provinces_and_both_archipelagos(ui: object) -> None:
    soup = BeautifulSoup(ui.tile_grid({}, "Bản đồ", "Tỉnh", "Số"), "html.parser")
    names = [tile.text for tile in soup.select(".tt-tile-name")]
    assert len(names) == 36
    assert "Hoàng Sa (Đà Nẵng)" in names
    assert "Trường Sa (Khánh Hòa)" in names
    assert len(soup.select("tbody tr")) == 34
    places = [
        tuple(kind for kind in tile["class"] if kind.startswith(("tt-tile-r", "tt-tile-c")))
        for tile in soup.select(".tt-tile")
    ]
    assert len(set(places)) == 36


def test_the_archipelagos_follow_the_province_that_keeps_them(ui: object) -> None:
    tiles = {"DNA": ("Đà Nẵng", "Quá hạn", "bad", "da-nang.html", "3/9")}
    soup = BeautifulSoup(ui.tile_grid(tiles, "Bản đồ", "Tỉnh", "Số"), "html.parser")
    found = {
        tile.select_one(".tt-tile-name").text: tile.select_one(".tt-tile-word").text for tile in soup.select(".tt-tile")
    }
    assert found["Hoàng Sa (Đà Nẵng)"] == "Quá hạn"
    assert found["Trường Sa (Khánh Hòa)"] == "Chưa có số liệu"
    assert len(found) == 36


def test_tables_name_their_columns_on_every_cell(parsed: dict[str, BeautifulSoup]) -> None:
    for table in parsed["workspace.html"].select(".tt-table-cards"):
        assert table.caption.text
        heads = [head.text for head in table.select("thead th[scope=col]")]
        for row in table.select("tbody tr"):
            cells = row.select("th, td:not(.tt-table-empty)")
            assert [cell["data-label"] for cell in cells] == heads[: len(cells)]


def test_an_empty_table_says_so(ui: object) -> None:
    assert "Chưa có dòng nào." in ui.data_table("Bảng", ["A", "B"], [])


def test_every_control_has_a_label_and_points_at_its_error(parsed: dict[str, BeautifulSoup]) -> None:
    soup = parsed["workspace.html"]
    for control in soup.select("main input:not([type=hidden]), main select, main textarea"):
        assert soup.select_one(f'label[for="{control["id"]}"]'), control
        for described in control.get("aria-describedby", "").split():
            assert soup.find(id=described), described
    due = soup.find(id="id_due")
    assert due["aria-invalid"] == "true"
    assert soup.find(id="id_due-error").get_text(" ", strip=True) == "Lỗi: Xin ghi một ngày cụ thể, ví dụ 31/12/2026"


def test_what_was_typed_is_kept(parsed: dict[str, BeautifulSoup]) -> None:
    soup = parsed["workspace.html"]
    assert soup.find(id="id_title")["value"] == "Kho dữ liệu"
    assert soup.find(id="id_note").text.strip("\n") == "Đã họp\nba lần"
    assert soup.select_one("#id_cause option[selected]")["value"] == "b"
    assert [choice["value"] for choice in soup.select("input[name=state][checked], input[name=units][checked]")] == [
        "2",
        "2",
    ]


def test_an_undefined_name_is_an_error() -> None:
    page = gallery.environment().get_template("public_base.html")
    with pytest.raises(UndefinedError):
        page.render(lang="vi")


def test_public_pages_load_one_small_script_and_only_relative_files(parsed: dict[str, BeautifulSoup]) -> None:
    """The script says on an old issue that it was corrected since; without it the list of corrections says so."""
    soup = parsed["public.html"]
    assert [tag.get("src") for tag in soup.select("script")] == ["assets/corrected.js"]
    loaded = [link["href"] for link in soup.select("link")]
    assert loaded == ["assets/fonts/be-vietnam-pro-400.woff2", "assets/app.css", "assets/mark.svg"]
    assert not [link for link in soup.select("a[href]") if link["href"].startswith("/")]


def test_public_pages_say_their_day_and_that_figures_are_simulated(parsed: dict[str, BeautifulSoup]) -> None:
    text = parsed["public.html"].get_text(" ", strip=True)
    assert "Số liệu mô phỏng / Simulated data" in text
    assert "Số liệu đến ngày 22/11/2026" in text
    assert "Cập nhật tiếp theo: 29/11/2026" in text


def test_real_figures_carry_no_banner() -> None:
    page = gallery.environment().get_template("gallery_public.html")
    assert "tt-simulated" not in page.render(lang="vi", site=gallery.Site(simulated=False), **gallery.SAMPLE)


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("error-")])
def test_error_pages_say_what_to_do(parsed: dict[str, BeautifulSoup], name: str) -> None:
    soup = parsed[name]
    assert len(soup.select("main p")) >= 3
    assert soup.h1.text in soup.title.text


def test_a_refusal_repeats_its_own_sentence() -> None:
    page = gallery.environment().get_template("errors/403.html")
    assert "Chỉ người đứng đầu được duyệt." in page.render(sentence="Chỉ người đứng đầu được duyệt.")


def test_components_return_safe_text(ui: object) -> None:
    assert isinstance(ui.status("Đúng hạn", "good"), Markup)
