"""Cells that a spreadsheet cannot take for a formula, and states that stay apart."""

from datetime import date
from decimal import Decimal

import pytest

from thucthi.public_site.rendering.pages import Cell, Place, Twin
from thucthi.public_site.rendering.twins import csv_bytes, written
from thucthi.publication.shapes import Header


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("Việc =1", "Việc =1"),
        (Decimal("-5.50"), "-5.50"),
        (0, "0"),
        (None, ""),
        (True, "true"),
        (date(2026, 11, 20), "2026-11-20"),
    ],
)
def test_cells(cell: Cell, expected: str) -> None:
    assert written(cell) == expected


def header(*, simulated: bool) -> Header:
    day = date(2026, 11, 20)
    return Header("1", "weekly", "2026-W47", "Tuần 47/2026", "Week 47/2026", day, day, day, simulated)


def test_each_row_of_a_table_says_of_which_issue_it_is() -> None:
    twin = Twin({}, ("a", "b"), [("x", None), ('"q"\n', 1)])
    assert csv_bytes(twin, header(simulated=True)).decode() == (
        "\ufeffa,b,issue,as_of,notice\r\n"
        "x,,2026-W47,2026-11-20,Số liệu mô phỏng / Simulated data\r\n"
        '"""q""\n",1,2026-W47,2026-11-20,Số liệu mô phỏng / Simulated data\r\n'
    )
    assert csv_bytes(twin, header(simulated=False)).endswith(b",1,2026-W47,2026-11-20,\r\n")


def test_a_table_without_rows_says_in_its_heading_that_figures_are_simulated() -> None:
    empty = Twin({}, ("a",), [])
    assert csv_bytes(empty, header(simulated=True)).decode() == (
        "\ufeffa,issue,as_of,notice: Số liệu mô phỏng / Simulated data\r\n"
    )
    assert csv_bytes(empty, header(simulated=False)).decode() == "\ufeffa,issue,as_of,notice\r\n"


def test_places() -> None:
    home, task = Place("", "vi"), Place("nhiem-vu/x", "en")
    assert (home.root, home.to("don-vi"), home.to(), home.other_language) == (
        "", "don-vi/index.html", "index.html", "en/index.html",
    )  # fmt: skip
    assert (task.root, task.to("don-vi", "a")) == ("../../../", "../../../en/don-vi/index.html#a")
    assert task.other_language == "../../../nhiem-vu/x/index.html"
    assert task.data("nhiem-vu/x", "index.csv") == "../../../nhiem-vu/x/index.csv"
