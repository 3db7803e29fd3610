"""Whoever kills the publisher, at whatever line, leaves the old issue or the new one, whole.

THUCTHI_KILLS says at how many points (25 when nothing is said; 400 takes some minutes).
"""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
KILLS = int(os.environ.get("THUCTHI_KILLS", "25"))
SIGKILL = -9


def publish(root: Path, generation: int, fatal_line: int = 0) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(HERE / "publisher.py"), str(root), str(generation), str(fatal_line)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    return subprocess.run(program, env=environment, check=False, capture_output=True, text=True)


def whole(directory: Path) -> bool:
    """By its own reading of the bundle, without a line of the product."""
    manifest = (directory / "manifest.json").read_bytes()
    listed = json.loads(manifest)["files"]
    found = {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file() and not path.is_symlink() and "ky-cong-bo" not in path.relative_to(directory).parts
    }
    found.pop("manifest.json")
    found.pop("checkpoint", None)  # stands beside the manifest, which it signs
    return hashlib.sha256(manifest).hexdigest() == directory.name and found == listed


def left_behind(root: Path) -> list[str]:
    hidden = [path for path in root.rglob(".*") if path.name != ".khoa"]
    return sorted(path.name for path in hidden)


def shown(root: Path) -> str:
    return (root / "latest" / "index.html").read_text(encoding="utf-8")


def assert_the_public_sees_something_whole(root: Path, line: int) -> None:
    front = (root / "latest").resolve(strict=True)
    assert (line, whole(front)) == (line, True)
    for directory in (root / "issues").iterdir():
        if not directory.name.startswith("."):
            assert (line, whole(directory)) == (line, True)
    for link in (root / "ky-cong-bo").glob("2026-*"):
        assert (line, whole(link.resolve(strict=True))) == (line, True)
    json.loads((root / "ky-cong-bo" / "corrections.json").read_bytes())


def test_killed_at_any_line_the_public_directory_is_whole_and_the_next_run_sweeps(tmp_path: Path) -> None:
    first = publish(tmp_path, 1)
    lines = int(publish(tmp_path, 2).stdout)
    assert (first.returncode, lines > 400) == (0, True)
    points = sorted(random.Random(20261130).sample(range(1, lines + 1), min(KILLS, lines)))  # noqa: S311
    fronts, swept = set(), 0
    for number, line in enumerate(points):
        generation = 3 + number
        before = shown(tmp_path)
        assert publish(tmp_path, generation, line).returncode == SIGKILL
        assert_the_public_sees_something_whole(tmp_path, line)
        assert shown(tmp_path) in {before, f"<p>Kỳ {generation}</p>"}
        fronts.add(shown(tmp_path) == before)
        swept += bool(left_behind(tmp_path))
        if number % 5 == 0:
            assert publish(tmp_path, generation).returncode == 0
            assert left_behind(tmp_path) == []
            assert shown(tmp_path) == f"<p>Kỳ {generation}</p>"
    assert swept > 0
    assert publish(tmp_path, 2).returncode == 0
    assert (left_behind(tmp_path), shown(tmp_path)) == ([], "<p>Kỳ 2</p>")


def test_planted_a_publisher_that_writes_in_place_is_caught(tmp_path: Path) -> None:
    """Written straight into its place, a killed issue is half; `whole` must say so."""
    assert publish(tmp_path, 1).returncode == 0
    front = (tmp_path / "latest").resolve()
    (front / "nhiem-vu" / "7" / "index.html").unlink()
    assert not whole(front)
    with pytest.raises(AssertionError):
        assert_the_public_sees_something_whole(tmp_path, 0)
