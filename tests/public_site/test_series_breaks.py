"""Where the method of an indicator changed, page and data say that figures cannot be compared across the day."""

import csv
import io
from datetime import date

from bs4 import BeautifulSoup

from tests.public_site.issue import Files
from thucthi.publication.shapes import BreakData, IssueData

BROKEN = BreakData(3, date(2026, 7, 1), "2026-Q3", ("method", "unit"), "Lý do mẫu 3")


def rows(site: Files, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(site[f"data/{table}.csv"].decode("utf-8-sig"))))


def test_only_what_figures_mean_breaks_a_series_and_only_once_it_is_known(data: IssueData) -> None:
    assert [each.breaks for each in data.indicators] == [(BROKEN,)]


def test_the_data_say_where_the_series_breaks(site: Files) -> None:
    [row] = rows(site, "series_breaks")
    assert (row["indicator"], row["sheet_version"], row["changed_on"]) == ("ct-mau", "3", "2026-07-01")
    assert (row["period"], row["changed"], row["reason"]) == ("2026-Q3", "method; unit", "Lý do mẫu 3")
    assert {row["period"]: row["breaks"] for row in rows(site, "figures")} == {"2026-Q1": "false", "2026-Q3": "true"}


def test_the_page_says_it_in_both_languages(site: Files) -> None:
    said = {}
    for tree in ("", "en/"):
        found = BeautifulSoup(site[f"{tree}chi-tieu/ct-mau/index.html"], "html.parser").find(id="gay-chuoi")
        assert found is not None
        said[tree] = " ".join(found.get_text().split())
    assert "ngày 01/07/2026 đã đổi cách tính, đơn vị tính. Lý do: Lý do mẫu 3" in said[""]
    assert "method, unit" in said["en/"]
