"""An issue with more tasks than have pages of their own: they share pages, and nothing of any of them is lost."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.architecture.pages import faults_of_page
from tests.public_site.issue import Files
from tests.public_site.test_pages import NEWEST, resolved, rows_of
from thucthi.public_site.rendering import book, furnishing, lists, pages
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.site import render_site, site_parts
from thucthi.publication import files
from thucthi.publication.frozen import FrozenTasks, TaskFile
from thucthi.publication.shapes import IssueData

SHEET = 3


@pytest.fixture(scope="module")
def large(data: IssueData) -> Files:
    with pytest.MonkeyPatch.context() as patch:
        few(patch)
        return dict(render_site(data))


def few(patch: pytest.MonkeyPatch) -> None:
    """Everything that is thousands in a country is a handful here."""
    patch.setattr(book, "MOST_TASK_PAGES", 5)
    patch.setattr(book, "TASKS_OF_A_SHEET", SHEET)
    patch.setattr(pages, "ROWS_OF_A_PAGE", 1)
    patch.setattr(lists, "ROWS_OF_A_SHEET", 2)
    patch.setattr(lists, "MOST_SHEETS", 2)
    patch.setattr(furnishing, "MOST_ROWS_OF_JSON", 4)
    patch.setattr(furnishing, "MOST_DAYS", 3)


def test_each_task_stands_on_one_page_in_each_language_with_its_words(data: IssueData, large: Files) -> None:
    for prefix in ("", "en/"):
        names = sorted(name for name in large if re.fullmatch(rf"{prefix}nhiem-vu/quyen/\d+/index.html", name))
        shown = [
            (article["id"], article.get_text(" "))
            for name in names
            for article in BeautifulSoup(large[name], "html.parser").find_all("article")
        ]
        assert [code for code, _text in shown] == sorted(each.code for each in data.tasks)
        assert len(names) == -(-len(data.tasks) // SHEET)
        by_code = dict(shown)
        for task in data.tasks:
            assert task.text in by_code[task.code]
            lead = next(each for each in data.organisations if each.code == task.lead)
            assert lead.official_name in by_code[task.code]


def test_the_whole_record_of_each_task_is_in_the_json_of_its_page(data: IssueData, site: Files, large: Files) -> None:
    told = {}
    for name, content in large.items():
        if re.fullmatch(r"nhiem-vu/quyen/\d+/index.json", name):
            told |= {each["code"]: each for each in json.loads(content)["data"]["tasks"]}
    own_pages = {each.code: json.loads(site[f"nhiem-vu/{each.code}/index.json"])["data"] for each in data.tasks}
    assert told == own_pages


def test_the_histories_are_in_the_csv_of_the_pages(data: IssueData, site: Files, large: Files) -> None:
    names = [name for name in large if re.fullmatch(r"nhiem-vu/quyen/\d+/index.csv", name)]
    kept = [row for name in names for row in rows_of(large, name)]
    apart = [row for each in data.tasks for row in rows_of(site, f"nhiem-vu/{each.code}/index.csv")]
    key = sorted(tuple(row.items()) for row in kept)
    assert key == sorted(tuple(row.items()) for row in apart)


def test_no_task_has_a_page_or_a_small_page_or_a_calendar_of_its_own(data: IssueData, large: Files) -> None:
    for task in data.tasks:
        assert [name for name in large if f"nhiem-vu/{task.code}/" in name] == []


def test_the_data_of_the_issue_and_its_tables_are_the_same_as_with_pages(site: Files, large: Files) -> None:
    tables = [name for name in site if name.startswith("data/")]
    assert tables
    assert {name: large[name] for name in tables if not name.endswith(".xlsx")} == {
        name: site[name] for name in tables if not name.endswith(".xlsx")
    }


def test_each_list_has_every_row_in_its_csv_and_says_what_the_page_leaves_out(data: IssueData, large: Files) -> None:
    whole = rows_of(large, "nhiem-vu/index.csv")
    assert [row["code"] for row in whole] == [each.code for each in data.tasks]
    assert "nhiem-vu/index.json" not in large
    assert "nhiem-vu/trang/2/index.html" in large
    assert "nhiem-vu/trang/3/index.html" not in large
    last = BeautifulSoup(large["nhiem-vu/trang/2/index.html"], "html.parser").get_text(" ")
    assert "Các trang này hiện 4 trên 8 nhiệm vụ." in last
    assert "Các trang này hiện" not in large["nhiem-vu/index.html"].decode()


def test_long_tables_of_bodies_are_cut_and_say_so(data: IssueData, large: Files) -> None:
    busiest = max(data.organisations, key=lambda each: len(each.led))
    assert len(busiest.led) == 2
    page = BeautifulSoup(large[f"don-vi/{busiest.code}/index.html"], "html.parser")
    assert "Bảng hiện 1 dòng đầu trên 2 dòng." in page.get_text(" ")
    assert len(rows_of(large, f"don-vi/{busiest.code}/index.csv")) == busiest.subtree.total


def test_every_link_leads_somewhere_and_every_page_is_clean(large: Files) -> None:
    documents = {
        name: BeautifulSoup(content, "html.parser")
        for name, content in large.items()
        if name.endswith(".html") and name != "verify.html"
    }
    anchors = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in documents.items()}
    beside = {"manifest.json", "issue.json", "verify.html", "verify.py", "HOWTO.vi.md", "HOWTO.en.md"}
    dead = set()
    for name, page in documents.items():
        assert faults_of_page(str(large[name].decode())) == [], name
        for tag in page.find_all(["a", "link"], href=True):
            path, _, anchor = tag["href"].partition("#")
            target = resolved(name, path) if path else name
            if tag["href"] == NEWEST.get(name) or target in beside or target.startswith(("ky-cong-bo/", "proofs/")):
                continue
            if target not in large or (anchor and anchor not in anchors.get(target, ())):
                dead.add((name, tag["href"]))
    assert dead == set()


def test_two_processes_write_a_large_issue_as_one_does(data: IssueData, large: Files) -> None:
    with pytest.MonkeyPatch.context() as patch:
        few(patch)
        written = files.write_parts(site_parts(data), 2)
    assert files.wrong_files(written.manifest_hash) == []
    root = files.issue_directory(written.manifest_hash)
    assert {name: (root / name).read_bytes() for name in large} == large
    assert written.file_count == len(large)


def test_a_thousand_tasks_still_have_pages_of_their_own(data: IssueData) -> None:
    assert not Book(data).is_large
    assert book.MOST_TASK_PAGES >= 10_000
    assert Book(data).sheets == []


def test_a_country_kept_on_the_disk_looks_the_same(data: IssueData, large: Files, tmp_path: Path) -> None:
    file = TaskFile(tmp_path)
    kept = FrozenTasks.of(file, [file.add(data.tasks[:3]), file.add(data.tasks[3:])])
    with pytest.MonkeyPatch.context() as patch:
        few(patch)
        drawn = dict(render_site(replace(data, tasks=kept)))
    assert {name for name in large | drawn if large.get(name) != drawn.get(name)} == set()
