"""Every page of the workspace, on the demonstration: clean markup, and no more queries than were agreed."""

from pathlib import Path

import pytest

from tests.architecture.pages import faults_of_page

COUNTS = Path(__file__).with_name("query_counts.json")
PLANTED = [
    ('<p style="color:red">', "inline style on <p>"),
    ("<style>p{}</style>", "inline <style>"),
    ("<script>1</script>", "inline <script>"),
    ('<a href="/" onclick="x()">a</a>', "handler onclick on <a>"),
    ('<img src="https://elsewhere.example/a.png">', "<img> loads from elsewhere.example"),
    ("<h1>a</h1>", "2 headings of the first level"),
    ('<p id="a"></p><p id="a"></p>', "two elements share the id a"),
]


@pytest.mark.parametrize(("markup", "fault"), PLANTED, ids=[fault for _, fault in PLANTED])
def test_planted_markup_is_found(markup: str, fault: str) -> None:
    page = f"<!doctype html><html lang='vi'><head><title>t</title></head><body><h1>t</h1>{markup}</body></html>"
    assert faults_of_page(page) == [fault]


def test_a_clean_page_has_no_fault() -> None:
    assert faults_of_page("<html lang='vi'><head><title>t</title></head><body><h1>t</h1></body></html>") == []
