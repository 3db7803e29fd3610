"""Whoever is named as late has his own words beside the figure, word for word, or the words that he gave none."""

import csv
import io
import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag

from tests.public_site.issue import REPLY, Files
from thucthi.public_site.rendering.site import render_site
from thucthi.publication.shapes import IssueData

PARTS = [part for part in REPLY.split("\n") if part]
NONE_YET = "Chưa có giải trình (Quý 4/2026)"


def section(site: Files, name: str, id: str = "giai-trinh") -> Tag | None:
    return BeautifulSoup(site[name], "html.parser").find(id=id)


@pytest.mark.parametrize("name", ["don-vi/ubnd-an-binh", "nhiem-vu/nv-qua-han"])
def test_the_words_of_the_head_stand_beside_the_figure(site: Files, data: IssueData, name: str) -> None:
    [statement] = next(each.statements for each in data.organisations if each.code == "ubnd-an-binh")
    for tree in ("", "en/"):
        found = section(site, f"{tree}{name}/index.html")
        assert found is not None
        quote = found.blockquote
        assert quote is not None
        assert [each.get_text() for each in quote.find_all("p")] == PARTS
        assert all((each.get("lang") == "vi") == bool(tree) for each in quote.find_all("p"))
        source = quote.footer.get_text()
        assert "Người đứng đầu, 18/11/2026" in source
        assert quote.footer.code["title"] == statement.entry
        assert NONE_YET not in found.get_text()
    assert (statement.post, len(statement.entry)) == ("Người đứng đầu", 36)


def test_nobody_who_is_not_named_is_asked_for_words(site: Files) -> None:
    assert section(site, "nhiem-vu/nv-dung-han/index.html") is None
    assert section(site, "nhiem-vu/nv-xong-muon/index.html") is None
    assert section(site, "don-vi/dang-uy-chinh-phu/index.html") is None


@pytest.mark.parametrize(
    "name",
    [
        # A report is missing; a text is late; an answer to an obstacle is late.
        "nhiem-vu/nv-sap-den", "don-vi/bo-tai-chinh", "don-vi/bo-khoa-hoc", "don-vi/chinh-phu",
    ],
)  # fmt: skip
def test_who_is_named_and_said_nothing_is_shown_as_silent(site: Files, name: str) -> None:
    found = section(site, f"{name}/index.html")
    assert found is not None
    assert found.blockquote is None
    assert " ".join(found.get_text().split()).count("Chưa có giải trình") == 1
    assert "No reply yet" in section(site, f"en/{name}/index.html").get_text()  # type: ignore[union-attr]


def test_rows_that_name_a_body_lead_to_its_words_or_say_that_there_are_none(site: Files) -> None:
    obstacle = section(site, "diem-nghen/index.html", "vm-1")
    assert obstacle is not None
    assert "(chưa có giải trình)" in obstacle.get_text()
    law = section(site, "van-ban-phai-ban-hanh/index.html", "vb-luat")
    assert law is not None
    assert "chưa có giải trình" in law.parent.get_text()  # type: ignore[union-attr]
    government = BeautifulSoup(site["don-vi/chinh-phu/index.html"], "html.parser")
    links = {each["href"] for each in government.find_all("a", string="giải trình của đơn vị")}
    assert links == {"../../don-vi/ubnd-an-binh/index.html#giai-trinh"}


def test_no_figure_changes_by_what_is_said(data: IssueData, site: Files) -> None:
    silent = replace(data, organisations=tuple(replace(each, statements=()) for each in data.organisations))
    made = dict(render_site(silent))
    for name in ("data/tasks.csv", "data/reports.csv", "data/organisations.csv", "data/discipline.csv", "index.csv"):
        assert made.get(name) == site.get(name), name
    found = section(made, "don-vi/ubnd-an-binh/index.html")
    assert found is not None
    assert "Chưa có giải trình" in found.get_text()


def test_the_words_are_open_data(site: Files, data: IssueData) -> None:
    [statement] = next(each.statements for each in data.organisations if each.code == "ubnd-an-binh")
    [row] = csv.DictReader(io.StringIO(site["data/statements.csv"].decode("utf-8-sig")))
    assert (row["organisation"], row["period"], row["stated_on"]) == ("ubnd-an-binh", "2026-Q4", "2026-11-18")
    assert (row["text"], row["entry"]) == (REPLY, statement.entry)
    body = json.loads(site["don-vi/ubnd-an-binh/index.json"])["data"]["organisation"]
    assert [each["text"] for each in body["statements"]] == [REPLY]


def marks(site: Files, name: str, selector: str) -> list[tuple[str, str | None]]:
    """(word, the address of the words) of the marks of replies in these places, as the reader sees them."""
    page = BeautifulSoup(site[name], "html.parser")
    found = [each for place in page.select(selector) for each in place.select(".tt-status:has(svg) .tt-status-word")]
    said = [each for each in found if "giải trình" in each.get_text()]
    return [(each.get_text(), link["href"] if (link := each.find_parent("a")) else None) for each in said]


def test_the_page_of_actors_marks_whoever_is_late_or_silent_himself(site: Files, data: IssueData) -> None:
    rows = {body.code: body for body in data.organisations}
    page = BeautifulSoup(site["trach-nhiem/index.html"], "html.parser")
    shown = {}
    for row in page.select("tbody tr"):
        address = row.th.a["href"] if row.th.a else ""
        if "don-vi/" not in address:
            continue
        code = address.split("/")[-2]
        shown[code] = [each.get_text() for each in row.th.select(".tt-status:has(svg) .tt-status-word")]
    named = {code for code in shown if rows[code].own.schedules["overdue"] or rows[code].own.not_reported}
    assert {code: said for code, said in shown.items() if said} == {
        code: ["có giải trình" if code == "ubnd-an-binh" else "chưa có giải trình"] for code in named
    }
    assert {"ubnd-an-binh", "bo-tai-chinh"} <= named < shown.keys()
    assert ("có giải trình", "../don-vi/ubnd-an-binh/index.html#giai-trinh") in marks(
        site, "trach-nhiem/index.html", "tbody"
    )


def test_the_first_page_marks_the_bodies_of_tasks_that_became_late(data: IssueData) -> None:
    late = [task.code for task in data.tasks if task.standing.schedule == "overdue"]
    made = dict(render_site(replace(data, changes=replace(data.changes, newly_late=tuple(late), finished=tuple(late)))))
    found = marks(made, "index.html", "#thay-doi .col-md-4:nth-child(2) li")
    wanted = [body for task in data.tasks if task.code in late[:5] for body in task.answering]
    assert found == [
        ("có giải trình", f"don-vi/{body}/index.html#giai-trinh") if body == "ubnd-an-binh"
        else ("chưa có giải trình", None)
        for body in wanted
    ]  # fmt: skip
    assert ("có giải trình", "don-vi/ubnd-an-binh/index.html#giai-trinh") in found
    assert marks(made, "index.html", "#thay-doi .col-md-4:nth-child(1) li") == []
