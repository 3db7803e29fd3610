"""Published files are served without a database; nothing else is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from thucthi.publication import files

HOME = b"<!doctype html><h1>Trang</h1>"


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Client]:
    """One published issue, and a connection that refuses every question."""
    written = files.write_issue(
        [("index.html", HOME), ("en/index.html", HOME), ("don-vi/a/index.csv", b"a"), ("don-vi/a/index.html", HOME),
         ("assets/app.css", b"p{}"), ("tim-kiem/chi-muc.js", b"1"), ("issue.json", b"{}")]
    )  # fmt: skip
    files.put_before_the_public(written.manifest_hash, "2026-W47")
    files.make_latest(written.manifest_hash)
    files.write_signed_report(files.signed_report_name("2026-W47"), b"%PDF-")
    (tmp_path / "bi-mat.txt").write_text("bí mật")
    (files.root() / "ben-canh.txt").write_text("không phải của kỳ nào")
    with connection.execute_wrapper(_refuse):
        yield Client()


def _refuse(*_: Any) -> None:
    raise AssertionError("the public pages asked the database")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/en/", "text/html; charset=utf-8"),
        ("/don-vi/a/", "text/html; charset=utf-8"),
        ("/don-vi/a/index.csv", "text/csv; charset=utf-8"),
        ("/assets/app.css", "text/css; charset=utf-8"),
        ("/tim-kiem/chi-muc.js", "text/javascript; charset=utf-8"),
        ("/issue.json", "application/json; charset=utf-8"),
        ("/manifest.json", "application/json; charset=utf-8"),
        ("/ky-cong-bo/2026-W47/", "text/html; charset=utf-8"),
        ("/ky-cong-bo/2026-W47/ky-cong-bo/2026-W47/don-vi/a/", "text/html; charset=utf-8"),
        ("/ky-cong-bo/2026-W47-bao-cao-ky-so.pdf", "application/pdf"),
    ],
)
def test_what_is_served(published: Client, path: str, kind: str) -> None:
    answer = published.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    "path",
    [
        "/khong-co", "/../bi-mat.txt", "/..%2fbi-mat.txt", "/%2e%2e/bi-mat.txt", "/don-vi/../../bi-mat.txt",
        "/ben-canh.txt", "/ky-cong-bo/../ben-canh.txt", "/..\\bi-mat.txt", "//etc/passwd", "/%2fetc/passwd",
        "/index.html%00",
        "/.dang-ghi-x", "/ky-cong-bo/2026-W47/../../ben-canh.txt", "/ky-cong-bo/", "/issues/", "/latest/index.html",
        "/don-vi/",
    ],
)  # fmt: skip
def test_what_is_not_there_and_what_nobody_may_ask_for(published: Client, path: str) -> None:
    answer = published.get(path)
    assert answer.status_code == 404
    assert "bí mật".encode() not in answer.content


def test_a_link_planted_inside_an_issue_leads_nowhere(published: Client, tmp_path: Path) -> None:
    (files.root() / files.LATEST / "ra-ngoai.txt").symlink_to(tmp_path / "bi-mat.txt")
    assert published.get("/ra-ngoai.txt").status_code == 404
    (files.root() / files.BY_NAME / "2026-W46-bao-cao-ky-so.pdf").symlink_to(tmp_path / "bi-mat.txt")
    assert published.get("/ky-cong-bo/2026-W46-bao-cao-ky-so.pdf").status_code == 404


def test_a_folder_without_its_slash_moves(published: Client) -> None:
    answer = published.get("/don-vi/a")
    assert (answer.status_code, answer["Location"]) == (301, "/don-vi/a/")


def test_what_the_reader_already_has_is_not_sent_again(published: Client) -> None:
    first = published.get("/")
    assert first.content == HOME
    again = published.get("/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert published.get("/", headers={"If-None-Match": '"khac"'}).status_code == 200
    assert published.get("/en/")["Content-Language"] == "en"


def test_a_page_is_compressed_for_whoever_can_read_that(published: Client) -> None:
    big = published.get("/manifest.json", headers={"Accept-Encoding": "gzip"})
    assert (big["Content-Encoding"], big["Vary"].split(", ")[0]) == ("gzip", "Accept-Encoding")
    again = published.get("/manifest.json", headers={"Accept-Encoding": "gzip", "If-None-Match": big["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_the_working_area_keeps_its_missing_slash(client: Client) -> None:
    assert client.get("/lam-viec")["Location"] == "/lam-viec/"
    assert client.get("/lam-viec/khong-co-trang-nay/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_reading_is_all_there_is(published: Client, method: str) -> None:
    assert getattr(published, method)("/").status_code == 405


def test_before_the_first_issue_the_front_page_says_so(client: Client) -> None:
    with connection.execute_wrapper(_refuse):
        answer = client.get("/")
    assert answer.status_code == 200
    assert "Chưa có kỳ công bố nào" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/nhiem-vu/").status_code == 404
