"""Small pages for other sites: small, without script, framed by anyone; nothing else is framed by anybody."""

import json
import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.public_site.issue import Files
from thucthi.public_site.rendering.embeds import frame_of
from thucthi.publication import files

MOST_BYTES = 40_000
TASK = "nhiem-vu/nv-dung-han"
DATED = "/ky-cong-bo/2026-W47/"
OURS = "http://127.0.0.1:8000"


def embeds(site: Files) -> dict[str, str]:
    return {name: site[name].decode() for name in site if re.match(r"(en/)?nhung/", name)}


def test_an_embed_is_small_with_all_it_loads_and_has_no_script(site: Files) -> None:
    assert len(embeds(site)) == 2 * 15
    for name, text in embeds(site).items():
        page = BeautifulSoup(text, "html.parser")
        loaded = [tag["href"] for tag in page.find_all("link", rel="stylesheet")]
        assert [each.rpartition("/")[2] for each in loaded] == ["embed.css"], name
        assert len(text.encode()) + len(site["assets/embed.css"]) <= MOST_BYTES, name
        assert page.find_all(["script", "img", "iframe", "form"]) == [], name
        assert "url(" not in site["assets/embed.css"].decode()


def test_an_embed_says_its_day_its_issue_and_leads_back(site: Files) -> None:
    for name, text in embeds(site).items():
        page = BeautifulSoup(text, "html.parser")
        for said in ("47/2026", "20/11/2026", "27/11/2026", "Số liệu mô phỏng", "Simulated data"):
            assert said in text, (name, said)
        folder = name.removesuffix("/index.html")
        back = page.footer.find("a")
        language = ["en"] if name.startswith("en/") else []
        depth = folder.count("/") + 1
        whole = [*language, *folder.split("/")[1 + len(language) :], "index.html"]
        assert (back["href"], back["rel"], back["target"]) == ("../" * depth + "/".join(whole), ["noopener"], "_blank")
        assert "/".join(whole) in site


def test_an_embed_of_a_task_keeps_the_three_figures_apart(site: Files) -> None:
    page = BeautifulSoup(site[f"nhung/{TASK}/index.html"], "html.parser")
    shown = {div.dt.get_text(): div.dd.get_text() for div in page.select("dl > div")}
    assert (shown["Tự báo cáo"], shown["Nghiệm thu"], shown["Chỉ tiêu đo"]) == ("50 %", "35 %", "25 %")
    assert [tag.get_text() for tag in page.select(".tt-status-word")] == ["Trong hạn", "Đang thực hiện"]


def test_oembed_lies_beside_each_page_and_the_page_says_so(site: Files) -> None:
    said = json.loads(site[f"{TASK}/oembed.json"])
    assert (said["version"], said["type"], said["width"], said["height"]) == ("1.0", "rich", 600, 360)
    assert said["title"] in site[f"{TASK}/index.html"].decode()
    frame = BeautifulSoup(said["html"], "html.parser").iframe
    assert frame["src"] == f"{settings.SITE_URL}/nhung/{TASK}/"
    assert frame["sandbox"] == ["allow-popups", "allow-popups-to-escape-sandbox"]
    for name in (f"{TASK}/index.html", f"en/{TASK}/index.html"):
        page = BeautifulSoup(site[name], "html.parser")
        (link,) = page.find_all("link", type="application/json+oembed")
        assert link["href"].endswith(f"{TASK}/oembed.json") or link["href"] == "oembed.json"


def test_a_page_offers_its_embed_in_its_line_of_twins(site: Files) -> None:
    page = BeautifulSoup(site[f"{TASK}/index.html"], "html.parser")
    line = {tag.get_text(): tag["href"] for tag in page.select(".tt-twins a")}
    assert line == {
        "CSV": "../../nhiem-vu/nv-dung-han/index.csv",
        "JSON": "../../nhiem-vu/nv-dung-han/index.json",
        "XLSX": "../../nhiem-vu/nv-dung-han/index.xlsx",
        "Lịch (ICS)": "../../nhiem-vu/nv-dung-han/index.ics",
        "Theo dõi (Atom)": "../../nhiem-vu/nv-dung-han/index.atom",
        "Nhúng": "../../nhung/nhiem-vu/nv-dung-han/index.html",
    }


