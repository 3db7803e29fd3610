"""The files of an issue: the same counts in page, JSON and CSV; nothing hidden; no code, foreign host or dead link."""

import csv
import io
import json
import re
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from tests.architecture.pages import faults_of_page
from tests.monitoring.world import HIDDEN
from tests.public_site.issue import Files
from thucthi.public_site.rendering.addresses import address
from thucthi.public_site.rendering.lists import FILTERS, FOLDER_OF


def html(site: Files) -> dict[str, str]:
    """The pages of the site; verify.html is none of them: it is opened from disk with a script of its own."""
    return {
        name: content.decode() for name, content in site.items() if name.endswith(".html") and name != "verify.html"
    }


def rows_of(site: Files, name: str) -> list[dict[str, str]]:
    text = site[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_nothing_hidden_is_in_any_file(site: Files) -> None:
    for name, content in site.items():
        for secret in (HIDDEN, "Người đứng đầu mẫu", "Người mẫu", "reporter-", "approver-"):
            assert secret.encode() not in content, (name, secret)
            assert secret not in name


def test_every_page_is_clean_markup(site: Files) -> None:
    assert {name: faults for name, text in html(site).items() if (faults := faults_of_page(text))} == {}


# One link names the site itself by its address: an old page of corrections leads to the newest, wherever it lies.
NEWEST = {"dinh-chinh/index.html": address("dinh-chinh"), "en/dinh-chinh/index.html": address("en/dinh-chinh")}


def test_no_page_or_style_asks_another_host(site: Files) -> None:
    for name, content in site.items():
        if name.endswith((".html", ".css")):
            others = content.replace(f'href="{NEWEST.get(name, "#")}"'.encode(), b"")
            assert not re.search(rb"""(?:src|href)=["'](?:[a-z]+:)?//|url\(["']?(?:[a-z]+:)?//|@import""", others), name


def test_every_relative_link_leads_to_a_file_and_every_anchor_to_an_element(site: Files) -> None:
    documents = {name: BeautifulSoup(text, "html.parser") for name, text in html(site).items()}
    anchors = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in documents.items()}
    dead = set()
    for name, page in documents.items():
        for tag in page.find_all(["a", "link"], href=True):
            path, _, anchor = unquote(tag["href"]).partition("#")
            target = resolved(name, path) if path else name
            if tag["href"] == NEWEST.get(name) or target == "manifest.json" or target.startswith("ky-cong-bo/"):
                continue
            if target not in site or (anchor and anchor not in anchors.get(target, ())):
                dead.add((name, tag["href"]))
    assert dead == set()


def resolved(name: str, path: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / path).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_every_page_says_its_issue_its_day_the_next_one_and_that_it_is_simulated(site: Files) -> None:
    for name, text in html(site).items():
        for said in ("47/2026", "20/11/2026", "27/11/2026", "Số liệu mô phỏng", "Simulated data"):
            assert said in text, (name, said)


def test_every_page_has_its_twin_in_english(site: Files) -> None:
    vietnamese = {name for name in html(site) if not name.startswith("en/")}
    assert {f"en/{name}" for name in vietnamese} == {name for name in html(site) if name.startswith("en/")}
    assert '<html lang="en">' in html(site)["en/index.html"]
    assert '<html lang="vi">' in html(site)["index.html"]


def test_the_headline_is_the_sentence_with_the_counts(site: Files) -> None:
    heading = BeautifulSoup(site["index.html"], "html.parser").h1.get_text()
    assert heading == (
        "8 nhiệm vụ: 2 hoàn thành, 1 trong hạn, 1 sắp đến hạn, 1 quá hạn; 3/4 báo cáo của kỳ gần nhất chưa gửi."
    )


