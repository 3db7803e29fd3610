"""`thucthi read` as a person runs it: no database, one shape, one sentence when a file cannot be read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = """CHÍNH PHỦ
Số: 999/NQ-CP
Hà Nội, ngày 05 tháng 01 năm 2026
NGHỊ QUYẾT
Về phát triển trạm quan trắc
I. MỤC TIÊU
1. Đến năm 2030, tỷ lệ xã có trạm quan trắc đạt trên 85%.
II. NHIỆM VỤ
1. Bộ Xây dựng chủ trì, phối hợp với Bộ Tài chính xây dựng đề án lắp trạm, trình Thủ tướng trước ngày 30/6/2026.
2. Bộ Nội vụ ban hành thông tư hướng dẫn trước ngày 01/12/2025.
"""
KEYS = {
    "document": {"number", "type", "issuer", "issued_on", "place", "title", "relations"},
    "clauses": {"path", "start", "end", "text"},
    "targets": {
        "text", "start", "end", "indicator", "operator", "low", "high", "unit", "year", "change", "is_fact", "scope",
        "confidence",
    },
    "tasks": {
        "text", "start", "end", "cell", "index", "group", "action", "lead", "coordinators", "collective_lead",
        "deadline", "product", "resources", "clarity", "confidence", "doubts",
    },
}  # fmt: skip


def read(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """In an environment that knows no database at all."""
    known = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO", "THUCTHI"))
    }
    command = [sys.executable, "-m", "thucthi", "read", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=known)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "nghi-quyet.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_shape_is_always_the_same_and_every_item_stands_in_the_text(document: Path) -> None:
    done = read(document, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert set(found) == {"document", "clauses", "targets", "tasks", "warnings"}
    assert set(found["document"]) == KEYS["document"]
    text = read(document, "--text").stdout
    for kind in ("clauses", "targets", "tasks"):
        assert found[kind]
        assert [set(item) for item in found[kind]] == [KEYS[kind]] * len(found[kind])
        assert [text[item["start"] : item["end"]] for item in found[kind]] == [item["text"] for item in found[kind]]


def test_what_is_read(document: Path) -> None:
    found = json.loads(read(document, "--json").stdout)
    head = found["document"]
    assert (head["number"], head["type"], head["issuer"], head["issued_on"], head["place"], head["title"]) == (
        "999/NQ-CP", "nghị quyết", "Chính phủ", "2026-01-05", "Hà Nội", "Về phát triển trạm quan trắc",
    )  # fmt: skip
    [target] = found["targets"]
    assert (target["operator"], target["low"], target["high"], target["unit"], target["year"], target["change"]) == (
        ">", "85", None, "%", 2030, "level",
    )  # fmt: skip
    first, second = found["tasks"]
    assert (first["lead"], first["coordinators"], first["collective_lead"]) == (
        ["Bộ Xây dựng"],
        ["Bộ Tài chính"],
        False,
    )
    assert (first["deadline"]["kind"], first["deadline"]["end"]) == ("date", "2026-06-30")
    assert second["doubts"] == ["Thời hạn đứng trước ngày ban hành văn bản."]


def test_the_same_bytes_give_the_same_output(document: Path) -> None:
    assert read(document, "--json").stdout == read(document, "--json").stdout


def test_a_person_gets_a_page_to_scan(document: Path) -> None:
    shown = read(document).stdout
    assert "Văn bản: nghị quyết 999/NQ-CP" in shown
    assert "Chỉ tiêu: 1 · Nhiệm vụ: 2" in shown
    assert "Chủ trì: Bộ Xây dựng" in shown


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b""), ("a.docx", b"PK\x03\x04"), ("a.doc", b"\xd0\xcf\x11\xe0" * 200), ("a.exe", b"MZ")],
)
def test_what_cannot_be_read_is_one_sentence_and_status_2(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = read(path, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("✗ ")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    done = read(tmp_path / "khong-co.docx")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_who_answers_today_is_said_with_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "nghi-quyet.txt"
    path.write_text(
        TEXT.replace("05 tháng 01 năm 2026", "05 tháng 01 năm 2024").replace("Bộ Xây dựng", "Bộ Giao thông vận tải")
    )
    before = json.loads(read(path, "--json", "--as-of", "2024-06-01").stdout)["tasks"][0]
    today = json.loads(read(path, "--json").stdout)["tasks"][0]
    assert before["lead"] == today["lead"] == ["Bộ Giao thông vận tải"]
    assert not any("nay là" in doubt for doubt in before["doubts"])
    assert any(doubt.startswith("Bộ Giao thông vận tải nay là Bộ Xây dựng") for doubt in today["doubts"])
