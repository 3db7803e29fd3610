"""What everyone can use, as far as the files tell it: charts with name, headline and table; and the example for nginx
says the same of files and frames as the application does."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings

from benchmarks.site import configuration
from tests.public_site.issue import Files
from thucthi.publication.files import CONTENT_TYPES

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "site.conf"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def pages(site: Files) -> dict[str, BeautifulSoup]:
    """Without verify.html, which is opened from disk and has tests of its own (tests/browser/test_verify_page.py)."""
    pages = [name for name in site if name.endswith(".html") and name != "verify.html"]
    return {name: BeautifulSoup(site[name], "html.parser") for name in pages}


def faults_of_pictures(page: BeautifulSoup) -> list[str]:
    """A picture is decoration, or it has a role and a name; a chart also has a headline and its figures as a table."""
    found = [f"a picture without role and name: {str(svg)[:80]}" for svg in page.find_all("svg") if not _is_named(svg)]
    for figure in page.find_all("figure"):
        caption = figure.find("figcaption")
        if caption is None or not caption.get_text(strip=True):
            found.append("a figure without a headline")
        if figure.find(attrs={"role": "img"}) is None:
            found.append("a figure without a named picture")
        if figure.find("table") is None or figure.find("tbody") is None:
            found.append("a figure without a table")
    for stack in page.select(".tt-stack"):
        if stack.find("svg") and len(stack.select("svg rect")) != len(stack.select("ul[aria-label] li")):
            found.append("a bar whose parts are not all in words beside it")
    return found


def _is_named(svg: Tag) -> bool:
    if svg.get("aria-hidden") == "true":
        return True
    named = svg if svg.get("role") == "img" else svg.find_parent(attrs={"role": "img"})
    return named is not None and bool(str(named.get("aria-label") or "").strip())


def test_every_picture_is_decoration_or_has_a_name_a_headline_and_a_table(site: Files) -> None:
    assert {name: found for name, page in pages(site).items() if (found := faults_of_pictures(page))} == {}
    assert sum(len(page.find_all("figure")) for page in pages(site).values()) >= 2


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<svg></svg>", "a picture without role and name"),
        ('<svg role="img" aria-label=" "></svg>', "a picture without role and name"),
        ('<figure><div role="img" aria-label="x"></div><table><tbody></tbody></table></figure>', "without a headline"),
        ("<figure><figcaption>x</figcaption><table><tbody></tbody></table></figure>", "without a named picture"),
        ('<figure><figcaption>x</figcaption><div role="img" aria-label="x"></div></figure>', "without a table"),
        ('<div class="tt-stack"><svg aria-hidden="true"><rect/></svg><ul aria-label="x"></ul></div>', "in words"),
    ],
)
def test_a_planted_picture_is_found(html: str, fault: str) -> None:
    assert any(fault in each for each in faults_of_pictures(BeautifulSoup(html, "html.parser")))


def test_every_status_is_a_word_and_a_shape(site: Files) -> None:
    for name, page in pages(site).items():
        for status in page.select(".tt-status"):
            assert status.select_one(".tt-status-word").get_text(strip=True), name
            assert status.find("svg", class_="tt-shape"), name


def test_titles_and_languages(site: Files) -> None:
    for name, page in pages(site).items():
        assert page.html["lang"] == ("en" if name.startswith("en/") else "vi"), name
        assert page.title.get_text().endswith(" – Thực Thi"), name


def test_the_example_for_nginx_knows_the_same_kinds_of_file() -> None:
    block = re.search(r"types \{(.*?)\}", EXAMPLE.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    lines = [line.split() for line in block[1].replace(";", "").splitlines() if line.strip()]
    known = {f".{ending}": kind for kind, *endings in lines for ending in endings}
    for ending, kind in CONTENT_TYPES.items():
        assert known.get(ending) == kind.partition(";")[0], ending


def test_the_example_for_nginx_has_the_policy_of_the_application() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    said = re.search(r'add_header Content-Security-Policy "(.*?)" always', text)
    assert said
    directives = dict(part.split(" ", 1) for part in said[1].split("; "))
    ours = {name: " ".join(sorted(map(str, values))) for name, values in _ours().items()}
    assert {name: value for name, value in directives.items() if name != "frame-ancestors"} == {
        name: value for name, value in ours.items() if name != "frame-ancestors"
    }
    assert directives["frame-ancestors"] == "$ancestors"


def _ours() -> dict[str, list[str]]:
    return dict(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])


@pytest.fixture(scope="module")
def behind_nginx(site: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if NGINX is None:
        pytest.skip("no nginx on this machine: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    issue = folder / "site"
    for name, content in site.items():
        (issue / name).parent.mkdir(parents=True, exist_ok=True)
        (issue / name).write_bytes(content)
    (issue / "ky-cong-bo").mkdir()
    (issue / "ky-cong-bo" / "2026-W47").symlink_to(issue)
    (issue / "ky-cong-bo" / ".dang-ghi-x").write_text("chưa xong")
    (folder / "plain").mkdir()
    door = folder / "web.socket"
    text = configuration(folder, issue)
    text = re.sub(r"listen 127\.0\.0\.1:8137;", f"listen unix:{door};", text)
    text = re.sub(r"listen 127\.0\.0\.1:8138;", f"listen unix:{folder}/plain.socket;", text)
    # The test's own folder may only be entered by its owner.
    (folder / "nginx.conf").write_text(f"user root;\n{text}" if os.geteuid() == 0 else text, encoding="utf-8")
    server = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        for _ in range(100):
            if door.exists() or server.poll() is not None:
                break
            time.sleep(0.05)
        assert server.poll() is None
        yield str(door)
    finally:
        server.terminate()
        server.wait(timeout=20)


def ask(door: str, path: str, method: str = "GET") -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("site.test")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(door)
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize(
    ("path", "language", "framed"),
    [
        ("/", "vi", False), ("/en/", "en", False), ("/nhiem-vu/nv-dung-han/", "vi", False),
        ("/nhung/nhiem-vu/nv-dung-han/", "vi", True), ("/en/nhung/nhiem-vu/nv-dung-han/", "en", True),
        ("/ky-cong-bo/2026-W47/", "vi", False), ("/ky-cong-bo/2026-W47/en/", "en", False),
        ("/ky-cong-bo/2026-W47/nhung/nhiem-vu/nv-dung-han/", "vi", True),
        ("/ky-cong-bo/2026-W47/en/nhung/nhiem-vu/nv-dung-han/", "en", True),
        ("/nhung/../nhiem-vu/nv-dung-han/", "vi", False), ("/x/nhung/", "vi", False),
    ],
)  # fmt: skip
def test_nginx_frames_embeds_and_nothing_else(behind_nginx: str, path: str, language: str, framed: bool) -> None:
    _status, headers, _body = ask(behind_nginx, path)
    policy = headers["Content-Security-Policy"]
    assert ("frame-ancestors *" in policy, headers["X-Frame-Options"]) == ((True, None) if framed else (False, "DENY"))
    assert headers["Content-Language"] == language
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_nginx_serves_every_file_with_the_type_of_the_application(behind_nginx: str, site: Files) -> None:
    one_of_each = {Path(name).suffix: name for name in site}
    for ending, name in one_of_each.items():
        status, headers, body = ask(behind_nginx, f"/{name}")
        assert (status, body) == (200, site[name]), name
        assert headers["Content-Type"] == CONTENT_TYPES.get(ending, "application/octet-stream"), name
        assert headers["ETag"], name
        assert headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"


def test_nginx_gives_nothing_else(behind_nginx: str) -> None:
    for path in ("/ky-cong-bo/.dang-ghi-x", "/../nginx.conf", "/%2e%2e/nginx.conf", "/khong-co"):
        assert ask(behind_nginx, path)[0] in {400, 404}, path
    assert ask(behind_nginx, "/", "POST")[0] == 405
    assert ask(behind_nginx, "/nhiem-vu")[0] == 301


def test_while_the_application_is_down_the_site_goes_on(behind_nginx: str) -> None:
    assert ask(behind_nginx, "/lam-viec/")[0] == 502
    assert "Cache-Control" not in ask(behind_nginx, "/lam-viec/")[1]
    assert ask(behind_nginx, "/")[0] == 200