def test_page_json_and_csv_say_the_same(site: Files) -> None:
    tally = json.loads(site["index.json"])["data"]["tally"]
    total = rows_of(site, "index.csv")[0]
    assert int(total["total"]) == tally["total"] == 8
    assert {key: int(total[f"schedule_{key}"]) for key in tally["schedules"]} == tally["schedules"]
    assert {key: int(total[f"stage_{key}"]) for key in tally["stages"]} == tally["stages"]
    assert (int(total["reports_owed"]), int(total["reports_in"])) == (tally["owed"], tally["reported"]) == (4, 1)
    page = BeautifulSoup(site["index.html"], "html.parser")
    shown = [tag.get_text() for tag in page.select(".tt-count-number")]
    assert shown == ["2 / 8", "1 / 8", "1 / 8", "1 / 8", "3 / 4"]
    whole = json.loads(site["issue.json"])
    assert whole["tally"] == tally


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda each: each.slug)
def test_every_count_opens_into_exactly_its_rows(site: Files, chosen) -> None:
    tally = json.loads(site["issue.json"])["tally"]
    counts = {"schedule": tally["schedules"], "stage": tally["stages"]}
    counts["reported"] = {"reported": tally["reported"], "not_reported": tally["owed"] - tally["reported"]}
    expected = counts[chosen.group][chosen.code]
    about = json.loads(site[f"{chosen.folder}/index.json"])["data"]
    assert about["count"] == len(about["rows"]) == len(rows_of(site, f"{chosen.folder}/index.csv")) == expected
    page = BeautifulSoup(site[f"{chosen.folder}/index.html"], "html.parser")
    assert len(page.select("tbody th[scope=row]")) == expected


def test_the_counts_of_the_first_page_link_to_their_rows(site: Files) -> None:
    page = BeautifulSoup(site["index.html"], "html.parser")
    links = [tag["href"] for tag in page.select("a.tt-count-body")]
    wanted = (("stage", "done"), ("schedule", "on_time"), ("schedule", "due_soon"), ("schedule", "overdue"))
    assert links == [f"{FOLDER_OF[key]}/index.html" for key in (*wanted, ("reported", "not_reported"))]


def test_the_sums_of_the_organisations_reconcile(site: Files) -> None:
    whole = json.loads(site["issue.json"])
    by_code = {each["code"]: each for each in whole["organisations"]}
    for each in whole["organisations"]:
        parts = [each["own"], *(by_code[code]["subtree"] for code in each["children"])]
        assert sum(part["total"] for part in parts) == each["subtree"]["total"]
        for key, count in each["subtree"]["schedules"].items():
            assert sum(part["schedules"][key] for part in parts) == count
        rows = rows_of(site, f"don-vi/{each['code']}/index.csv")
        assert len(rows) == each["subtree"]["total"]
    for programme in whole["programmes"]:
        assert sum(each["tally"]["total"] for each in programme["groups"]) == programme["tally"]["total"]


def test_a_missing_figure_is_empty_and_says_why(site: Files) -> None:
    rows = {row["code"]: row for row in rows_of(site, "nhiem-vu/index.csv")}
    assert (rows["nv-dung-han"]["declared"], rows["nv-dung-han"]["declared_state"]) == ("50.00", "number")
    assert (rows["nv-sap-den"]["declared"], rows["nv-sap-den"]["declared_state"]) == ("", "not_reported")
    assert rows["nv-qua-han"]["accepted_state"] == "not_accepted"
    assert {row["notice"] for row in rows.values()} == {"Số liệu mô phỏng / Simulated data"}
    assert json.loads(site["nhiem-vu/index.json"])["notice"] == "Số liệu mô phỏng / Simulated data"


def test_the_archipelagos_are_on_the_map(site: Files) -> None:
    for page in ("index.html", "en/index.html"):
        names = {tag.get_text() for tag in BeautifulSoup(site[page], "html.parser").select(".tt-tile-name")}
        assert {"Hoàng Sa (Đà Nẵng)", "Trường Sa (Khánh Hòa)"} <= names
        assert len(names) == 36


def test_officials_are_named_by_post_and_unit(site: Files) -> None:
    page = site["nghi-quyet/1-nq-tw/index.html"].decode()
    assert "Người đứng đầu" in page
    assert "Đảng ủy Chính phủ" in page


def test_the_first_view_is_small(site: Files) -> None:
    first = ("index.html", "assets/app.css", "assets/mark.svg", "assets/fonts/be-vietnam-pro-400.woff2")
    assert sum(len(site[name]) for name in (*first, "assets/fonts/be-vietnam-pro-700.woff2")) < 150_000