@pytest.fixture
def published(site: Files) -> Iterator[Client]:
    """The issue of the small state before the public, and a connection that refuses every question."""
    written = files.write_issue((name, content) for name, content in site.items() if name != files.MANIFEST)
    files.put_before_the_public(written.manifest_hash, "2026-W47")
    files.make_latest(written.manifest_hash)

    def refuse(*_: object) -> None:
        raise AssertionError("the public pages asked the database")

    with connection.execute_wrapper(refuse):
        yield Client()


@pytest.mark.parametrize("at", [f"{issue}{language}nhung/" for issue in ("/", DATED) for language in ("", "en/")])
def test_every_site_may_frame_an_embed(published: Client, at: str) -> None:
    answer = published.get(f"{at}{TASK}/")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" not in answer["Content-Security-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


@pytest.mark.parametrize(
    "path",
    ["/", "/en/", f"/{TASK}/", "/issue.json", "/assets/embed.css", "/nhungx/", "/du-lieu/", "/oembed",
     "/ky-cong-bo/2026-W47/", "/don-vi/nhung/", "/tai-khoan/nhung/", "/nhung/../index.html"],
)  # fmt: skip
def test_nobody_may_frame_anything_else(published: Client, path: str) -> None:
    answer = published.get(path)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("page", "source"),
    [
        (f"{OURS}/{TASK}/", f"{OURS}/nhung/{TASK}/"),
        (f"{OURS}/{TASK}", f"{OURS}/nhung/{TASK}/"),
        (f"{OURS}/{TASK}/index.html", f"{OURS}/nhung/{TASK}/"),
        (f"{OURS}/{TASK}/?a=b#c", f"{OURS}/nhung/{TASK}/"),
        (f"{OURS}/en/{TASK}/", f"{OURS}/en/nhung/{TASK}/"),
        (f"{OURS}/nghi-quyet/1-nq-tw/", f"{OURS}/nhung/nghi-quyet/1-nq-tw/"),
    ],
)
def test_oembed_answers_from_files_alone(published: Client, page: str, source: str) -> None:
    answer = published.get("/oembed", {"url": page})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert BeautifulSoup(answer.json()["html"], "html.parser").iframe["src"] == source
    assert not answer.cookies


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [({}, 600, 360), ({"maxwidth": "400", "maxheight": "300"}, 400, 300), ({"maxwidth": "1"}, 240, 360),
     ({"maxwidth": "9999", "maxheight": "0"}, 600, 360), ({"maxwidth": "-5", "maxheight": "x"}, 600, 360),
     ({"maxwidth": "9" * 5000}, 600, 360), ({"maxwidth": "４００"}, 600, 360)],
)  # fmt: skip
def test_oembed_fits_the_room_that_there_is(published: Client, asked: dict[str, str], width: int, height: int) -> None:
    said = published.get("/oembed", {"url": f"{OURS}/{TASK}/", **asked}).json()
    assert (said["width"], said["height"]) == (width, height)
    assert f'width="{width}" height="{height}"' in said["html"]


@pytest.mark.parametrize(
    "page",
    ["", "x", "/nhiem-vu/nv-dung-han/", "https://elsewhere.example/nhiem-vu/nv-dung-han/", f"{OURS}/khong-co/",
     f"{OURS}/../../etc/passwd", f"{OURS}/%2e%2e/%2e%2e/bi-mat", f"{OURS}//nhiem-vu/nv-dung-han/", "http://[",
     f"{OURS}/nhiem-vu/nv-dung-han/%00", f"http://127.0.0.1:8000@elsewhere.example/{TASK}/", f"{OURS}/du-lieu/"],
)  # fmt: skip
def test_oembed_knows_our_own_pages_only(published: Client, page: str) -> None:
    answer = published.get("/oembed", {"url": page})
    assert answer.status_code == 404
    assert "Không có trang nào nhúng được" in answer.content.decode()


def test_oembed_has_json_and_nothing_else(published: Client) -> None:
    assert published.get("/oembed", {"url": f"{OURS}/{TASK}/", "format": "xml"}).status_code == 501
    assert published.post("/oembed").status_code == 405


def test_a_title_cannot_leave_its_frame() -> None:
    text = frame_of("https://a.example/?a=1&b=2", '"><script>alert(1)</script>', 600, 360)
    page = BeautifulSoup(text, "html.parser")
    assert [tag.name for tag in page.find_all(True)] == ["iframe"]
    assert page.iframe["title"] == '"><script>alert(1)</script>'
