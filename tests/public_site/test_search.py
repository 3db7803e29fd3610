"""The index fits, leads to pages that exist, and everything in it is in the A–Z too; no page needs a script."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from tests.public_site.issue import Files
from thucthi.public_site.rendering.search import KINDS, LARGEST, Entry, index, letter_folder, letter_of
from thucthi.public_site.rendering.site import render_site
from thucthi.publication.shapes import IssueData

SCRIPTS = ["tim-kiem/chi-muc.js", "assets/public-search.js"]


def rows_of(content: bytes) -> tuple[int, list[list[object]]]:
    found = re.fullmatch(
        r'"use strict";\nglobalThis\.thucThiIndex={left:(\d+),rows:(.*)};\n', content.decode(), re.DOTALL
    )
    assert found
    return int(found[1]), json.loads(found[2])


def test_the_index_holds_everything_once_and_leads_to_it(site: Files) -> None:
    left, rows = rows_of(site["tim-kiem/chi-muc.js"])
    assert (left, len(site["tim-kiem/chi-muc.js"]) <= 300_000) == (0, True)
    whole = json.loads(site["issue.json"])
    parts = ("documents", "programmes", "indicators", "instruments", "organisations", "tasks")
    assert [sum(row[0] == kind for row in rows) for kind in range(len(KINDS))] == [len(whole[each]) for each in parts]
    for _kind, folder, _name, anchor in rows:
        for tree in ("", "en/"):
            page = site[f"{tree}{folder}/index.html"].decode()
            assert not anchor or f'id="{anchor}"' in page


def test_an_index_that_does_not_fit_says_how_many_are_left_out() -> None:
    made = index((Entry(5, f"nhiem-vu/nv-{n}", "Việc " + "dài " * 60) for n in range(3000)), 3000)
    left, rows = rows_of(made)
    assert len(made) <= LARGEST
    assert left + len(rows) == 3000
    assert left > 0
    assert max(len(str(row[2])) for row in rows) == 160


@pytest.mark.parametrize("most", [LARGEST, 1_500])
def test_the_page_says_how_many_rows_the_index_leaves_out(
    data: IssueData, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("thucthi.public_site.rendering.search.LARGEST", most)
    made = dict(render_site(data))
    left, rows = rows_of(made["tim-kiem/chi-muc.js"])
    assert (left > 0) == (most < LARGEST)
    said = {"tim-kiem": f"{left} trong {left + len(rows)} tên", "en/tim-kiem": f"{left} of {left + len(rows)} names"}
    for name, words in said.items():
        page = BeautifulSoup(made[f"{name}/index.html"], "html.parser")
        notices = [each.get_text() for each in page.select("main .tt-notice") if not each.has_attr("hidden")]
        assert [words in each for each in notices] == ([True] if left else []), name
        lead = page.select_one("main h1").find_next("p").get_text()
        assert f" {len(rows)} " in lead


def test_what_ends_a_line_of_a_script_is_not_in_it() -> None:
    _left, rows = rows_of(index([Entry(0, "a", 'x\u2028y"\n</script>')], 1))
    assert rows == [[0, "a", 'x y"\n</script>', ""]]


def test_only_the_page_that_searches_has_scripts_and_they_are_files(site: Files) -> None:
    for name, content in site.items():
        if not name.endswith(".html") or name == "verify.html":
            continue
        page = BeautifulSoup(content, "html.parser")
        sources = [tag.get("src") for tag in page.find_all("script") if tag.get("type") != "application/ld+json"]
        # What every page asks for, to say whether its issue was corrected since.
        sources = [each for each in sources if not each.endswith("assets/corrected.js")]
        expected = {"tim-kiem/index.html": "../", "en/tim-kiem/index.html": "../../"}.get(name)
        assert sources == ([f"{expected}{each}" for each in SCRIPTS] if expected else []), name


def test_without_a_script_the_a_to_z_has_everything_but_tasks(site: Files) -> None:
    search = BeautifulSoup(site["tim-kiem/index.html"], "html.parser")
    assert "A–Z" in search.noscript.get_text()
    letters = BeautifulSoup(site["a-z/index.html"], "html.parser").select(".tt-letters a")
    found = []
    for letter in letters:
        name = f"a-z/{letter['href'].removeprefix('../a-z/')}"
        page = BeautifulSoup(site[name], "html.parser")
        found += [link["href"].removeprefix("../../") for link in page.select(".tt-found a")]
    _left, rows = rows_of(site["tim-kiem/chi-muc.js"])
    wanted = [f"{row[1]}/index.html{f'#{row[3]}' if row[3] else ''}" for row in rows if row[0] != KINDS.index("task")]
    assert sorted(found) == sorted(wanted)


def test_the_first_page_asks_the_page_that_searches(site: Files) -> None:
    form = BeautifulSoup(site["en/index.html"], "html.parser").find("form", role="search")
    assert (form["action"], form["method"]) == ("../en/tim-kiem/index.html", "get")
    assert form.find("label")["for"] == form.find("input")["id"]


@pytest.mark.parametrize(
    ("name", "letter", "folder"),
    [
        ("Đắk Lắk", "đ", "a-z/dd"),
        ("Ủy ban", "u", "a-z/u"),
        ("Ứng dụng", "ư", "a-z/uw"),
        ("Ấn phẩm", "â", "a-z/aa"),
        ("A\u0306n", "ă", "a-z/aw"),
        ("5G", "#", "a-z/so"),
        ("", "#", "a-z/so"),
        ("Яндекс", "#", "a-z/so"),
    ],
)
def test_letters(name: str, letter: str, folder: str) -> None:
    assert letter_of(name) == letter
    assert letter_folder(letter) == folder
