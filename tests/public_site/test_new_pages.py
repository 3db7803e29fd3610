"""Texts owed, who answers, what changed, issues compared and dated, bodies: exactly what the small state says."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup, Tag

from tests.public_site.issue import Files
from thucthi.public_site.rendering.issues import dated_folder


def page(site: Files, folder: str) -> BeautifulSoup:
    return BeautifulSoup(site[f"{folder}/index.html"], "html.parser")


def rows_of(site: Files, folder: str) -> list[dict[str, str]]:
    text = site[f"{folder}/index.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def said(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def cells(row: Tag) -> list[str]:
    return [said(cell) for cell in row.find_all(["th", "td"])]


def table(page: BeautifulSoup, caption: str) -> list[list[str]]:
    found = next(each for each in page.find_all("table") if said(each.caption) == caption)
    return [cells(row) for row in found.tbody.find_all("tr")]


def test_texts_owed_say_stage_deadline_drafter_and_days_late(site: Files) -> None:
    shown = page(site, "van-ban-phai-ban-hanh")
    assert said(shown.h1) == "2 trên 3 văn bản chưa ban hành, 1 đã quá hạn"
    assert [said(each) for each in shown.select(".tt-count-number")] == ["2 / 3", "1 / 3", "1 / 3", "1 / 3"]
    assert table(shown, "Văn bản mà Nghị quyết 1-NQ/TW còn cần") == [
        ["Luật: Văn bản mẫu vb-luat", "Bộ Khoa học", "Đề nghị xây dựng từ 02/02/2026", "30/09/2026",
         "quá hạn, chưa ban hành 51 ngày chưa có giải trình"],
        ["Thông tư: Văn bản mẫu vb-thong-tu", "Bộ Tài chính", "Chưa bắt đầu từ 01/03/2025", "không ghi hạn",
         "không ghi hạn"],
        ["Nghị định: Văn bản mẫu vb-nghi-dinh", "Bộ Tài chính", "Có hiệu lực từ 15/10/2026", "31/12/2026",
         "đã ban hành đúng hạn"],
    ]  # fmt: skip
    told = {
        row["code"]: (row["stage"], row["timeliness"], row["days_late"])
        for row in rows_of(site, "van-ban-phai-ban-hanh")
    }
    assert told == {
        "vb-luat": ("proposal", "late", "51"),
        "vb-thong-tu": ("not_begun", "no_deadline", ""),
        "vb-nghi-dinh": ("in_force", "issued_in_time", "0"),
    }


def test_seven_classes_answer_and_sum_to_all(site: Files) -> None:
    shown = page(site, "trach-nhiem")
    assert table(shown, "Nhiệm vụ theo bảy loại chủ thể") == [
        ["Cấp ủy, tổ chức đảng", "0/8", "0", "0", "0", "0/0"],
        ["Quốc hội", "0/8", "0", "0", "0", "0/0"],
        ["Chính phủ", "0/8", "0", "0", "0", "0/0"],
        ["Mặt trận và đoàn thể", "0/8", "0", "0", "0", "0/0"],
        ["Bộ, ngành và cơ quan Trung ương khác", "4/8", "2", "1", "0", "1/2"],
        ["Địa phương", "4/8", "2", "1", "1", "2/2"],
        ["Nhân dân", "0/8", "0", "0", "0", "0/0"],
    ]
    assert table(shown, "Số nhiệm vụ của từng văn bản theo loại chủ thể chủ trì") == [
        ["Nghị quyết 1-NQ/TW", "0", "0", "0", "0", "4", "4", "0", "8"]
    ]
    assert table(shown, "Đoạn văn bản chưa có nhiệm vụ nào dẫn chiếu") == [["Nghị quyết 1-NQ/TW", "1/1"]]
    rows = rows_of(site, "trach-nhiem")
    assert sum(int(row["total"]) for row in rows) == json.loads(site["issue.json"])["tally"]["total"] == 8
    without = [said(each) for each in shown.select("#chua-ai-nhan + ul > li")]
    assert len(without) == 5
    assert without[-1].startswith("Nhân dân: không bị giao nhiệm vụ")


def test_what_changed_is_whole(site: Files) -> None:
    shown = page(site, "thay-doi")
    assert said(shown.h1) == "Từ 13/11/2026 đến 20/11/2026: 0 hoàn thành, 0 mới quá hạn, 0 được gỡ vướng"
    assert table(shown, "Đính chính đăng trong kỳ") == [
        ["18/11/2026", "Tuần 46/2026", "Số nhiệm vụ quá hạn là 1, không phải 2."]
    ]
    assert [(row["change"], row["code"]) for row in rows_of(site, "thay-doi")] == [("corrected", "2026-W46")]
    assert "Số nhiệm vụ quá hạn là 1, không phải 2." in page_text(site, "index.html")


def page_text(site: Files, name: str) -> str:
    return BeautifulSoup(site[name], "html.parser").get_text()


def test_issues_stand_beside_each_other_with_their_differences(site: Files) -> None:
    rows = table(page(site, "so-sanh"), "So sánh các kỳ")
    assert rows[0] == [
        "Tuần 47/2026 20/11/2026", "8 không đổi", "2 không đổi", "1 không đổi", "1 không đổi", "1 không đổi", "3/4",
    ]  # fmt: skip
    assert len(rows) == 12
    assert rows[-1][1] == "8 kỳ đầu"
    links = [link["href"] for link in page(site, "so-sanh").select("tbody th a")]
    assert links == ["../bao-cao/2026/tuan-47/index.html", "../bao-cao/2026/tuan-46/index.html"]


@pytest.mark.parametrize(
    ("issue", "folder"),
    [
        ("2026-W47", "bao-cao/2026/tuan-47"),
        ("2026-10", "bao-cao/2026/thang-10"),
        ("2027-W01", "bao-cao/2027/tuan-01"),
    ],
)
def test_dated_addresses(issue: str, folder: str) -> None:
    assert dated_folder(issue) == folder


def test_every_issue_has_a_dated_page_that_leads_to_the_frozen_one(site: Files) -> None:
    week, month, here = (page(site, f"bao-cao/2026/{name}") for name in ("tuan-46", "thang-10", "tuan-47"))
    assert week.select_one("a.btn")["href"] == "../../../ky-cong-bo/2026-W46/index.html"
    assert month.select_one("a.btn")["href"] == "../../../ky-cong-bo/2026-10/index.html"
    english = page(site, "en/bao-cao/2026/tuan-46")
    assert english.select_one("a.btn")["href"] == "../../../../ky-cong-bo/2026-W46/en/index.html"
    assert here.select_one("a.btn") is None
    assert table(week, "Đính chính của kỳ này") == [["18/11/2026", "Số nhiệm vụ quá hạn là 1, không phải 2."]]
    listed = [link["href"] for link in page(site, "cac-ky").select("tbody th a")]
    assert listed == [f"../bao-cao/2026/{name}/index.html" for name in ("tuan-47", "tuan-46", "thang-10")]


def test_reporting_discipline_is_a_square_for_each_period_with_its_word(site: Files) -> None:
    shown = page(site, "don-vi/ubnd-an-binh")
    squares = [said(each) for each in shown.select(".tt-squares > li")]
    assert squares[-3:] == ["T45 Thiếu 0/2", "T46 Thiếu 0/2", "T47 Thiếu 0/2"]
    assert len(squares) <= 12


def test_a_late_task_says_how_late_and_the_reason_the_body_gave(site: Files) -> None:
    rows = table(page(site, "don-vi/ubnd-an-binh"), "Nhiệm vụ quá hạn của đơn vị và trực thuộc")
    assert rows == [
        ["Việc mẫu nv-qua-han", "UBND tỉnh An Bình", "30/09/2026", "51", "Đất đai, mặt bằng", "Chưa báo cáo"]
    ]


def test_a_body_says_whom_it_followed_and_who_followed_it(site: Files) -> None:
    heir = page(site, "don-vi/ubnd-an-binh").select_one(".tt-summary")
    assert "01/07/2026 – 1/NQ-MAU" in said(heir)
    whole = {each["code"]: each for each in json.loads(site["issue.json"])["organisations"]}
    [ended] = [each for each in whole.values() if each["successors"]]
    assert [each["organisation"] for each in ended["successors"]] == ["ubnd-an-binh"]
    assert "Đơn vị kế nhiệm" in said(page(site, f"don-vi/{ended['code']}").select_one(".tt-summary"))


def test_a_resolution_shows_its_days_its_texts_and_its_gaps(site: Files) -> None:
    shown = page(site, "nghi-quyet/1-nq-tw")
    notices = [said(each) for each in shown.select(".tt-notice:not([hidden], [hidden] *)")]
    assert notices == ["1 trên 1 đoạn của văn bản chưa có nhiệm vụ nào. Xem đoạn nào"]
    assert [row[:2] for row in table(shown, "Các mốc của văn bản này, theo ngày")] == [
        ["01/03/2025", "Ban hành văn bản"],
        ["05/01/2026", "Ban hành chương trình"],
        ["30/09/2026", "Hạn ban hành, đã quá"],
        ["01/10/2026", "Văn bản đã ban hành"],
        ["31/12/2026", "Mốc kiểm tra chưa đến"],
    ]
    picture = shown.select_one(".tt-timeline > svg")
    assert picture["aria-label"] == "Đường thời gian từ 2025 đến 2026 với 5 mốc; bảng bên dưới ghi từng mốc."
    assert len(table(shown, "Văn bản mà Nghị quyết 1-NQ/TW còn cần")) == 3


def test_the_first_screen_says_who_answers_and_when_the_next_issue_comes(site: Files) -> None:
    lead = said(BeautifulSoup(site["index.html"], "html.parser").select_one(".tt-lead"))
    assert lead == (
        "Ai làm, đến đâu, vướng gì: 4 đơn vị chủ trì trả lời cho các việc này. Xem ai trả lời . "
        "Số liệu đến 20/11/2026, kỳ tiếp theo 27/11/2026."
    )


def test_an_indicator_says_when_its_figure_is_overdue(site: Files) -> None:
    shown = page(site, "chi-tieu/ct-mau").get_text(" ")
    assert "của Quý 4/2026" in shown
    assert "Quá kỳ cập nhật" not in shown


def test_titles_tell_pages_apart_and_languages_are_marked(site: Files) -> None:
    for language, prefix in (("vi", ""), ("en", "en/")):
        titles: dict[str, list[str]] = {}
        for name, content in site.items():
            if name.endswith(".html") and name.startswith("en/") == bool(prefix):
                shown = BeautifulSoup(content, "html.parser")
                assert shown.html["lang"] == language
                titles.setdefault(said(shown.title), []).append(name)
        assert {title: names for title, names in titles.items() if len(names) > 1} == {}


def test_names_of_the_sources_are_marked_as_vietnamese_on_english_pages(site: Files) -> None:
    for folder in ("en/van-ban-phai-ban-hanh", "en/don-vi/ubnd-an-binh", "en/nghi-quyet/1-nq-tw", "en/trach-nhiem"):
        for text in page(site, folder).main.find_all(string=lambda words: "mẫu" in words or "UBND" in words):
            assert any(parent.get("lang") == "vi" for parent in [text.parent, *text.parent.parents]), (folder, text)
