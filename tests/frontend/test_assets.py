"""Files served to browsers are those of the manifest, small, and load nothing from elsewhere."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "thucthi" / "static" / "thucthi"


def compare(folder: Path) -> list[str]:
    """Differences between the files of a folder and its manifest."""
    lines = {line["file"]: line for line in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    changed = [
        name
        for name in sorted(present & lines.keys())
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != lines[name]["sha256"]
    ]
    return sorted(present ^ lines.keys()) + changed


def test_the_manifest_tells_the_truth() -> None:
    assert compare(ASSETS) == []


def test_a_changed_or_added_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    (tmp_path / "b.css").write_text("b{}")
    (tmp_path / "manifest.json").write_text('[{"file": "a.css", "sha256": "0"}, {"file": "c.css", "sha256": "0"}]')
    assert compare(tmp_path) == ["b.css", "c.css", "a.css"]


def test_every_file_has_a_licence_and_a_version() -> None:
    for line in json.loads((ASSETS / "manifest.json").read_text(encoding="utf-8")):
        assert line["package"]
        assert line["version"]
        assert line["licence"]


@pytest.mark.parametrize(
    ("name", "limit", "compressed"),
    [
        ("app.css", 25_000, True),
        ("autosave.js", 4_608, False),
        ("unsent.js", 4_096, False),
        ("waiting.js", 4_096, False),
        ("grid.js", 9_500, False),
        ("public-search.js", 4_096, False),
        ("fonts/be-vietnam-pro-400.woff2", 40_000, False),
        ("fonts/be-vietnam-pro-700.woff2", 40_000, False),
    ],
)
def test_files_stay_small(name: str, limit: int, compressed: bool) -> None:
    content = (ASSETS / name).read_bytes()
    assert len(gzip.compress(content) if compressed else content) <= limit


def test_the_style_sheet_loads_only_its_two_fonts() -> None:
    text = (ASSETS / "app.css").read_text(encoding="utf-8")
    assert "@import" not in text
    assert sorted(re.findall(r"url\(([^)]*)\)", text)) == [
        '"fonts/be-vietnam-pro-400.woff2"',
        '"fonts/be-vietnam-pro-700.woff2"',
    ]


def test_the_lock_carries_hashes_and_no_addresses() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    packages = [entry for name, entry in json.loads(text)["packages"].items() if name]
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)
    assert '"resolved"' not in text
    assert "tgz" not in text
